//! `-- CMD`: the command that runs beside a listener, and whose code is kept.

use std::fs;

use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use super::{SECRET, listen};
use crate::support::{Output, Watched, Wh, folder, needs, wh};

/// A call of `wh listen` that runs a script of the shell, in which `$WH` is the binary.
fn beside(flags: &[&str], script: &str) -> Wh {
    listen("cepro", &[flags, &["--", "sh", "-c", script]].concat())
        .env("WH", env!("CARGO_BIN_EXE_wh"))
}

/// A script that sends an event to the listener.
fn sends(event: &str) -> String {
    format!("\"$WH\" send {event} --url \"$WH_LISTEN_URL\" --store none -q >&2")
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

#[test]
fn it_finds_the_listener_the_secret_and_the_store() {
    let home = TempDir::new().unwrap();
    let script = "echo $WH_LISTEN_URL; echo $WH_SECRET; echo $WH_STORE";
    for (flags, store) in [
        (&["--store", "mine.db"][..], home.path().join("mine.db")),
        (&["--store", "none"], "none".into()),
    ] {
        let output = beside(flags, script).dir(home.path()).capture();
        let lines: Vec<_> = text(&output.stdout).lines().collect();
        let [url, secret, found] = lines[..] else {
            panic!("{lines:?}");
        };
        let ready = format!("listening on {url} as cepro\n");
        assert!(text(&output.stderr).starts_with(&ready), "{output:?}");
        let store = store.display().to_string();
        assert_eq!((output.code, secret, found), (0, SECRET, store.as_str()));
    }
}

#[test]
fn its_streams_are_its_own() {
    for flag in ["-q", "--json"] {
        let output = beside(&[flag], "cat; echo mine; echo remark >&2")
            .stdin("typed\n")
            .capture();
        assert_eq!(
            (output.code, text(&output.stdout)),
            (0, "typed\nmine\n"),
            "{flag}"
        );
        assert!(text(&output.stderr).contains("\nremark\n"), "{output:?}");
    }
}

#[test]
fn a_secret_is_handed_on_where_there_is_exactly_one() {
    let script = "echo \"${WH_SECRET-none}\"";
    let desk = folder([("a", "one"), ("b", "two"), ("nul", "a\0b")]);
    let files = |names: &[&str]| {
        let flags: Vec<_> = names
            .iter()
            .flat_map(|name| ["--secret-file", name])
            .collect();
        let output = beside(&flags, script).dir(desk.path()).capture();
        let note = text(&output.stderr)
            .lines()
            .find(|line| line.contains("WH_SECRET"));
        let note = note.map(str::to_owned);
        (text(&output.stdout).trim_end().to_owned(), note)
    };
    assert_eq!(files(&["b"]), ("two".to_owned(), None));
    let none = |why: &str| {
        let note = format!("note: the command gets no WH_SECRET{why}");
        ("none".to_owned(), Some(note))
    };
    assert_eq!(files(&["a", "b"]), none(": several secrets are given"));
    assert_eq!(files(&["nul"]), none(": no variable can hold this secret"));
    let output = beside(&[], script).env("WH_SECRET", "").capture();
    assert_eq!(text(&output.stdout), "none\n");
    let told = "\nnote: the command gets no WH_SECRET; --print-secret makes one\n";
    assert!(text(&output.stderr).contains(told), "{output:?}");
}

#[test]
fn its_code_is_kept_and_what_is_unmet_is_told() {
    for (flags, script, code) in [
        (&[][..], "exit 0", 0),
        (&[], "exit 3", 3),
        (&[], "kill -TERM $$", 143),
        (&["--expect", "invoice.paid"], "exit 3", 3),
        (
            &["--expect", "invoice.paid", "--timeout", "1ms"],
            "exec true",
            8,
        ),
        (&["--forbid", "invoice.paid"], "exit 0", 0),
    ] {
        let output = beside(flags, script).capture();
        assert_eq!(
            output.code,
            code,
            "{flags:?} {script}\n{}",
            text(&output.stderr)
        );
        assert_eq!(text(&output.stdout), "");
    }
}

#[test]
fn what_it_sets_off_is_waited_for_after_its_end() {
    let later = format!("({}) & exit 0", sends("invoice.paid"));
    for (flags, script, code) in [
        (&["--expect", "invoice.paid"][..], sends("invoice.paid"), 0),
        (&["--expect", "invoice.paid", "--timeout", "30s"], later, 0),
        (
            &["--expect", "job.created", "--timeout", "1s"],
            sends("invoice.paid"),
            8,
        ),
        (&["--once", "--forbid", "job.*"], sends("invoice.paid"), 0),
        (
            &["--once", "--forbid", "invoice.*"],
            sends("invoice.paid"),
            8,
        ),
    ] {
        let output = beside(flags, &script).capture();
        assert_eq!(output.code, code, "{flags:?}\n{}", text(&output.stderr));
    }
}

#[test]
fn it_is_ended_when_the_forbidden_comes() {
    let script = format!("{}; exec tail -f /dev/null", sends("invoice.paid"));
    let output = beside(&["--forbid", "invoice.*", "-q"], &script).capture();
    assert_eq!(output.code, 8);
    let end = "error: `invoice.*` is forbidden, and #1 invoice.paid passed\n\
               error: the command was ended: what is forbidden came\n\
               stopped: 1 attempt, 1 valid, 0 refused; 0 of 1 expectations met\n";
    assert!(text(&output.stderr).ends_with(end), "{output:?}");
}

#[test]
fn it_is_ended_when_the_time_is_over() {
    let flags = ["--timeout", "100ms", "--json"];
    let output = beside(&flags, "exec tail -f /dev/null").capture();
    assert_eq!(output.code, 8);
    let line = text(&output.stderr).lines().rev().nth(1).unwrap();
    let command: Value = serde_json::from_str(line).unwrap();
    let expected = serde_json::json!({
        "type": "command", "schema": 1, "code": 143, "met": false,
        "ended": "it still ran after 100ms",
    });
    assert_eq!(command, expected);
}

/// Starts a command that says on stderr that it is up, and waits for that.
fn up(script: &str, dir: &TempDir) -> crate::support::Listener {
    let mut listener = beside(&["-q"], script).dir(dir.path()).start_for_people();
    assert_eq!(listener.remark(), "up");
    listener
}

#[test]
fn a_signal_is_passed_on() {
    let dir = TempDir::new().unwrap();
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let passed = up("echo up >&2; exec tail -f /dev/null", &dir);
        passed.signal(signal);
        assert_eq!(passed.wait().code, code);
    }
}

