//! Why a receiver refuses a right delivery: what its answer says, and what it would have taken, by
//! trial.

use std::time::Duration;

use crate::delivery::Response;

use super::firing::exchange;
use super::receiver::Receiver;
use super::shot::{Shot, Wants};
use super::trial::{Trial, bodies, trials};
use super::wire::Wire;
use super::workshop::raw;

/// The most that is tried, in requests.
const MOST: usize = 60;

/// The longest body of which other forms are tried, in bytes.
const LARGE: usize = 64 * 1024;

/// What the answer alone says, and whether it says enough.
struct Sign {
    /// The statuses.
    statuses: std::ops::RangeInclusive<u16>,
    /// What they say, in a sentence.
    words: &'static str,
    /// Whether the signature cannot be the reason.
    is_reason: bool,
}

/// What answers say. The first that fits counts.
static SIGNS: &[Sign] = &[
    Sign {
        statuses: 300..=399,
        words: "It redirects, and senders follow no redirect: give the URL that it leads to.",
        is_reason: true,
    },
    Sign {
        statuses: 404..=404,
        words: "There is nothing at this path: look at the path of the URL.",
        is_reason: true,
    },
    Sign {
        statuses: 410..=410,
        words: "There is nothing at this path any more: look at the path of the URL.",
        is_reason: true,
    },
    Sign {
        statuses: 405..=405,
        words: "The route takes no POST: look at its methods, and at the path of the URL.",
        is_reason: true,
    },
    Sign {
        statuses: 411..=411,
        words: "It wants the length of the body, which was stated: look at the proxy before it.",
        is_reason: true,
    },
    Sign {
        statuses: 413..=413,
        words: "It takes no body of this size: raise its limit.",
        is_reason: true,
    },
    Sign {
        statuses: 415..=415,
        words: "It does not take the platform's content type: let it read the body whatever the type \
                is.",
        is_reason: true,
    },
    Sign {
        statuses: 429..=429,
        words: "It limits how many requests may come: except the platform's deliveries from that.",
        is_reason: true,
    },
    Sign {
        statuses: 502..=504,
        words: "What stands before the receiver does not reach it: is it running?",
        is_reason: true,
    },
    Sign {
        statuses: 500..=599,
        words: "It breaks over a right delivery: its log says where.",
        is_reason: false,
    },
];

/// What came of looking why a right delivery is refused.
#[derive(Default)]
pub(super) struct Diagnosis {
    /// What is known, each in a sentence.
    pub(super) notes: Vec<String>,
    /// Whether it is taken now, as it is.
    pub(super) is_taken_now: bool,
}

impl Diagnosis {
    /// Takes note of what was tried with success; `is_control_taken`: so was the right delivery itself
    /// after it, and then it is not what was tried that makes the difference.
    fn conclude(&mut self, words: String, is_control_taken: bool) {
        self.is_taken_now = is_control_taken;
        self.notes.push(if is_control_taken {
            "It refused it at first, and takes it now.".to_owned()
        } else {
            words
        });
    }
}

/// What the receiver does instead; `refusal` is its answer to a right delivery, `control` is another
/// one, and `limit` how long an answer is waited for.
pub(super) async fn diagnose(
    receiver: &Receiver,
    wire: &impl Wire,
    refusal: &Response,
    control: impl FnOnce() -> Shot,
    limit: Duration,
) -> Diagnosis {
    let mut diagnosis = Diagnosis::default();
    if let Some(sign) = sign_of(refusal.status) {
        diagnosis.notes.push(sign.words.to_owned());
        if sign.is_reason {
            return diagnosis;
        }
    }
    let mut statuses = vec![refusal.status];
    let tried = try_out(trials(receiver).take(MOST), receiver, wire, limit).await;
    match tried {
        Tried::Taken(words) => {
            let is_taken = is_taken(control(), receiver, wire, limit).await;
            diagnosis.conclude(words, is_taken);
        }
        Tried::Refused(answers) if !answers.is_empty() => {
            statuses.extend(answers);
            diagnosis.notes.push(untaken(&statuses));
        }
        Tried::Refused(_) | Tried::Unanswered => {}
    }
    diagnosis
}

/// What an answer alone says.
fn sign_of(status: u16) -> Option<&'static Sign> {
    SIGNS.iter().find(|sign| sign.statuses.contains(&status))
}

/// What the receiver makes of the body of a right delivery that it refuses, with this status, where it
/// takes others; `refused` makes that delivery as it goes out now.
pub(super) async fn diagnose_body(
    receiver: &Receiver,
    wire: &impl Wire,
    (refused, status): (impl Fn() -> Shot, u16),
    limit: Duration,
) -> Diagnosis {
    let mut diagnosis = Diagnosis::default();
    let body = &refused().message.body;
    let has_reason = sign_of(status).is_some_and(|sign| sign.is_reason);
    if has_reason || body.len() > LARGE {
        return diagnosis;
    }
    let trials = bodies(receiver, Some(body)).take(MOST);
    if let Tried::Taken(words) = try_out(trials, receiver, wire, limit).await {
        let is_taken = is_taken(refused(), receiver, wire, limit).await;
        diagnosis.conclude(words, is_taken);
    }
    diagnosis
}

/// Whether the receiver takes a request.
async fn is_taken(shot: Shot, receiver: &Receiver, wire: &impl Wire, limit: Duration) -> bool {
    let (_, attempt) = exchange(wire.clone(), shot, limit).await;
    let status = attempt.and_then(|attempt| attempt.status());
    status.is_some_and(|status| receiver.provider.delivery.rules.success.contains(status))
}

/// What came of trials.
enum Tried {
    /// One was taken, and says this.
    Taken(String),
    /// All were refused, with these answers.
    Refused(Vec<u16>),
    /// One got no answer, so that the others were not tried.
    Unanswered,
}

/// Makes one trial after the other, until one is taken.
async fn try_out(
    trials: impl Iterator<Item = Trial>,
    receiver: &Receiver,
    wire: &impl Wire,
    limit: Duration,
) -> Tried {
    let success = &receiver.provider.delivery.rules.success;
    let mut answers = Vec::new();
    for trial in trials {
        let shot = raw("", trial.message, Wants::Nothing);
        let (_, attempt) = exchange(wire.clone(), shot, limit).await;
        let Some(status) = attempt.and_then(|attempt| attempt.status()) else {
            return Tried::Unanswered;
        };
        if success.contains(status) {
            return Tried::Taken(trial.words);
        }
        answers.push(status);
    }
    Tried::Refused(answers)
}

/// What it says that nothing is taken; the first of the answers is the one to a right delivery.
fn untaken(answers: &[u16]) -> String {
    let (first, tried) = (answers[0], answers.len() - 1);
    if matches!(first, 401 | 403) && answers.iter().all(|answer| *answer == first) {
        format!(
            "It answers {first} to all that was tried, {tried} ways to sign: either it has another \
             secret, or the route wants a login that the platform does not have."
        )
    } else {
        format!(
            "It takes none of {tried} other ways to sign: look whether it has this very secret, and \
             whether it verifies the body as it came."
        )
    }
}
