//! The bytes of the request, and that `--dry-run` shows them.

use super::{BODY, fixed, send};
use crate::support::Receiver;

/// Sends and asserts the exact head (`HOST` stands for the receiver's address) and body; then that
/// a dry run of the same shows the same.
#[track_caller]
fn goes_out(words: &[&str], url: impl FnOnce(&str) -> String, head: &str, body: &str) {
    let receiver = Receiver::start([200]);
    let addr = receiver.url().replace("http://", "");
    let url = url(&addr);
    let words = [words, &["--url", &url]].concat();
    send(&words).stdout_has("  <-- 200 POST ").run();
    let request = receiver.requests().remove(0);
    let sent = String::from_utf8(request.head).unwrap();
    assert_eq!(sent.replace(&addr, "HOST").replace("\r\n", "\n"), head);
    assert_eq!(request.body, body.as_bytes());

    let output = send(&[&words[..], &["--dry-run"]].concat()).capture();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
    let shown = String::from_utf8(output.stdout).unwrap();
    let redacted: Vec<&str> = sent
        .split("\r\n")
        .map(|line| match line.split_once(": ") {
            Some(("Authorization", _)) => "Authorization: (redacted)",
            _ => line,
        })
        .collect();
    let expected = format!("{}{body}\n\n", redacted.join("\n"));
    assert!(shown.starts_with(&expected), "{shown}\n{expected}");
    assert_eq!(receiver.requests().len(), 1, "a dry run sends nothing");
}

#[test]
fn each_provider_has_its_own_lines() {
    const PLAIN: &str = "d76795a9a7204922cbdc26aea3dfb03bfdab5994587ec978343ad8dd90d10972";
    const TIMED: &str = "348cd0994ae741c1bab5e163a91a0caeacd544bee823a2071848ce5390b08560";
    for (provider, own) in [
        (
            "cepro",
            format!(
                "X-Webhook-Id: d-1\nX-Webhook-Timestamp: 1769596200\nX-Webhook-Event: e.v\n\
                 X-Webhook-Attempt: 1\nX-Webhook-Signature: {PLAIN}\n"
            ),
        ),
        (
            "cepro-inbound",
            "Authorization: Bearer whsec_test\n".to_owned(),
        ),
        (
            "wlcro",
            format!("X-Webhook-Timestamp: 1769596200\nX-Webhook-Signature: sha256={TIMED}\n"),
        ),
        (
            "tenant",
            format!("X-Webhook-Id: d-1\nX-Webhook-Event: e.v\nX-Webhook-Signature: {PLAIN}\n"),
        ),
        (
            "orgjobs",
            format!("X-Webhook-Event: e.v\nX-Webhook-Signature: sha256={PLAIN}\n"),
        ),
    ] {
        let head = format!(
            "POST /hooks HTTP/1.1\nContent-Type: application/json\n{own}Accept: */*\n\
             User-Agent: wh/0.1.0\nHost: HOST\nContent-Length: 48\n\n"
        );
        let words = fixed(provider, &["e.v"]);
        goes_out(&words, |addr| format!("http://{addr}/hooks"), &head, BODY);
    }
}

/// Header lines of the user's, and the head that they make of an unsigned delivery.
const OVERRIDES: &[(&[&str], &str)] = &[
    (
        &["Host: example.com", "x-webhook-event: other"],
        "Content-Type: application/json\nHost: example.com\nX-Webhook-Event: other\nAccept: */*\n\
         User-Agent: wh/0.1.0\n",
    ),
    (
        &[
            "content-type: text/plain",
            "user-agent: me/1",
            "ACCEPT: a/b",
        ],
        "X-Webhook-Event: e\nContent-Type: text/plain\nUser-Agent: me/1\nAccept: a/b\nHost: HOST\n",
    ),
    // Equal names stand together, in their order.
    (
        &["X-B: 1", "X-A: 2", "x-b: 3", "X-b:4", "X-C:", "X-D:\t ä "],
        "Content-Type: application/json\nX-Webhook-Event: e\nX-B: 1\nX-B: 3\nX-B: 4\nX-A: 2\nX-C: \n\
         X-D: ä\nAccept: */*\nUser-Agent: wh/0.1.0\nHost: HOST\n",
    ),
    (
        &["x_y.z-aB!: 1", "Authorization: Basic e"],
        "Content-Type: application/json\nX-Webhook-Event: e\nX_y.z-Ab!: 1\nAuthorization: Basic e\n\
         Accept: */*\nUser-Agent: wh/0.1.0\nHost: HOST\n",
    ),
];

