//! `matches` and the SQL form take the same attempts.

use std::io::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;

use super::{NOW, candidate, filter};
use crate::message::Headers;
use crate::store::filter::{Bare, Filter};
use crate::store::samples::{Shelf, sample};
use crate::store::{
    Attempt, Direction, Entry, Judgement, Listed, Outcome, Reader, Recorded, Sameness, VerdictKind,
};

const EVENTS: &[&str] = &[
    "invoice.paid",
    "invoice.created",
    "job.created",
    "",
    "a b",
    "é*?",
    "\0x",
];
const WEBHOOK_IDS: &[&str] = &[
    "msg_1",
    "msg_12",
    "MSG_1",
    "3",
    "03",
    "",
    "é\u{10ffff}",
    "a'b\"c",
];
const TARGETS: &[&str] = &["/", "/hooks", "/hooks?a=/x", "/hooks/cepro?", "*", "/é"];
const BODIES: &[&[u8]] = &[
    b"",
    b"{}",
    br#"{"data":{"total":250.00,"on":true,"none":null,"name":"a, b"},"a=b":"c=d"}"#,
    b"\xff\xfe not text \x00",
    br#"["x"]"#,
];
const LINES: &[(&str, &[u8])] = &[
    ("X-Foo", b"bar"),
    ("x-foo", b"BAR"),
    ("X-Foo", b""),
    ("X-Bytes", b"\xff\x80"),
    ("Content-Type", b"application/json; charset=utf-8"),
];

/// Terms that take some of the attempts and leave some.
const TERMS: &[&str] = &[
    "event:invoice.paid",
    "event:invoice.*",
    "event:*.created,a?b",
    "event:*",
    "event:nothing",
    "event:\"a b\",invoice.paid",
    "event:\"\u{0}x\"",
    "event:é*",
    "provider:cepro",
    "provider:w*,x",
    "status:200",
    "status:5xx",
    "status:2xx,none",
    "status:none",
    "status:404,500",
    "status:4xx,5xx,none",
    "outcome:success",
    "outcome:failed",
    "outcome:failed,retrying",
    "verdict:valid",
    "verdict:invalid,stale",
    "verdict:none",
    "verdict:unchecked,unsigned,none",
    "direction:received",
    "direction:sent",
    "direction:sent,received",
    "id:#1",
    "id:#3,#5",
    "id:3",
    "id:03",
    "id:7",
    "id:0",
    "id:1",
    "id:2A",
    "id:2a000000-0000",
    "id:2a0000000000",
    "id:2a00-0000",
    "id:msg",
    "id:msg_1",
    "id:é\u{10ffff}",
    "id:\"a'b\\\"c\"",
    "path:/hooks",
    "path:/hooks*",
    "path:/",
    "path:*",
    "path:/é,/",
    "header:x-foo",
    "header:X-FOO=bar",
    "header:x-foo=b*,B*",
    "header:x-foo=",
    "header:x-bytes=??",
    "header:x-none,content-type",
    "header:content-type=\"*; charset=*\"",
    "body:total",
    "body:\"not text\"",
    "body:é",
    "body:{,\"x\"",
    "\"a, b\"",
    "total",
    "json:/data/total",
    "json:/data/total=250.00",
    "json:/data/total=250",
    "json:/data/on=true,false",
    "json:/data/none",
    "json:/a=b",
    "json:\"/a=b\"=c=d",
    "json:/data/name=\"a, b\"",
    "json:/0=x",
    "json:/nope,/0",
    "since:1h",
    "until:1h",
    "since:1800000000000",
    "until:2027-01-15T07:59:59.0000005Z",
    "since:2027-01-15T07:59:59.0000005Z",
    "larger:2b",
    "larger:0",
    "smaller:20",
    "smaller:1kb",
    "slower:20ms",
    "slower:1500us",
    "slower:1500500ns",
    "faster:1500500ns",
    "faster:2s",
    "attempt:1",
    "attempt:2,3",
    "duplicate:yes",
    "duplicate:no",
];

