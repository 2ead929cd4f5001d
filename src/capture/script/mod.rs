//! Scripted answers: `500x2,429;retry-after=5,200`.
//!
//! Entries between commas, each a head and its options behind semicolons. A delivery gets the first
//! entry's answer, its next attempt the second's, and the last one repeats. What is not accepted
//! takes no turn.
//!
//! ```text
//! lex        the text as words with their places
//! read       words as a script; what is wrong, and where
//! head       what an entry is: a status, or a word
//! entry      one entry: what its options make of its head
//! value      what stands behind a `=`
//! wrong      what is told alike wherever it is wrong
//! model      a script, as it is read
//! prepare    an entry as an answer; the files that bodies are in
//! turns      how many answers a delivery had
//! player     whose turn it is, and what chance says
//! ```

mod entry;
mod head;
mod lex;
mod model;
mod player;
mod prepare;
mod read;
#[cfg(test)]
mod tests;
mod turns;
mod value;
mod wrong;

pub(crate) use model::Script;
pub(crate) use player::Player;
pub(crate) use prepare::BodyError;
