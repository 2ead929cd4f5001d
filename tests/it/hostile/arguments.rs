//! Hostile text on the command line: shown harmless, whether it is refused or taken.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use super::oracle::{Colour, assert_harmless};
use super::strings::{OURS, all};
use crate::support::wh;

/// Command lines in which `@` is replaced by a string.
const LINES: &[&str] = &[
    "@",
    "send @ --url 9",
    "send @ --url 9 --force --dry-run",
    "send estimate.created --url @ --dry-run",
    "send estimate.created --url http://localhost/@?@#@ --dry-run",
    "send estimate.created --url 9 --dry-run -H @",
    "send estimate.created --url 9 --dry-run -H @:x",
    "send estimate.created --url 9 --dry-run -H X-Data:@",
    "send estimate.created --url 9 --dry-run --id=@",
    "send estimate.created --url 9 --dry-run --timestamp=@",
    "send estimate.created --url 9 --dry-run --override=@",
    "send estimate.created --url 9 --dry-run --override=data.total=@",
    "send estimate.created --url 9 --dry-run --add=@=@",
    "send estimate.created --url 9 --dry-run --remove=@",
    "send estimate.created --url 9 --dry-run --data=@",
    "send --url 9 --dry-run --data={\"event\":\"@\"}",
    "send estimate.created --url 9 --dry-run --attempt=@",
    "send estimate.created --url 9 --dry-run --tamper=@",
    "send estimate.created --url 9 --dry-run --expect=@",
    "sign @",
    "sign /dev/null --headers --id=@",
    "sign /dev/null --curl --url=9 --id=@",
    "sign /dev/null --curl --url=@",
    "sign /dev/null --curl --url=9 -H X-Data:@",
    "verify @ --sig=x",
    "verify /dev/null --sig=@",
    "verify /dev/null -P wlcro --sig=@ --timestamp=@",
    "verify /dev/null --sig=x --id=@ --at=@",
    "verify /dev/null --sig=x --tolerance=@",
    "verify /dev/null -H X-Webhook-Signature:@",
    "verify --delivery=@",
    "listen --port=@",
    "listen --host=@",
    "listen --events=@ --port=x",
    "listen --public-url=@ --port=x",
    "listen --dedupe=@",
    "log @",
    "log --event=@ --search=@ --since=@",
    "log --wait=@ --timeout=0",
    "log --timeout=@ --wait=x",
    "log --limit=@",
    "events @",
    "events -P @",
    "events --provider-file=@",
    "events --config=@",
    "events --color=@",
    "provider @",
    "provider show @",
    "provider validate @",
    "provider new @ --output=-",
    "completions @",
    "man @",
    "demo @",
];

/// A command line with the string in the place of every `@`.
fn line(words: &str, string: &[u8]) -> Vec<OsString> {
    let filled = |word: &str| {
        let parts: Vec<&[u8]> = word.as_bytes().split(|byte| *byte == b'@').collect();
        OsStr::from_bytes(&parts.join(string)).to_owned()
    };
    words.split(' ').map(filled).collect()
}

#[track_caller]
fn run(words: &str, string: &[u8], colour: Colour) {
    let mut args = line(words, string);
    args.insert(0, colour.flag().into());
    let output = wh(args).env("WH_SECRET", "x").capture();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        [0, 2, 4, 5, 6, 7, 8].contains(&output.code),
        "{words}: {text}"
    );
    assert_harmless(&output.stdout, colour);
    assert_harmless(&output.stderr, colour);
}

/// The string without what ends an argument.
fn without_nul(string: &[u8]) -> Vec<u8> {
    string.iter().copied().filter(|byte| *byte != 0).collect()
}

#[test]
fn every_place_of_the_command_line_is_harmless() {
    let everything = without_nul(&OURS.concat());
    let text: Vec<u8> = String::from_utf8_lossy(&everything).into_owned().into();
    let one_line: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !b"\r\n".contains(byte))
        .collect();
    for words in LINES {
        for colour in Colour::BOTH {
            run(words, &everything, colour);
            run(words, &text, colour);
            run(words, &one_line, colour);
        }
    }
}

#[test]
fn every_string_is_harmless_where_it_is_refused_and_where_it_is_taken() {
    for string in OURS {
        let string = without_nul(string);
        run("send @ --url 9", &string, Colour::Always);
        run("sign @", &string, Colour::Never);
        run("events --@", &string, Colour::Always);
        run(
            "sign /dev/null --curl --url=9 -H X-Data:@",
            &string,
            Colour::Never,
        );
    }
}

#[test]
fn every_string_of_the_corpora_is_harmless_in_an_argument() {
    let strings: Vec<_> = all().iter().map(|string| without_nul(string)).collect();
    for several in strings.chunks(100) {
        let argument = several.join(&b' ');
        let argument = &argument[..argument.len().min(100_000)];
        run("send @ --url 9", argument, Colour::Always);
        run("events --@", argument, Colour::Never);
    }
}
