//! Other people's requests, good and bad: no panic, no hang, and closed after what cannot be read.

use std::path::Path;
use std::{env, fs};

use super::super::Limits;
use super::{SOON, Server, within};

/// The inputs of one file of llhttp's tests: fenced blocks, whose line ends stand for CRLF.
fn inputs(text: &str) -> Vec<Vec<u8>> {
    let blocks = text.split("```http\n").skip(1);
    blocks
        .filter_map(|block| block.split_once("```"))
        .map(|(input, _)| unescape(input))
        .collect()
}

/// `\r`, `\n` and `\xNN` as bytes; a line end is CRLF, or nothing where the line ends with `\` or an escape of its own.
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
    let mut rest = text.as_str();
    let mut last = '\0';
    while let Some(next) = rest.chars().next() {
        let hex = rest
            .get(2..4)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let length = match (rest.as_bytes(), hex) {
            ([b'\\', b'r', ..], _) => (bytes.push(b'\r'), 2).1,
            ([b'\\', b'n', ..], _) => (bytes.push(b'\n'), 2).1,
            ([b'\\', b't', ..], _) => (bytes.push(b'\t'), 2).1,
            ([b'\\', b'f', ..], _) => (bytes.push(b'\x0c'), 2).1,
            ([b'\\', b'x', ..], Some(byte)) => (bytes.push(byte), 4).1,
            _ => {
                if next == '\n' && last != '\r' {
                    bytes.push(b'\r');
                }
                bytes.extend_from_slice(next.encode_utf8(&mut [0; 4]).as_bytes());
                next.len_utf8()
            }
        };
        last = next;
        rest = &rest[length..];
    }
    bytes
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
async fn every_request_of_llhttp_ends() {
    let Some(corpora) = env::var_os("WH_CORPORA") else {
        println!("skipped: needs the corpora");
        return;
    };
    let limits = Limits {
        head_read: SOON,
        keep_alive: SOON,
        body_idle: SOON,
        ..Limits::default()
    };
    let server = Server::start(limits).await;
    let mut count = 0;
    for file in fs::read_dir(Path::new(&corpora).join("llhttp/request")).expect("the corpus") {
        let path = file.expect("a readable folder").path();
        for input in inputs(&fs::read_to_string(&path).expect("text")) {
            let mut peer = server.connect().await;
            peer.send(&input).await;
            // However it ends, it ends; a reset is an end too.
            drop(within(&format!("{} to end", path.display()), peer.read_to_end()).await);
            count += 1;
        }
    }
    assert!(count > 100, "only {count} inputs found");
    assert!(!server.task.is_finished(), "the server still runs");
}
