//! What moves on a terminal meanwhile, and Ctrl-C.

use std::fs;

use super::{SECRET, TWO, is_signed};
use crate::support::{Answer, Receiver, Watched, folder};

/// The control character that a terminal makes the interrupt of.
const CONTROL_C: &[u8] = b"\x03";

const PLAIN: &[(&str, &str)] = &[("WH_SECRET", SECRET), ("TERM", "xterm")];

/// Answers what is signed, and is silent otherwise.
fn half_asleep() -> Receiver {
    Receiver::start_by(|request, _| {
        if is_signed(request) {
            200.into()
        } else {
            Answer::Hang
        }
    })
}

#[test]
fn a_bar_tells_the_rule_and_what_was_found_is_told_when_it_is_interrupted() {
    let receiver = half_asleep();
    let home = folder([("check.xml", "<earlier/>")]);
    let url = receiver.url();
    let words = [
        "check",
        &url,
        TWO,
        "--junit",
        "check.xml",
        "--timeout",
        "1h",
    ];
    let mut watched = Watched::start(&words, &home, 120, PLAIN);
    watched.row(|row| row.contains(" 1/2  ") && row.ends_with("refuses-no-signature"));
    watched.keys(CONTROL_C);
    let (code, rows, _) = watched.end();
    assert_eq!(code, Some(130), "{rows:#?}");
    let has = |begin: &str| rows.iter().any(|row| row.starts_with(begin));
    assert!(has("accepts-event  pass "), "{rows:#?}");
    assert!(
        has(&format!(
            "interrupted: check of {url}/ as cepro: 1 passed, 0 failed, "
        )),
        "{rows:#?}"
    );
    assert!(!rows.iter().any(|row| row.contains("1/2")), "{rows:#?}");
    let note = "note: no file is written: the check was interrupted";
    assert!(has(note), "{rows:#?}");
    // Half a check is none.
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn nothing_moves_where_it_must_not() {
    let receiver = super::right();
    let home = folder([("a", "")]);
    let url = receiver.url();
    for words in [&["--json"][..], &["-q"]] {
        let words = [&["check", &url, TWO], words].concat();
        let (code, rows, bytes) = Watched::start(&words, &home, 200, PLAIN).end();
        assert_eq!(code, Some(0), "{rows:#?}");
        assert!(!bytes.contains(&0x1b), "{rows:#?}");
    }
}
