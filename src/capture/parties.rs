//! Whose delivery a request is, and what verification finds.

mod routes;
mod several;

use crate::message::Message;
use crate::server::Arrival;

use super::Party;
use super::judged::{Finding, Judged};

pub(crate) use routes::{Route, Routes};
pub(crate) use several::Several;

/// The providers whose deliveries come in.
#[derive(Clone)]
pub(crate) enum Parties {
    /// One provider's.
    One(Box<Party>),
    /// Several providers', told apart by what they send.
    Several(Box<Several>),
    /// Those of the route that has the path.
    Routed(Box<Routes>),
}

impl Parties {
    /// Finds out whose a request is, and verifies it.
    pub(super) fn judge(&self, arrival: &Arrival) -> Judged<'_> {
        let (message, now) = (&arrival.message, arrival.received_at);
        let several = match self {
            Self::One(party) => {
                let finding = match arrival.refused {
                    None => Finding::Verified(party.verify(message, now)),
                    Some(refusal) => Finding::Refused(refusal),
                };
                return Judged { party, finding };
            }
            Self::Several(several) => several,
            Self::Routed(routes) => match routes.of(message.path()) {
                Some(several) => several,
                None => return routes.astray(arrival.refused),
            },
        };
        match arrival.refused {
            None => several.judge(message, now),
            Some(refusal) => Judged {
                party: several.likeliest(message),
                finding: Finding::Refused(refusal),
            },
        }
    }

    /// Who may have sent a delivery that came to `path` and was taken for this provider's: its party;
    /// of what fits nobody every party there.
    pub(super) fn senders(&self, path: &str, provider: &str) -> Vec<&Party> {
        let several = match self {
            Self::One(party) => return vec![party],
            Self::Several(several) => Some(&**several),
            Self::Routed(routes) => routes.of(path),
        };
        let every = || several.into_iter().flat_map(Several::every);
        match every().find(|party| party.provider.id == provider) {
            Some(party) => vec![party],
            None => every().collect(),
        }
    }

    /// Path and query of a party's delivery, without what it takes for a secret, and without the
    /// secrets of all the others.
    pub(super) fn shown_target(&self, party: &Party, message: &Message) -> String {
        let own = party.shown_target(&message.target);
        let without = |target: String, other: &Party| other.without_secrets(&target);
        match self {
            Self::One(_) => own,
            Self::Several(several) => several.every().fold(own, without),
            Self::Routed(routes) => routes.every().fold(own, without),
        }
    }
}

#[cfg(test)]
mod tests;
