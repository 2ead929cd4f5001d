//! The search: single causes in the order of their likelihood, then pairs.

use super::{Explanation, Question, Tried};

/// The longest body for which causes are searched, in bytes.
pub const MOST: usize = 16 * 1024 * 1024;

/// Why the signature of a delivery does not verify.
#[must_use]
pub fn explain(question: &Question<'_>) -> Explanation {
    if question.body.len() > MOST {
        return Explanation::TooLarge {
            size: question.body.len() as u64,
            most: MOST as u64,
        };
    }
    Explanation::NotFound(Tried::default())
}
