//! A script as it is read.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::time::Duration;

use uuid::Uuid;

use crate::message::Headers;
use crate::server::Manner;

/// Answers in their order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Script {
    pub(super) per: Per,
    /// What all chance derives from that has no seed of its own.
    pub(super) seed: Option<u64>,
    /// At least one.
    pub(super) entries: Vec<Entry>,
}

/// Who has turns of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Per {
    /// Each delivery.
    #[default]
    Delivery,
    /// All requests together.
    Request,
}

/// One entry of a script.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// As it is written in the script.
    pub(super) written: String,
    /// What is told of it wherever it answers.
    pub(super) told: String,
    /// How many turns it has, at least one; the last entry of a script has all that come.
    pub(super) times: u32,
    /// With a chance it has no turn of its own: it is drawn when the next entry has its turn.
    pub(super) chance: Option<Chance>,
    /// What is done.
    pub(super) act: Act,
}

/// How likely something is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Chance {
    /// From 0 to 1.
    pub(super) of: f64,
    /// What the draws derive from, where that is its own.
    pub(super) seed: Option<u64>,
}

/// What is done with a request.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Act {
    /// It is answered by its verdict.
    Own,
    /// It is forwarded.
    Forward,
    /// It is answered so.
    Answer(Line),
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    /// The status; of no account where none goes out.
    pub(super) status: u16,
    /// The header lines.
    pub(super) headers: Headers,
    /// The body, where one is given.
    pub(super) body: Option<Body>,
    /// How long it is held back.
    pub(super) after: Duration,
    /// How it goes out.
    pub(super) course: Course,
}

/// A body, or where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Text(String),
    File(PathBuf),
}

/// How an answer goes out, before it is known to whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Course {
    #[default]
    Whole,
    /// So many bytes a second, at least one.
    Drip(u32),
    Truncated,
    Garbage,
    Closed,
    Reset,
    Hung,
}

impl Course {
    /// The answer to the request with this id.
    pub(super) fn manner(self, id: Uuid) -> Manner {
        match self {
            Self::Whole => Manner::Whole,
            Self::Drip(rate) => Manner::Drip(rate),
            Self::Truncated => Manner::Truncated,
            Self::Garbage => Manner::Garbage,
            Self::Closed => Manner::Closed,
            Self::Reset => Manner::Reset,
            Self::Hung => Manner::Hung(id),
        }
    }
}

impl Script {
    /// Whether anything is forwarded.
    pub(crate) fn forwards(&self) -> bool {
        self.entries.iter().any(|entry| entry.act == Act::Forward)
    }

    /// Whether something is left to chance that no seed decides.
    pub(crate) fn wants_seed(&self) -> bool {
        let mut chances = self.entries.iter().filter_map(|entry| entry.chance);
        self.seed.is_none() && chances.any(|chance| chance.seed.is_none())
    }

    /// With a seed for all chance that has none of its own.
    pub(crate) fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}

/// As a script that reads the same.
impl Display for Script {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.per, self.seed) {
            (Per::Delivery, None) => {}
            (Per::Delivery, Some(seed)) => write!(f, "seed={seed},")?,
            (Per::Request, None) => write!(f, "per=request,")?,
            (Per::Request, Some(seed)) => write!(f, "per=request;seed={seed},")?,
        }
        for (nth, entry) in self.entries.iter().enumerate() {
            let comma = if nth > 0 { "," } else { "" };
            write!(f, "{comma}{}", entry.written)?;
        }
        Ok(())
    }
}
