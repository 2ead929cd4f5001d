//! Listings: the newest first, a page at a time.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Wh, raw, wh};

use super::{log, recorded, told, words};

const EVENTS: [(&str, u16); 5] = [
    ("estimate.created", 200),
    ("invoice.paid", 500),
    ("job.created", 200),
    ("job.completed", 200),
    ("lead.created", 200),
];

/// The rows of the attempts in JSON lines, and the summary behind them.
fn rows(call: &Wh) -> (Vec<i64>, Value) {
    let output = call.capture();
    let mut lines = told(&output.stdout);
    let summary = lines.pop().unwrap();
    assert_eq!((output.code, &summary["type"]), (0, &json!("summary")));
    let rows = lines.iter().map(|line| line["row"].as_i64().unwrap());
    (rows.collect(), summary)
}

#[test]
fn the_newest_attempt_stands_first() {
    let home = recorded(&EVENTS[..3]);
    let refused = [
        "send",
        "lead.created",
        "--no-signature",
        "--url",
        "http://127.0.0.1:9",
    ];
    assert_eq!(wh(refused).home(home.path()).capture().code, 6);
    let output = log(&home, &[]).capture();
    let expected = "\
# TIME VERDICT PROVIDER EVENT TRY STATUS TOOK OUTCOME ENDPOINT
#4 TIME --> cepro lead.created 1/4 refused TOOK Failed URL
#3 TIME --> cepro job.created 1/4 200 TOOK Success URL
#2 TIME --> cepro invoice.paid 1/4 500 TOOK Failed URL
#1 TIME --> cepro estimate.created 1/4 200 TOOK Success URL
4 attempts: 50% success, p50 TOOK p95 TOOK
";
    let shown = words(&output.stdout).replace("TOOK,", "TOOK");
    assert_eq!(
        (shown.as_str(), output.stderr.as_slice()),
        (expected, &b""[..])
    );
}

#[test]
fn the_verdict_stands_before_what_the_sender_wrote_and_repeats_are_marked() {
    let home = TempDir::new().unwrap();
    let listener = wh(["listen", "--port=0", "--json", "--secret=x"])
        .home(home.path())
        .start();
    let url = listener.url().to_owned();
    for (secret, id) in [("x", "1"), ("x", "1"), ("y", "2")] {
        let args = [
            "send",
            "lead.created",
            "--store=none",
            "--url",
            &url,
            "--id",
            id,
            "--secret",
            secret,
        ];
        wh(args).capture();
    }
    raw(
        listener.addr(),
        "POST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\nx",
    );
    listener.stop();
    let output = log(&home, &[]).capture();
    let expected = "\
# TIME VERDICT PROVIDER EVENT TRY STATUS TOOK OUTCOME ENDPOINT
#3 TIME <-- ✗ unsigned cepro (no event) 1/4 401 TOOK Failed /a
#2 TIME <-- ✗ invalid cepro lead.created 1/4 401 TOOK Failed /
#1 TIME <-- ✓ valid cepro lead.created 1/4 200 TOOK Success, duplicate /
#1 TIME <-- ✓ valid cepro lead.created 1/4 200 TOOK Success /
4 attempts: 50% success, p50 TOOK, p95 TOOK, 1 duplicate, 2 verification failures
";
    assert_eq!(words(&output.stdout), expected);
}

#[test]
fn pages_meet() {
    let home = recorded(&EVENTS);
    for (flags, expected, before, after) in [
        (&["--limit=2"][..], &[5, 4][..], json!(4), json!(null)),
        (&["--limit=2", "--before=4"], &[3, 2], json!(2), json!(null)),
        (&["--limit=2", "--before=2"], &[1], json!(null), json!(null)),
        (&["--limit=5"], &[5, 4, 3, 2, 1], json!(null), json!(null)),
        (&["--limit=2", "--after=0"], &[1, 2], json!(null), json!(2)),
        (
            &["--limit=2", "--after=3"],
            &[4, 5],
            json!(null),
            json!(null),
        ),
        (&["--after=5"], &[], json!(null), json!(null)),
    ] {
        let (rows, summary) = rows(&log(&home, &[flags, &["--json"]].concat()));
        assert_eq!(rows, expected, "{flags:?}");
        assert_eq!((&summary["before"], &summary["after"]), (&before, &after));
        assert_eq!(
            (&summary["cursor"], &summary["attempts"]),
            (&json!(5), &json!(rows.len()))
        );
    }
}

#[test]
fn the_next_page_is_told_of() {
    let home = recorded(&EVENTS);
    for (flags, hint) in [
        (&["--limit=2"][..], "hint: --before 4 shows older ones\n"),
        (
            &["--after=1", "--limit=2"],
            "hint: --after 3 shows later ones\n",
        ),
        (&["--limit=2", "--quiet"], ""),
        (&["--limit=5"], ""),
    ] {
        let output = log(&home, flags).capture();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), hint, "{flags:?}");
    }
}

