//! A receiver on another machine is checked only where somebody agrees.

use super::{REQUESTS, SECRET, TWO, check, right};
use crate::support::{folder, with_terminal};

#[test]
fn nobody_is_asked_away_from_a_terminal() {
    for host in ["example.com", "10.0.0.1:8080", "[fe80::1]", "a.localhost:1"] {
        check(&format!("http://{host}/hooks"), &[])
            .stderr(format!(
                "error: nobody is asked whether to check {} (2 rules, {REQUESTS} requests)\n\
                 hint: --yes checks another machine without asking\n",
                host.replace(":8080", "").replace("t:1", "t")
            ))
            .exit(2)
            .run();
    }
}

#[test]
fn a_yes_is_enough_and_this_machine_needs_none() {
    let receiver = right();
    // Another name of this machine, by which it may not be known.
    let wildcard = receiver.url().replace("127.0.0.1", "0.0.0.0");
    check(&wildcard, &[])
        .stderr_has("nobody is asked")
        .exit(2)
        .run();
    assert_eq!(receiver.requests().len(), 0);
    check(&wildcard, &["--yes", "-q"])
        .stdout_has("2 passed")
        .run();
    check(&receiver.url(), &["-q"]).stdout_has("2 passed").run();
    assert_eq!(receiver.requests().len(), 2 * REQUESTS);
}

#[test]
fn on_a_terminal_it_asks_with_host_and_requests() {
    let receiver = right();
    let wildcard = receiver.url().replace("127.0.0.1", "0.0.0.0");
    let home = folder([("secret", SECRET)]);
    for (keys, exit, requests, end) in [
        // A script that goes on after a check does not go on after none.
        (&b"n\n"[..], 2, 0, "note: nothing was sent\r\n"),
        (b"\n", 2, 0, "note: nothing was sent\r\n"),
        (b"y\n", 0, REQUESTS, " as cepro\r\n"),
    ] {
        let words = ["check", &wildcard, TWO, "--secret-file", "secret"];
        let (code, _, screen) = with_terminal(&words, &home, "[y/N] ", keys);
        assert_eq!(code, Some(exit), "{screen}");
        let asked = format!("check 0.0.0.0 (2 rules, {REQUESTS} requests)? [y/N] ");
        assert!(screen.starts_with(&asked), "{screen}");
        assert!(screen.contains(end), "{screen}");
        assert_eq!(receiver.requests().len(), requests, "{screen}");
    }
}
