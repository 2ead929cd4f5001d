//! The request as it goes out.

use url::Url;

use crate::message::{Headers, Message};

use super::USER_AGENT;

/// The request line and the header lines as the client writes them: its letter case, its order,
/// its own lines. A test holds this against a raw socket.
pub(crate) fn head(url: &Url, message: &Message) -> (String, Headers) {
    let line = format!("{} {} HTTP/1.1", message.method, message.target);
    let mut headers = Headers::new();
    for (name, value) in message.headers.iter() {
        headers.push(title_case(name), value);
    }
    for (name, value) in [("Accept", "*/*"), ("User-Agent", USER_AGENT)] {
        if message.headers.first(name).is_none() {
            headers.push(name, value);
        }
    }
    if message.headers.first("Host").is_none() {
        headers.push("Host", host(url));
    }
    headers.push("Content-Length", message.body.len().to_string());
    (line, headers)
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

/// `x-webhook-id` as `X-Webhook-Id`.
fn title_case(name: &str) -> String {
    let mut upper = true;
    let letter = |c: char| {
        let cased = if upper { c.to_ascii_uppercase() } else { c };
        upper = c == '-';
        cased
    };
    name.to_ascii_lowercase().chars().map(letter).collect()
}
