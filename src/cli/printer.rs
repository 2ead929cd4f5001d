//! The thread that reports, so that a slow terminal and a fast socket do not wait for each other.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::mpsc::Receiver;

use crate::capture::{Delivery, Update};
use crate::report::{Reporter, Tally};
use crate::server::{Drained, Trigger};
use crate::signature::Verdict;

use super::error::Error;

/// Updates that are reported in one go before the streams are looked at again.
const BATCH: usize = 256;

/// How long a reader may wait for a line.
const PAUSE: Duration = Duration::from_millis(2);

/// A reporter at work.
pub(crate) struct Printer(JoinHandle<(Box<dyn Reporter>, Tally, io::Result<()>)>);

impl Printer {
    /// Reports every update until there will be no more, or nobody reads; then the stop is said.
    pub(crate) fn start(
        mut reporter: Box<dyn Reporter>,
        mut updates: Receiver<Update>,
        trigger: Arc<Trigger>,
    ) -> Self {
        Self(thread::spawn(move || {
            let mut tally = Tally::default();
            let result = report(reporter.as_mut(), &mut updates, &mut tally);
            trigger.stop();
            (reporter, tally, result)
        }))
    }

    /// Waits for the last update and reports the end, with how the server came to it.
    pub(crate) async fn end(self, drained: Drained) -> Result<(), Error> {
        let joined = tokio::task::spawn_blocking(move || self.0.join()).await;
        let Ok(Ok((mut reporter, mut tally, result))) = joined else {
            return Err(io::Error::other("the reporter ended early").into());
        };
        result?;
        tally.dropped = drained.running;
        tally.turned_away = drained.turned_away;
        Ok(reporter.stopped(&tally)?)
    }
}

fn report(
    reporter: &mut dyn Reporter,
    updates: &mut Receiver<Update>,
    tally: &mut Tally,
) -> io::Result<()> {
    let mut batch = Vec::with_capacity(BATCH);
    while updates.blocking_recv_many(&mut batch, BATCH) > 0 {
        for update in batch.drain(..) {
            match update {
                Update::Delivery(delivery, _place) => {
                    count(tally, &delivery);
                    reporter.received(&delivery)?;
                }
                Update::Hidden => tally.hidden += 1,
                Update::Left { number, after, .. } => reporter.left(number, after)?,
                Update::Store(health) => reporter.health(&health)?,
                Update::Target(news) => reporter.target(&news)?,
                Update::Trouble(trouble) => reporter.trouble(&trouble)?,
            }
        }
        reporter.flush()?;
        // What comes in meanwhile is written together: a wake-up for each would cost the listener more
        // than all else that printing does.
        thread::sleep(PAUSE);
    }
    Ok(())
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
