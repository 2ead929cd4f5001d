use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use url::Url;
use uuid::Uuid;

use crate::capture::reply::Reply;
use crate::capture::{Asked, Reach, Update};
use crate::delivery::{Failure, FailureKind, Missed, Relay, Response};
use crate::message::{Headers, Message};
use crate::provider::{Provider, builtin};
use crate::server::Shutdown;
use crate::signature::{Unchecked, Verdict};
use crate::store::Answered;

use super::host::Host;
use super::passed::Miss;
use super::target::Target;
use super::{ForwardOptions, Forwarder, TargetOptions};

fn url(text: &str) -> Url {
    text.parse().expect("a URL")
}

fn lines(lines: &[(&str, &str)]) -> Headers {
    lines.iter().copied().collect()
}

fn request(target: &str, headers: &[(&str, &str)]) -> Message {
    Message {
        method: "POST".to_owned(),
        target: target.to_owned(),
        headers: lines(headers),
        body: "{}".into(),
    }
}

fn target(at: &str, extra: &[(&str, &str)]) -> Target {
    let relay = Relay::new(false, false).expect("a relay");
    let options = TargetOptions {
        events: "*".parse().expect("globs"),
        url: url(at),
    };
    let host = Arc::new(Host::new(url(at), relay));
    Target::new(options, &lines(extra), host)
}

#[test]
fn a_path_of_its_own_takes_the_place_of_the_requests() {
    for (at, from, to, shown) in [
        ("http://h", "/a?b=c", "/a?b=c", "http://h/a"),
        (
            "http://h:80/",
            "//a/../b?%zz",
            "//a/../b?%zz",
            "http://h//a/../b",
        ),
        ("http://h:8/own", "/a?b=c", "/own?b=c", "http://h:8/own"),
        ("http://h/own", "/a", "/own", "http://h/own"),
        (
            "http://h/own/?d=e",
            "/a?b=c",
            "/own/?d=e",
            "http://h/own/?d=e",
        ),
        ("http://h/?d=e", "/a?b=c", "/a?d=e", "http://h/a?d=e"),
        ("http://h/own?", "/a?b=c", "/own?", "http://h/own?"),
        ("http://u:p@h/own#f", "/", "/own", "http://h/own"),
        // A request may name a host; it goes nowhere else for that.
        ("http://h", "http://evil:1/a?b", "/a?b", "http://h/a"),
        ("http://h", "http://evil", "/", "http://h/"),
        ("http://h", "evil:443", "/", "http://h/"),
        (
            "http://h",
            "/a?b=http://evil/",
            "/a?b=http://evil/",
            "http://h/a",
        ),
        ("http://h", "*", "*", "http://h*"),
    ] {
        let (target, request) = (target(at, &[]), request(from, &[]));
        assert_eq!(target.message(&request).target, to, "{at} {from}");
        assert_eq!(target.shown(&request.target), shown, "{at} {from}");
    }
}

#[test]
fn header_lines_go_on_but_for_those_that_are_replaced() {
    let sent = [
        ("hOST", "here"),
        ("X-A", "1"),
        ("authorization", "Bearer a"),
        ("x-a", "2"),
        ("Connection", "x-own"),
        ("X-Own", "3"),
        ("X-B", ""),
        ("Content-Length", "2"),
    ];
    for (at, extra, expected) in [
        (
            "http://h",
            &[][..],
            &[
                ("X-A", "1"),
                ("authorization", "Bearer a"),
                ("x-a", "2"),
                ("X-B", ""),
                ("Content-Length", "2"),
            ][..],
        ),
        (
            "http://h",
            &[("x-A", "4"), ("Host", "other"), ("X-Own", "5")],
            &[
                ("authorization", "Bearer a"),
                ("X-B", ""),
                ("x-A", "4"),
                ("Host", "other"),
                ("X-Own", "5"),
                ("Content-Length", "2"),
            ],
        ),
        // `ann:p@ss`, and `:` alone.
        (
            "http://ann:p%40ss@h",
            &[("X-A", "")],
            &[
                ("X-B", ""),
                ("X-A", ""),
                ("Authorization", "Basic YW5uOnBAc3M="),
                ("Content-Length", "2"),
            ],
        ),
        (
            "http://ann@h",
            &[("AUTHORIZATION", "Bearer b"), ("x-a", ""), ("x-b", "")],
            &[
                ("AUTHORIZATION", "Bearer b"),
                ("x-a", ""),
                ("x-b", ""),
                ("Content-Length", "2"),
            ],
        ),
    ] {
        let message = target(at, extra).message(&request("/", &sent));
        assert_eq!(message.headers, lines(expected), "{at} {extra:?}");
    }
}

#[test]
fn a_length_is_said_where_one_was() {
    for (framing, said) in [
        (&[][..], None),
        (&[("Content-Length", "2")], Some("2")),
        (&[("transfer-encoding", "chunked")], Some("2")),
        (
            &[("Transfer-Encoding", "chunked"), ("Content-Length", "9")],
            Some("2"),
        ),
    ] {
        let message = target("http://h", &[]).message(&request("/", framing));
        assert_eq!(message.headers.text("content-length"), said, "{framing:?}");
        assert_eq!(message.headers.first("transfer-encoding"), None);
    }
}