/// What is told apart by the columns of an attempt.
fn attempt() -> impl Strategy<Value = Attempt> {
    let outcome = select(Outcome::ALL);
    let verdict = option::of((select(VerdictKind::ALL), option::of("[a-z ]{0,9}")));
    let status = option::of(select(&[200_u16, 204, 301, 404, 500, 503, 599, 999][..]));
    let number = option::of(1..4_u32);
    let event = option::of(select(EVENTS));
    (outcome, verdict, status, number, event).prop_map(
        |(outcome, verdict, status, number, event)| Attempt {
            outcome,
            verdict: verdict.map(|(kind, reason)| Judgement { kind, reason }),
            status,
            number,
            event: event.map(str::to_owned),
            ..sample().attempt
        },
    )
}

/// When and how long an attempt was, around the limits that the terms set.
fn timed() -> impl Strategy<Value = (Timestamp, Duration)> {
    let micro = Duration::from_micros(1);
    let at = select(vec![
        NOW,
        NOW - micro,
        NOW - Duration::from_secs(1),
        NOW - Duration::from_secs(1) + micro,
        NOW - Duration::from_secs(3600),
        NOW - Duration::from_secs(3600) - micro,
    ]);
    let took = select(&[0_u64, 1500, 1501, 1999, 20_000, 20_001, 2_000_000][..]);
    (at, took.prop_map(Duration::from_micros))
}

fn entry() -> impl Strategy<Value = Entry> {
    let id = select(&[0x00_u128, 0x11, 0x2a, 0x2b, 0xff][..]);
    let lines = vec(select(LINES), 0..3);
    let delivery = (
        (id, any::<u64>()),
        select(Direction::ALL),
        select(&["cepro", "wlcro", "x"][..]),
        option::of(select(WEBHOOK_IDS)),
    );
    let bytes = (select(TARGETS), lines, select(BODIES));
    (attempt(), timed(), delivery, bytes).prop_map(
        |(attempt, (at, took), ((id, rest), direction, provider, webhook_id), bytes)| {
            let (target, lines, body) = bytes;
            let mut entry = sample();
            entry.id = uuid::Uuid::from_u128((id << 120) | u128::from(rest));
            entry.sameness = Sameness::WebhookId;
            entry.attempt = Attempt {
                at,
                took,
                direction,
                provider: provider.to_owned(),
                webhook_id: webhook_id.map(str::to_owned),
                size: body.len() as u64,
                ..attempt
            };
            let request = &mut entry.exchange.request;
            request.target = target.to_owned();
            request.headers = lines.into_iter().collect::<Headers>();
            request.body = body.into();
            entry
        },
    )
}

/// One to four terms, half of them negated.
fn text() -> impl Strategy<Value = String> {
    let term = (any::<bool>(), select(TERMS));
    let term = term.prop_map(|(negated, term)| format!("{}{term}", if negated { "-" } else { "" }));
    vec(term, 1..5).prop_map(|terms| terms.join(" "))
}

