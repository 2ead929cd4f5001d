//! `--expect`, `--forbid`, `--count` and `--timeout`: what a run waits for, and what it says at the end.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{answer, listen, post, signed, status, told};
use crate::support::{Listener, Output, masked, needs, wh};

/// Sends an event with a webhook id, rightly signed.
fn send(listener: &Listener, event: &str, id: &str) {
    let id = format!("X-Webhook-ID: {id}");
    let headers = [&[id.as_str()], signed("cepro")].concat();
    let body = json!({"event": event}).to_string();
    assert_eq!(
        status(&answer(listener, post("cepro", "/", &headers, body))),
        200
    );
}

/// The lines of one type.
fn of_type(output: &Output, name: &str) -> Vec<Value> {
    let lines = told(&output.stdout).into_iter();
    lines.filter(|line| line["type"] == name).collect()
}

/// What is for people at the end, from the first verdict on.
fn verdict(output: &Output) -> String {
    let text = masked(&output.stderr);
    let starts = ["met: ", "error: ", "stopped: "];
    let lines = text.split_inclusive('\n');
    lines
        .skip_while(|line| !starts.iter().any(|start| line.starts_with(start)))
        .collect()
}

#[test]
fn it_ends_by_itself_when_all_is_met() {
    let flags = [
        "--json",
        "--expect",
        "invoice.* count:2",
        "--expect",
        "job.created",
    ];
    let listener = listen("cepro", &flags).start();
    for (event, id) in [
        ("invoice.paid", "1"),
        ("invoice.paid", "1"),
        ("job.created", "2"),
        ("lead.created", "3"),
        ("invoice.created", "4"),
    ] {
        send(&listener, event, id);
    }
    let output = listener.wait();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
    let told = of_type(&output, "expectation");
    let matched = told[0]["matched"].as_array().unwrap().iter();
    let numbers: Vec<_> = matched.map(|one| one["number"].clone()).collect();
    assert_eq!(numbers, [json!(1), json!(4)]);
    for (line, filter, wanted) in [
        (&told[0], "invoice.* count:2", 2),
        (&told[1], "job.created", 1),
    ] {
        for (key, value) in [
            ("kind", json!("expect")),
            ("filter", json!(filter)),
            ("wanted", json!(wanted)),
            ("seen", json!(wanted)),
            ("met", json!(true)),
            ("nearest", json!([])),
            ("came", json!([])),
        ] {
            assert_eq!(line[key], value, "{filter} {key}");
        }
    }
    let summary = &of_type(&output, "summary")[0];
    let expectations = json!({"all": 2, "met": 2});
    assert_eq!(
        (&summary["received"], &summary["expectations"]),
        (&json!(5), &expectations)
    );
}

#[test]
fn it_counts_deliveries_whether_they_are_kept_or_not() {
    for flags in [&["--count", "2"][..], &["--count=2", "--store=none"]] {
        let listener = listen("cepro", &[&["--json"], flags].concat()).start();
        for id in ["1", "1", "1", "2"] {
            send(&listener, "invoice.paid", id);
        }
        let output = listener.wait();
        assert_eq!(output.code, 0, "{flags:?}");
        let told = &of_type(&output, "expectation")[0];
        let found = [&told["kind"], &told["filter"], &told["seen"], &told["met"]];
        assert_eq!(
            found,
            [&json!("count"), &Value::Null, &json!(2), &json!(true)]
        );
    }
}

#[test]
fn what_was_never_looked_at_does_not_count() {
    let flags = ["--json", "--accept-invalid", "--once"];
    let mut listener = listen("cepro", &flags).start();
    let long = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n";
    assert_eq!(status(&answer(&listener, long)), 413);
    assert_eq!(listener.next()["response"]["status"], 413);
    // A wrong signature does.
    let wrong = post("cepro", "/", &["X-Webhook-Signature: no"], "{}");
    assert_eq!(status(&answer(&listener, wrong)), 200);
    let output = listener.wait();
    assert_eq!(output.code, 0);
    assert_eq!(of_type(&output, "expectation")[0]["seen"], 1);
    assert_eq!(of_type(&output, "summary")[0]["received"], 2);
}

#[test]
fn what_is_not_shown_counts_too() {
    let flags = ["--json", "-e", "job.*", "--expect", "invoice.paid"];
    let listener = listen("cepro", &flags).start();
    send(&listener, "invoice.paid", "1");
    let output = listener.wait();
    assert_eq!(output.code, 0);
    assert_eq!(of_type(&output, "delivery"), [] as [Value; 0]);
    assert_eq!(of_type(&output, "summary")[0]["hidden"], 1);
}

