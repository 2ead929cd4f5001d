//! Hostile bytes in every place, through every format and back.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::hostile::strings;
use crate::import::{changed, exported, file, import, line};
use crate::support::{Output, corpus, needs, sh, wh};

/// Every hostile string there is: ours, and each line and file of the corpora.
fn strings() -> Vec<Vec<u8>> {
    let mut all = strings::all();
    for (name, below) in [("csv-injection", ""), ("crlf", ""), ("traversal", "")] {
        for file in files(name, below) {
            let text = fs::read(file).unwrap();
            all.extend(text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
        }
    }
    for file in files("jsontestsuite", "test_parsing") {
        all.push(fs::read(file).unwrap());
    }
    all
}

fn files(name: &str, below: &str) -> Vec<std::path::PathBuf> {
    let Some(folder) = corpus(name) else {
        return Vec::new();
    };
    let entries = folder.join(below).read_dir().unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_file()).collect()
}

/// An attempt with a string wherever it can stand.
fn attempt(number: u32, string: &[u8]) -> Value {
    let text = String::from_utf8_lossy(string);
    let value = if string.iter().any(|byte| b"\r\n\0".contains(byte)) {
        json!("left out")
    } else {
        std::str::from_utf8(string)
            .map_or(json!({"b64": STANDARD.encode(string)}), |text| json!(text))
    };
    let path = text.replace(|c: char| c.is_ascii_control(), "_");
    let fields = json!({
        "webhook_id": text, "event": text, "path": text, "target": format!("/{path}"),
        "error": {"kind": "other", "message": text},
        "verdict": {"ok": false, "kind": "invalid", "reason": text},
        "headers": [["X-Hostile", value]],
        "response": {"headers": [["X-Hostile", value]], "body_b64": STANDARD.encode(string), "truncated": false},
    });
    changed(line(number, string), fields)
}

/// A home whose store holds these strings, and the lines that were taken in.
fn home(strings: &[Vec<u8>]) -> (TempDir, Vec<Value>) {
    let home = TempDir::new().unwrap();
    let lines: Vec<_> = (1..)
        .zip(strings)
        .map(|(number, string)| attempt(number, string))
        .collect();
    let output = import(home.path(), file(&lines)).capture();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]), "{output:?}");
    (home, lines)
}

fn export(home: &Path, args: &[&str]) -> Output {
    let output = wh(["export", "-q", "--no-redact"].iter().chain(args))
        .home(home)
        .capture();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]), "{args:?}");
    output
}

/// Whether a text could act on a terminal that it is shown on; line ends aside.
fn acts(text: &str) -> bool {
    let hidden = [
        '\u{202e}',
        '\u{2066}',
        '\u{200b}',
        '\u{feff}',
        '\u{e0041}',
        '\u{2028}',
    ];
    text.contains(|c: char| (c.is_control() && !"\r\n\t".contains(c)) || hidden.contains(&c))
}

#[test]
fn every_byte_comes_back_from_lines_and_archives() {
    let (home, lines) = home(&strings());
    let first = exported(home.path());
    assert_eq!(first.len(), lines.len());
    for (came, was) in first.iter().zip(&lines) {
        assert_eq!(came, was);
    }
    for format in ["jsonl", "har"] {
        let text = export(home.path(), &["--format", format]).stdout;
        let shown = String::from_utf8(text.clone()).unwrap();
        assert!(!acts(&shown), "{format}");
        let again = TempDir::new().unwrap();
        let output = import(again.path(), text).capture();
        assert_eq!((output.code, &*output.stderr), (0, &b""[..]), "{format}");
        assert_eq!(exported(again.path()), first, "{format}");
    }
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    let (home, lines) = home(&strings());
    let text = export(home.path(), &["--format", "csv", "--bodies"]).stdout;
    let shown = String::from_utf8(text.clone()).unwrap();
    assert!(!acts(&shown));
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), lines.len());
    for (row, line) in rows.iter().zip(&lines) {
        for cell in row {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell:?}"
            );
        }
        let event = line["event"].as_str().unwrap();
        let cell = row[5].strip_prefix('\'').unwrap_or(&row[5]);
        if !event.contains(|c: char| c.is_control() || !c.is_ascii()) {
            assert_eq!(cell, event.strip_prefix('\'').unwrap_or(event));
        }
        let body = match &row[20] {
            "text" => row[19]
                .strip_prefix('\'')
                .filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\n']))
                .unwrap_or(&row[19])
                .as_bytes()
                .to_vec(),
            encoding => {
                assert_eq!(encoding, "base64");
                STANDARD.decode(row[19].trim_start_matches('\'')).unwrap()
            }
        };
        assert_eq!(STANDARD.encode(body), line["body_b64"]);
    }
}