#[test]
fn what_it_has_started_is_ended_with_it() {
    // Its output is read to the end, which a process that went on would hold open.
    let goes_on = "tail -f /dev/null; true";
    let output = beside(&["--timeout", "100ms", "-q"], goes_on).capture();
    assert_eq!(output.code, 8);
    let script = format!("{}; {goes_on}", sends("invoice.paid"));
    let output = beside(&["--forbid", "invoice.*", "-q"], &script).capture();
    assert_eq!(output.code, 8);
}

#[test]
fn what_does_not_end_when_asked_is_killed() {
    let dir = TempDir::new().unwrap();
    let deaf = "(trap '' TERM; echo up >&2; exec tail -f /dev/null)";
    let script = format!("trap 'echo asked >&2' TERM; {deaf} & wait; wait");
    let mut listener = up(&script, &dir);
    listener.signal(Signal::TERM);
    assert_eq!(listener.remark(), "asked");
    listener.interrupt();
    assert_eq!(listener.wait().code, 137);
}

#[test]
fn a_second_signal_ends_both_at_once() {
    let dir = TempDir::new().unwrap();
    let script = "trap '' INT TERM; (echo up >&2; exec tail -f /dev/null); true";
    let listener = up(script, &dir);
    listener.signal(Signal::INT);
    listener.signal(Signal::TERM);
    // Its output is read to the end, which a command that went on would hold open.
    let Output { code, .. } = listener.wait();
    assert_eq!(code, 130);
}

