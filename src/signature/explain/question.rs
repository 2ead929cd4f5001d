//! What is to be explained.

use jiff::Timestamp;

use crate::signature::{Envelope, Key, Scheme, Secret};

/// A delivery whose signature did not verify.
#[derive(Clone, Copy)]
pub struct Question<'q> {
    /// The scheme that it was verified by.
    pub scheme: &'q Scheme,
    /// The keys that it was verified with.
    pub keys: &'q [Key],
    /// Other secrets that the user has, each with what to call it: "the secret of endpoint `shop`".
    pub others: &'q [(String, Secret)],
    /// Other platforms.
    pub rivals: &'q [Rival<'q>],
    /// The delivery without its body.
    pub envelope: Envelope<'q>,
    /// Its body.
    pub body: &'q [u8],
    /// The time as of which it was verified.
    pub now: Timestamp,
}

/// Another platform's scheme.
#[derive(Clone, Copy, Debug)]
pub struct Rival<'q> {
    /// The provider's id, as `-P` takes it.
    pub id: &'q str,
    /// The platform's own name.
    pub name: &'q str,
    /// How it signs.
    pub scheme: &'q Scheme,
}
