//! The answer that comes back, and what stands in its place where there is none.

use serde_json::json;

use super::{answer, delivery, deserted, forwarding, next, status};
use crate::support::{Answer, Receiver, Reply, raw};

#[test]
fn success_is_200_and_everything_else_goes_back_as_it_is() {
    let elsewhere = Receiver::start([200]).unused();
    for (from, to) in [
        (200, 200),
        (201, 200),
        (204, 200),
        (299, 200),
        (301, 301),
        (302, 302),
        (304, 304),
        (307, 307),
        (400, 400),
        (401, 401),
        (404, 404),
        (410, 410),
        (429, 429),
        (500, 500),
        (503, 503),
        (599, 599),
    ] {
        let reply = Reply::new(from).header("Location", &elsewhere.url());
        let receiver = Receiver::start([reply]);
        let mut listener = forwarding(&receiver.url(), &[]).start();
        assert_eq!(
            status(&answer(&listener, delivery("/", "{}"))),
            to,
            "{from}"
        );
        let line = next(&mut listener, "delivery");
        assert_eq!(line["response"]["status"], to);
        assert_eq!(line["forward"]["status"], from);
        assert_eq!(line["forward"]["error"], json!(null));
        assert_eq!(receiver.requests().len(), 1, "no redirect is followed");
    }
}

/// What a target writes, and what the sender reads of it.
const ANSWERS: [(&str, &str); 6] = [
    (
        "HTTP/1.1 200 Fine\r\nX-B: 1\r\nx-a: 2\r\nX-b: \r\nSet-Cookie: a=b\r\nset-cookie: c\r\n\
         Content-Length: 3\r\n\r\na\0b",
        "HTTP/1.1 200 OK\r\nx-b: 1\r\nx-b: \r\nx-a: 2\r\nset-cookie: a=b\r\nset-cookie: c\r\n\
         content-length: 3\r\n\r\na\0b",
    ),
    // What concerns the connection to the target ends there.
    (
        "HTTP/1.1 400 \r\nConnection: x-own, close\r\nX-Own: 1\r\nKeep-Alive: timeout=5\r\n\
         Transfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\nX-Trailer: 1\r\n\r\n",
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\nno",
    ),
    // A body without a length lasts until the end.
    (
        "HTTP/1.0 500 \r\nRetry-After: 5\r\n\r\nuntil the end",
        "HTTP/1.1 500 Internal Server Error\r\nretry-after: 5\r\ncontent-length: 13\r\n\r\n\
         until the end",
    ),
    // What comes before an answer is none.
    (
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
         HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    ),
    // Nothing is unpacked.
    (
        "HTTP/1.1 418 \r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x0b\x08\0",
        "HTTP/1.1 418 I'm a teapot\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\
         \x1f\x0b\x08\0",
    ),
    (
        "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx-a: 1\r\ncontent-length: 0\r\n\r\n",
    ),
];

#[test]
fn lines_and_body_go_back_and_what_concerns_a_connection_does_not() {
    for (from, to) in ANSWERS {
        let receiver = Receiver::start([Answer::Raw(from.into())]);
        let listener = forwarding(&receiver.url(), &[]).start();
        assert_eq!(answer(&listener, delivery("/", "{}")), to);
    }
}

#[test]
fn where_there_is_no_answer_the_sender_gets_a_status_and_nothing_of_why() {
    let raw = |text: &str| Answer::Raw(text.into());
    let short = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort";
    let switch = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
    for (script, status, kind) in [
        (Answer::Close, 502, "closed-early"),
        (Answer::Reset, 502, "reset"),
        (raw("canary\r\n\r\n"), 502, "other"),
        (raw("HTTP/1.1 99999 canary\r\n\r\n"), 502, "other"),
        (raw(short), 502, "closed-early"),
        (raw("HTTP/1.1 200 OK\r\nX-"), 502, "closed-early"),
        (raw(switch), 502, "other"),
        (Answer::Hang, 504, "timeout"),
    ] {
        let receiver = Receiver::start([script]);
        let words = ["--forward-timeout", "250ms"];
        let words = if status == 504 { &words[..] } else { &[] };
        let mut listener = forwarding(&receiver.url(), words).start();
        let text = answer(&listener, delivery("/", "{}"));
        let reason = match status {
            504 => "HTTP/1.1 504 Gateway Timeout\r\n",
            _ => "HTTP/1.1 502 Bad Gateway\r\n",
        };
        let said = match status {
            504 => "no answer in time from where this goes\n",
            _ => "no answer from where this goes\n",
        };
        assert!(text.starts_with(reason) && text.ends_with(said), "{text}");
        assert!(!text.contains("canary"), "{text}");
        let line = next(&mut listener, "delivery");
        assert_eq!(line["forward"]["status"], json!(null));
        assert_eq!(line["forward"]["error"]["kind"], kind, "{line}");
        assert_eq!(line["response"]["status"], status);
    }
}

#[test]
fn an_answer_without_end_is_cut_and_that_is_told() {
    const LIMIT: usize = 1024 * 1024;
    for (length, is_cut) in [(LIMIT, false), (LIMIT + 1, true)] {
        let receiver = Receiver::start([Reply::new(200).body(vec![b'x'; length])]);
        let mut listener = forwarding(&receiver.url(), &[]).start();
        let text = raw(listener.addr(), delivery("/", "{}"));
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text.matches('x').count(), LIMIT);
        let line = next(&mut listener, "delivery");
        let kind = line["forward"]["error"]["kind"].as_str();
        assert_eq!(kind, is_cut.then_some("cut"), "{line}");
    }
}

#[test]
fn what_is_refused_is_not_forwarded() {
    let receiver = Receiver::start([200]).unused();
    let listener = forwarding(&receiver.url(), &[]).start();
    let wrong = super::post("cepro", "/", &["X-Webhook-Signature: no"], "{}");
    let none = super::post("cepro", "/", &[], "{}");
    let large = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 26214401\r\n\r\n".to_vec();
    for (request, expected) in [(wrong, 401), (none, 401), (large, 413)] {
        assert_eq!(status(&answer(&listener, request)), expected);
    }
}

#[test]
fn with_everything_accepted_everything_is_forwarded() {
    let receiver = Receiver::start([202]);
    let listener = forwarding(&receiver.url(), &["--accept-invalid"]).start();
    let wrong = super::post("cepro", "/", &["X-Webhook-Signature: no"], "{}");
    assert_eq!(status(&answer(&listener, wrong)), 200);
    assert_eq!(receiver.requests().len(), 1);
}

#[test]
fn a_host_that_cannot_be_reached_is_a_bad_gateway() {
    let refused = format!("http://{}", deserted());
    for (target, kind) in [(&*refused, "refused"), ("http://nobody.invalid", "dns")] {
        let mut listener = forwarding(target, &[]).start();
        assert_eq!(status(&answer(&listener, delivery("/", "{}"))), 502);
        let news = next(&mut listener, "target");
        assert_eq!(
            (&news["url"], &news["state"]),
            (&target.into(), &"unreachable".into())
        );
        let line = next(&mut listener, "delivery");
        assert_eq!(line["forward"]["error"]["kind"], kind, "{line}");
    }
}
