//! Signing and verifying: what is signed, with which algorithm, how it is encoded and where it is put.
//!
//! A [`Scheme`] is plain data. [`Key`] prepares a [`Secret`] for it, [`Signer`] and [`Verifier`] take
//! a body in pieces of any size, and [`verify()`] judges a whole [`Message`](crate::message::Message);
//! [`explain`] says why one that fails does not match.

mod algorithm;
mod carried;
pub mod explain;
mod key;
mod presented;
mod scheme;
mod secret;
mod sign;
mod source;
mod target;
mod template;
mod value;
mod verdict;
mod verify;

pub use algorithm::{Algorithm, Encoding};
pub use carried::Carried;
pub use key::{Key, KeyError};
pub use presented::Envelope;
pub use scheme::{KeyDecoding, KeyRule, Scheme, TimestampRule, Tolerance};
pub use secret::Secret;
pub use sign::{Facts, SignError, Signature, Signer, sign};
pub use source::{Source, is_header_name};
pub(crate) use target::{names_secret, shown_target, without_secrets};
pub use template::{Field, Template, TemplateError};
pub use value::{ValueError, ValueForm};
pub use verdict::{Ambiguity, Direction, Invalid, Unchecked, Valid, Verdict};
pub use verify::{Verifier, verify};