#[test]
fn without_a_reader_it_still_waits() {
    let flags = ["--json", "--expect", "job.created"];
    let listener = listen("cepro", &flags).reader_leaves().start();
    send(&listener, "invoice.paid", "1");
    send(&listener, "job.created", "2");
    let output = listener.wait();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
    let listener = listen("cepro", &flags).reader_leaves().start();
    send(&listener, "invoice.paid", "1");
    assert_eq!(listener.stop().code, 8);
}

#[test]
fn what_is_forbidden_ends_it_at_once() {
    let flags = [
        "--forbid",
        "invoice.*",
        "--expect",
        "job.created",
        "--timeout",
        "1h",
        "-q",
    ];
    let listener = listen("cepro", &flags).start_for_people();
    send(&listener, "job.created", "1");
    send(&listener, "invoice.paid", "2");
    let output = listener.wait();
    assert_eq!(output.code, 8);
    assert_eq!(
        verdict(&output),
        "met: `job.created`, 1 of 1\n\
         error: `invoice.*` is forbidden, and #2 invoice.paid passed\n\
         stopped: 2 attempts, 2 valid, 0 refused; 1 of 2 expectations met\n"
    );
}

#[test]
fn a_signal_ends_it_unmet_where_something_is_open() {
    let flags = ["--expect", "invoice.paid status:5xx", "--forbid", "x", "-q"];
    let listener = listen("cepro", &flags).start_for_people();
    send(&listener, "invoice.paid", "1");
    let output = listener.stop();
    assert_eq!(output.code, 8);
    assert_eq!(
        verdict(&output),
        "met: nothing passed `x`\n\
         error: `invoice.paid status:5xx` is not met: 0 of 1 came\n\
         \x20 #1 invoice.paid passes but for `status:5xx`: status 200\n\
         stopped: 1 attempt, 1 valid, 0 refused; 1 of 2 expectations met\n"
    );
    // What is forbidden alone holds.
    let listener = listen("cepro", &["--forbid", "x", "--json"]).start();
    let output = listener.stop();
    assert_eq!(output.code, 0);
    assert_eq!(of_type(&output, "expectation")[0]["met"], true);
}

#[test]
fn its_time_is_over_whatever_came() {
    for (flags, code, expected) in [
        (
            &["--expect", "a.b", "--count", "3"][..],
            8,
            "error: `a.b` is not met: 0 of 3 came\n  nothing came at all\n\
             stopped: 0 attempts, 0 valid, 0 refused; 0 of 1 expectations met\n",
        ),
        (
            &["--once"],
            8,
            "error: 0 of 1 deliveries came\n  nothing came at all\n\
             stopped: 0 attempts, 0 valid, 0 refused; 0 of 1 expectations met\n",
        ),
        (
            &["--forbid", "*"],
            0,
            "met: nothing passed `*`\n\
             stopped: 0 attempts, 0 valid, 0 refused; 1 of 1 expectations met\n",
        ),
        (&[], 0, "stopped: 0 attempts, 0 valid, 0 refused\n"),
    ] {
        let flags = [flags, &["--timeout", "0s"]].concat();
        let output = listen("cepro", &flags).capture();
        assert_eq!(
            (output.code, verdict(&output).as_str()),
            (code, expected),
            "{flags:?}"
        );
    }
}

#[test]
fn what_came_instead_is_counted() {
    let listener = listen("cepro", &["-q", "--expect", "invoice.paid"]).start_for_people();
    for (event, id) in [
        ("lead.created", "1"),
        ("job.created", "2"),
        ("lead.created", "3"),
    ] {
        send(&listener, event, id);
    }
    let expected = "error: `invoice.paid` is not met: 0 of 1 came\n\
                    \x20 came: 2 lead.created, 1 job.created\n\
                    stopped: 3 attempts, 3 valid, 0 refused; 0 of 1 expectations met\n";
    assert_eq!(verdict(&listener.stop()), expected);
}

