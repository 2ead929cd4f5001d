//! Whose delivery a request is, and what verification finds.

use crate::server::Arrival;

use super::Party;
use super::judged::{Finding, Judged};

/// The providers whose deliveries come in.
#[derive(Clone)]
pub(crate) enum Parties {
    /// One provider's.
    One(Box<Party>),
}

impl Parties {
    /// Finds out whose a request is, and verifies it.
    pub(super) fn judge(&self, arrival: &Arrival) -> Judged<'_> {
        let Self::One(party) = self;
        let finding = match arrival.refused {
            None => Finding::Verified(party.verify(&arrival.message, arrival.received_at)),
            Some(refusal) => Finding::Refused(refusal),
        };
        Judged { party, finding }
    }
}
