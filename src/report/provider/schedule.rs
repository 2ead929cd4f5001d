//! When a provider tries again.

use std::time::Duration;

use crate::provider::Provider;
use crate::retry::Schedule;
use crate::term::{Cell, Style, Table, count, duration};

use super::rules::mark;

/// One attempt of a schedule.
pub(super) struct Step {
    /// Its number, from 1.
    pub(super) attempt: u32,
    /// The wait after the failure before.
    pub(super) wait: Duration,
    /// The waits since the first attempt, this one included.
    pub(super) since: Duration,
    /// Whether no document states the wait.
    pub(super) assumed: bool,
}

/// The attempts of a provider, the first one included.
pub(super) fn steps(provider: &Provider) -> Vec<Step> {
    let mut since = Duration::ZERO;
    let first = Step {
        attempt: 1,
        wait: since,
        since,
        assumed: false,
    };
    let later = provider.delivery.retry.delays().zip(1..);
    let later = later.map(|(wait, failures)| {
        since = since.saturating_add(wait);
        Step {
            attempt: failures + 1,
            wait,
            since,
            assumed: provider.assumes_delay(failures),
        }
    });
    [first].into_iter().chain(later).collect()
}

/// The attempts as a table; `None` where a failed delivery is not tried again.
pub(crate) fn schedule(provider: &Provider) -> Option<Table<4>> {
    let mut table = Table::new(["ATTEMPT", "WAIT", "SINCE START", ""]);
    table.right(0).right(1).right(2);
    let steps = steps(provider);
    for step in &steps {
        let wait = match step.attempt {
            1 => String::new(),
            _ => length(step.wait),
        };
        let assumed = if step.assumed { "(assumed)" } else { "" };
        table.row([
            Cell::from(step.attempt.to_string()),
            wait.into(),
            length(step.since).into(),
            Cell::styled(Style::Dim, assumed),
        ]);
    }
    (steps.len() > 1).then_some(table)
}

/// How many attempts there are, and how long they take in all.
pub(crate) fn in_all(provider: &Provider) -> String {
    let steps = steps(provider);
    let Some(Step { attempt, since, .. }) = steps.last().filter(|last| last.attempt > 1) else {
        return format!("never retried{}", mark(provider, "delivery.retry"));
    };
    // The short form leaves seconds out from an hour on.
    let exact = match since.as_secs() {
        seconds @ 3600.. => format!(" ({} s)", count(seconds)),
        _ => String::new(),
    };
    let since = length(*since);
    let assumed = mark(provider, "delivery.retry.max");
    format!("{attempt} attempts{assumed} over {since}{exact}, not counting the time each one takes")
}

/// The rule behind the table.
pub(super) fn retries(provider: &Provider) -> String {
    let mark = |key| mark(provider, key);
    match &provider.delivery.retry {
        Schedule::None => format!("none{}", mark("delivery.retry")),
        Schedule::List(delays) => {
            let delays: Vec<_> = delays.iter().copied().map(length).collect();
            let assumed = mark("delivery.retry");
            format!("{} after the failure before{assumed}", delays.join(", "))
        }
        Schedule::Exponential {
            base,
            factor,
            cap,
            max,
        } => format!(
            "{max} times{}: {}{}, then ×{factor}{} each time, at most {}{}",
            mark("delivery.retry.max"),
            length(*base),
            mark("delivery.retry.base"),
            mark("delivery.retry.factor"),
            length(*cap),
            mark("delivery.retry.cap"),
        ),
    }
}

/// A wait in words: none at all is a number of seconds too.
fn length(wait: Duration) -> String {
    if wait.is_zero() {
        "0s".to_owned()
    } else {
        duration(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::{schedule, steps};
    use crate::provider::builtin;

    /// The attempts of wlcro whose waits are assumed, where these values of its schedule are.
    fn assumed(keys: &[&str]) -> Vec<u32> {
        let mut provider = builtin("wlcro").expect("built in");
        let paths = keys.iter().map(|key| format!("delivery.{key}"));
        provider.assumed = paths.collect();
        let steps = steps(&provider);
        let assumed = steps.iter().filter(|step| step.assumed);
        assumed.map(|step| step.attempt).collect()
    }

    #[test]
    fn a_wait_is_assumed_where_a_value_it_comes_from_is() {
        for (keys, attempts) in [
            (&[][..], vec![]),
            (&["retry.max", "timeout"], vec![]),
            (&["retry.base"], (2..=10).collect()),
            (&["retry.factor"], (3..=10).collect()),
            (&["retry.cap"], vec![11]),
            (&["retry"], (2..=11).collect()),
        ] {
            assert_eq!(assumed(keys), attempts, "{keys:?}");
        }
    }

    #[test]
    fn what_is_never_retried_has_no_table() {
        let has_table = |id| schedule(&builtin(id).expect("built in")).is_some();
        assert!(!has_table("orgjobs") && has_table("cepro"));
    }
}
