//! Why a filter does not take an attempt.

use super::filter;
use crate::message::Headers;
use crate::store::Entry;
use crate::store::filter::miss::Miss;
use crate::store::filter::{Candidate, There};
use crate::store::samples::sample;

fn entry() -> Entry {
    let mut entry = sample();
    entry.attempt.event = Some("invoice.paid".to_owned());
    entry.attempt.status = Some(500);
    entry.attempt.webhook_id = Some("msg_1".to_owned());
    entry.attempt.size = 17;
    let request = &mut entry.exchange.request;
    request.headers = [("X-Foo", "bar"), ("Cookie", "c")]
        .into_iter()
        .collect::<Headers>();
    request.body = r#"{"total":2500.00}"#.into();
    entry
}

fn candidate(entry: &Entry) -> Candidate<'_> {
    Candidate {
        delivery: 7,
        id: entry.id,
        nth: 2,
        duplicate_of: None,
        attempt: &entry.attempt,
        request: &entry.exchange.request,
        target: &entry.exchange.request.target,
    }
}

#[test]
fn each_miss_names_what_is_there() {
    let entry = entry();
    let text = |text: &str| There::Text(text.to_owned());
    for (term, key, there) in [
        ("event:job.*", "event", text("invoice.paid")),
        ("provider:w*", "provider", text("cepro")),
        ("status:2xx", "status", text("500")),
        ("-status:5xx", "status", text("500")),
        ("verdict:stale", "verdict", text("valid")),
        ("outcome:failed", "outcome", text("success")),
        ("direction:sent", "direction", text("received")),
        ("id:#9", "id", text("#7, msg_1")),
        ("path:/other", "path", text("/hooks")),
        (
            "header:x-foo=baz",
            "header",
            There::Header("x-foo".to_owned(), b"bar".to_vec()),
        ),
        ("header:x-none", "header", There::Nothing),
        ("body:nothing", "body", There::Nothing),
        ("json:/total=1", "json", text("2500.00")),
        ("json:/none", "json", There::Nothing),
        (
            "until:1970-01-01T00:00:00Z",
            "time",
            text("1970-01-01T00:00:00Z"),
        ),
        ("larger:1mb", "size", text("17 B")),
        ("slower:2s", "response time", text("23ms")),
        ("attempt:9", "attempt", text("1")),
        ("duplicate:yes", "duplicate", text("no")),
    ] {
        let misses = filter(&format!("direction:received {term}")).misses(&candidate(&entry));
        let nth = 1;
        assert_eq!(misses, [Miss { nth, key, there }], "{term}");
    }
    assert_eq!(filter("event:*").misses(&candidate(&entry)), []);
    assert_eq!(
        filter("event:a -status:500")
            .misses(&candidate(&entry))
            .len(),
        2
    );
}

#[test]
fn what_is_kept_of_a_value_is_bounded() {
    let mut entry = entry();
    let long = "é".repeat(5000);
    entry.attempt.event = Some(long.clone());
    entry.exchange.request.headers = [("X-Foo", &long)].into_iter().collect();
    let misses = filter("event:a header:x-foo=a").misses(&candidate(&entry));
    let length = |miss: &Miss| match &miss.there {
        There::Nothing => 0,
        There::Text(text) => text.chars().count(),
        There::Header(_, value) => value.len(),
    };
    assert_eq!(misses.iter().map(length).collect::<Vec<_>>(), [200, 200]);
}