/// A curl that appends how it was called to a file: the number of its arguments, each of them, and
/// what is on its stdin in base64; all with a NUL behind.
const CURL: &str = r#"#!/bin/sh
{ printf '%s\0' "$#" "$@"; base64 -w0; printf '\0'; } >>"$CALLS"
"#;

#[test]
fn curl_lines_are_what_a_shell_takes_them_for() {
    if !needs("base64") {
        return;
    }
    let mut all: Vec<_> = strings::OURS.iter().map(|string| string.to_vec()).collect();
    all.extend(strings::bundles());
    for name in ["csv-injection", "crlf"] {
        all.extend(files(name, "").into_iter().flat_map(|file| {
            let text = fs::read(file).unwrap();
            let lines: Vec<_> = text
                .split(|byte| *byte == b'\n')
                .map(<[u8]>::to_vec)
                .collect();
            lines.into_iter().step_by(5)
        }));
    }
    let (home, lines) = home(&all);
    let script = export(home.path(), &["--format", "curl", "--url", "3000/x"]).stdout;
    let shown = String::from_utf8(script.clone()).unwrap();
    assert!(!acts(&shown));

    for shell in ["sh", "bash"] {
        if !needs(shell) {
            continue;
        }
        let place = TempDir::new().unwrap();
        let empty = TempDir::new().unwrap();
        let curl = place.path().join("curl");
        fs::write(&curl, CURL).unwrap();
        fs::set_permissions(&curl, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(place.path().join("script"), &script).unwrap();
        sh(&format!("PATH=\"$PLACE:$PATH\" {shell} \"$PLACE/script\""))
            .env("PLACE", place.path())
            .env("CALLS", place.path().join("calls"))
            .dir(empty.path())
            .run();
        assert_eq!(
            empty.path().read_dir().unwrap().count(),
            0,
            "a line made a file"
        );
        let calls = fs::read(place.path().join("calls")).unwrap();
        let mut words = calls.split(|byte| *byte == 0);
        for line in &lines {
            assert_call(&mut words, line);
        }
        assert_eq!(words.collect::<Vec<_>>(), [b""]);
    }
}

/// Takes the next call from these words, and holds it against the attempt that it makes again.
#[track_caller]
fn assert_call<'w>(words: &mut impl Iterator<Item = &'w [u8]>, line: &Value) {
    let count: usize = std::str::from_utf8(words.next().unwrap())
        .unwrap()
        .parse()
        .unwrap();
    let args: Vec<&[u8]> = words.take(count).collect();
    let stdin = STANDARD.decode(words.next().unwrap()).unwrap();
    let value = match &line["headers"][0][1] {
        Value::String(text) => text.as_bytes().to_vec(),
        value => STANDARD.decode(value["b64"].as_str().unwrap()).unwrap(),
    };
    let header = match &*value {
        b"" => b"X-Hostile;".to_vec(),
        value => [b"X-Hostile: ", value].concat(),
    };
    let expected: [&[u8]; 5] = [b"-sS", b"-X", b"POST", b"-H", &header];
    assert_eq!(args[..5], expected);
    let end: [&[u8]; 3] = [b"--globoff", b"--url", b"http://localhost:3000/x"];
    assert_eq!((args[5], &args[7..]), (&b"--data-binary"[..], &end[..]));
    let body = if args[6] == b"@-" { &stdin } else { args[6] };
    assert_eq!(STANDARD.encode(body), line["body_b64"].as_str().unwrap());
}
