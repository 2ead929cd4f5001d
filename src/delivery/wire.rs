//! The request as it goes out.

use url::Url;

use crate::message::{Headers, Message};

use super::client::Ready;
use super::{Client, USER_AGENT};

/// The request line and the header lines as the client writes them: its letter case, its order,
/// its own lines. A test holds this against a raw socket.
pub(crate) fn head(client: &Client, url: &Url, message: &Message) -> (String, Headers) {
    let line = format!("{} {} HTTP/1.1", message.method, message.target);
    (line, lines(&client.ready(url, message), url, message))
}

/// The header lines of a request as the client writes them.
pub(super) fn lines(ready: &Ready, url: &Url, message: &Message) -> Headers {
    let mut headers = Headers::new();
    for (name, value) in &ready.header_lines() {
        headers.push(title_case(name.as_str()), value.as_bytes());
    }
    // What the client adds on the way out, where it is not there.
    let length = message.body.len().to_string();
    for (name, value) in [
        ("Accept", "*/*"),
        ("User-Agent", USER_AGENT),
        ("Host", &host(url)),
        ("Content-Length", &length),
    ] {
        if headers.first(name).is_none() {
            headers.push(name, value);
        }
    }
    headers
}

/// Whether a header frames the message, so that a wrong value would break the exchange itself.
pub(crate) fn reserved_header(name: &str) -> bool {
    [
        "content-length",
        "transfer-encoding",
        "connection",
        "upgrade",
        "te",
        "trailer",
        "expect",
    ]
    .iter()
    .any(|reserved| reserved.eq_ignore_ascii_case(name))
}

fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// `x-webhook-id` as `X-Webhook-Id`. The client has folded names to lower case before.
fn title_case(name: &str) -> String {
    let mut upper = true;
    let letter = |c: char| {
        let cased = if upper { c.to_ascii_uppercase() } else { c };
        upper = c == '-';
        cased
    };
    name.chars().map(letter).collect()
}
