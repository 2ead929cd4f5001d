//! Explains what did not verify, once it is answered.

use crate::capture::{Delivery, Explainer, Parties};
use crate::cli::context::Context;
use crate::cli::leads::Leads;
use crate::report::Diagnosis;
use crate::signature::Secret;

use super::audit::Watch;

/// An explainer of what is told of.
pub(super) struct Explaining {
    explainer: Explainer,
    /// Whether deliveries can be asked about later.
    is_kept: bool,
    /// Who judges the sender, and is told too.
    watch: Option<Watch>,
}

impl Explaining {
    /// For deliveries of these parties, which are verified with the `secrets`; `is_kept` where there is
    /// a store.
    pub(super) fn new(
        parties: &Parties,
        context: &Context,
        secrets: &[Secret],
        is_kept: bool,
    ) -> Self {
        let leads = Leads::new(context, secrets);
        Self {
            explainer: Explainer::new(parties.clone(), || leads.follow()),
            is_kept,
            watch: None,
        }
    }

    /// The same beside an audit.
    pub(super) fn beside(self, watch: Option<&Watch>) -> Self {
        Self {
            watch: watch.cloned(),
            ..self
        }
    }

    /// Why a delivery did not verify, while so many others wait; `None` where nothing is wrong.
    pub(super) fn diagnose(&mut self, delivery: &Delivery, waiting: usize) -> Option<Diagnosis> {
        let found = self.explainer.explain(delivery, waiting)?;
        let number = delivery.number.filter(|_| self.is_kept);
        let diagnosis = Diagnosis::of_received(found, number);
        if let (Some(watch), Some(found)) = (&self.watch, diagnosis.found()) {
            watch.explained(delivery, found);
        }
        Some(diagnosis)
    }
}
