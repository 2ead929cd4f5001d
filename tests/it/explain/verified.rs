//! `wh verify`: what stands below the verdict, and how much is read for it.

use std::fs::{self, File};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{NOBODYS, SECRET, assert_unsaid, desk, signature, stamped, verdict, verify};
use crate::support::{Output, Watched, Wh, sh};

/// What is printed, line by line.
fn lines(output: &Output) -> Vec<&str> {
    assert_eq!((output.code, &*output.stderr), (4, &b""[..]));
    assert_unsaid(&output.stdout);
    str::from_utf8(&output.stdout).unwrap().lines().collect()
}

#[test]
fn an_explanation_stands_below_the_verdict() {
    let desk = desk();
    fs::write(desk.path().join("body"), "{}\n").unwrap();
    let words = format!("body --sig {}", signature(SECRET, "{}"));
    let output = verify(&desk, &words).capture();
    let told = lines(&output);
    assert_eq!(told[0], "invalid: the signature does not match");
    assert!(told[1].starts_with("  the signature "), "{told:?}");
    assert!(told[1].contains("newline"), "{told:?}");
    assert!(told[2].starts_with("  fix: "), "{told:?}");
    assert_eq!(told.len(), 3);

    let output = verify(&desk, &format!("{words} --quiet")).capture();
    assert_eq!(lines(&output), told[..2]);
    let output = verify(&desk, &format!("{words} --no-explain")).capture();
    assert_eq!(lines(&output), told[..1]);
    let words = format!("body --sig {}", signature(SECRET, "{}\n"));
    verify(&desk, &words).stdout("valid\n").run();
}

/// The lines that go to a terminal of 80 columns.
fn on_a_terminal(words: &[&str], desk: &TempDir, code: i32) -> Vec<String> {
    let (found, _, bytes) = Watched::start(words, desk, 80, &[("TERM", "xterm")]).end();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(found, Some(code), "{text}");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn on_a_terminal_no_sentence_is_longer_than_a_line() {
    let desk = desk();
    fs::write(desk.path().join("body"), "{}\n").unwrap();
    for body in ["{}", "[]"] {
        let sig = signature(SECRET, body);
        let words = ["verify", "body", "--sig", &sig, "--secret-file", "secret"];
        let lines = on_a_terminal(&words, &desk, 4);
        let long: Vec<_> = lines.iter().filter(|line| columns(line) > 80).collect();
        assert!(long.is_empty(), "{long:#?}");
        let continued = |line: &String| line.starts_with("       ");
        assert!(lines.iter().any(continued), "{lines:#?}");
    }
    let lines = on_a_terminal(&["demo", "--speed", "10000x"], &desk, 0);
    let is_sentence = |line: &&String| !["<--", "-->"].iter().any(|arrow| line.contains(arrow));
    let long: Vec<_> = lines.iter().filter(is_sentence).collect();
    let long: Vec<_> = long.iter().filter(|line| columns(line) > 80).collect();
    assert!(long.is_empty(), "{long:#?}");
}

fn columns(line: &str) -> usize {
    line.chars().count()
}

#[test]
fn where_nothing_fits_it_says_what_to_check() {
    let desk = desk();
    fs::write(desk.path().join("body"), "{}").unwrap();
    let words = format!("body --sig {NOBODYS}");
    let output = verify(&desk, &words).capture();
    let told = lines(&output);
    assert!(told[1].starts_with("  nothing fits"), "{told:?}");
    let checks = told.iter().filter(|line| line.starts_with("  check: "));
    assert!(checks.count() > 1, "{told:?}");

    let explanation = verdict(verify(&desk, &words))["explanation"].take();
    assert_eq!(explanation["found"], false);
    assert_eq!(explanation["causes"], json!([]));
    for part in ["tried", "by_hand"] {
        assert!(!explanation[part].as_array().unwrap().is_empty(), "{part}");
    }
    assert!(explanation["seen"].is_array());
}

#[test]
fn programs_read_the_causes() {
    let desk = desk();
    fs::write(desk.path().join("body"), "{}\n").unwrap();
    let words = format!("body --sig {}", signature(SECRET, "{}"));
    let explanation = verdict(verify(&desk, &words))["explanation"].take();
    assert_eq!(explanation["found"], true);
    let causes = explanation["causes"].as_array().unwrap();
    assert_eq!(causes.len(), 1);
    let keys: Vec<_> = causes[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "words", "fix"]);
    let finding = explanation["finding"].as_str().unwrap();
    assert!(finding.contains(causes[0]["words"].as_str().unwrap()));
    for part in ["tried", "seen", "by_hand"] {
        assert_eq!(explanation[part], json!([]), "{part}");
    }

    let words = format!("body --json --sig {}", signature(SECRET, "{}\n"));
    let output = verify(&desk, &words).capture();
    let valid: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(valid.get("explanation"), Some(&Value::Null));
}

