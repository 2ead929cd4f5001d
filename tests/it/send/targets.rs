//! What stands for a URL, what does not, and the platforms' own rules for URLs.

use super::{SECRET, send};
use crate::support::{Receiver, wh};

#[test]
fn a_port_a_host_and_a_path_will_do() {
    let receiver = Receiver::start([204]);
    let port = receiver.url().rsplit_once(':').unwrap().1.to_owned();
    for (text, shown, target) in [
        ("PORT", "http://localhost:PORT/", "/"),
        ("PORT/", "http://localhost:PORT/", "/"),
        ("PORT/hooks", "http://localhost:PORT/hooks", "/hooks"),
        ("PORT/a/b?c=d", "http://localhost:PORT/a/b?c=d", "/a/b?c=d"),
        ("localhost:PORT", "http://localhost:PORT/", "/"),
        (
            "127.0.0.1:PORT/hooks",
            "http://127.0.0.1:PORT/hooks",
            "/hooks",
        ),
        ("http://127.0.0.1:PORT", "http://127.0.0.1:PORT/", "/"),
        ("HTTP://LOCALHOST:PORT/A", "http://localhost:PORT/A", "/A"),
        (
            "http://ann@127.0.0.1:PORT/a",
            "http://127.0.0.1:PORT/a",
            "/a",
        ),
        ("ann:pw@localhost:PORT", "http://localhost:PORT/", "/"),
    ] {
        let [text, shown] = [text, shown].map(|text| text.replace("PORT", &port));
        send(&["job.completed", "--url", &text])
            .stdout_has(format!("  <-- 204 POST {shown} "))
            .run();
        let head = receiver.requests().pop().unwrap().head;
        let start = format!("POST {target} HTTP/1.1\r\n");
        assert!(head.starts_with(start.as_bytes()), "{text}");
    }
    assert_eq!(receiver.requests().len(), 10);
}

#[test]
fn the_url_may_stand_in_a_variable() {
    let receiver = Receiver::start([204]);
    wh(["send", "job.completed"])
        .env("WH_SECRET", SECRET)
        .env("WH_URL", receiver.url())
        .stdout_has("  <-- 204 POST ")
        .run();
    wh(["send", "job.completed"])
        .env("WH_SECRET", SECRET)
        .env("WH_URL", "ftp://h")
        .stderr_has("`ftp` URLs cannot be sent to: write http:// or https://\n")
        .exit(2)
        .run();
}

#[test]
fn text_that_is_no_url_is_a_usage_error() {
    for (text, why) in [
        ("", "`` is not a URL: empty host"),
        ("http://", "`http://` is not a URL: empty host"),
        (":3000", "`:3000` is not a URL: empty host"),
        (
            "/hooks",
            "`/hooks` has no host: write for example 3000/hooks",
        ),
        ("99999", "`99999` is not a URL: invalid port number"),
        (
            "localhost:x",
            "`localhost:x` is not a URL: invalid port number",
        ),
        ("[::1", "`[::1` is not a URL: invalid IPv6 address"),
        (
            "http://1.2.3.4.5",
            "`http://1.2.3.4.5` is not a URL: invalid IPv4 address",
        ),
        (
            "ftp://h",
            "`ftp` URLs cannot be sent to: write http:// or https://",
        ),
        (
            "file:///a",
            "`file` URLs cannot be sent to: write http:// or https://",
        ),
    ] {
        send(&["job.completed", "--url", text])
            .stderr(format!(
                "error: invalid value '{text}' for '--url <URL>': {why}\n\n\
                 For more information, try '--help'.\n"
            ))
            .exit(2)
            .run();
    }
}

const HINT: &str = "hint: without --strict-url the platform's rule is not applied\n";

#[test]
fn the_strict_rule_speaks_the_platforms_words() {
    let receiver = Receiver::start([200]).unused();
    let own = receiver.url();
    for (provider, url, message, because) in [
        (
            "cepro",
            &*own,
            "Webhook URL must be an external HTTPS endpoint",
            "it is not HTTPS",
        ),
        (
            "cepro",
            "https://localhost:1/",
            "Webhook URL must be an external HTTPS endpoint",
            "`localhost` is not an external host",
        ),
        (
            "cepro",
            "https://10.0.0.1/",
            "Webhook URL must be an external HTTPS endpoint",
            "`10.0.0.1` is not an external host",
        ),
        (
            "tenant",
            &own,
            "the platform refuses this URL",
            "it is not HTTPS",
        ),
        (
            "orgjobs",
            &own,
            "the platform refuses this URL",
            "it is not HTTPS",
        ),
        (
            "wlcro",
            "http://198.51.101.1/",
            "the platform refuses this URL",
            "it is not HTTPS",
        ),
    ] {
        let words = ["-P", provider, "e", "--data", "{}", "--strict-url", "--url"];
        send(&[&words[..], &[url]].concat())
            .stderr(format!("error: {message}\n  {because}\n{HINT}"))
            .exit(7)
            .run();
    }
}

#[test]
fn the_strict_rule_lets_pass_what_the_platform_takes() {
    let receiver = Receiver::start([200]);
    for provider in ["wlcro", "cepro-inbound"] {
        let words = ["-P", provider, "e", "--data", "{}", "--strict-url", "--url"];
        send(&[&words[..], &[&receiver.url()]].concat())
            .stdout_has("  <-- 200 POST ")
            .run();
    }
    assert_eq!(receiver.requests().len(), 2);
}

#[test]
fn without_the_strict_rule_localhost_will_do() {
    let receiver = Receiver::start([200]);
    for provider in ["cepro", "tenant", "orgjobs"] {
        let words = ["-P", provider, "e", "--data", "{}", "--url"];
        send(&[&words[..], &[&receiver.url()]].concat())
            .stdout_has("  <-- 200 POST ")
            .run();
    }
}
