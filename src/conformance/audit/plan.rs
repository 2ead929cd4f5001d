//! How the deliveries of an audit are answered, so that as few as can be show everything.

use std::time::Duration;

use crate::provider::Provider;
use crate::retry::{Rules, Schedule, StopHeader};

use super::pace::margin;

/// How one attempt is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// With a failure.
    Fail(u16),
    /// With a failure, and the wish to be left alone for so long: whole seconds of the platform's time.
    Later(u16, Duration),
    /// With another place of this listener.
    Redirect(u16),
    /// Not at all: the connection stays open.
    Hang,
    /// With a status by which the platform ends a delivery.
    StopStatus(u16),
    /// With a failure, and a header line by which the platform ends a delivery.
    StopHeader(u16, StopHeader),
    /// With success.
    Succeed(u16),
}

/// The answers to the attempts of one delivery, first one first. What comes beyond them is answered
/// with success, so that it ends.
pub(super) type Scene = Vec<Step>;

/// Failures in the order in which they are preferred.
const FAILURES: [u16; 9] = [500, 503, 502, 504, 400, 404, 409, 418, 422];

/// Redirects: one after which clients send a `GET`, and one after which they send the same again.
const REDIRECTS: [u16; 2] = [302, 307];

/// What a receiver may ask for beyond the first delay, so that nobody takes one for the other.
const MORE: Duration = Duration::from_secs(5);

impl Step {
    /// Whether the platform tries again after it, where its schedule has another attempt.
    pub(super) fn is_retried(&self) -> bool {
        match self {
            Self::Fail(_) | Self::Later(..) | Self::Redirect(_) | Self::Hang => true,
            Self::StopStatus(_) | Self::StopHeader(..) | Self::Succeed(_) => false,
        }
    }

    /// The wait after it, where the schedule has `delay`.
    pub(super) fn wait(&self, delay: Duration) -> Duration {
        match self {
            Self::Later(_, after) => delay.max(*after),
            _ => delay,
        }
    }
}

/// The scenes of an audit; `is_out` says which rules are left out, by their ids.
pub(super) fn plan(provider: &Provider, is_out: impl Fn(&str) -> bool + Copy) -> Vec<Scene> {
    let rules = &provider.delivery.rules;
    let attempts = usize::try_from(provider.delivery.retry.attempts()).unwrap_or(usize::MAX);
    let fail = failure(rules);
    let special = special(rules, attempts, is_out);
    if attempts == 1 {
        return once(special, fail);
    }
    let mut scenes = vec![to_the_end(attempts, special, fail)];
    let later = later(provider).filter(|_| !is_out("retry-after"));
    if later.is_some() || !is_out("stops-after-success") {
        let first = later.map_or(Step::Fail(fail), |after| Step::Later(fail, after));
        scenes.push(vec![first, success(rules)]);
    }
    if let Some(status) = stop_status(rules).filter(|_| !is_out("stop-status")) {
        scenes.push(vec![Step::StopStatus(status)]);
    }
    let headers = rules.stop.headers.iter().filter(|_| !is_out("stop-header"));
    scenes.extend(headers.map(|header| vec![Step::StopHeader(fail, header.clone())]));
    scenes
}

/// What is no plain failure: a timeout, and redirects, of which one will do where there is no room.
fn special(rules: &Rules, attempts: usize, is_out: impl Fn(&str) -> bool) -> Vec<Step> {
    let hang = (!is_out("timeout")).then_some(Step::Hang);
    let redirects = REDIRECTS.into_iter().filter(|_| !is_out("redirects"));
    let redirects = redirects.filter(|status| is_plain_failure(rules, *status));
    let redirects: Vec<_> = redirects.map(Step::Redirect).collect();
    let has_room = hang.iter().len() + redirects.len() < attempts;
    let most = if has_room { redirects.len() } else { 1 };
    hang.into_iter()
        .chain(redirects.into_iter().take(most))
        .collect()
}

/// Where nothing is tried again each delivery shows one thing.
fn once(special: Vec<Step>, fail: u16) -> Vec<Scene> {
    if special.is_empty() {
        return vec![vec![Step::Fail(fail)]];
    }
    special.into_iter().map(|step| vec![step]).collect()
}

/// Fails to the end of the schedule; a plain failure comes first, where there is room for it.
fn to_the_end(attempts: usize, special: Vec<Step>, fail: u16) -> Scene {
    let first = usize::from(special.len() < attempts);
    let mut scene = vec![Step::Fail(fail); first];
    scene.extend(special);
    scene.resize(attempts, Step::Fail(fail));
    scene
}

/// What a receiver asks for that no schedule's first delay would be taken for. `None`: the platform
/// does not honour it, or not so much of it that the two could be told apart.
pub(super) fn later(provider: &Provider) -> Option<Duration> {
    let most = provider.delivery.rules.retry_after?;
    let delay = provider.delivery.retry.delay_after(1)?;
    let asked = delay.saturating_mul(3) / 2 + MORE;
    let asked = Duration::from_secs(asked.min(most).as_secs());
    let longest = delay + delay / 100 * provider.delivery.jitter_percent.min(100);
    (asked.saturating_sub(margin(asked)) > longest).then_some(asked)
}

