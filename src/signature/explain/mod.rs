//! Why a signature does not match, by trial: what would have made it match, and what to change.
//!
//! Bodies, secrets, spellings of the signature, signed texts and other platforms' schemes are tried
//! one by one and then in pairs, until one makes the very signature that was presented. What is found
//! is a diagnosis, never an acceptance; it is for whoever holds the secret, and for no remote caller.

mod body;
mod cause;
mod clock;
mod explanation;
mod facts;
mod keys;
mod method;
mod question;
mod reading;
mod rival;
mod search;
mod secret;
mod spelling;
mod stock;
mod text;
mod token;
mod tried;
mod url;
mod variant;

pub(crate) use body::body_forms;
pub use cause::{Cause, Kind};
pub use explanation::{Explanation, Tried};
pub use question::{Question, Rival};
pub(crate) use search::settled;
pub use search::{MOST, explain};
pub(crate) use secret::secret_forms;