#[test]
fn a_wrong_signature_counts_only_where_that_is_asked_for() {
    for (flags, code) in [
        (&["--expect", "invoice.paid"][..], 8),
        (&["--once"], 8),
        (&["--expect", "invoice.paid", "--accept-invalid"], 0),
        (&["--expect", "invoice.paid -verdict:valid"], 0),
        (&["--expect", "status:401"], 0),
        (&["--forbid", "-verdict:valid"], 8),
    ] {
        let listener = listen("cepro", &[&["--json"], flags].concat()).start();
        let body = r#"{"event":"invoice.paid"}"#;
        answer(
            &listener,
            post("cepro", "/", &["X-Webhook-Signature: no"], body),
        );
        listener.interrupt();
        let output = listener.wait();
        assert_eq!(output.code, code, "{flags:?}");
        if code == 8 && !flags.contains(&"--forbid") {
            let near = &of_type(&output, "expectation")[0]["nearest"][0];
            assert_eq!(near["term"], "verdict:valid,unchecked", "{flags:?}");
            assert_eq!(
                (&near["number"], &near["was"]),
                (&json!(1), &json!("invalid"))
            );
        }
    }
}

#[test]
fn a_credential_is_not_told_as_what_was_there() {
    let filter = "invoice.paid header:authorization=x";
    for (flags, is_told) in [
        (&[][..], false),
        (&["--json"], false),
        (&["--json", "--no-redact"], true),
    ] {
        let call = listen("cepro", &[&["--expect", filter], flags].concat());
        let listener = if flags.is_empty() {
            call.start_for_people()
        } else {
            call.start()
        };
        let headers = [&["Authorization: canary"], signed("cepro")].concat();
        let body = r#"{"event":"invoice.paid"}"#;
        answer(&listener, post("cepro", "/", &headers, body));
        let output = listener.stop();
        let all = [output.stdout, output.stderr].concat();
        let all = String::from_utf8(all).unwrap();
        assert_eq!(all.contains("canary"), is_told, "{all}");
        assert!(all.contains("header:authorization=x"), "{all}");
    }
}

#[test]
fn text_that_is_no_filter_is_a_usage_error_with_its_place() {
    for flag in ["--expect", "--forbid"] {
        listen("cepro", &[flag, "invoice.paid status:9xx"])
            .stderr_has(
                "error: `9xx` is not a status: write a code (`409`), a class (`4xx`) or `none`\n\
                 \x20 invoice.paid status:9xx\n\
                 \x20                     ^^^\n\
                 hint: the keys are event, ",
            )
            .exit(2)
            .run();
    }
}

#[test]
fn the_file_for_ci_is_whole_or_not_there() {
    let folder = TempDir::new().unwrap();
    let listing = || {
        let names = std::fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        names.retain(|name| !name.to_string_lossy().starts_with(".local"));
        names
    };
    let call = |flags: &[&str]| listen("cepro", flags).dir(folder.path());
    let output = call(&["--junit", "r.xml", "--once", "--timeout", "0s"]).capture();
    assert_eq!(output.code, 8);
    let file = std::fs::read_to_string(folder.path().join("r.xml")).unwrap();
    for part in [
        "<testcase name=\"--count 1\" classname=\"wh listen\"",
        "<failure message=\"0 of 1 deliveries came\">",
        "nothing came at all",
    ] {
        assert!(file.contains(part), "{part} in {file}");
    }
    // What an earlier run found is not taken for what this one did, whatever ends it.
    let listener = call(&["--junit", "r.xml", "--once", "--json"]).start();
    let path = folder.path().join("r.xml");
    assert!(!path.exists());
    send(&listener, "invoice.paid", "1");
    assert_eq!(listener.wait().code, 0);
    let later = std::fs::read_to_string(&path).unwrap();
    assert!(later.contains("failures=\"0\""), "{later}");
    assert_eq!(listing(), ["r.xml"]);
    if needs("python3") {
        let parse = "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])";
        let args = ["-c".as_ref(), parse.as_ref(), path.as_os_str()];
        wh(args).program("python3").run();
    }
}

#[test]
fn a_file_that_cannot_be_written_is_told_at_the_start() {
    let folder = TempDir::new().unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", folder.path().join("link")).unwrap();
    for (path, begins) in [
        (
            "missing/r.xml",
            "error: cannot write `missing/r.xml`: No such file",
        ),
        (
            ".",
            "error: `.` is not a plain file\nhint: --junit FILE makes it",
        ),
        ("/dev/null", "error: `/dev/null` is not a plain file\n"),
        ("link", "error: `link` is not a plain file\n"),
    ] {
        let output = listen("cepro", &["--junit", path, "--once"])
            .dir(folder.path())
            .capture();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with(begins), "{stderr}");
        assert_eq!((output.code, &*output.stdout), (7, &b""[..]), "{path}");
    }
    // A link is neither followed nor replaced: `/dev/stdout` is one.
    let found = std::fs::symlink_metadata(folder.path().join("link")).unwrap();
    assert!(found.is_symlink());
}
