//! Hostile text in every place where text comes from outside: what is shown of it does nothing to a
//! terminal, and what is written for programs gives every byte back.
//!
//! A table of our own is always used; the corpora `blns` and `ansi-attacks` are where they stand.

mod answers;
mod arguments;
mod broken;
mod files;
mod llhttp;
mod logged;
mod oracle;
mod received;
mod recorded;
pub(crate) mod strings;
