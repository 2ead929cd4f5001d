//! JSON as text: look one value up, lay the tokens out anew, change one place; the rest stays byte
//! for byte (`2500.00` stays `2500.00`). What other programs would make of it is written on purpose
//! only: to find out what was signed.

mod edit;
mod layout;
mod lookup;
mod number;
mod rewrite;
mod string;
mod tape;
mod tokens;
mod traits;

pub use edit::{Edit, EditError, Path};
pub use layout::pretty;
pub use lookup::scalar;
pub(crate) use number::Numbers;
pub(crate) use rewrite::{COMPACT, Nothing, Spacing, Style};
pub(crate) use string::Escapes;
pub(crate) use tape::{Order, Tape};
