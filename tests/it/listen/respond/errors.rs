//! Scripts that cannot be played.

use std::fs::File;

use super::{listen, responding};
use crate::support::{Wh, folder};

const HINT: &str = "hint: `wh listen --help` shows what a script can say\n";

/// A call that ends before anything is listened to.
#[track_caller]
fn fails(call: Wh, code: i32, stderr: &str) {
    call.exit(code).stderr(stderr).run();
}

#[test]
fn a_caret_points_at_what_is_wrong() {
    for (script, message, place) in [
        (
            "500,rset",
            "`rset` is neither a status nor one of reset, hang, close, garbage, truncate, drip, \
             redirect, own, forward; did you mean `reset`?",
            "      ^^^^",
        ),
        (
            "",
            "there is no answer: write for example `500x2,200`",
            "  ^",
        ),
        ("500,,200", "there is no answer beside the comma", "      ^"),
        ("700", "`700` is not a status from 200 to 599", "  ^^^"),
        (
            "500x0",
            "`x0` does not say how often: write for example `x2`",
            "  ^^^^^",
        ),
        (
            "500;dely=2s",
            "`dely` is none of delay, body, header, retry-after, truncate, drip, redirect, p, seed; \
             did you mean `delay`?",
            "      ^^^^^^^",
        ),
        (
            "200;body=\"日本\";delay=soon",
            "`soon` is not a duration: write for example `250ms` or `2s`",
            "                        ^^^^",
        ),
        (
            "reset;body=x",
            "nothing is answered here, so `body` has no meaning",
            "        ^^^^^^",
        ),
        (
            "500;p=2,200",
            "`2` is not a chance: write for example `0.3` or `30%`",
            "        ^",
        ),
        ("200;body=\"a", "the quote is not closed", "           ^"),
    ] {
        let stderr = format!("error: {message}\n  {script}\n{place}\n{HINT}");
        fails(responding(script), 2, &stderr);
    }
}

#[test]
fn what_a_script_holds_does_nothing_to_a_terminal() {
    let script = "500,\u{1b}[2J\u{202e}";
    let stderr = String::from_utf8(responding(script).capture().stderr).unwrap();
    assert!(stderr.contains("\n  500,�[2J�\n      ^^^^^\n"), "{stderr}");
    let acts = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!stderr.contains(acts), "{stderr:?}");
}

#[test]
fn a_setting_is_named() {
    let home = folder([("wh.toml", "[listen]\nrespond = '500,rset'\n")]);
    let stderr = format!(
        "error: the setting `listen.respond`: `rset` is neither a status nor one of reset, hang, \
         close, garbage, truncate, drip, redirect, own, forward; did you mean `reset`?\n  500,rset\n\
         \x20     ^^^^\n{HINT}"
    );
    fails(listen("cepro", &[]).dir(home.path()), 7, &stderr);
}

#[test]
fn a_script_is_given_once() {
    let call = listen("cepro", &["--respond", "200", "--respond", "500"]);
    let stderr = String::from_utf8(call.capture().stderr).unwrap();
    assert!(stderr.contains("--respond <SCRIPT>"), "{stderr}");
    assert!(stderr.contains("cannot be used multiple times"), "{stderr}");
}

#[test]
fn a_body_that_cannot_be_read_is_told_before_anything_comes() {
    let home = folder([("here/x", "")]);
    let missing = "error: cannot read `nope.json`: No such file or directory (os error 2)\n";
    let call = || responding("500,200;body=@nope.json").dir(home.path());
    fails(call(), 7, missing);
    let long = File::create(home.path().join("long")).unwrap();
    long.set_len((8 << 20) + 1).unwrap();
    let stderr = "error: `long` is longer than 8 MiB, which an answer's body may have at most\n";
    fails(responding("200;body=@long").dir(home.path()), 7, stderr);
}

#[test]
fn a_forward_wants_a_target() {
    let stderr =
        "error: `forward` in the script has no target\nhint: -f 3000 says where to forward to\n";
    fails(responding("500,forward"), 2, stderr);
    let home = folder([("wh.toml", "[listen]\nrespond = 'forward'\n")]);
    let stderr = "error: the setting `listen.respond`: `forward` in the script has no target\n\
                  hint: -f 3000 says where to forward to\n";
    fails(listen("cepro", &[]).dir(home.path()), 2, stderr);
}
