use std::collections::BTreeSet;
use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::{RARE, ROWS, SMALL, body_forms};

/// The form of a body by its cause's id.
fn form(id: &str, body: &[u8]) -> Option<Vec<u8>> {
    body_forms(body)
        .find(|(cause, _)| cause.id == id)
        .map(|(_, form)| form.into_owned())
}

#[track_caller]
fn assert_forms(rows: &[(&str, &[u8], &[u8])]) {
    for (id, body, want) in rows {
        let have = form(id, body).map(|form| String::from_utf8_lossy(&form).into_owned());
        let want = String::from_utf8_lossy(want);
        assert_eq!(have.as_deref(), Some(&*want), "{id}");
    }
}

#[test]
fn ends_of_lines_have_forms() {
    assert_forms(&[
        ("body-newline-removed", b"{}\n", b"{}"),
        ("body-newline-removed", b"a\r\n", b"a"),
        ("body-newline-added", b"{}", b"{}\n"),
        ("body-crlf-added", b"{}", b"{}\r\n"),
        ("body-end-trimmed", b" a \n\n", b" a"),
        ("body-trimmed", b" a \n\n", b"a"),
        ("body-crlf-to-lf", b"a\r\nb\r\n", b"a\nb\n"),
        ("body-crlf-to-lf", b"a\rb\r\n", b"a\rb\n"),
        ("body-lf-to-crlf", b"a\nb\r\nc", b"a\r\nb\r\nc"),
        ("body-lines-joined", b"{\n \"a\":1\r\n}\n", b"{ \"a\":1}"),
        ("body-bom-removed", b"\xef\xbb\xbf{}", b"{}"),
        ("body-bom-added", b"{}", b"\xef\xbb\xbf{}"),
    ]);
}

/// One body with all that writers differ in.
const JSON: &[u8] = "{\"url\": \"http://x/<é>\", \"total\": 2500.00, \"rate\": 250.0, \"n\": 5, \"none\": null, \"o\": {}, \"s\": \"\", \"e\": \"\\u00fc\"}".as_bytes();

/// What each writer makes of it; those of Node 20 and Python 3 by running them.
const WRITTEN: &str = r#"
body-json-compact {"url":"http://x/<é>","total":2500.00,"rate":250.0,"n":5,"none":null,"o":{},"s":"","e":"\u00fc"}
body-json-javascript {"url":"http://x/<é>","total":2500,"rate":250,"n":5,"none":null,"o":{},"s":"","e":"ü"}
body-json-python {"url": "http://x/<\u00e9>", "total": 2500.0, "rate": 250.0, "n": 5, "none": null, "o": {}, "s": "", "e": "\u00fc"}
body-json-python-utf8 {"url": "http://x/<é>", "total": 2500.0, "rate": 250.0, "n": 5, "none": null, "o": {}, "s": "", "e": "ü"}
body-json-python-compact {"url":"http://x/<\u00e9>","total":2500.0,"rate":250.0,"n":5,"none":null,"o":{},"s":"","e":"\u00fc"}
body-json-sorted {"e":"\u00fc","n":5,"none":null,"o":{},"rate":250.0,"s":"","total":2500.00,"url":"http://x/<é>"}
body-json-sorted-javascript {"e":"ü","n":5,"none":null,"o":{},"rate":250,"s":"","total":2500,"url":"http://x/<é>"}
body-json-sorted-python {"e": "\u00fc", "n": 5, "none": null, "o": {}, "rate": 250.0, "s": "", "total": 2500.0, "url": "http://x/<\u00e9>"}
body-json-sorted-python-compact {"e":"\u00fc","n":5,"none":null,"o":{},"rate":250.0,"s":"","total":2500.0,"url":"http://x/<\u00e9>"}
body-json-go {"e":"ü","n":5,"none":null,"o":{},"rate":250,"s":"","total":2500,"url":"http://x/\u003cé\u003e"}
body-json-ascii {"url":"http://x/<\u00e9>","total":2500.00,"rate":250.0,"n":5,"none":null,"o":{},"s":"","e":"\u00fc"}
body-json-utf8 {"url":"http://x/<é>","total":2500.00,"rate":250.0,"n":5,"none":null,"o":{},"s":"","e":"ü"}
body-json-php {"url":"http:\/\/x\/<\u00e9>","total":2500,"rate":250,"n":5,"none":null,"o":{},"s":"","e":"\u00fc"}
body-json-php-slashes {"url":"http://x/<\u00e9>","total":2500,"rate":250,"n":5,"none":null,"o":{},"s":"","e":"\u00fc"}
body-json-php-unicode {"url":"http:\/\/x\/<é>","total":2500,"rate":250,"n":5,"none":null,"o":{},"s":"","e":"ü"}
body-json-php-arrays {"url":"http:\/\/x\/<\u00e9>","total":2500,"rate":250,"n":5,"none":null,"o":[],"s":"","e":"\u00fc"}
body-json-php-arrays-both {"url":"http://x/<é>","total":2500,"rate":250,"n":5,"none":null,"o":[],"s":"","e":"ü"}
body-json-laravel {"url":"http:\/\/x\/<\u00e9>","total":2500,"rate":250,"n":5,"none":null,"o":{},"s":null,"e":"\u00fc"}
body-json-html {"url":"http://x/\u003cé\u003e","total":2500,"rate":250,"n":5,"none":null,"o":{},"s":"","e":"ü"}
body-json-rails {"url":"http://x/\u003cé\u003e","total":2500.0,"rate":250.0,"n":5,"none":null,"o":{},"s":"","e":"ü"}
body-json-ruby {"url":"http://x/<é>","total":2500.0,"rate":250.0,"n":5,"none":null,"o":{},"s":"","e":"ü"}
body-json-gson-doubles {"url":"http://x/\u003cé\u003e","total":2500.0,"rate":250.0,"n":5.0,"none":null,"o":{},"s":"","e":"ü"}
body-json-dotnet {"url":"http://x/\u003C\u00E9\u003E","total":2500.00,"rate":250.0,"n":5,"none":null,"o":{},"s":"","e":"\u00FC"}
body-json-numbers-javascript {"url": "http://x/<é>", "total": 2500, "rate": 250, "n": 5, "none": null, "o": {}, "s": "", "e": "\u00fc"}
body-json-numbers-python {"url": "http://x/<é>", "total": 2500.0, "rate": 250.0, "n": 5, "none": null, "o": {}, "s": "", "e": "\u00fc"}
body-json-escapes-written-out {"url": "http://x/<é>", "total": 2500.00, "rate": 250.0, "n": 5, "none": null, "o": {}, "s": "", "e": "ü"}
body-json-escapes-added {"url": "http://x/<\u00e9>", "total": 2500.00, "rate": 250.0, "n": 5, "none": null, "o": {}, "s": "", "e": "\u00fc"}
body-json-without-nulls {"url":"http://x/<é>","total":2500.00,"rate":250.0,"n":5,"o":{},"s":"","e":"\u00fc"}
body-json-without-nulls-javascript {"url":"http://x/<é>","total":2500,"rate":250,"n":5,"o":{},"s":"","e":"ü"}
body-json-without-nulls-python {"url": "http://x/<\u00e9>", "total": 2500.0, "rate": 250.0, "n": 5, "o": {}, "s": "", "e": "\u00fc"}
"#;

