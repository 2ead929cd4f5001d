//! Header lines that concern one connection, and those that go from end to end.

use crate::message::Headers;

/// The lines that concern one connection (RFC 9110 §7.6.1), and those that frame a message on it.
const HOP_BY_HOP: [&str; 10] = [
    "connection",
    "proxy-connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
    "expect",
    "http2-settings",
];

/// Whether a line concerns one connection, whatever is on it.
pub(crate) fn hop_by_hop(name: &str) -> bool {
    HOP_BY_HOP.iter().any(|hop| hop.eq_ignore_ascii_case(name))
}

/// The lines that are passed on: without those that concern one connection, which `Connection` may
/// name more of.
pub(crate) fn end_to_end(headers: &Headers) -> Headers {
    let options: Vec<&str> = headers
        .all("connection")
        .filter_map(|value| std::str::from_utf8(value).ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let is_named = |name: &str| {
        options
            .iter()
            .any(|option| option.eq_ignore_ascii_case(name))
    };
    headers
        .iter()
        .filter(|(name, _)| !hop_by_hop(name) && !is_named(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::end_to_end;
    use crate::message::Headers;

    #[test]
    fn what_concerns_a_connection_stays_behind() {
        let headers: Headers = [
            ("X-A", "1"),
            ("connection", "keep-alive, X-Own"),
            ("Keep-Alive", "timeout=5"),
            ("x-own", "2"),
            ("TE", "trailers"),
            ("Connection", " Close,x-other ,"),
            ("X-OTHER", "3"),
            ("Transfer-Encoding", "chunked"),
            ("Upgrade", "h2c"),
            ("HTTP2-Settings", "AAMAAABkAAQ"),
            ("Trailer", "X-B"),
            ("Proxy-Connection", "keep-alive"),
            ("Expect", "100-continue"),
            ("Content-Length", "1"),
            ("x-a", ""),
            ("X-Close", "4"),
        ]
        .into_iter()
        .collect();
        let left = end_to_end(&headers);
        let names: Vec<_> = left.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["X-A", "x-a", "X-Close"]);
    }
}
