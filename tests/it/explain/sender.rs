//! Who sends learns nothing of an explanation.

use std::thread;

use serde_json::Value;

use super::{NOBODYS, SECRET, assert_unsaid, listen, post, signature};
use crate::support::{Listener, folder, needs, raw, sh};

/// Signatures of `{"a": 1}` that can be explained, and one that cannot; each with whether.
fn signatures() -> [(String, bool); 3] {
    [
        (signature(SECRET, "{\"a\":1}"), true),
        (signature(SECRET, "{\"a\": 1}\n"), true),
        (NOBODYS.to_owned(), false),
    ]
}

const BODY: &str = "{\"a\": 1}";

/// Whether the next delivery is explained.
fn is_found(listener: &mut Listener) -> bool {
    let line: Value = listener.next();
    line["verdict"]["explanation"]["found"] == true
}

/// The whole answer, its date left out.
fn answer(listener: &Listener, request: &str) -> String {
    let answer = String::from_utf8(raw(listener.addr(), request)).unwrap();
    let lines = answer.split_inclusive("\r\n");
    lines.filter(|line| !line.starts_with("date: ")).collect()
}

#[test]
fn the_answer_is_the_same_whether_it_is_explained_or_not() {
    let expected = "HTTP/1.1 401 Unauthorized\r\ncontent-type: text/plain; charset=utf-8\r\n\
                    content-length: 38\r\n\r\ninvalid: the signature does not match\n";
    for words in [&["--json"][..], &["--json", "--respond", "500x3,200"]] {
        let mut listener = listen(words).start();
        for (signature, found) in signatures() {
            let told = answer(&listener, &post(&signature, BODY));
            assert_eq!(told, expected);
            assert_eq!(is_found(&mut listener), found, "{signature}");
        }
        let output = listener.stop();
        assert_unsaid(&[output.stdout, output.stderr].concat());
    }
}

#[test]
fn the_answer_over_http_2_is_the_same_too() {
    if !needs("curl") {
        return;
    }
    let desk = folder([("body", BODY)]);
    let mut listener = listen(&["--json", "--tls"]).start();
    let answer = |signature: &str| {
        let output = sh(
            "exec curl -sk --http2 -D - -H \"X-Webhook-Signature: $SIG\" \
                         --data-binary @body \"$URL\"",
        )
        .env("SIG", signature)
        .env("URL", listener.url())
        .dir(desk.path())
        .capture();
        let answer = String::from_utf8(output.stdout).unwrap();
        let lines = answer.split_inclusive("\r\n");
        let lines = lines.filter(|line| !line.starts_with("date: "));
        lines.collect::<String>()
    };
    let answers: Vec<_> = signatures().map(|(signature, _)| answer(&signature)).into();
    assert!(answers[0].starts_with("HTTP/2 401"), "{}", answers[0]);
    assert!(answers[0].ends_with("\r\n\r\ninvalid: the signature does not match\n"));
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    for (signature, found) in signatures() {
        assert_eq!(is_found(&mut listener), found, "{signature}");
    }
}

/// More failures than can be explained: each is answered, told and counted.
#[test]
fn a_flood_of_wrong_signatures_is_told_to_its_last() {
    const SENDERS: usize = 8;
    const EACH: usize = 50;
    let listener = listen(&["--json"]).start();
    let (addr, request) = (listener.addr(), post(NOBODYS, BODY));
    thread::scope(|scope| {
        for _ in 0..SENDERS {
            scope.spawn(|| {
                for _ in 0..EACH {
                    let told = raw(addr, &request);
                    assert!(told.starts_with(b"HTTP/1.1 401 Unauthorized\r\n"));
                }
            });
        }
    });
    let output = listener.stop();
    let lines = str::from_utf8(&output.stdout).unwrap().lines();
    let lines: Vec<Value> = lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told = lines.iter().filter(|line| line["type"] == "delivery");
    let mut findings = told.map(|line| {
        let explanation = &line["verdict"]["explanation"];
        explanation["finding"].as_str().unwrap().to_owned()
    });
    let is_either = |finding: &String| {
        finding.starts_with("nothing fits") || finding == "not explained: too many fail at once"
    };
    assert!(findings.clone().all(|finding| is_either(&finding)));
    assert_eq!(findings.clone().count(), SENDERS * EACH);
    assert!(findings.any(|finding| finding.starts_with("nothing fits")));
    assert_eq!(lines.last().unwrap()["refused"], SENDERS * EACH);
}
