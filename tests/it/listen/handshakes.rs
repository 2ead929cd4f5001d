//! What platforms ask of an endpoint before they send to it.

use jiff::Timestamp;
use serde_json::json;
use wh::message::Headers;
use wh::signature::{Facts, Key, Secret, sign};

use super::{SECRET, answer, status};
use crate::known_answers::example;
use crate::support::{Wh, folder, masked, wh};

/// A call of `wh listen` for a provider of the tests' vendors.
fn listen(provider: &str, words: &[&str]) -> Wh {
    let file = format!(
        "{}/tests/vectors/providers/{provider}.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    let args = ["listen", "--port", "0", "--provider-file", &file];
    wh([&args, words].concat()).env("WH_SECRET", SECRET)
}

/// The bytes of a POST that is signed as the provider signs; with another secret, wrongly.
fn signed(provider: &str, secret: &str, body: &str) -> String {
    let provider = example(provider);
    let scheme = provider.signing_scheme();
    let key = Key::new(scheme, &Secret::new(secret)).unwrap();
    let timestamp = Timestamp::now().as_second().to_string();
    let facts = Facts {
        timestamp: &timestamp,
        id: None,
        url: None,
        method: "POST",
        headers: &Headers::new(),
    };
    let line = sign(scheme, &key, &facts, body.as_bytes()).unwrap();
    let time = provider.timestamp.as_ref().unwrap().from.to_string();
    let time = time.strip_prefix("header ").unwrap();
    let value = String::from_utf8(line.value).unwrap();
    let name = line.header;
    format!(
        "POST / HTTP/1.1\r\nHost: h\r\n{time}: {timestamp}\r\n{name}: {value}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

const SLACK: &str = r#"{"token":"t","challenge":"3eZbrw1a","type":"url_verification"}"#;
const ZOOM: &str =
    r#"{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event":"endpoint.url_validation"}"#;

#[test]
fn slack_hears_its_challenge() {
    let mut listener = listen("slack", &["--json"]).start();
    let heard = answer(&listener, signed("slack", SECRET, SLACK));
    let expected = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nx-content-type-options: nosniff\r\n\
                    content-length: 8\r\n\r\n3eZbrw1a";
    assert_eq!(heard, expected);
    let line = listener.next();
    assert_eq!(
        (&line["handshake"], &line["number"]),
        (&json!("slack-challenge"), &json!(1))
    );
}

#[test]
fn zoom_hears_its_token_signed() {
    let mut listener = listen("zoom", &["--json"]).start();
    let heard = answer(&listener, signed("zoom", SECRET, ZOOM));
    // printf qgg8vlvZRS6UYooatFL8Aw | openssl dgst -sha256 -hmac whsec_test
    let code = "f2f694389a4eea2b0ef30e64d4e2abdaaccb890882697638ea464ec9cfc75317";
    let body = format!(r#"{{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"{code}"}}"#);
    assert_eq!(status(&heard), 200);
    assert!(
        heard.contains("\r\ncontent-type: application/json\r\n"),
        "{heard}"
    );
    assert!(heard.ends_with(&format!("\r\n\r\n{body}")), "{heard}");
    assert_eq!(listener.next()["handshake"], "zoom-crc");
}

#[test]
fn zoom_is_answered_under_the_secret_that_matched() {
    let words = ["--json", "--secret-env", "OLD", "--secret-env", "NEW"];
    let listener = listen("zoom", &words)
        .env("OLD", "old")
        .env("NEW", SECRET)
        .start();
    let heard = answer(&listener, signed("zoom", SECRET, ZOOM));
    assert!(
        heard.contains("f2f694389a4eea2b0ef30e64d4e2abdaaccb890882697638ea464ec9cfc75317"),
        "{heard}"
    );
}

/// Discord signs in a way that no provider file has yet; what it asks is known.
#[test]
fn discord_hears_nothing() {
    let file = "provider = { id = \"own\" }\nsignature = { algorithm = \"token\", header = \"X-Own\", value = \"{secret}\" }\n\
                delivery = { handshake = \"discord-ping\" }";
    let folder = folder([("own.toml", file)]);
    let words = [
        "listen",
        "--port",
        "0",
        "--json",
        "--provider-file",
        "own.toml",
    ];
    let mut listener = wh(words)
        .dir(folder.path())
        .env("WH_SECRET", SECRET)
        .start();
    let ping = |token: &str, body: &str| {
        let length = body.len();
        format!(
            "POST / HTTP/1.1\r\nHost: h\r\nX-Own: {token}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    for (token, body, code, handshake) in [
        (
            SECRET,
            r#"{"version":1,"type":0}"#,
            204,
            json!("discord-ping"),
        ),
        (SECRET, r#"{"version":1,"type":1}"#, 200, json!(null)),
        ("other", r#"{"version":1,"type":0}"#, 401, json!(null)),
    ] {
        let heard = answer(&listener, ping(token, body));
        assert_eq!(status(&heard), code, "{body}");
        assert_eq!(
            heard.split_once("\r\n\r\n").unwrap().1.is_empty(),
            code == 204
        );
        assert_eq!(listener.next()["handshake"], handshake, "{body}");
    }
}

#[test]
fn who_is_not_believed_hears_no_challenge() {
    let mut listener = listen("slack", &["--json"]).start();
    let heard = answer(&listener, signed("slack", "other", SLACK));
    assert_eq!(status(&heard), 401);
    assert!(!heard.contains("3eZbrw1a"), "{heard}");
    let line = listener.next();
    assert_eq!(
        (&line["handshake"], &line["verdict"]["kind"]),
        (&json!(null), &json!("invalid"))
    );
}

/// Otherwise anybody could have anything signed: `v0:1769596200:{}` is a token too.
#[test]
fn nothing_is_signed_for_who_has_not_signed() {
    for (words, secret) in [
        (&["--json", "--accept-invalid"][..], SECRET),
        (&["--json"], ""),
    ] {
        let mut listener = listen("zoom", words).env("WH_SECRET", secret).start();
        let heard = answer(&listener, signed("zoom", "other", ZOOM));
        assert_eq!(status(&heard), 200);
        assert!(heard.ends_with("\r\n\r\nok\n"), "{heard}");
        assert_eq!(listener.next()["handshake"], json!(null));
    }
}

#[test]
fn what_only_nearly_looks_like_one_is_a_delivery() {
    let mut listener = listen("slack", &["--json"]).start();
    let long = format!(
        r#"{{"type":"url_verification","challenge":"{}"}}"#,
        "a".repeat(1025)
    );
    for body in [
        r#"{"type":"url_verification","challenge":7}"#,
        r#"{"type":"url_verification"}"#,
        r#"{"type":"event_callback","challenge":"a"}"#,
        &long,
    ] {
        let heard = answer(&listener, signed("slack", SECRET, body));
        assert!(heard.ends_with("\r\n\r\nok\n"), "{heard}");
        assert_eq!(listener.next()["handshake"], json!(null));
    }
}

#[test]
fn the_line_says_what_it_was() {
    let listener = listen("slack", &["-q"]).start_for_people();
    answer(&listener, signed("slack", SECRET, SLACK));
    let expected = "TIME  <-- ✓ valid     slack (no event)  [#1]  62 B  POST /\n\
                    TIME  --> 200 TOOK  [#1]   handshake slack-challenge\n";
    assert_eq!(masked(&listener.stop().stdout), expected);
}
