//! `[delivery]` and what is below it.

use std::time::Duration;

use crate::provider::{Delivery, Https, UrlPolicy};
use crate::retry::{Breaker, BreakerAction, BreakerUnit, Rules, Schedule, Stop, StopHeader};
use crate::signature::is_header_name;

use super::problems::is_line;
use super::section::{Placed, Section};
use super::values::duration;

/// More delays than any schedule has.
const MOST_RETRIES: u32 = 1000;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for Delivery {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(10),
            retry: Schedule::None,
            jitter_percent: 0,
            breaker: None,
            dedupe: None,
            dedupe_window: DAY,
            live_only: false,
            url: UrlPolicy::default(),
            handshake: None,
        }
    }
}

/// Reads `[delivery]`; what is left out has the default above.
pub(super) fn delivery(section: Section<'_, '_>) -> Delivery {
    let default = Delivery::default();
    let timeout = section.duration("timeout").unwrap_or(default.timeout);
    let delivery = Delivery {
        rules: rules(&section, default.rules),
        timeout,
        connect_timeout: section
            .duration("connect_timeout")
            .unwrap_or(timeout)
            .min(timeout),
        retry: retry(&section),
        jitter_percent: section
            .number("jitter_percent")
            .unwrap_or(default.jitter_percent),
        breaker: section.section("breaker").and_then(breaker),
        dedupe: section.place("dedupe"),
        dedupe_window: section
            .duration("dedupe_window")
            .unwrap_or(default.dedupe_window),
        live_only: section.boolean("live_only").unwrap_or(false),
        url: section.section("url").map(url).unwrap_or_default(),
        handshake: section.parse("handshake"),
    };
    if delivery.jitter_percent > 100 {
        section
            .reader
            .problem(&section.span, "`delivery.jitter_percent` is more than 100");
    }
    section.finish();
    delivery
}

/// What an answer means to the platform.
fn rules(section: &Section<'_, '_>, default: Rules) -> Rules {
    let honours = section.choice("retry_after", &[("honour", true), ("ignore", false)]);
    let longest = section.duration("retry_after_max").unwrap_or(DAY);
    Rules {
        success: section.parse_list("success").unwrap_or(default.success),
        stop: section.section("stop").map_or(default.stop, stop),
        retry_after: (honours == Some(true)).then_some(longest),
    }
}

/// A list of delays, or the four numbers of an exponential schedule.
fn retry(section: &Section<'_, '_>) -> Schedule {
    if section.is_table("retry") {
        return section
            .section("retry")
            .and_then(exponential)
            .unwrap_or(Schedule::None);
    }
    let texts = section.texts("retry");
    if texts.len() == 1 && texts[0].value == "none" || texts.is_empty() {
        return Schedule::None;
    }
    let delay = |placed: Placed<&str>| {
        let problem = |error| {
            let message = format!("`delivery.retry` {error}");
            section.reader.problem(&placed.span, message);
        };
        duration(placed.value).map_err(problem).ok()
    };
    Schedule::List(texts.into_iter().filter_map(delay).collect())
}

fn exponential(section: Section<'_, '_>) -> Option<Schedule> {
    let duration = |key| section.require(key, section.duration(key));
    let number = |key| section.require(key, section.number(key));
    let (base, factor) = (duration("base"), number("factor"));
    let (cap, max) = (duration("cap"), number("max"));
    if max.is_some_and(|max| max > MOST_RETRIES) {
        let message = format!("`delivery.retry.max` is more than {MOST_RETRIES}");
        section.reader.problem(&section.span, message);
    }
    section.finish();
    Some(Schedule::Exponential {
        base: base?,
        factor: factor?,
        cap: cap?,
        max: max?,
    })
}

/// Statuses, header lines, or both.
fn stop(section: Section<'_, '_>) -> Stop {
    let status = section.parse_list("status");
    let texts = section.texts("header");
    if section.is_bare() {
        section.reader.problem(
            &section.span,
            "`delivery.stop` is empty; it may have `status`, `header`",
        );
    }
    let header = |placed: Placed<&str>| {
        let header = stop_header(placed.value);
        if header.is_none() {
            let message = format!(
                "`delivery.stop.header` is `{}`; write `NAME: value`, or `NAME` for any value",
                placed.value
            );
            section.reader.problem(&placed.span, message);
        }
        header
    };
    let headers = texts.into_iter().filter_map(header).collect();
    section.finish();
    Stop { status, headers }
}

/// `NAME: value`, or `NAME` for any value.
fn stop_header(text: &str) -> Option<StopHeader> {
    let (name, value) = match text.split_once(':') {
        Some((name, value)) => (name, Some(value.trim())),
        None => (text, None),
    };
    let name = name.trim();
    let fits = |value: &str| !value.is_empty() && is_line(value);
    (is_header_name(name) && value.is_none_or(fits)).then(|| StopHeader {
        name: name.to_owned(),
        value: value.map(str::to_owned),
    })
}

fn breaker(section: Section<'_, '_>) -> Option<Breaker> {
    let units = [BreakerUnit::Attempt, BreakerUnit::Delivery].map(|unit| (unit.name(), unit));
    let actions = [
        BreakerAction::Disable,
        BreakerAction::Pause,
        BreakerAction::Delete,
    ]
    .map(|action| (action.name(), action));
    let failures = section.number("failures");
    let failures = section.require("failures", failures);
    if failures == Some(0) {
        section.reader.problem(
            &section.span,
            "`delivery.breaker.failures` must be 1 or more",
        );
    }
    let unit = section
        .choice("unit", &units)
        .unwrap_or(BreakerUnit::Attempt);
    let action = section
        .choice("action", &actions)
        .unwrap_or(BreakerAction::Disable);
    section.finish();
    Some(Breaker {
        failures: failures?,
        unit,
        action,
    })
}

fn url(section: Section<'_, '_>) -> UrlPolicy {
    let https = [
        ("required", Https::Required),
        ("except-dev", Https::ExceptDev),
        ("any", Https::Any),
    ];
    let policy = UrlPolicy {
        https: section.choice("https", &https).unwrap_or(Https::Any),
        rejects_private: section
            .choice("private", &[("reject", true), ("allow", false)])
            .unwrap_or(false),
        message: section.owned_text("message"),
    };
    section.finish();
    policy
}
