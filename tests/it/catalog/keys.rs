//! What each key of a provider file comes to.

use std::time::Duration;

use jiff::SignedDuration;
use wh::message::TimestampForm;
use wh::provider::{
    AnyEvent, Delivery, Event, Handshake, HeaderRule, Https, IdForm, IdRule, Provider, TestEvent,
    UrlPolicy, When, parse,
};
use wh::retry::{
    Breaker, BreakerAction, BreakerUnit, Rules, Schedule, StatusSet, Stop, StopHeader,
};
use wh::signature::{
    Algorithm, Encoding, KeyDecoding, KeyRule, Scheme, Source, Template, TimestampRule, Tolerance,
    ValueForm,
};

use crate::known_answers::example;

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// `tests/vectors/providers/every-key.toml`, key by key.
#[test]
fn every_key_is_read() {
    let timestamp = TimestampRule {
        from: Source::Signature,
        form: TimestampForm::UnixMs,
        tolerance: Tolerance {
            past: Some(SignedDuration::from_secs(90)),
            future: Some(SignedDuration::from_millis(250)),
        },
    };
    let id = Some(Source::Header("X-Id".to_owned()));
    let provider = Provider {
        id: "every-key".to_owned(),
        name: "Every Key".to_owned(),
        aliases: texts(["all-keys"]),
        documents: texts(["A page, 2026-01-01"]),
        notes: texts(["A sentence for the user."]),
        assumed: texts([
            "provider.content_type",
            "headers.X-Retry",
            "delivery.jitter_percent",
            "events.sample",
        ]),
        schemes: vec![scheme(timestamp.clone(), id.clone())],
        timestamp: Some(timestamp),
        id_rule: IdRule {
            from: id,
            make: IdForm::Prefix("evt_".to_owned()),
        },
        event_from: Some(Source::Header("X-Event".to_owned())),
        attempt_from: Some(Source::Header("X-Attempt".to_owned())),
        headers: headers(),
        content_type: "application/vnd.every+json".to_owned(),
        delivery: delivery(),
        events: events(),
        any_event: Some(AnyEvent {
            open: true,
            sample: r#"{"type":"{event}"}"#.to_owned(),
        }),
        test: Some(TestEvent {
            event: "thing.new".to_owned(),
            sample: r#"{"test":true}"#.to_owned(),
            mark: Some(Source::Body("/test".to_owned())),
        }),
    };
    assert_eq!(example("every-key"), provider);
}

fn scheme(timestamp: TimestampRule, id: Option<Source>) -> Scheme {
    let fields = ["method", "url", "header", "id", "timestamp", "body"];
    let signs = "{method} {url} {header:X-Tenant} {id} {timestamp} {body} end";
    Scheme {
        algorithm: Algorithm::HmacSha512,
        key: KeyRule {
            strip: Some("sec_".to_owned()),
            decode: KeyDecoding::Hex,
            required: false,
        },
        signs: Template::parse(signs, &fields).unwrap(),
        encoding: Encoding::Base64,
        header: "X-Signature".to_owned(),
        aliases: texts(["X-Old-Signature"]),
        value: ValueForm::parse("ts={timestamp};sig={sig}", Some(";")).unwrap(),
        refuses_query: true,
        timestamp: Some(timestamp),
        id,
    }
}

fn headers() -> Vec<HeaderRule> {
    [
        ("X-Tenant", "tenant {event}", When::Always),
        ("X-Event", "{event}", When::Always),
        ("X-Attempt", "{attempt}", When::Always),
        ("X-Retry", "{retry} {id} {timestamp}", When::Retry),
    ]
    .map(|(name, value, when)| HeaderRule {
        name: name.to_owned(),
        value: Template::parse(value, &["event", "attempt", "retry", "id", "timestamp"]).unwrap(),
        when,
    })
    .to_vec()
}

