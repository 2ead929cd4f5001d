//! What the store keeps of one attempt.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::message::{Headers, Message};

/// Who made the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    /// Somebody sent it to us.
    Received,
    /// We sent it.
    Sent,
}

/// What came of an attempt, in the words of the platforms' delivery logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Outcome {
    /// The answer counts as success.
    Success,
    /// It does not, or there was none, and nothing more follows by itself.
    Failed,
    /// It does not, and the next attempt is due.
    Retrying,
}

/// The kind of a verdict, as [`Verdict::kind`](crate::signature::Verdict::kind) names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum VerdictKind {
    /// The signature matches.
    Valid,
    /// It does not.
    Invalid,
    /// It does, and the timestamp lies too far from now.
    Stale,
    /// Something stands twice.
    Ambiguous,
    /// There is none.
    Unsigned,
    /// Nothing was verified.
    Unchecked,
}

/// A verdict as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// Its kind.
    pub(crate) kind: VerdictKind,
    /// Its reason, where there is one.
    pub(crate) reason: Option<String>,
}

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// One word: `dns`, `refused`, `timeout`; of what was received: why its body was not taken.
    pub(crate) kind: String,
    /// The same in a sentence.
    pub(crate) message: String,
}

/// One HTTP exchange of a delivery: what a line of the log says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// Who made the request.
    pub(crate) direction: Direction,
    /// The provider's id.
    pub(crate) provider: String,
    /// Where it went: the URL of what was sent, without credentials; the path of what was received.
    pub(crate) endpoint: String,
    /// The event.
    pub(crate) event: Option<String>,
    /// The sender's id of the delivery.
    pub(crate) webhook_id: Option<String>,
    /// When it began; to the microsecond.
    pub(crate) at: Timestamp,
    /// The number that the sender gave it, from 1.
    pub(crate) number: Option<u32>,
    /// How many attempts the provider makes at most.
    pub(crate) of: u32,
    /// The status of the answer.
    pub(crate) status: Option<u16>,
    /// From the request to the whole answer; of what was received, to the decision what to answer, and
    /// as long as a script holds that back.
    /// To the microsecond.
    pub(crate) took: Duration,
    /// What came of it.
    pub(crate) outcome: Outcome,
    /// Why there was no answer, or no body.
    pub(crate) fault: Option<Fault>,
    /// What verification found; `None` of what was sent.
    pub(crate) verdict: Option<Judgement>,
    /// The bytes of the request's body.
    pub(crate) size: u64,
    /// What made the answer to something received; `None`: the verdict alone.
    pub(crate) answered: Option<Answered>,
}

/// What made the answer to something received, where it was not the verdict alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answered {
    /// An entry of a script, as it is written there.
    Script(String),
    /// The program that it was forwarded to.
    Forward(Box<Forwarded>),
    /// The handshake of this name that it was.
    Handshake(String),
    /// An audit of the sender, for this in its plan.
    Audit(String),
}

/// What came of a forward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Forwarded {
    /// Where it went, without credentials.
    pub(crate) url: String,
    /// The status that came back.
    pub(crate) status: Option<u16>,
    /// From the request to the whole answer.
    pub(crate) took: Duration,
    /// Why there was no answer.
    pub(crate) fault: Option<Fault>,
}

impl Answered {
    /// As it is kept.
    pub(super) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The bytes of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    /// The request, exactly.
    pub(crate) request: Message,
    /// The version of HTTP that it came by.
    pub(crate) http: String,
    /// Whether its header lines are those of the wire.
    pub(crate) exact: bool,
    /// Who sent it.
    pub(crate) peer: Option<SocketAddr>,
    /// The answer, where it is kept.
    pub(crate) response: Option<Response>,
}

/// The answer to an attempt; its status is the attempt's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Response {
    /// The header lines.
    pub(crate) headers: Headers,
    /// The body, or its beginning.
    pub(crate) body: Bytes,
    /// Whether the body was longer than what is kept.
    pub(crate) truncated: bool,
}

/// How a repeat of a delivery is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sameness {
    /// It is not.
    #[default]
    Never,
    /// Its ids were made just now: there is none like it.
    New,
    /// By the webhook id.
    WebhookId,
    /// By this key.
    Key([u8; 16]),
    /// It was recorded elsewhere.
    Imported(Elsewhere),
}