/// The rows that each way of asking a store takes.
fn asked(reader: &Reader, filter: &Filter) -> [(&'static str, Vec<i64>); 5] {
    let page = reader.page(filter, None, 1000).expect("a page");
    let mut pages = Vec::new();
    while let Ok(next) = reader.page(filter, pages.last().copied(), 3)
        && let Some(last) = next.last()
    {
        assert!(pages.last().is_none_or(|before| last.place.row < *before));
        pages.extend(rows(&next));
    }
    let found = reader.search(filter, i64::MAX, 1000).expect("rows");
    let mut after = rows(&reader.after(filter, 0, 1000).expect("lines"));
    after.reverse();
    let chunk = reader.chunk(filter, 0).expect("attempts");
    let chunk = chunk.iter().rev().map(|one| one.place.row).collect();
    [
        ("page", rows(&page)),
        ("pages", pages),
        ("search", found),
        ("after", after),
        ("chunk", chunk),
    ]
}

fn rows(lines: &[Listed]) -> Vec<i64> {
    lines.iter().map(|line| line.place.row).collect()
}

/// The rows that `matches` takes, newest first.
fn matching(recorded: &[Recorded], filter: &Filter) -> Vec<i64> {
    let taken = recorded
        .iter()
        .rev()
        .filter(|one| filter.matches(&candidate(one)));
    taken.map(|one| one.place.row).collect()
}

fn all(reader: &Reader) -> Vec<Recorded> {
    let mut all: Vec<Recorded> = Vec::new();
    loop {
        let last = all.last().map_or(0, |last| last.place.row);
        let chunk = reader.chunk(&Filter::default(), last).expect("attempts");
        if chunk.is_empty() {
            return all;
        }
        all.extend(chunk);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn both_forms_take_the_same_attempts(
        entries in vec(entry(), 1..24),
        texts in vec(text(), 24),
    ) {
        let shelf = Shelf::new();
        shelf.record_all(entries);
        let reader = shelf.reader();
        let recorded = all(&reader);
        for text in texts {
            let filter = filter(&text);
            let expected = matching(&recorded, &filter);
            for (way, rows) in asked(&reader, &filter) {
                prop_assert_eq!(&rows, &expected, "{} by {}", text, way);
            }
        }
    }
}

/// Each term and its opposite, on attempts that differ in everything.
#[test]
fn every_term_takes_some_attempts_and_its_opposite_the_others() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let entries = vec(entry(), 150);
    let entries = entries.new_tree(&mut runner).expect("entries").current();
    let shelf = Shelf::new();
    shelf.record_all(entries);
    let reader = shelf.reader();
    let recorded = all(&reader);
    for term in TERMS {
        let (taken, left) = (filter(term), filter(&format!("-{term}")));
        let expected = matching(&recorded, &taken);
        for (way, rows) in asked(&reader, &taken) {
            assert_eq!(rows, expected, "{term} by {way}");
        }
        for (way, rows) in asked(&reader, &left) {
            assert_eq!(
                rows.len(),
                recorded.len() - expected.len(),
                "-{term} by {way}"
            );
        }
    }
}

/// Strings that break parsers are values as any other.
#[test]
fn hostile_strings_are_only_values() {
    const OWN: &[&str] = &[
        "'; DROP TABLE attempts; --",
        "%' OR 1=1 --",
        "\u{0}",
        "?1",
        ":at",
        "\u{202e}",
        "\u{feff}",
        "\\",
        "\"",
        "ÅÍÎÏ˝ÓÔ",
        "--",
        "#",
    ];
    let mut strings: Vec<String> = OWN.iter().map(|text| (*text).to_owned()).collect();
    let corpus = std::env::var_os("WH_CORPORA")
        .map(|root| std::path::PathBuf::from(root).join("blns/blns.json"));
    match corpus.and_then(|file| std::fs::read(file).ok()) {
        Some(text) => {
            strings.extend(serde_json::from_slice::<Vec<String>>(&text).expect("strings"));
        }
        None => std::io::stderr()
            .write_all(b"skipped: needs the corpus blns\n")
            .expect("a line"),
    }
    strings.retain(|text| !text.is_empty());
    let shelf = Shelf::new();
    shelf.record_all(strings.iter().map(|text| {
        let mut entry = sample();
        entry.attempt.event = Some(text.clone());
        entry.attempt.webhook_id = Some(text.clone());
        entry.attempt.provider = text.clone();
        entry.exchange.request.body = text.clone().into();
        entry.attempt.size = text.len() as u64;
        entry
    }));
    let reader = shelf.reader();
    let recorded = all(&reader);
    for text in &strings {
        let value = format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""));
        for key in [
            "event:",
            "provider:",
            "body:",
            "id:",
            "path:",
            "header:x-foo=",
            "json:/a=",
        ] {
            let Ok(filter) = Filter::parse(&format!("{key}{value}"), Bare::Search, NOW) else {
                assert_eq!(key, "id:", "{text:?}");
                continue;
            };
            let expected = matching(&recorded, &filter);
            assert!(key != "body:" || !expected.is_empty(), "{text:?}");
            let found = reader.search(&filter, i64::MAX, 1000).expect("rows");
            assert_eq!(found, expected, "{key}{value}");
            let page = reader.page(&filter, None, 1000).expect("a page");
            assert_eq!(rows(&page), expected, "{key}{value}");
        }
    }
}
