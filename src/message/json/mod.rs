//! JSON as text: look one value up, lay the tokens out anew, change one place; the rest stays byte
//! for byte (`2500.00` stays `2500.00`).

mod edit;
mod layout;
mod lookup;

pub use edit::{Edit, EditError, Path};
pub use layout::pretty;
pub use lookup::scalar;
