//! When each platform tries again, as it was settled: the seconds after each failure, and in all.

use std::time::Duration;

use wh::provider::builtin;
use wh::retry::{Disposition, Schedule};

use super::providers;

/// The id, the seconds after each failed attempt, and their sum.
const SCHEDULES: [(&str, &[u64], u64); 5] = [
    ("cepro", &[10, 60, 300], 370),
    ("cepro-inbound", &[], 0),
    (
        "wlcro",
        &[10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600],
        8_710,
    ),
    // Assumed to be those of cepro.
    ("tenant", &[10, 60, 300], 370),
    ("orgjobs", &[], 0),
];

fn schedules() -> impl Iterator<Item = (Schedule, &'static [u64], u64)> {
    assert_eq!(providers().count(), SCHEDULES.len());
    SCHEDULES.into_iter().map(|(id, delays, total)| {
        let schedule = builtin(id).unwrap().delivery.retry;
        (schedule, delays, total)
    })
}

#[test]
fn each_failure_has_its_delay_and_the_last_has_none() {
    for (schedule, delays, total) in schedules() {
        for (failures, seconds) in (1..).zip(delays) {
            let delay = schedule.delay_after(failures);
            assert_eq!(delay, Some(Duration::from_secs(*seconds)), "{schedule:?}");
        }
        let last = u32::try_from(delays.len()).unwrap() + 1;
        assert_eq!(schedule.attempts(), last, "{schedule:?}");
        assert_eq!(schedule.delay_after(last), None, "{schedule:?}");
        let sum: Duration = schedule.delays().sum();
        assert_eq!(sum, Duration::from_secs(total), "{schedule:?}");
    }
}

/// The other reading of cepro's log, "1 through 3", can be rehearsed; no reading makes more of it.
#[test]
fn fewer_attempts_keep_the_first_delays_and_more_change_nothing() {
    for (schedule, delays, _) in schedules() {
        for attempts in 0..20 {
            let limited = schedule.limited(attempts);
            let kept: Vec<u64> = limited.delays().map(|delay| delay.as_secs()).collect();
            let most = usize::try_from(attempts).unwrap().max(1) - 1;
            assert_eq!(kept, delays[..most.min(delays.len())], "{schedule:?}");
        }
    }
}

/// No platform of these documents `Retry-After` or an answer that stops.
#[test]
fn no_answer_changes_the_schedule_of_a_built_in_platform() {
    let asks = [("Retry-After", "86400"), ("X-Slack-No-Retry", "1")]
        .into_iter()
        .collect();
    for provider in providers() {
        for status in [301, 404, 406, 410, 429, 503] {
            let judged = provider
                .delivery
                .rules
                .judge(Some((status, &asks)), jiff::Timestamp::UNIX_EPOCH);
            let id = &provider.id;
            assert_eq!(judged, Disposition::Retry { after: None }, "{id} {status}");
        }
    }
}
