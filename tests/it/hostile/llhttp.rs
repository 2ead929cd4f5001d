//! The inputs of llhttp's own tests: none is the end of the listener, and no delivery is taken where a
//! strict reading finds none.

use std::fs;

use serde_json::Value;

use super::broken::{statuses, talk, told};
use crate::support::{Listener, corpus, raw};

/// One input.
struct Case {
    /// The title, to find it by.
    title: String,
    bytes: Vec<u8>,
    /// How many requests a strict reading finds whole; `None` where the test is of a lenient one.
    whole: Option<usize>,
}

/// What llhttp refuses and we take, by title, with the number of deliveries, and why.
const TAKEN: [(&str, usize, &str); 7] = [
    ("PRI request HTTP2", 1, "of version 1.1 it is any method"),
    (
        "HTTP protocol and ANNOUNCE method",
        1,
        "a method is any token (RFC 9110 §9.1)",
    ),
    ("Invalid method", 1, "a method is any token (RFC 9110 §9.1)"),
    (
        "Missing CR between headers",
        2,
        "a line may end with LF alone (RFC 9112 §2.2)",
    ),
    (
        "No extension after semicolon",
        1,
        "chunk extensions are passed over (RFC 9112 §7.1.1)",
    ),
    (
        "Space after chunk header",
        1,
        "chunk extensions are passed over, and so are blanks before them",
    ),
    (
        "Disallow UTF-8 in URI path in strict mode",
        1,
        "senders do it, and the bytes are kept as they came",
    ),
];

/// The cases of one file: under each title what is tested, the input, and what llhttp makes of it.
fn cases(text: &str) -> Vec<Case> {
    let case = |section: &str| {
        let (_, after) = section.split_once("```http\n")?;
        let (input, after) = after.split_once("```")?;
        let is_strict = section.replace(' ', "").contains(r#""type":"request""#);
        let log = after.split("```log\n").nth(1).unwrap_or_default();
        Some(Case {
            title: section
                .lines()
                .next()?
                .trim_start_matches('#')
                .trim()
                .to_owned(),
            bytes: unescape(input),
            whole: is_strict.then(|| log.matches("message complete").count()),
        })
    };
    text.split("\n#").filter_map(case).collect()
}

/// `\r`, `\n`, `\t`, `\f` and `\xNN` as bytes; a line end is CRLF, or nothing where the line ends with `\` or an
/// escape of its own.
fn unescape(input: &str) -> Vec<u8> {
    let text = input
        .strip_suffix('\n')
        .unwrap_or(input)
        .replace("\\\n", "");
    let text = text
        .replace("\\r\\n\n", "\r\n")
        .replace("\\r\n", "\r")
        .replace("\\n\n", "\n");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = match rest {
            [b'\\', b'r', ..] => Some((b'\r', 2)),
            [b'\\', b'n', ..] => Some((b'\n', 2)),
            [b'\\', b't', ..] => Some((b'\t', 2)),
            [b'\\', b'f', ..] => Some((b'\x0c', 2)),
            [b'\\', b'x', high, low, ..] => {
                let digits = [*high, *low];
                let byte = str::from_utf8(&digits).ok();
                byte.and_then(|digits| u8::from_str_radix(digits, 16).ok())
                    .map(|byte| (byte, 4))
            }
            _ => None,
        };
        if let Some((byte, length)) = escape {
            bytes.push(byte);
            rest = &rest[length..];
        } else {
            if *first == b'\n' && bytes.last() != Some(&b'\r') {
                bytes.push(b'\r');
            }
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

/// The deliveries that were taken.
fn taken(lines: &[Value]) -> usize {
    let deliveries = lines.iter().filter(|line| line["type"] == "delivery");
    deliveries.filter(|line| line["refused"].is_null()).count()
}

#[test]
fn no_request_of_llhttp_is_the_end_or_taken_for_more_than_it_is() {
    let Some(folder) = corpus("llhttp") else {
        return;
    };
    let mut listener = Listener::start([""; 0]);
    let (mut count, mut found) = (0, Vec::new());
    for file in fs::read_dir(folder.join("request")).unwrap() {
        for case in cases(&fs::read_to_string(file.unwrap().path()).unwrap()) {
            talk(&listener, &case.bytes, true);
            let taken = taken(&told(&mut listener));
            let known = TAKEN.iter().find(|(title, ..)| *title == case.title);
            let whole = known.map_or(case.whole, |(_, taken, _)| Some(*taken));
            if whole.is_some_and(|whole| taken > whole) {
                found.push((case.title, taken, whole));
            }
            count += 1;
        }
    }
    assert!(count > 100, "only {count} inputs found");
    assert!(found.is_empty(), "{found:#?}");
    let good = raw(listener.addr(), "GET / HTTP/1.1\r\n\r\n");
    assert_eq!(statuses(&String::from_utf8(good).unwrap()), "200");
    let output = listener.stop();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
}