/// A status by which the platform ends a delivery.
pub(super) fn stop_status(rules: &Rules) -> Option<u16> {
    let set = rules.stop.status.as_ref()?;
    (300..600).find(|status| set.contains(*status) && !rules.success.contains(*status))
}

/// A status that is a failure to this platform, and no more than that.
fn failure(rules: &Rules) -> u16 {
    let mut failures = FAILURES.into_iter();
    let found = failures.find(|status| is_plain_failure(rules, *status));
    found.unwrap_or(FAILURES[0])
}

fn success(rules: &Rules) -> Step {
    let mut successes = (200..300).chain(300..600);
    let found = successes.find(|status| rules.success.contains(*status));
    Step::Succeed(found.unwrap_or(200))
}

/// The answer to all that no scene is for.
pub(super) fn otherwise(provider: &Provider) -> Step {
    success(&provider.delivery.rules)
}

fn is_plain_failure(rules: &Rules, status: u16) -> bool {
    let stops = rules.stop.status.as_ref();
    !rules.success.contains(status) && !stops.is_some_and(|stops| stops.contains(status))
}

/// How long nothing may come after the `made`-th attempt before it is said that nothing comes: what
/// the platform would wait, or has waited last.
pub(super) fn quiet(schedule: &Schedule, made: u32) -> Duration {
    /// Where a platform has no waits at all: a sender that retries all the same does so by then.
    const NO_WAIT: Duration = Duration::from_secs(10);
    let delay = schedule
        .delay_after(made)
        .or_else(|| schedule.delays().last());
    delay.unwrap_or(NO_WAIT)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Step, plan};
    use crate::provider::{Provider, builtin, parse};

    fn provider(delivery: &str) -> Provider {
        let text = format!(
            "provider = {{ id = \"acme\" }}
             signature = {{ algorithm = \"hmac-sha256\", signs = \"{{body}}\", encoding = \"hex\", \
             header = \"X-Sig\", value = \"{{sig}}\" }}
             delivery = {{ {delivery} }}"
        );
        parse(&text).expect("a provider")
    }

    /// A plan in a line: scenes apart by `|`.
    fn told(provider: &Provider, out: &[&str]) -> String {
        let step = |step: &Step| match step {
            Step::Fail(status) | Step::Redirect(status) => status.to_string(),
            Step::Later(status, after) => format!("{status} after {}", after.as_secs()),
            Step::Hang => "hang".to_owned(),
            Step::StopStatus(status) => format!("stop {status}"),
            Step::StopHeader(status, header) => format!("{status} {header}"),
            Step::Succeed(status) => format!("ok {status}"),
        };
        let scenes = plan(provider, |id| out.contains(&id));
        let scene = |scene: &Vec<Step>| scene.iter().map(step).collect::<Vec<_>>().join(", ");
        scenes.iter().map(scene).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn two_deliveries_show_what_the_built_in_platforms_do() {
        for (id, expected) in [
            ("cepro", "500, hang, 302, 307 | 500, ok 200"),
            ("tenant", "500, hang, 302, 307 | 500, ok 200"),
            (
                "wlcro",
                "500, hang, 302, 307, 500, 500, 500, 500, 500, 500, 500 | 500, ok 200",
            ),
            ("orgjobs", "hang | 302"),
            ("cepro-inbound", "hang | 302"),
        ] {
            let provider = builtin(id).expect("it is built in");
            assert_eq!(told(&provider, &[]), expected, "{id}");
        }
    }

    #[test]
    fn a_plan_has_what_the_platform_has_a_rule_for() {
        for (delivery, out, expected) in [
            (r#"retry = ["10s"]"#, &[][..], "hang, 302 | 500, ok 200"),
            (
                r#"retry = ["10s", "10s"]"#,
                &[],
                "500, hang, 302 | 500, ok 200",
            ),
            (r#"retry = "none""#, &["timeout", "redirects"], "500"),
            (
                r#"retry = ["10s", "10s"]"#,
                &["timeout", "redirects", "stops-after-success"],
                "500, 500, 500",
            ),
            (
                r#"retry = ["10s"], retry_after = "honour""#,
                &["stops-after-success"],
                "hang, 302 | 500 after 20, ok 200",
            ),
            // So little of it is honoured that nobody could tell.
            (
                r#"retry = ["10s"], retry_after = "honour", retry_after_max = "11s""#,
                &["timeout"],
                "500, 302 | 500, ok 200",
            ),
            (
                r#"retry = ["10s"], success = ["200", "302"], stop = { status = ["410", "500"], header = ["X-No: 1", "X-Stop"] }"#,
                &[],
                "hang, 307 | 503, ok 200 | stop 410 | 503 X-No: 1 | 503 X-Stop",
            ),
            (
                r#"retry = ["10s"], success = ["204"]"#,
                &["redirects"],
                "500, hang | 500, ok 204",
            ),
        ] {
            assert_eq!(
                told(&provider(delivery), out),
                expected,
                "{delivery} {out:?}"
            );
        }
    }

    #[test]
    fn silence_is_as_long_as_the_wait_that_would_follow() {
        let schedule = builtin("cepro").expect("it is built in").delivery.retry;
        for (made, seconds) in [(1, 10), (2, 60), (3, 300), (4, 300), (9, 300)] {
            let quiet = super::quiet(&schedule, made);
            assert_eq!(quiet, Duration::from_secs(seconds), "{made}");
        }
    }
}