const UNSIGNED: [&str; 6] = ["-P", "orgjobs", "e", "--data", "{}", "--no-signature"];

#[test]
fn lines_of_the_users_own_take_the_place_of_the_providers() {
    for (headers, head) in OVERRIDES {
        let flags = headers.iter().flat_map(|header| ["-H", header]);
        let words: Vec<&str> = UNSIGNED.into_iter().chain(flags).collect();
        let head = format!("POST / HTTP/1.1\n{head}Content-Length: 2\n\n");
        goes_out(&words, |addr| format!("http://{addr}"), &head, "{}");
    }
}

#[test]
fn the_query_is_the_users_own() {
    let head = "POST /a%20b/?c=d%20e&f=%26&&g HTTP/1.1\nContent-Type: application/json\n\
                X-Webhook-Event: e\nAccept: */*\nUser-Agent: wh/0.1.0\nHost: HOST\n\
                Content-Length: 2\n\n";
    let url = |addr: &str| format!("http://{addr}/a b/?c=d e&f=%26&&g#part");
    goes_out(&UNSIGNED, url, head, "{}");
}

#[test]
fn user_and_password_of_the_url_become_a_line_and_are_not_shown() {
    let head = |authorization: &str| {
        format!(
            "POST / HTTP/1.1\nAuthorization: {authorization}\nContent-Type: application/json\n\
             X-Webhook-Event: e\nAccept: */*\nUser-Agent: wh/0.1.0\nHost: HOST\n\
             Content-Length: 2\n\n"
        )
    };
    // `ann:p@ss:w/d` in base64.
    let url = |addr: &str| format!("http://ann:p%40ss:w%2Fd@{addr}");
    goes_out(&UNSIGNED, url, &head("Basic YW5uOnBAc3M6dy9k"), "{}");

    let other = [&UNSIGNED[..], &["-H", "authorization: Bearer t"]].concat();
    goes_out(&other, url, &head("Bearer t"), "{}");

    let receiver = Receiver::start([500]);
    let url = receiver.url().replace("//", "//canary-user:canary-word@");
    for more in [
        &["-v"][..],
        &["--json"],
        &["--dry-run"],
        &["--dry-run", "--json"],
    ] {
        let output = send(&[&UNSIGNED[..], &["--url", &url], more].concat()).capture();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!text.contains("canary"), "{more:?}\n{text}");
    }
}

#[test]
fn an_empty_body_has_a_length() {
    let words = ["-P", "orgjobs", "e", "--data", "", "--no-signature"];
    let head = "POST / HTTP/1.1\nContent-Type: application/json\nX-Webhook-Event: e\n\
                Content-Length: 0\nAccept: */*\nUser-Agent: wh/0.1.0\nHost: HOST\n\n";
    goes_out(&words, |addr| format!("http://{addr}"), head, "");
}

#[test]
fn what_frames_the_request_cannot_be_set() {
    for name in [
        "Content-Length",
        "transfer-encoding",
        "Connection",
        "Upgrade",
        "TE",
        "Trailer",
        "EXPECT",
    ] {
        let header = format!("{name}: 1");
        send(&["job.completed", "--url", "1", "-H", &header])
            .stderr(format!(
                "error: `{name}` frames the request and cannot be set\n"
            ))
            .exit(2)
            .run();
    }
}

#[test]
fn a_header_that_is_none_is_a_usage_error() {
    for (header, why) in [
        ("X-A", "there is no colon: write 'Name: value'"),
        ("X A: 1", "`X A` is not a header name"),
        (": 1", "`` is not a header name"),
        ("X-A: a\nX-B: b", "a header value has no control characters"),
    ] {
        let error = format!("error: invalid value '{header}' for '--header <HEADER>': {why}\n");
        send(&["job.completed", "--url", "1", "-H", header])
            .stderr_has(error)
            .exit(2)
            .run();
    }
}

#[test]
fn a_proxy_of_the_environment_is_not_asked() {
    let (receiver, proxy) = (Receiver::start([200]), Receiver::start([200]).unused());
    let mut call = send(&["job.completed", "--url", &receiver.url()]);
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "all_proxy",
    ] {
        call = call.env(name, proxy.url());
    }
    call.stdout_has("  <-- 200 POST ").run();
    assert_eq!(receiver.requests().len(), 1);

    send(&["job.completed", "--url", "https://127.0.0.1:1"])
        .env("HTTPS_PROXY", proxy.url())
        .env("https_proxy", proxy.url())
        .stdout_has("  <-- connection refused POST ")
        .stderr("hint: is your server running on 127.0.0.1:1?\n")
        .exit(6)
        .run();
}