#[test]
fn control_c_reaches_both() {
    if !needs("setsid") {
        return;
    }
    let home = TempDir::new().unwrap();
    let script = "echo up >&2; exec tail -f /dev/null";
    let args = ["listen", "--port", "0", "--", "sh", "-c", script];
    let mut watched = Watched::start(&args, &home, 80, &[]);
    watched.row(|row| row == "up");
    watched.keys(b"\x03");
    let (code, rows, _) = watched.end();
    assert_eq!(code, Some(130), "{rows:#?}");
    // The listener has ended in its own way.
    assert!(
        rows.iter().any(|row| row.starts_with("stopped: ")),
        "{rows:#?}"
    );
}

#[test]
fn at_a_terminal_it_reads_what_is_typed() {
    if !needs("setsid") {
        return;
    }
    let home = TempDir::new().unwrap();
    let script = "echo up >&2; read line; echo \"read $line\"; exit 3";
    let args = ["listen", "--port", "0", "--", "sh", "-c", script];
    let mut watched = Watched::start(&args, &home, 80, &[]);
    watched.row(|row| row == "up");
    watched.keys(b"words\r");
    watched.row(|row| row == "read words");
    let (code, rows, _) = watched.end();
    assert_eq!(code, Some(3), "{rows:#?}");
}

#[test]
fn what_cannot_be_run_is_told_with_a_way_out() {
    let desk = folder([("plain", "no program")]);
    for (command, why, hint) in [
        (
            "no-such-program",
            "No such file or directory (os error 2)",
            "it is no program on the PATH; a line for a shell: -- sh -c 'LINE'",
        ),
        (
            "./plain",
            "Permission denied (os error 13)",
            "chmod +x ./plain",
        ),
    ] {
        let output = listen("cepro", &["--", command]).dir(desk.path()).capture();
        let end = format!("error: cannot run `{command}`: {why}\nhint: {hint}\n");
        assert_eq!((output.code, text(&output.stdout)), (7, ""));
        assert!(text(&output.stderr).ends_with(&end), "{output:?}");
    }
}

#[test]
fn the_file_for_ci_has_the_command() {
    let dir = TempDir::new().unwrap();
    let flags = ["--junit", "r.xml", "--expect", "invoice.paid"];
    let output = beside(&flags, "exit 3").dir(dir.path()).capture();
    assert_eq!(output.code, 3);
    let file = fs::read_to_string(dir.path().join("r.xml")).unwrap();
    for part in [
        "<testcase name=\"--expect invoice.paid\" ",
        "<testcase name=\"-- sh\" ",
        "<failure message=\"the command ended with 3\">",
        "tests=\"2\" skipped=\"0\" failures=\"2\"",
    ] {
        assert!(file.contains(part), "{part} in {file}");
    }
}

#[test]
fn a_secret_can_be_made_and_printed() {
    let output = wh(["listen", "--print-secret"]).capture();
    assert_eq!((output.code, text(&output.stderr)), (0, ""));
    let first = text(&output.stdout).strip_suffix('\n').unwrap().to_owned();
    assert!(first.len() >= 32 && !first.contains('\n'), "{first}");
    let again = wh(["listen", "--print-secret"]).capture();
    assert_ne!(text(&again.stdout).trim_end(), first);
    // One that is given is the one that it would listen with.
    let given = wh(["listen", "--print-secret"]).env("WH_SECRET", "mine");
    given.stdout("mine\n").run();
}

#[test]
fn a_command_finds_the_secret_that_is_made() {
    let script = format!("echo $WH_SECRET; {}", sends("invoice.paid"));
    let flags = ["--print-secret", "--expect", "verdict:valid"];
    let output = beside(&flags, &script).env("WH_SECRET", "").capture();
    assert_eq!(output.code, 0, "{}", text(&output.stderr));
    // What the command prints stays its own.
    let printed = text(&output.stderr).lines().next().unwrap_or_default();
    assert!(printed.len() >= 32, "{printed}");
    assert_eq!(text(&output.stdout), format!("{printed}\n"));
}