/// What is known of an attempt from where it was recorded before.
///
/// One that is here already is not recorded again: its [`Place`] is the one that it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Elsewhere {
    /// Which of its delivery's attempts it was. With it, the delivery is known by our id alone;
    /// without, by the webhook id too.
    pub(crate) nth: Option<u32>,
    /// Our id of the delivery that it repeats; where that is not here, it repeats its own.
    pub(crate) duplicate_of: Option<Uuid>,
}

/// A delivery before its first attempt.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    /// Our id of it, if there is none like it yet.
    pub(crate) id: Uuid,
    /// Who makes the request.
    pub(crate) direction: Direction,
    /// The provider's id.
    pub(crate) provider: String,
    /// Where it goes.
    pub(crate) endpoint: String,
    /// The sender's id of it.
    pub(crate) webhook_id: Option<String>,
    /// Whether the id was made just now, so that there cannot be one like it.
    pub(crate) is_new: bool,
}

/// A delivery by its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    /// Its number, from 1.
    pub(crate) number: i64,
    /// Our id of it.
    pub(crate) id: Uuid,
}

/// An attempt to be recorded.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Our id of its delivery, if it is the first attempt.
    pub(crate) id: Uuid,
    /// The number of its delivery, where that is known.
    pub(crate) delivery: Option<i64>,
    /// What the log says of it.
    pub(crate) attempt: Attempt,
    /// Its bytes.
    pub(crate) exchange: Exchange,
    /// How it is known as a repeat.
    pub(crate) sameness: Sameness,
    /// How long a delivery that was accepted makes later ones its repeats.
    pub(crate) window: Duration,
}

impl Entry {
    /// Whether nothing speaks against the sender being who it says: what is forged must not take the
    /// place of the real one.
    pub(crate) fn is_believed(&self) -> bool {
        let kind = self.attempt.verdict.as_ref().map(|verdict| verdict.kind);
        matches!(kind, Some(VerdictKind::Valid | VerdictKind::Unchecked))
    }

    /// Whether later deliveries that are the same are repeats of this one.
    pub(crate) fn accepts(&self) -> bool {
        self.is_believed() && self.attempt.outcome == Outcome::Success
    }
}

/// Where an attempt stands in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The row of the log, from 1; later attempts have higher ones.
    pub(crate) row: i64,
    /// The number of the delivery, from 1: `#1042`.
    pub(crate) delivery: i64,
    /// Our id of the delivery.
    pub(crate) id: Uuid,
    /// Which of the delivery's attempts it is, from 1.
    pub(crate) nth: u32,
    /// The delivery that it repeats: its own, or another with the same key.
    pub(crate) duplicate_of: Option<i64>,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Where it stands.
    pub(crate) place: Place,
    /// What it says.
    pub(crate) attempt: Attempt,
}

/// An attempt with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// Where it stands.
    pub(crate) place: Place,
    /// What the log says of it.
    pub(crate) attempt: Attempt,
    /// Its bytes.
    pub(crate) exchange: Exchange,
}

impl Listed {
    /// The number that the sender gave the attempt, else its place among the delivery's attempts.
    pub(crate) fn number(&self) -> u32 {
        self.attempt.number.unwrap_or(self.place.nth)
    }
}

impl VerdictKind {
    /// Whether verification failed: something was verified, and it is not valid.
    pub(crate) const fn is_failure(self) -> bool {
        !matches!(self, Self::Valid | Self::Unchecked)
    }
}

/// A word with a code: how the store writes a choice, and how users read it.
macro_rules! coded {
    ($type:ident { $($variant:ident = $code:literal $name:literal),+ $(,)? }) => {
        impl $type {
            /// Every one, in the order of their codes.
            pub(crate) const ALL: &[Self] = &[$(Self::$variant),+];

            /// The number that stands for it in the store; it never changes.
            pub(crate) const fn code(self) -> u8 {
                match self { $(Self::$variant => $code),+ }
            }

            /// The word that stands for it everywhere else.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The one with this code.
            pub(super) fn of_code(code: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }

            /// The one with this name.
            pub(crate) fn of_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

coded!(Direction { Received = 0 "received", Sent = 1 "sent" });
coded!(Outcome { Success = 0 "success", Failed = 1 "failed", Retrying = 2 "retrying" });
coded!(VerdictKind {
    Valid = 0 "valid",
    Invalid = 1 "invalid",
    Stale = 2 "stale",
    Ambiguous = 3 "ambiguous",
    Unsigned = 4 "unsigned",
    Unchecked = 5 "unchecked",
});
