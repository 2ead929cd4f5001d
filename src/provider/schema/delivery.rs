//! `[delivery]` and what is below it.

use std::time::Duration;

use crate::provider::{Delivery, Https, UrlPolicy};
use crate::retry::{Breaker, BreakerAction, BreakerUnit, Schedule, StatusSet};

use super::section::{Placed, Section};
use super::values::duration;

/// More delays than any schedule has.
const MOST_RETRIES: u32 = 1000;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for Delivery {
    fn default() -> Self {
        Self {
            success: StatusSet::success(),
            stop: None,
            retry_after: None,
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(10),
            retry: Schedule::None,
            jitter_percent: 0,
            breaker: None,
            dedupe: None,
            dedupe_window: DAY,
            live_only: false,
            url: UrlPolicy::default(),
        }
    }
}

/// Reads `[delivery]`; what is left out has the default above.
pub(super) fn delivery(section: Section<'_, '_>) -> Delivery {
    let default = Delivery::default();
    let timeout = section.duration("timeout").unwrap_or(default.timeout);
    let honours = section.choice("retry_after", &[("honour", true), ("ignore", false)]);
    let longest = section.duration("retry_after_max").unwrap_or(DAY);
    let delivery = Delivery {
        success: section.parse_list("success").unwrap_or(default.success),
        stop: section.section("stop").and_then(stop),
        retry_after: (honours == Some(true)).then_some(longest),
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
    };
    if delivery.jitter_percent > 100 {
        section
            .reader
            .problem(&section.span, "`delivery.jitter_percent` is more than 100");
    }
    section.finish();
    delivery
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

fn stop(section: Section<'_, '_>) -> Option<StatusSet> {
    let status = section.parse_list("status");
    let status = section.require("status", status);
    section.finish();
    status
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
