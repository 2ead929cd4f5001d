//! Why a receiver refuses a right delivery: what its answer says, and what it would have taken, by
//! trial.

use std::time::Duration;

use crate::delivery::Response;

use super::firing::exchange;
use super::receiver::Receiver;
use super::report::CheckReport;
use super::shot::{Manner, Shot, Wants};
use super::trial::trials;
use super::wire::Wire;

/// The most that is tried, in requests.
const MOST: usize = 60;

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

/// What the receiver does instead; `refusal` is its answer to a right delivery, and `limit` how long
/// an answer is waited for. The requests are counted in the report.
pub(super) async fn diagnose(
    receiver: &Receiver,
    wire: &impl Wire,
    refusal: &Response,
    limit: Duration,
    report: &mut CheckReport,
) -> Vec<String> {
    let mut notes = Vec::new();
    let sign = SIGNS
        .iter()
        .find(|sign| sign.statuses.contains(&refusal.status));
    if let Some(sign) = sign {
        notes.push(sign.words.to_owned());
        if sign.is_reason {
            return notes;
        }
    }
    let success = &receiver.provider.delivery.rules.success;
    let mut statuses = vec![refusal.status];
    for trial in trials(receiver).take(MOST) {
        let shot = Shot {
            label: String::new(),
            message: trial.message,
            parcel: None,
            manner: Manner::Whole,
            wants: Wants::Nothing,
        };
        let fired = [exchange(wire.clone(), shot, limit).await];
        report.count_requests(&fired);
        let [(_, attempt)] = fired;
        let Some(status) = attempt.and_then(|attempt| attempt.status()) else {
            return notes;
        };
        if success.contains(status) {
            notes.push(trial.words);
            return notes;
        }
        statuses.push(status);
    }
    let tried = statuses.len() - 1;
    if tried == 0 {
        return notes;
    }
    let is_same = statuses.iter().all(|status| *status == refusal.status);
    notes.push(if is_same && matches!(refusal.status, 401 | 403) {
        format!(
            "It answers {} to all that was tried, {tried} ways to sign: either it has another secret, \
             or the route wants a login that the platform does not have.",
            refusal.status
        )
    } else {
        format!(
            "It takes none of {tried} other ways to sign: look whether it has this very secret, and \
             whether it verifies the body as it came."
        )
    });
    notes
}
