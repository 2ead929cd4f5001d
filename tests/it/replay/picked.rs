//! A delivery picked on the terminal.

use crate::support::{Receiver, needs, with_terminal};

use super::Desk;

/// Three deliveries, of which the first and the last failed.
fn three() -> (Desk, Receiver) {
    let receiver = Receiver::start([500, 200, 500, 200]);
    let desk = Desk::new();
    for event in ["estimate.created", "invoice.paid", "job.done"] {
        desk.sends(&format!("{event} --force"), &receiver);
    }
    (desk, receiver)
}

const WORDS: &[&str] = &["replay", "--secret-file", "secret"];

/// Picks with these keys; the code, stdout, and what the terminal showed.
fn pick(desk: &Desk, receiver: &Receiver, keys: &str) -> (Option<i32>, String, String) {
    // The list ends with the oldest.
    let last = format!("estimate.created  500  {}/hooks\r\n", receiver.url());
    with_terminal(WORDS, desk.dir(), &last, keys.as_bytes())
}

#[test]
fn the_newest_failure_comes_first_and_some_of_its_name_finds_another() {
    if !needs("setsid") {
        return;
    }
    for (keys, picked) in [("\r", "[#3]"), ("estim\r", "[#1]"), ("\x1b[B\r", "[#1]")] {
        let (desk, receiver) = three();
        let (code, stdout, screen) = pick(&desk, &receiver, keys);
        assert_eq!(code, Some(0), "{screen}");
        assert!(stdout.contains(picked), "{keys:?} {stdout}");
        assert!(
            !screen.contains("invoice.paid"),
            "it did not fail: {screen}"
        );
        assert!(
            screen.contains("\x1b[?25h"),
            "the cursor is there: {screen}"
        );
    }
}

#[test]
fn whoever_leaves_sends_nothing_and_has_the_cursor_back() {
    if !needs("setsid") {
        return;
    }
    for keys in ["\x1b", "\x03"] {
        let (desk, receiver) = three();
        let (code, stdout, screen) = pick(&desk, &receiver, keys);
        assert_eq!((code, stdout.as_str()), (Some(130), ""), "{screen}");
        assert!(screen.contains("\x1b[?25h"), "{screen:?}");
        assert_eq!(receiver.requests().len(), 3);
    }
}
