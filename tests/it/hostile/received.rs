//! Hostile text in requests to `wh listen`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::oracle::{Colour, assert_harmless, without_colour};
use super::strings::{OURS, all, floods};
use crate::support::{Listener, raw, wh};

/// Where the verdict begins, and the columns it takes before the provider's name.
const VERDICT: (usize, usize) = (14, 12);

/// A request, as bytes in their places.
#[derive(Debug, Default)]
pub(super) struct Sent {
    target: Vec<u8>,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

impl Sent {
    /// Sends it on a connection of its own and returns the status of the answer.
    pub(super) fn to(&self, listener: &Listener) -> u16 {
        let mut bytes = [b"POST ", &*self.target, b" HTTP/1.1\r\n"].concat();
        for (name, value) in &self.headers {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        bytes.extend(format!("Content-Length: {}\r\n\r\n", self.body.len()).into_bytes());
        bytes.extend(&self.body);
        let answer = String::from_utf8(raw(listener.addr(), bytes)).unwrap();
        let status = answer.split(' ').nth(1);
        status
            .and_then(|status| status.parse().ok())
            .expect("an answer")
    }

    /// The webhook id that the default provider finds in it.
    pub(super) fn webhook_id(&self) -> Option<Vec<u8>> {
        let id = self
            .headers
            .iter()
            .find(|(name, _)| *name == "X-Webhook-ID");
        id.map(|(_, value)| value.trim_ascii().to_vec())
    }
}

/// The string as a body, in header lines, in the places of a JSON body, and in path and query.
pub(super) fn requests(string: &[u8]) -> Vec<Sent> {
    let names = [
        "X-Data",
        "X-Webhook-Event",
        "X-Webhook-ID",
        "X-Webhook-Signature",
        "X-Webhook-Timestamp",
        "X-Webhook-Attempt",
        "Content-Type",
        "User-Agent",
        "Host",
    ];
    let mut requests = vec![Sent {
        target: b"/body".into(),
        body: string.into(),
        ..Sent::default()
    }];
    if is_value(string) {
        requests.push(Sent {
            target: b"/headers".into(),
            headers: names.map(|name| (name, string.to_vec())).into(),
            body: b"{}".into(),
        });
    }
    if let Ok(text) = str::from_utf8(string) {
        let body = json!({"event": text, "type": text, "id": text, "data": {(text): text}});
        requests.push(Sent {
            target: b"/json".into(),
            body: body.to_string().into(),
            ..Sent::default()
        });
    }
    let target: Vec<u8> = string
        .iter()
        .copied()
        .filter(|byte| !b" \r\n".contains(byte))
        .collect();
    requests.push(Sent {
        target: [b"/", &*target, b"?a=", &*target].concat(),
        ..Sent::default()
    });
    requests
}

/// Whether HTTP allows this as a header's value, short enough for a head.
fn is_value(string: &[u8]) -> bool {
    string.len() < 4096
        && string
            .iter()
            .all(|byte| *byte == b'\t' || *byte > 31 && *byte != 127)
}

fn everything() -> impl Iterator<Item = Sent> {
    let strings = all().into_iter().chain(floods());
    strings.flat_map(|string| requests(&string))
}

/// Sends everything and looks at all that is shown; the verdict of each delivery must stand in its column.
#[track_caller]
fn shown(secret: &str, colour: Colour, provider: &str, verdicts: &[&str]) {
    let args = ["listen", "--port=0", "-v", "-P", provider, colour.flag()];
    let listener = wh(args).env("WH_SECRET", secret).start_for_people();
    let answers: Vec<u16> = everything().map(|sent| sent.to(&listener)).collect();
    let taken = answers
        .iter()
        .filter(|status| [200, 401].contains(status))
        .count();
    assert!(
        answers
            .iter()
            .all(|status| [200, 401, 400, 431].contains(status))
    );
    let output = listener.stop();
    assert_eq!(output.code, 0);
    assert_harmless(&output.stdout, colour);
    assert_harmless(&output.stderr, colour);
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| without_colour(line, colour));
    let heads = lines.filter(|line| !line.starts_with("     "));
    let (came, went): (Vec<String>, Vec<String>) = heads.partition(|line| line.contains("<-- "));
    assert_eq!((came.len(), went.len()), (taken, taken));
    for line in came {
        let columns: Vec<char> = line.chars().collect();
        let start: String = columns[8..VERDICT.0].iter().collect();
        let verdict: String = columns[VERDICT.0..VERDICT.0 + VERDICT.1].iter().collect();
        let rest: String = columns[VERDICT.0 + VERDICT.1..].iter().collect();
        assert_eq!(start, "  <-- ", "{line}");
        assert!(verdicts.contains(&verdict.trim_end()), "{line}");
        assert!(rest.starts_with(&format!("{provider} ")), "{line}");
    }
}

#[test]
fn what_listen_shows_of_unchecked_requests_is_harmless() {
    shown("", Colour::Never, "cepro", &["? unchecked"]);
}

#[test]
fn what_listen_shows_of_verified_requests_is_harmless() {
    let verdicts = ["✗ invalid", "✗ unsigned"];
    shown("x", Colour::Always, "cepro", &verdicts);
}

#[test]
fn what_listen_shows_of_names_in_bodies_is_harmless() {
    let verdicts = ["✗ invalid", "✗ unsigned"];
    shown("x", Colour::Never, "wlcro", &verdicts);
}

#[test]
fn what_listen_shows_of_tokens_is_harmless() {
    let verdicts = ["✗ invalid", "✗ unsigned"];
    shown("x", Colour::Always, "cepro-inbound", &verdicts);
}

/// A recorded header value as the bytes that came.
fn bytes_of(value: &Value) -> Vec<u8> {
    match value.as_str() {
        Some(text) => text.into(),
        None => STANDARD.decode(value["b64"].as_str().unwrap()).unwrap(),
    }
}

#[test]
fn json_lines_are_harmless_and_give_every_byte_back() {
    let mut listener = Listener::start(["-P", "wlcro"]);
    for sent in everything() {
        let status = sent.to(&listener);
        let line = listener.next();
        if status != 200 {
            assert_eq!(line["type"], "trouble", "{sent:?}");
            continue;
        }
        assert_eq!(line["target"].as_str().unwrap().as_bytes(), sent.target);
        let body = STANDARD.decode(line["body_b64"].as_str().unwrap()).unwrap();
        assert!(body == sent.body, "{sent:?}");
        let headers = line["headers"].as_array().unwrap();
        assert_eq!(headers.len(), sent.headers.len() + 1);
        for (header, (name, value)) in headers.iter().zip(&sent.headers) {
            let expected = value.trim_ascii();
            assert_eq!(header[0], *name);
            assert_eq!(
                bytes_of(&header[1]).escape_ascii().to_string(),
                expected.escape_ascii().to_string()
            );
        }
        let text = serde_json::from_slice::<Value>(&sent.body).ok();
        let event = text.as_ref().and_then(|body| body["type"].as_str());
        let event = event.filter(|event| event.len() <= 1024);
        assert_eq!(line["event"].as_str(), event, "{sent:?}");
    }
    let output = listener.stop();
    assert_eq!(output.code, 0);
    assert_harmless(&output.stdout, Colour::Never);
}

#[test]
fn a_delivery_that_was_recorded_is_read_back_whatever_it_holds() {
    let mut listener = Listener::start(["-P", "wlcro", "--no-redact"]);
    let home = tempfile::TempDir::new().unwrap();
    let mut number = 0;
    let ours = OURS.iter().flat_map(|string| requests(string));
    for sent in ours.filter(|sent| !sent.headers.is_empty()) {
        assert_eq!(sent.to(&listener), 200);
        let file = home.path().join(format!("{number}.json"));
        std::fs::write(&file, listener.next().to_string()).unwrap();
        number += 1;
    }
    for number in 0..number {
        let file = format!("{number}.json");
        let args = ["verify", "-P", "wlcro", "--secret=x", "--delivery", &file];
        let output = wh(args).dir(home.path()).capture();
        assert_eq!(
            output.code,
            4,
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_harmless(&output.stdout, Colour::Never);
        assert_harmless(&output.stderr, Colour::Never);
    }
}