#[test]
fn json_is_written_again_in_each_way() {
    for line in WRITTEN.trim().lines() {
        let (id, want) = line.split_once(' ').expect("a line has an id and a form");
        let have = form(id, JSON).map(|form| String::from_utf8_lossy(&form).into_owned());
        assert_eq!(have.as_deref(), Some(want), "{id}");
    }
}

#[test]
fn json_is_laid_out_in_each_way() {
    let body = br#"{"b":1,"a":["x"]}"#;
    assert_forms(&[
        ("body-json-spaced", body, br#"{"b": 1, "a": ["x"]}"#),
        ("body-json-compact-newline", b"{\"a\": 1}", b"{\"a\":1}\n"),
        (
            "body-json-pretty-2",
            body,
            b"{\n  \"b\": 1,\n  \"a\": [\n    \"x\"\n  ]\n}",
        ),
        (
            "body-json-pretty-2-newline",
            body,
            b"{\n  \"b\": 1,\n  \"a\": [\n    \"x\"\n  ]\n}\n",
        ),
        (
            "body-json-pretty-4",
            body,
            b"{\n    \"b\": 1,\n    \"a\": [\n        \"x\"\n    ]\n}",
        ),
        (
            "body-json-tabs",
            body,
            b"{\n\t\"b\": 1,\n\t\"a\": [\n\t\t\"x\"\n\t]\n}",
        ),
        ("body-json-sorted-spaced", body, br#"{"a": ["x"], "b": 1}"#),
        (
            "body-json-sorted-pretty-2-newline",
            body,
            b"{\n  \"a\": [\n    \"x\"\n  ],\n  \"b\": 1\n}\n",
        ),
        (
            "body-json-php-pretty",
            b"{\"a\":\"/\"}",
            b"{\n    \"a\": \"\\/\"\n}",
        ),
        (
            "body-json-dotnet-pretty",
            b"{\"a\":1}",
            b"{\r\n  \"a\": 1\r\n}",
        ),
        (
            "body-json-javascript-pretty",
            b"{\"a\":1.0}",
            b"{\n  \"a\": 1\n}",
        ),
        (
            "body-json-python-pretty-2",
            b"{\"a\":1.00}",
            b"{\n  \"a\": 1.0\n}",
        ),
        (
            "body-json-python-pretty-4",
            b"{\"a\":1.00}",
            b"{\n    \"a\": 1.0\n}",
        ),
    ]);
}

/// A body in one of the forms is brought back from it, as far as the form says all of it.
#[test]
fn a_body_is_had_back_from_what_frameworks_made_of_it() {
    let spaced = br#"{"a": "\u00e9", "b": [1, 2]}"#;
    let compact = r#"{"a":"é","b":[1,2]}"#;
    assert_forms(&[
        ("body-json-python", compact.as_bytes(), spaced),
        ("body-json-javascript", spaced, compact.as_bytes()),
        (
            "body-json-compact",
            b"\xef\xbb\xbf{\n\t\"a\": 1\n}",
            b"{\"a\":1}",
        ),
    ]);
}

#[test]
fn what_was_wrapped_is_unwrapped() {
    assert_forms(&[
        (
            "body-form-payload",
            b"payload=%7B%22a%22%3A+1%7D&x=1",
            b"{\"a\": 1}",
        ),
        ("body-form-payload", b"data=%7B%7D", b"{}"),
        ("body-form-payload", b"%7B%22a%22%3A1%7D=", b"{\"a\":1}"),
        (
            "body-form-encoded",
            b"{\"a\": 1}",
            b"payload=%7B%22a%22%3A+1%7D",
        ),
        ("body-percent-decoded", b"a=%7B%7D&b=1", b"a={}&b=1"),
        ("body-base64-decoded", b"eyJhIjoxfQ==", b"{\"a\":1}"),
        ("body-base64-encoded", b"{\"a\":1}", b"eyJhIjoxfQ=="),
        (
            "body-gateway-event",
            br#"{"headers":{},"body":"{\"a\": 1}"}"#,
            b"{\"a\": 1}",
        ),
        (
            "body-gateway-event",
            br#"{"body":"eyJhIjoxfQ==","isBase64Encoded":true}"#,
            b"{\"a\":1}",
        ),
        (
            "body-json-quoted",
            "{\"a\":\"\\né\"}".as_bytes(),
            "\"{\\\"a\\\":\\\"\\\\né\\\"}\"".as_bytes(),
        ),
        (
            "body-json-quoted-ascii",
            "\"é\"".as_bytes(),
            b"\"\\\"\\u00e9\\\"\"",
        ),
        ("body-json-unquoted", br#""{\"a\":1}""#, b"{\"a\":1}"),
        (
            "body-after-head",
            b"POST / HTTP/1.1\r\nHost: x\r\n\r\n{}",
            b"{}",
        ),
        ("body-utf16-decoded", b"\xff\xfe{\0}\0", b"{}"),
        ("body-utf16-decoded", b"\0{\0}", b"{}"),
        ("body-latin1-read", "é".as_bytes(), "Ã©".as_bytes()),
        ("body-latin1-read", b"\xe9", "é".as_bytes()),
        ("body-latin1-written", "é".as_bytes(), b"\xe9"),
        ("body-latin1-written", "Ã©".as_bytes(), "é".as_bytes()),
        (
            "body-html-unescaped",
            b"{&quot;a&quot;:&quot;&amp;lt;&#039;&quot;}",
            b"{\"a\":\"&lt;'\"}",
        ),
        (
            "body-html-escaped",
            b"{\"a\":\"<&>\"}",
            b"{&quot;a&quot;:&quot;&lt;&amp;&gt;&quot;}",
        ),
    ]);
}

#[test]
fn what_was_compressed_is_decompressed() {
    fn packed<W: Write>(mut writer: W, finish: fn(W) -> std::io::Result<Vec<u8>>) -> Vec<u8> {
        writer.write_all(b"{\"a\":1}").expect("a vector takes all");
        finish(writer).expect("a vector takes all")
    }
    let level = Compression::default();
    assert_forms(&[
        (
            "body-gzip-decoded",
            &packed(GzEncoder::new(Vec::new(), level), GzEncoder::finish),
            b"{\"a\":1}",
        ),
        (
            "body-deflate-decoded",
            &packed(ZlibEncoder::new(Vec::new(), level), ZlibEncoder::finish),
            b"{\"a\":1}",
        ),
        (
            "body-deflate-decoded",
            &packed(
                DeflateEncoder::new(Vec::new(), level),
                DeflateEncoder::finish,
            ),
            b"{\"a\":1}",
        ),
    ]);
}

/// What a compressed body may become goes by its length: 1 MiB if it is short, four times as much if it
/// is long, and never more than is searched.
#[test]
fn a_bomb_has_no_form() {
    const MIB: usize = 1024 * 1024;
    let spaces = |count: usize| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        let spaces = vec![b' '; count];
        packed.write_all(&spaces).expect("a vector takes all");
        packed.finish().expect("a vector takes all")
    };
    let length = |body: &[u8]| form("body-gzip-decoded", body).map(|form| form.len());
    assert_eq!(length(&spaces(MIB)), Some(MIB));
    assert_eq!(length(&spaces(MIB + 1)), None);
    // What follows the end of the stream is no part of it.
    let long = |count| [spaces(count), vec![0; MIB]].concat();
    assert_eq!(length(&long(4 * MIB)), Some(4 * MIB));
    assert_eq!(length(&long(5 * MIB)), None);
    let longest = |count| [spaces(count), vec![0; 5 * MIB]].concat();
    assert_eq!(length(&longest(16 * MIB)), Some(16 * MIB));
    assert_eq!(length(&longest(16 * MIB + 1)), None);
}

#[test]
fn what_was_lost_has_forms() {
    assert_forms(&[
        ("body-not-utf8-replaced", b"a\xffb", "a\u{fffd}b".as_bytes()),
        ("body-not-ascii-replaced", "é😀".as_bytes(), b"???"),
        ("body-not-ascii-left-out", "aéb".as_bytes(), b"ab"),
        ("body-nul-removed", b"{}\0", b"{}"),
        ("body-nul-added", b"[]", b"[]\0"),
        ("body-space-removed", b"{ \"a b\" }", b"{\"ab\"}"),
        ("body-empty", b"[]", b""),
        ("body-empty-object", b"[]", b"{}"),
        ("body-object-text", b"[]", b"[object Object]"),
        ("body-undefined", b"[]", b"undefined"),
        ("body-null", b"[]", b"null"),
        (
            "body-python-repr",
            b"{\"a\": \"it's\\\n\xc3\xa9\"}",
            br#"b'{"a": "it\'s\\\n\xc3\xa9"}'"#,
        ),
        ("body-python-repr", b"it's", br#"b"it's""#),
    ]);
}

#[test]
fn each_cause_has_a_name_of_its_own_and_says_what_to_change() {
    let mut ids = BTreeSet::new();
    let mut words = BTreeSet::new();
    for row in ROWS.iter().chain(&RARE).copied().flatten() {
        assert!(ids.insert(row.id), "{} is there twice", row.id);
        assert!(words.insert(row.words), "{} says what another says", row.id);
        assert!(row.id.starts_with("body-"), "{}", row.id);
        assert!(!row.words.ends_with('.'), "{}", row.id);
        assert!(row.fix.starts_with(char::is_uppercase), "{}", row.id);
        assert!(row.fix.ends_with('.'), "{}", row.id);
    }
}

#[test]
fn a_large_body_has_no_rare_forms() {
    let has = |id, length| form(id, &b"a".repeat(length)).is_some();
    assert!(has("body-python-repr", SMALL));
    assert!(!has("body-python-repr", SMALL + 1));
    assert!(has("body-empty", SMALL + 1));
}

#[test]
fn each_form_comes_once_and_none_is_the_body() {
    for body in [
        JSON,
        b"",
        b"{}",
        b"[]\n",
        b"null",
        b"\"a\"",
        b"1.0",
        b"{\"a\":1}",
        b"a=b",
        b"\xff\xfe",
        b" ",
        b"{\"a\":{\"c\":1e5,\"b\":-0}}",
    ] {
        let mut seen = BTreeSet::from([body.to_vec()]);
        for (cause, form) in body_forms(body) {
            assert!(seen.insert(form.into_owned()), "{} of {body:?}", cause.id);
        }
    }
}

/// Every row has a body of which it makes a form.
#[test]
fn no_row_is_idle() {
    let bodies: &[&[u8]] = &[
        JSON,
        b"[1.0, 1E7]",
        br#"{"b":1.00,"a":"<='\u00e9/","d":{},"c":12345678.5}"#,
        br#"{"b": null, "a": 1.00}"#,
        br#"{"b": 1.0, "1": "/\u00e9"}"#,
        br#"{"b": null, "a": "\u00e9/"}"#,
    ];
    let text: BTreeSet<_> = bodies
        .iter()
        .flat_map(|body| body_forms(body))
        .map(|(cause, _)| cause.id)
        .collect();
    let idle: Vec<_> = super::json::WRITTEN
        .iter()
        .chain(super::json::SORTED)
        .chain(super::json::RARE)
        .chain(super::dialects::ROWS)
        .chain(super::dialects::RARE)
        .filter(|row| !text.contains(row.id))
        .map(|row| row.id)
        .collect();
    assert_eq!(idle, [""; 0]);
}
