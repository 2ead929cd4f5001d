//! Names of deliveries and of attempts, good and bad.

use serde_json::Value;

use super::{post, received, show};
use crate::support::{folder, wh};

#[test]
fn numbers_and_beginnings_of_ids_name_a_delivery() {
    let home = received(&[&post(&["X-Webhook-ID: evt_1"], "one"), &post(&[], "two")]);
    let json = show(&home, &["2", "--json"]).capture();
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    let id = json["id"].as_str().unwrap();
    for (name, body) in [
        ("1", "one"),
        ("#1", "one"),
        ("evt_1", "one"),
        ("evt", "one"),
        ("#2", "two"),
        (id, "two"),
        (&id[..35], "two"),
    ] {
        show(&home, &[name, "--body"]).stdout(body).run();
    }
}

#[test]
fn names_of_none_or_several_are_told_with_what_there_is() {
    let requests = [
        post(&["X-Webhook-ID: evt_1"], "one"),
        post(&["X-Webhook-ID: evt_2"], "two"),
    ];
    let home = received(&[&requests[0], &requests[1]]);
    for (name, says) in [
        (
            "#3",
            "error: there is no delivery `#3`\nhint: `wh log` lists what there is\n",
        ),
        ("evt_3", " evt_1\n"),
        ("evt", "error: `evt` names several deliveries\n  #2 "),
        ("evt", "\nhint: give more of the id, or the number\n"),
        ("\u{1b}[2J", "error: there is no delivery `\\x1b[2J`\n"),
        ("", "error: there is no delivery ``\n"),
    ] {
        show(&home, &[name]).stderr_has(says).exit(7).run();
    }
    show(&home, &["1", "--attempt", "2"])
        .stderr("error: #1 has no attempt 2\nhint: its last attempt is 1\n")
        .exit(7)
        .run();
}

#[test]
fn where_nothing_is_recorded_that_is_said() {
    let nothing = "error: nothing is recorded yet\nhint: `wh listen` and `wh send` record";
    wh(["show", "1"]).stderr_has(nothing).exit(7).run();
    let empty = received(&[]);
    show(&empty, &["1"])
        .stderr_has("error: there is no delivery `1`\nhint: `wh log` lists what there is\n")
        .exit(7)
        .run();
    wh(["show", "1", "--store=none"])
        .stderr_has("error: with `--store none` there is nothing to read\n")
        .exit(2)
        .run();
    let dir = folder([(
        "store",
        "no database, but long enough to be looked at as one",
    )]);
    wh(["show", "1", "--store=store"])
        .dir(dir.path())
        .stderr_has("error: `store` is not a store of wh\n")
        .exit(7)
        .run();
}

#[test]
fn views_exclude_each_other() {
    for words in [
        &["1", "--body", "--raw"][..],
        &["1", "--body", "--json"],
        &["1", "--curl", "--diff"],
        &["1", "--answer"],
        &["1", "--url=3000"],
        &["1", "--attempt=0"],
        &["--diff", "1"],
        &[],
    ] {
        let output = wh([&["show"], words].concat()).capture();
        assert_eq!(output.code, 2, "{words:?}");
    }
}

#[test]
fn a_reader_that_leaves_is_a_quiet_end() {
    let home = received(&[&post(&[], vec![b'\n'; 1_000_000])]);
    show(&home, &["1", "--body"])
        .reader_leaves()
        .stdout_has("\n")
        .run();
}