/// The bytes that are kept of what can be read once only.
const KEPT: usize = 4 * 1024 * 1024;

#[test]
fn a_pipe_is_explained_as_far_as_it_is_kept() {
    let desk = desk();
    let words = |file: &str, body: &[u8]| {
        let end = body.len() - 1;
        format!("{file} --sig {}", signature(SECRET, &body[..end]))
    };
    for (length, found) in [(KEPT, true), (KEPT + 1, false)] {
        let mut body = vec![b'x'; length];
        body[length - 1] = b'\n';
        fs::write(desk.path().join("body"), &body).unwrap();
        let file = verdict(verify(&desk, &words("body", &body)));
        assert_eq!(file["explanation"]["found"], true, "{length}");
        let output = verify(&desk, &words("-", &body)).stdin(body).capture();
        let told = lines(&output);
        if found {
            assert!(told[1].contains("newline"), "{told:?}");
        } else {
            assert_eq!(
                told[1..],
                [
                    "  too large to explain from a pipe",
                    "  hint: Give a file: wh verify FILE."
                ]
            );
        }
    }
}

/// 256 MiB of zeros with a wrong signature, under a limit of 128 MiB of address space.
#[cfg(target_os = "linux")]
#[test]
fn a_failure_takes_no_more_memory_than_a_valid_signature() {
    let desk = desk();
    let file = File::create(desk.path().join("big")).unwrap();
    file.set_len(256 * 1024 * 1024).unwrap();
    for (input, told) in [
        ("big", "too large to explain: 268435456 bytes"),
        ("- < big", "too large to explain from a pipe"),
    ] {
        let verify = format!(
            "ulimit -v 131072 && \"$WH\" verify --secret-file secret --sig {NOBODYS} {input}"
        );
        sh(&verify)
            .dir(desk.path())
            .stdout_has("invalid: the signature does not match\n  ")
            .stdout_has(told)
            .exit(4)
            .run();
    }
}

#[test]
fn a_file_is_explained_up_to_16_mib() {
    let desk = desk();
    let path = desk.path().join("big");
    let words = format!("big --sig {NOBODYS}");
    let most = 16 * 1024 * 1024;
    File::create(&path).unwrap().set_len(most + 1).unwrap();
    let output = verify(&desk, &words).capture();
    let told = lines(&output);
    assert!(told[1].contains("too large to explain"), "{told:?}");
    assert!(told[2].starts_with("  hint: "), "{told:?}");
}

/// The age needs no body: not from a file, and not from a pipe.
#[test]
fn what_is_large_and_old_is_told_to_be_old() {
    let desk = desk();
    let body = vec![b'x'; 16 * 1024 * 1024 + 1];
    fs::write(desk.path().join("big"), &body).unwrap();
    let signature = stamped("1769596200", &body);
    let words =
        |file| format!("{file} -P wlcro --sig {signature} --timestamp 1769596200 --at 1769599800");
    for call in [
        verify(&desk, &words("big")),
        verify(&desk, &words("-")).stdin(body),
    ] {
        let output = call.capture();
        let told = lines(&output);
        assert_eq!(told[0], "stale: signature valid, 1h old, tolerance 5m");
        assert!(told[1].starts_with("  fix: Sign Unix time, "), "{told:?}");
        assert_eq!(told.len(), 2, "{told:?}");
    }
}

/// The value that a token scheme would show is the secret itself.
#[test]
fn nothing_of_a_token_is_told() {
    let desk = desk();
    fs::write(desk.path().join("body"), "{}").unwrap();
    for token in [
        "Bearer canary-s3cre",
        "bearer canary-s3cret ",
        "canary-s3cret",
        "Bearer \"canary-s3cret\"",
        "Basic canary-s3cret",
    ] {
        for flags in [&[][..], &["--json"]] {
            let call = verify(&desk, "body -P cepro-inbound --sig").arg(token);
            let output = flags.iter().fold(call, Wh::arg).capture();
            assert_eq!(output.code, 4, "{token}");
            assert_unsaid(&[output.stdout, output.stderr].concat());
        }
    }
}
