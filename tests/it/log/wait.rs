//! What a script waits for.

use serde_json::json;
use tempfile::TempDir;

use super::{log, recorded, send, told, words};

#[test]
fn the_first_that_passes_after_the_cursor_is_printed() {
    let home = recorded(&[
        ("job.created", 200),
        ("lead.created", 200),
        ("job.created", 500),
        ("job.completed", 200),
    ]);
    for (filter, after, row) in [
        ("job.created", "0", 1),
        ("job.created", "1", 3),
        ("job.*", "3", 4),
        ("job.* status:5xx", "0", 3),
    ] {
        let output = log(&home, &["--wait", filter, "--after", after, "--json"]).capture();
        let [line] = told(&output.stdout).try_into().unwrap();
        assert_eq!((output.code, &line["row"]), (0, &json!(row)), "{filter}");
        assert_eq!(line["type"], "attempt");
    }
    let output = log(&home, &["--wait=lead.*", "--after=0"]).capture();
    let expected = "#2 TIME --> cepro lead.created 1/4 200 TOOK Success URL\n";
    assert_eq!(words(&output.stdout), expected);
}

#[test]
fn it_may_come_later_and_the_store_too() {
    let home = TempDir::new().unwrap();
    let waiting = log(&home, &["--wait=invoice.paid", "--after=0", "--json"]).spawn();
    send(&home, "lead.created", 200);
    send(&home, "invoice.paid", 200);
    let output = waiting.wait();
    assert_eq!(
        (output.code, &told(&output.stdout)[0]["row"]),
        (0, &json!(2))
    );
}

#[test]
fn without_a_cursor_what_was_there_before_does_not_count() {
    let home = recorded(&[("lead.created", 200)]);
    log(&home, &["--wait=lead.created", "--timeout=0"])
        .stderr("error: no attempt passed `lead.created` within 0ms\n  none came at all\n")
        .exit(8)
        .run();
}

#[test]
fn what_came_instead_is_told() {
    let home = recorded(&[("lead.created", 200); 5]);
    let call = |after: &str| {
        let output = log(&home, &["--wait=job.*", "--timeout=0", "--after", after]).capture();
        assert_eq!((output.code, output.stdout.len()), (8, 0));
        words(&output.stderr)
    };
    let line = |number| format!("#{number} TIME --> cepro lead.created 1/4 200 TOOK Success URL\n");
    let first = "error: no attempt passed `job.*` within TOOK\n";
    assert_eq!(
        call("4"),
        format!("{first}1 came that does not pass:\n{}", line(5))
    );
    assert_eq!(
        call("3"),
        format!("{first}2 came that do not pass:\n{}{}", line(4), line(5))
    );
    assert_eq!(
        call("0"),
        format!(
            "{first}5 came that do not pass; the last 3:\n{}{}{}",
            line(3),
            line(4),
            line(5)
        )
    );
}

#[test]
fn programs_are_told_what_came_instead_too() {
    let home = recorded(&[("lead.created", 200); 2]);
    let args = ["--wait=job.*", "--timeout=0", "--after=1", "--json"];
    let output = log(&home, &args).capture();
    let [line] = told(&output.stdout).try_into().unwrap();
    assert_eq!((output.code, output.stderr.as_slice()), (8, &b""[..]));
    for (pointer, value) in [
        ("/type", json!("expectation")),
        ("/met", json!(false)),
        ("/expected", json!("job.*")),
        ("/others", json!(1)),
        ("/last/0/row", json!(2)),
        ("/cursor", json!(2)),
    ] {
        assert_eq!(line.pointer(pointer), Some(&value), "{pointer}");
    }
}

/// The cursor is taken, something is done, and what it does is waited for: nothing is missed and
/// nothing older is taken for it.
#[test]
fn a_script_waits_by_cursor() {
    let home = recorded(&[("lead.created", 200)]);
    let output = log(&home, &["--limit=0", "--json"]).capture();
    let cursor = told(&output.stdout)[0]["cursor"].to_string();
    send(&home, "lead.created", 200);
    let output = log(
        &home,
        &["--wait=lead.created", "--json", "--after", &cursor],
    )
    .capture();
    assert_eq!(told(&output.stdout)[0]["row"], 2);
}
