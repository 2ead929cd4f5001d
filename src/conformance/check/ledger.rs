//! The side effects of one rule, told from those of the others.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::effects::EffectsError;
use super::wire::Wire;

/// How long side effects may lag behind the answer: a receiver answers first and works later.
const LAG: Duration = Duration::from_secs(2);

/// How long nothing more must happen until a count is believed, at the least.
const MOMENT: Duration = Duration::from_millis(250);

/// How many times as long as the first effect took to show.
const OF_FIRST: u32 = 2;

/// How often it is counted while one is waited for.
const POLL: Duration = Duration::from_millis(50);

/// What is known of the number of side effects.
#[derive(Debug)]
pub(super) struct Ledger {
    /// The last count; `None` where nothing is counted.
    last: Option<i64>,
    /// Whether there were requests since.
    disturbed: bool,
    /// How long nothing more must happen until a count is believed.
    moment: Duration,
}

impl Ledger {
    /// Counts for the first time.
    pub(super) async fn open(wire: &impl Wire) -> Result<Self, EffectsError> {
        Ok(Self {
            last: wire.effects().await?,
            disturbed: false,
            moment: MOMENT,
        })
    }

    /// Learns from the first delivery that was taken how far effects lag behind the answer.
    pub(super) async fn learn(&mut self, wire: &impl Wire) {
        let Some(before) = self.last else { return };
        let begun = Instant::now();
        // Where it cannot be counted now, the first rule that asks for it says so.
        let _ = reached(wire, before + 1).await;
        self.moment = (begun.elapsed() * OF_FIRST).clamp(MOMENT, LAG);
    }

    /// Takes note of requests whose effects are nobody's concern.
    pub(super) fn disturb(&mut self) {
        self.disturbed = true;
    }

    /// The count before a rule, when what came before has had its effects; `None` where nothing is
    /// counted.
    pub(super) async fn before(&mut self, wire: &impl Wire) -> Result<Option<i64>, EffectsError> {
        if self.last.is_none() || !self.disturbed {
            return Ok(self.last);
        }
        let until = Instant::now() + LAG;
        let mut last = read(wire).await?;
        loop {
            sleep(self.moment).await;
            let count = read(wire).await?;
            let is_settled = count == last;
            last = count;
            if is_settled || Instant::now() >= until {
                break;
            }
        }
        Ok(Some(self.believe(last)))
    }

    /// The count after a rule: waits until there are so many, and then whether there are more.
    pub(super) async fn after(
        &mut self,
        wire: &impl Wire,
        wanted: i64,
    ) -> Result<i64, EffectsError> {
        reached(wire, wanted).await?;
        sleep(self.moment).await;
        Ok(self.believe(read(wire).await?))
    }

    fn believe(&mut self, count: i64) -> i64 {
        self.disturbed = false;
        self.last = Some(count);
        count
    }
}

/// Waits until there are so many, for as long as effects may lag behind.
async fn reached(wire: &impl Wire, wanted: i64) -> Result<(), EffectsError> {
    let until = Instant::now() + LAG;
    while read(wire).await? < wanted && Instant::now() < until {
        sleep(POLL).await;
    }
    Ok(())
}

/// A count where there was one before.
async fn read(wire: &impl Wire) -> Result<i64, EffectsError> {
    let count = wire.effects().await?;
    count.ok_or_else(|| EffectsError::NoCount(String::new()))
}
