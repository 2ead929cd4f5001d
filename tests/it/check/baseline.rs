//! Failures that are known.

use std::fs;
use std::os::unix::fs::symlink;

use super::{careless, check, lines, right};
use crate::support::{Wh, folder};

/// What a file of the one failure of a careless receiver is.
const KNOWN: &str = "# Rules that are known not to hold: `wh check --baseline` fails for none of them.\n\
                     refuses-no-signature\n";

fn known(url: &str, words: &[&str]) -> Wh {
    check(url, &[&["-q", "--baseline", "known.txt"], words].concat())
}

#[test]
fn what_is_known_fails_nothing() {
    let receiver = careless();
    let home = folder([("known.txt", "refuses-no-signature # next week\n")]);
    known(&receiver.url(), &[])
        .dir(home.path())
        .stdout_has("refuses-no-signature  known ")
        .stdout_has(": 1 passed, 0 failed, 1 known, ")
        .run();
    let output = known(&receiver.url(), &["--json"])
        .dir(home.path())
        .capture();
    let lines = lines(&output);
    let line = lines
        .iter()
        .find(|line| line["id"] == "refuses-no-signature");
    let line = line.unwrap();
    assert_eq!(
        (&line["verdict"], &line["known"]),
        (&"fail".into(), &true.into())
    );
    let last = lines.last().unwrap();
    assert_eq!((output.code, &last["holds"]), (0, &true.into()));
    assert_eq!((&last["fail"], &last["known"]), (&0.into(), &1.into()));
}

#[test]
fn another_failure_is_still_8() {
    let receiver = careless();
    let home = folder([("known.txt", "accepts-event\n")]);
    known(&receiver.url(), &[])
        .dir(home.path())
        .stdout_has("refuses-no-signature  fail ")
        .exit(8)
        .run();
}

#[test]
fn what_passes_now_is_to_be_taken_out() {
    let receiver = right();
    let home = folder([("known.txt", KNOWN)]);
    known(&receiver.url(), &[])
        .dir(home.path())
        .stdout_has("refuses-no-signature passes now: take it out of the baseline\n")
        .run();
    let output = known(&receiver.url(), &["--json"])
        .dir(home.path())
        .capture();
    assert_eq!(
        lines(&output).last().unwrap()["passes_now"][0],
        "refuses-no-signature"
    );
}

#[test]
fn what_fails_now_can_be_written_and_is_known_from_then_on() {
    let receiver = careless();
    let home = folder([("known.txt", "accepts-event\n")]);
    let words = ["-q", "--write-baseline", "known.txt"];
    let write = || check(&receiver.url(), &words).dir(home.path());
    write().stdout_has(": 1 passed, 0 failed, 1 known, ").run();
    let text = fs::read_to_string(home.path().join("known.txt")).unwrap();
    assert_eq!(text, KNOWN);
    known(&receiver.url(), &[])
        .dir(home.path())
        .stdout_has("")
        .run();
    // Who is not there has shown nothing.
    check("http://127.0.0.1:1", &words)
        .dir(home.path())
        .stderr_has("nothing answers")
        .exit(6)
        .run();
    assert_eq!(
        fs::read_to_string(home.path().join("known.txt")).unwrap(),
        KNOWN
    );
    let files = fs::read_dir(home.path())
        .unwrap()
        .map(|file| file.unwrap().file_name());
    let hidden = files.filter(|name| name.to_string_lossy().starts_with(".known"));
    assert_eq!(hidden.count(), 0);
    fs::remove_file(home.path().join("known.txt")).unwrap();
    symlink("elsewhere", home.path().join("known.txt")).unwrap();
    check("http://127.0.0.1:1", &words)
        .dir(home.path())
        .stderr(
            "error: `known.txt` is not a plain file\n\
             hint: --write-baseline FILE makes it, or puts a new one in its place\n",
        )
        .exit(7)
        .run();
}

#[test]
fn a_file_that_makes_no_sense_is_told_before_anything_is_sent() {
    let receiver = right().unused();
    let home = folder([("known.txt", "# a\nrefuses-no-signatur\n")]);
    known(&receiver.url(), &[])
        .dir(home.path())
        .stderr(
            "error: the baseline `known.txt`: line 2: there is no rule `refuses-no-signatur`\n\
             hint: did you mean `refuses-no-signature`?\n",
        )
        .exit(7)
        .run();
    known(&receiver.url(), &[])
        .stderr_has("error: cannot read the baseline `known.txt`: ")
        .stderr_has("hint: --write-baseline known.txt writes one\n")
        .exit(7)
        .run();
    let long = "#".repeat(1024 * 1024 + 1);
    let home = folder([("known.txt", long.as_str())]);
    known(&receiver.url(), &[])
        .dir(home.path())
        .stderr("error: cannot read the baseline `known.txt`: it is longer than 1 MiB\n")
        .exit(7)
        .run();
}