#[test]
fn a_line_for_programs_says_all_of_it() {
    let home = recorded(&EVENTS[1..2]);
    let output = log(&home, &["--json"]).capture();
    let [attempt, summary] = told(&output.stdout).try_into().unwrap();
    for (key, value) in [
        ("type", json!("attempt")),
        ("schema", json!(1)),
        ("number", json!(1)),
        ("row", json!(1)),
        ("direction", json!("sent")),
        ("provider", json!("cepro")),
        ("event", json!("invoice.paid")),
        ("attempt", json!(1)),
        ("of", json!(4)),
        ("status", json!(500)),
        ("outcome", json!("failed")),
        ("verdict", json!(null)),
        ("duplicate_of", json!(null)),
    ] {
        assert_eq!(attempt[key], value, "{key}");
    }
    let took = &attempt["response_ms"];
    let expected = json!({
        "type": "summary", "schema": 1, "attempts": 1, "succeeded": 0, "failed": 1, "retrying": 0,
        "duplicates": 0, "unverified": 0, "p50_ms": took, "p95_ms": took, "cursor": 1,
        "before": null, "after": null,
    });
    assert_eq!(summary, expected);
}

#[test]
fn the_summary_alone_is_over_everything() {
    let home = recorded(&EVENTS);
    let expected = "5 attempts: 80% success, p50 TOOK, p95 TOOK\n";
    for flags in [&["--summary"], &["--limit=0"]] {
        assert_eq!(words(&log(&home, flags).capture().stdout), expected);
    }
    let (rows, summary) = rows(&log(&home, &["--limit=0", "--json"]));
    assert_eq!((rows.len(), &summary["succeeded"]), (0, &json!(4)));
}

#[test]
fn only_what_passes_is_listed() {
    let home = recorded(&EVENTS);
    for (flags, expected) in [
        (&["--outcome=failed"][..], &[2][..]),
        (&["--event=job.*"], &[4, 3]),
        (&["event:job.*", "status:200", "--limit=1"], &[4]),
        (&["--status=404"], &[]),
        (&["--event=job.*", "--after=3"], &[4]),
    ] {
        let (rows, summary) = rows(&log(&home, &[flags, &["--json"]].concat()));
        assert_eq!(rows, expected, "{flags:?}");
        assert_eq!(summary["attempts"], rows.len());
    }
    let (_, summary) = rows(&log(&home, &["--event=job.*", "--summary", "--json"]));
    assert_eq!(summary["attempts"], 2);
    log(&home, &["--status=404"]).stdout("0 attempts\n").run();
}

#[test]
fn a_terminal_gets_lines_that_fit_and_a_plot() {
    let home = recorded(&EVENTS);
    for columns in [80, 100, 140] {
        let call = log(&home, &[]).env("COLUMNS", columns.to_string());
        let text = String::from_utf8(call.capture().stdout).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 8, "{text}");
        let widest = lines.iter().map(|line| line.chars().count()).max();
        assert!(widest <= Some(columns), "{text}");
        let (blocks, words) = lines[6].split_once("  min ").unwrap();
        assert!(blocks.chars().all(|c| ('▁'..='█').contains(&c)), "{text}");
        assert_eq!(blocks.chars().count(), 5);
        assert!(words.ends_with(" (oldest to newest)"), "{text}");
        assert_eq!(text.contains("http://"), columns > 80);
        assert_eq!(text.contains("PROVIDER"), columns > 100);
    }
}

#[test]
fn where_nothing_was_recorded_there_is_something_to_type() {
    let remark = "note: nothing recorded yet\n\
                  hint: `wh listen` records what comes in, `wh send` what goes out\n";
    let empty = TempDir::new().unwrap();
    fs::write(empty.path().join("store.db"), "").unwrap();
    for store in [empty.path().join("none.db"), empty.path().join("store.db")] {
        let call = |words: &[&str]| wh([&["log"], words].concat()).env("WH_STORE", &store);
        call(&[]).stderr(remark).run();
        call(&["--quiet"]).run();
        let (rows, summary) = rows(&call(&["--json"]));
        assert_eq!(rows.len(), 0);
        assert_eq!(
            (&summary["attempts"], &summary["cursor"]),
            (&json!(0), &json!(0))
        );
    }
    let left: Vec<_> = fs::read_dir(empty.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = crate::support::folder([("text", "no database")]);
    let log = |words: &[&str]| wh([&["log"], words].concat()).dir(folder.path());
    for words in [&[][..], &["--follow"], &["--wait=x"]] {
        log(&[words, &["--store=none"]].concat())
            .stderr("error: with `--store none` there is nothing to read\n")
            .exit(2)
            .run();
        log(&[words, &["--store=text"]].concat())
            .stderr_has("error: `text` is not a store of wh\n")
            .exit(7)
            .run();
    }
    assert_eq!(
        fs::read(folder.path().join("text")).unwrap(),
        b"no database"
    );
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    for words in [
        "--before=3 --follow",
        "--before=3 --after=3",
        "--summary --limit=3",
        "--wait=x --follow",
        "--wait=x --limit=3",
        "--timeout=3s",
        "--wait=x --timeout=soon",
        "--limit=-1",
        "--before=#3",
        "--outcome=good",
        "--wait=status:9999",
    ] {
        let words: Vec<_> = words.split(' ').collect();
        let output = wh([&["log"], &words[..]].concat()).capture();
        assert_eq!((output.code, output.stdout.len()), (2, 0), "{words:?}");
    }
}
