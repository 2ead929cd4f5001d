//! What an explanation came to.

use super::{Cause, Kind};

/// What would have made a signature match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explanation {
    /// These causes, one or two; the clock may be one more.
    Found(Vec<Cause>),
    /// Nothing that was tried.
    NotFound(Tried),
    /// Nothing was tried: the body is too large.
    TooLarge {
        /// Its length in bytes.
        size: u64,
        /// The most that is tried.
        most: u64,
    },
}

/// What was tried in vain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// What was tried, each in a few words: "21 forms of the body".
    pub forms: Vec<String>,
    /// What was seen that may matter: "it is 40 digits long, as an HMAC-SHA1 is".
    pub seen: Vec<String>,
    /// What to check by hand, most likely first.
    pub by_hand: Vec<String>,
}

impl Explanation {
    /// The causes; none where none was found.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        match self {
            Self::Found(causes) => causes,
            Self::NotFound(_) | Self::TooLarge { .. } => &[],
        }
    }

    /// What was found, in one sentence.
    #[must_use]
    pub fn finding(&self) -> String {
        match self {
            Self::Found(causes) => found(causes),
            Self::NotFound(tried) if tried.forms.is_empty() => {
                format!("nothing could be tried: {}", tried.seen.join(", "))
            }
            Self::NotFound(tried) => format!("nothing fits: tried {}", tried.forms.join(", ")),
            Self::TooLarge { size, most } => {
                format!("too large to explain: {size} bytes, the most is {most}")
            }
        }
    }

    /// What to change or to check, each in a sentence.
    #[must_use]
    pub fn fixes(&self) -> Vec<&str> {
        match self {
            Self::Found(causes) => {
                let fixes = causes.iter().map(|cause| cause.fix.as_str());
                fixes.filter(|fix| !fix.is_empty()).collect()
            }
            Self::NotFound(tried) => tried.by_hand.iter().map(String::as_str).collect(),
            Self::TooLarge { .. } => Vec::new(),
        }
    }
}

fn found(causes: &[Cause]) -> String {
    let words = |kind| {
        let causes = causes.iter().filter(move |cause| cause.kind == kind);
        let words: Vec<_> = causes.map(|cause| cause.words.as_str()).collect();
        words.join(" and ")
    };
    let statement = words(Kind::Statement);
    let condition = words(Kind::Condition);
    match (statement.is_empty(), condition.is_empty()) {
        (_, true) => format!("the signature {statement}"),
        (true, false) => format!("the signature matches if {condition}"),
        (false, false) => format!("the signature {statement}, if {condition}"),
    }
}
