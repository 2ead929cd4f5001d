//! The thread that reports, so that a slow terminal and a fast socket do not wait for each other. It
//! explains what did not verify too, which no answer waits for.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::mpsc::Receiver;

use super::explaining::Explaining;
use super::observer::Observer;
use crate::capture::{Delivery, Update};
use crate::cli::error::Error;
use crate::report::{Diagnosis, Reporter, Tally};
use crate::server::{Drained, Trigger};
use crate::signature::Verdict;

/// Updates that are reported in one go before the streams are looked at again.
const BATCH: usize = 256;

/// How long a reader may wait for a line.
const PAUSE: Duration = Duration::from_millis(2);

/// A reporter at work.
pub(super) struct Printer(JoinHandle<Printed>);

/// What is left when all updates are reported.
pub(super) struct Printed {
    /// The reporter.
    pub(super) reporter: Box<dyn Reporter>,
    /// What it has told, counted.
    pub(super) tally: Tally,
    /// What was expected.
    pub(super) observer: Observer,
    /// Who explains what did not verify.
    explaining: Explaining,
    /// Whether it could be told.
    pub(super) told: io::Result<()>,
}

impl Printer {
    /// Reports every update until there will be no more, or nobody reads; then the stop is said.
    /// Where something is expected, it is held against what comes in even when nobody reads.
    pub(super) fn start(
        reporter: Box<dyn Reporter>,
        mut updates: Receiver<Update>,
        trigger: Arc<Trigger>,
        (observer, explaining): (Observer, Explaining),
    ) -> Self {
        let mut printed = Printed {
            reporter,
            tally: Tally::default(),
            observer,
            explaining,
            told: Ok(()),
        };
        Self(thread::spawn(move || {
            printed.report(&mut updates);
            trigger.stop();
            printed
        }))
    }

    /// Waits for the last update, and adds how the server came to its end.
    pub(super) async fn end(self, drained: Drained) -> Result<Printed, Error> {
        let joined = tokio::task::spawn_blocking(move || self.0.join()).await;
        let Ok(Ok(mut printed)) = joined else {
            return Err(io::Error::other("the reporter ended early").into());
        };
        printed.tally.dropped = drained.running;
        printed.tally.turned_away = drained.turned_away;
        Ok(printed)
    }
}

impl Printed {
    fn report(&mut self, updates: &mut Receiver<Update>) {
        let mut batch = Vec::with_capacity(BATCH);
        while updates.blocking_recv_many(&mut batch, BATCH) > 0 {
            let mut waiting = batch.len();
            for update in batch.drain(..) {
                waiting -= 1;
                let diagnosis = match &update {
                    Update::Delivery(delivery, _) if self.told.is_ok() => {
                        let waiting = waiting + updates.len();
                        self.explaining.diagnose(delivery, waiting)
                    }
                    _ => None,
                };
                if let Update::Delivery(delivery, _) | Update::Hidden(delivery, _) = &update {
                    self.observer.see(delivery, diagnosis.as_ref());
                }
                if self.told.is_ok() {
                    self.told = self.tell(update, diagnosis.as_ref());
                }
            }
            if self.told.is_ok() {
                self.told = self.reporter.flush();
            }
            if self.told.is_err() && !self.observer.expects() {
                return;
            }
            pause();
        }
    }

    fn tell(&mut self, update: Update, diagnosis: Option<&Diagnosis>) -> io::Result<()> {
        let reporter = self.reporter.as_mut();
        match update {
            Update::Delivery(delivery, _place) => {
                count(&mut self.tally, &delivery);
                reporter.received(&delivery, diagnosis)?;
            }
            Update::Hidden(_delivery, _place) => self.tally.hidden += 1,
            Update::Left { number, after } => reporter.left(number, after)?,
            Update::Store(health) => reporter.health(&health)?,
            Update::Target(news) => reporter.target(&news)?,
            Update::Trouble(trouble) => reporter.trouble(&trouble)?,
        }
        Ok(())
    }
}

/// What comes in meanwhile is written together: a wake-up for each would cost the listener more than
/// all else that printing does.
fn pause() {
    thread::sleep(PAUSE);
}

fn count(tally: &mut Tally, delivery: &Delivery) {
    tally.received += 1;
    tally.duplicates += u64::from(delivery.duplicate_of.is_some());
    match &delivery.verdict {
        Some(Verdict::Valid(_)) => tally.valid += 1,
        Some(Verdict::Unchecked(_)) => {}
        _ => tally.refused += 1,
    }
}
