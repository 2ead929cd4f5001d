//! Hostile text in what was recorded: the log shows it and does not obey it.

use tempfile::TempDir;

use super::oracle::{Colour, assert_harmless, without_colour};
use super::received::requests;
use super::strings::{bundles, floods};
use crate::support::{Wh, wh};

/// A home whose store holds every hostile string in every place of a request.
fn recorded() -> TempDir {
    let home = TempDir::new().unwrap();
    let listener = wh(["listen", "--port=0", "--json", "--secret=x", "-P=wlcro"])
        .home(home.path())
        .start();
    for string in bundles().into_iter().chain(floods()) {
        for sent in requests(&string) {
            sent.to(&listener);
        }
    }
    assert_eq!(listener.stop().code, 0);
    home
}

/// All of the log.
fn log(home: &TempDir, colour: Colour) -> Wh {
    wh(["log", "--limit=1000000", colour.flag()]).home(home.path())
}

#[test]
fn what_log_shows_is_harmless_and_stays_in_its_place() {
    let home = recorded();
    let json = wh(["log", "--limit=1000000", "--json"])
        .home(home.path())
        .capture();
    assert_harmless(&json.stdout, Colour::Never);
    let attempts = json.stdout.split(|byte| *byte == b'\n').count() - 2;
    assert!(attempts > 100, "{attempts}");
    for (colour, columns) in [
        (Colour::Never, None),
        (Colour::Always, Some(80)),
        (Colour::Never, Some(100)),
        (Colour::Always, Some(150)),
    ] {
        let call = log(&home, colour);
        let output = match columns {
            Some(columns) => call.env("COLUMNS", columns.to_string()).capture(),
            None => call.capture(),
        };
        assert_eq!((output.code, output.stderr.as_slice()), (0, &b""[..]));
        assert_harmless(&output.stdout, colour);
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().map(|line| without_colour(line, colour));
        let rows: Vec<_> = lines.filter(|line| line.starts_with('#')).skip(1).collect();
        assert_eq!(rows.len(), attempts);
        for row in rows {
            let mut words = row.split_whitespace().skip(2);
            let verdict = [words.next(), words.next(), words.next()].map(Option::unwrap_or_default);
            let known = [["<--", "✗", "invalid"], ["<--", "✗", "unsigned"]];
            assert!(known.contains(&verdict), "{row}");
        }
    }
}