#[test]
fn a_change_is_news_and_what_goes_on_is_not() {
    let host = Host::new(
        url("http://u:p@h:8/x"),
        Relay::new(false, false).expect("a relay"),
    );
    let failed = |unconnected| {
        let failure = Failure {
            kind: FailureKind::Refused,
            detail: String::new(),
        };
        Err(Miss::Failed(Missed {
            failure,
            unconnected,
        }))
    };
    let response = || {
        Ok(Response {
            status: 500,
            headers: Headers::new(),
            body: "".into(),
            truncated: false,
        })
    };
    for (passed, news) in [
        (response(), None),
        (failed(false), None),
        (failed(true), Some("connection refused")),
        (failed(true), None),
        (failed(false), None),
        (Err(Miss::Busy(1)), None),
        (response(), Some("")),
        (response(), None),
        (failed(true), Some("connection refused")),
    ] {
        let told = host.news(&passed).map(|news| {
            assert_eq!(news.url, "http://h:8");
            match news.reach {
                Reach::Unreachable(fault) => fault.message,
                Reach::Reachable => String::new(),
            }
        });
        assert_eq!(told.as_deref(), news, "{passed:?}");
    }
}

/// A program that takes connections and says nothing; nobody may drop it meanwhile.
async fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let address = listener.local_addr().expect("an address");
    (listener, format!("http://{address}"))
}

fn forwarder(at: &str) -> Forwarder {
    let target = TargetOptions {
        events: "*".parse().expect("globs"),
        url: url(at),
    };
    Forwarder::new(ForwardOptions {
        targets: vec![target],
        headers: Headers::new(),
        timeout: None,
        insecure: false,
    })
    .expect("a forwarder")
}

/// Forwards an empty delivery of a provider that waits so many seconds.
async fn forward(forwarder: &Forwarder, waits: u64) -> Reply {
    forward_message(forwarder, waits, &request("/", &[])).await
}

async fn forward_message(forwarder: &Forwarder, waits: u64, message: &Message) -> Reply {
    let mut provider: Provider = builtin("cepro").expect("a provider");
    provider.delivery.timeout = Duration::from_secs(waits);
    let asked = Asked {
        id: Uuid::nil(),
        provider: &provider,
        message,
        shown_target: &message.target,
        event: Some("a"),
        webhook_id: None,
        attempt: None,
        verdict: &Verdict::Unchecked(Unchecked::NoSecret),
        received_at: Timestamp::UNIX_EPOCH,
    };
    let (updates, _told) = mpsc::channel::<Update>(1);
    let reply = forwarder.forward(&asked, &updates).await;
    reply.expect("the target takes everything")
}

/// The status that goes out, and the kind of fault that is recorded.
fn outcome(reply: &Reply) -> (u16, &str) {
    let fault = match &reply.answered {
        Some(Answered::Forward(forwarded)) => forwarded.fault.as_ref(),
        _ => None,
    };
    let kind = fault.map_or("", |fault| fault.kind.as_str());
    (reply.answer.status, kind)
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_at_a_stop_has_five_seconds() {
    let (_silent, at) = silent().await;
    let (trigger, shutdown) = Shutdown::new();
    let forwarder = forwarder(&at).until(shutdown);
    let begun = tokio::time::Instant::now();
    let (reply, ()) = tokio::join!(forward(&forwarder, 30), async { trigger.stop() });
    assert_eq!(outcome(&reply), (503, "stopped"));
    assert_eq!(begun.elapsed().as_secs(), 5);
    // One that has less time left anyway is late as ever.
    let reply = forward(&forwarder, 4).await;
    assert_eq!(outcome(&reply), (504, "timeout"));
}

#[tokio::test(start_paused = true)]
async fn so_many_are_under_way_and_others_wait_as_long_as_for_an_answer() {
    let (_silent, at) = silent().await;
    let forwarder = Arc::new(forwarder(&at));
    let under_way: Vec<_> = (0..64)
        .map(|_| {
            let forwarder = Arc::clone(&forwarder);
            tokio::spawn(async move { forward(&forwarder, 30).await })
        })
        .collect();
    for _ in &under_way {
        tokio::task::yield_now().await;
    }
    let other = Message {
        body: "[]".into(),
        ..request("/", &[])
    };
    // Of two that say the same under different ids, neither is the other.
    let twin = Message {
        headers: [("X-Webhook-ID", "2")].into_iter().collect(),
        ..request("/", &[])
    };
    for (message, seconds) in [(&other, 2), (&twin, 2), (&request("/", &[]), 0)] {
        // What is the same would wait for itself, where it goes round in a circle.
        let begun = tokio::time::Instant::now();
        let reply = forward_message(&forwarder, 2, message).await;
        assert_eq!(outcome(&reply), (503, "busy"));
        assert_eq!(reply.answer.headers.text("retry-after"), Some("1"));
        assert_eq!(begun.elapsed().as_secs(), seconds);
    }
    for one in under_way {
        let reply = one.await.expect("it ends");
        assert_eq!(outcome(&reply), (504, "timeout"));
    }
    // There is room again.
    let reply = forward_message(&forwarder, 2, &other).await;
    assert_eq!(outcome(&reply), (504, "timeout"));
}

#[tokio::test]
async fn a_tunnel_is_no_delivery() {
    let (_silent, at) = silent().await;
    let message = Message {
        method: "CONNECT".to_owned(),
        ..request("evil:443", &[])
    };
    let reply = forward_message(&forwarder(&at), 30, &message).await;
    assert_eq!(outcome(&reply), (502, "other"));
}