fn delivery() -> Delivery {
    let statuses = |text: &str| text.parse::<StatusSet>().unwrap();
    let header = |name: &str, value: Option<&str>| StopHeader {
        name: name.to_owned(),
        value: value.map(str::to_owned),
    };
    Delivery {
        rules: Rules {
            success: statuses("200,3xx"),
            stop: Stop {
                status: Some(statuses("406,410")),
                headers: vec![
                    header("X-No-Retry", Some("1; at all")),
                    header("X-Gone", None),
                ],
            },
            retry_after: Some(seconds(60 * 60)),
        },
        timeout: seconds(7),
        connect_timeout: seconds(2),
        retry: Schedule::Exponential {
            base: seconds(2),
            factor: 3,
            cap: seconds(60),
            max: 5,
        },
        jitter_percent: 25,
        breaker: Some(Breaker {
            failures: 9,
            unit: BreakerUnit::Delivery,
            action: BreakerAction::Pause,
        }),
        dedupe: Some(Source::Body("/id".to_owned())),
        dedupe_window: seconds(2 * 24 * 60 * 60),
        live_only: true,
        url: UrlPolicy {
            https: Https::ExceptDev,
            rejects_private: true,
            message: Some("Not here".to_owned()),
        },
        handshake: Some(Handshake::DiscordPing),
    }
}

/// The current one first, though it stands second in the file.
fn events() -> Vec<Event> {
    let sample = r#"{"id":"{id}"}"#.to_owned();
    let new = Event {
        name: "thing.new".to_owned(),
        description: None,
        legacy: false,
        replaced_by: None,
        sample: sample.clone(),
        assumed: false,
    };
    let old = Event {
        name: "thing.old".to_owned(),
        description: Some("A thing, as it was.".to_owned()),
        legacy: true,
        replaced_by: Some("thing.new".to_owned()),
        sample,
        assumed: true,
    };
    vec![new, old]
}

/// A key that is left out has the value of the default, not of a neighbour.
#[test]
fn keys_that_are_left_out_have_their_defaults() {
    let zoom = example("zoom");
    assert_eq!(zoom.name, "zoom");
    assert_eq!(zoom.content_type, "application/json");
    assert_eq!(zoom.id_rule, IdRule::default());
    assert_eq!(zoom.timestamp.unwrap().tolerance, Tolerance::default());
    assert_eq!(zoom.schemes[0].key, KeyRule::default());
    assert!(!zoom.schemes[0].refuses_query);
    assert_eq!(zoom.delivery.connect_timeout, seconds(3), "the timeout");
    let github = example("github").delivery;
    assert_eq!(github.retry, Schedule::None);
    let expected = Delivery {
        dedupe: github.dedupe.clone(),
        ..Delivery::default()
    };
    assert_eq!(github, expected);
}

/// Texts that mean the same to a reader mean the same here.
#[test]
fn a_value_may_be_written_in_several_ways() {
    let with = |delivery: &str| {
        let text = format!(
            "provider.id = \"mine\"\nsignature = {{ algorithm = \"token\", header = \"X-Token\", \
             value = \"{{secret}}\" }}\ndelivery = {{ {delivery} }}\n"
        );
        parse(&text).unwrap().delivery
    };
    for (one, other) in [
        ("success = \"200,204\"", "success = [200, \"204\"]"),
        ("success = 204", "success = \"204\""),
        ("success = \"2xx\"", ""),
        ("stop = { status = [410] }", "stop = { status = \"410\" }"),
        (
            "stop = { header = \"X-Stop:1\" }",
            "stop = { header = [\" X-Stop : 1 \"] }",
        ),
        ("retry = \"none\"", "retry = []"),
        ("retry = \"10s\"", "retry = [\"10\"]"),
        ("retry = [\"90s\", \"1d\"]", "retry = [\"1m30s\", \"24h\"]"),
        ("retry_after = \"ignore\"", ""),
        (
            "retry_after = \"honour\"",
            "retry_after = \"honour\", retry_after_max = \"1d\"",
        ),
        (
            "breaker = { failures = 3 }",
            "breaker = { failures = 0x3, unit = \"attempt\", action = \"disable\" }",
        ),
        ("url = {}", "url = { https = \"any\", private = \"allow\" }"),
        (
            "timeout = \"5s\", connect_timeout = \"9s\"",
            "timeout = \"5s\"",
        ),
    ] {
        assert_eq!(with(one), with(other), "{one} {other}");
    }
}
