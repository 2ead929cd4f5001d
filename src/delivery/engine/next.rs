//! What follows an attempt.

use std::time::Duration;

use jiff::Timestamp;

use crate::delivery::{Attempt, Job, Next, Retry};
use crate::retry::{Disposition, jittered};
use crate::store;

/// What follows an attempt that ended at `now`; `chance`, from 0 to 1, decides within the jitter.
pub(super) fn next(job: &Job, attempt: &Attempt, now: Timestamp, chance: f64) -> Next {
    let route = &job.route;
    let answer = attempt.outcome.as_ref().ok();
    let answer = answer.map(|response| (response.status, &response.headers));
    let disposition = route.rules.judge(answer, now);
    let nth = job.made + 1;
    let delay = route.schedule.delay_after(nth);
    let delay = delay.map(|delay| jittered(delay, route.jitter_percent(), chance));
    let (delay, after) = match (delay.zip(disposition.wait(delay)), disposition) {
        (_, Disposition::Delivered) => return Next::Delivered,
        (_, Disposition::Stop { why }) => return Next::Stopped(why),
        (None, Disposition::Retry { .. }) => return Next::Failed,
        (Some(waits), Disposition::Retry { .. }) => waits,
    };
    let wait = faster(after, route.terms.speed);
    Next::Retry(Retry {
        nth,
        of: route.schedule.attempts() - 1,
        after,
        asked: after > delay,
        assumed: after == delay && route.assumes_delays(),
        speed: route.terms.speed,
        wait,
        due: now.checked_add(wait).unwrap_or(Timestamp::MAX),
    })
}

/// A wait where time runs so many times faster.
fn faster(wait: Duration, speed: f64) -> Duration {
    Duration::try_from_secs_f64(wait.as_secs_f64() / speed).unwrap_or(Duration::MAX)
}

/// The next attempt as the queue keeps it.
pub(super) fn queued(job: &Job, retry: &Retry) -> store::Next {
    store::Next {
        attempt: job.attempt.saturating_add(1),
        made: job.made.saturating_add(1),
        due: retry.due,
        wait: retry.wait,
    }
}
