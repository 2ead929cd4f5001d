//! Which target a delivery goes to, by which path and with which lines; and text that names none.

use std::fs;

use tempfile::TempDir;

use super::{answer, delivery, forwarding, listen, next, paths, status};
use crate::support::{CONFIG, Receiver, folder};

#[test]
fn the_first_target_that_takes_an_event_gets_it() {
    let (invoices, others) = (Receiver::start([200]), Receiver::start([200]));
    let words = [
        "--json",
        "-f",
        &*format!("invoice.*,!invoice.draft={}/in?x=1", invoices.url()),
        "-f",
        &*format!("*.paid,invoice.draft,!*.*.*={}", others.url()),
    ];
    let mut listener = listen("cepro", &words).start();
    let events = [
        "invoice.paid",
        "invoice.draft",
        "job.paid",
        "job.created",
        "",
    ];
    for (nth, event) in events.iter().enumerate() {
        let body = match *event {
            "" => "{}".to_owned(),
            event => format!("{{\"event\":\"{event}\"}}"),
        };
        let text = answer(&listener, delivery(&format!("/{nth}?y=2"), body));
        assert_eq!(status(&text), 200);
        let goes = next(&mut listener, "delivery").get("forward").is_some();
        assert_eq!(goes, nth < 3, "{event}");
        assert_eq!(text.ends_with("\r\n\r\nok\n"), !goes, "{text}");
    }
    assert_eq!(paths(&invoices), ["/in?x=1"]);
    assert_eq!(paths(&others), ["/1?y=2", "/2?y=2"]);
}

#[test]
fn flags_come_before_the_variable_and_that_before_the_settings() {
    let all: Vec<_> = (0..4).map(|_| Receiver::start([200])).collect();
    let urls: Vec<_> = all.iter().map(Receiver::url).collect();
    let own = format!("{CONFIG}/config.toml");
    let (user, project) = (
        format!("[listen]\nforward-to = '{}/user'", urls[0]),
        format!("listen.forward-to = ['x={0}/x', '{0}/project']", urls[1]),
    );
    let home = folder([(&*own, &user)]);
    let variable = format!(" x={0}/x  *={0}/variable ", urls[2]);
    let flag = format!("{}/flag", urls[3]);
    for (files, variable, flags) in [
        (1, "", &[][..]),
        (2, "", &[]),
        (2, &*variable, &[]),
        (2, &variable, &["-f", &*flag]),
    ] {
        if files == 2 {
            fs::write(home.path().join("wh.toml"), &project).unwrap();
        }
        let listener = listen("cepro", &[&["--json"], flags].concat())
            .home(home.path())
            .dir(home.path())
            .env("WH_FORWARD_TO", variable)
            .start();
        let text = answer(&listener, delivery("/", r#"{"event":"a"}"#));
        assert_eq!(status(&text), 200, "{text}");
    }
    let went: Vec<_> = all.iter().flat_map(paths).collect();
    assert_eq!(went, ["/user", "/project", "/variable", "/flag"]);
}

#[test]
fn lines_of_the_users_take_the_place_of_the_senders() {
    let receiver = Receiver::start([200]);
    let url = receiver.url().replace("//", "//ann:canary%21@");
    let words = [
        "-H",
        "x-a: 2",
        "-H",
        "X-A:",
        "-H",
        "Host: other",
        "-H",
        "X-B:\t3",
    ];
    let mut listener = forwarding(&url, &words).start();
    let lines = [
        "X-A: 1",
        "x-A: 4",
        "Authorization: Bearer a",
        "X-Webhook-Signature: {sig}",
    ];
    answer(&listener, super::post("cepro", "/", &lines, ""));
    let head = String::from_utf8(receiver.requests().remove(0).head).unwrap();
    let signature = head
        .lines()
        .find(|line| line.starts_with("X-Webhook-Signature: "));
    // `ann:canary!` in base64.
    let expected = format!(
        "POST / HTTP/1.1\r\n{}\r\nX-A: 2\r\nX-A: \r\nHost: other\r\nX-B: 3\r\n\
         Authorization: Basic YW5uOmNhbmFyeSE=\r\nContent-Length: 0\r\n\r\n",
        signature.unwrap()
    );
    assert_eq!(head, expected);
    let line = next(&mut listener, "delivery");
    assert_eq!(line["forward"]["url"], format!("{}/", receiver.url()));
    let output = listener.stop();
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!told.contains("canary") && !told.contains("YW5u"), "{told}");
}

#[test]
fn what_can_be_no_target_is_a_usage_error() {
    for (target, why) in [
        ("", "`` is not a URL: empty host"),
        (
            "a,,b=3000",
            "`a,,b` names no event: write globs with commas",
        ),
        ("=3000", "`` names no event"),
        ("a=", "`` is not a URL: empty host"),
        ("ftp://h", "`ftp` URLs cannot be sent to"),
        ("a=70000", "`70000` is not a URL: invalid port number"),
        ("ä b=3000", "`ä b` names no event"),
    ] {
        listen("cepro", &["-f", target])
            .stderr_has(format!(
                "error: invalid value '{target}' for '--forward-to <TARGET>': {why}"
            ))
            .exit(2)
            .run();
    }
    listen("cepro", &[])
        .env("WH_FORWARD_TO", "3000 ftp://h")
        .stderr("error: the variable `WH_FORWARD_TO`: `ftp` URLs cannot be sent to: write http:// or https://\n")
        .exit(2)
        .run();
    for (settings, why) in [
        (
            "listen.forward-to = ['3000', 'ftp://h']",
            "error: the setting `listen.forward-to`: `ftp` URLs cannot be sent to: write http:// or https://\n",
        ),
        (
            "listen.forward-to = 3000",
            "error: the settings file `wh.toml` is wrong: line 1: expected a text or a list of texts\n",
        ),
    ] {
        let home = folder([("wh.toml", settings)]);
        listen("cepro", &[])
            .dir(home.path())
            .stderr(why)
            .exit(7)
            .run();
    }
}

#[test]
fn a_line_that_cannot_be_set_is_a_usage_error() {
    for (header, why) in [
        (
            "Connection: x",
            "`Connection` frames the request and cannot be set",
        ),
        (
            "content-length: 1",
            "`content-length` frames the request and cannot be set",
        ),
        (
            "Keep-Alive: 5",
            "`Keep-Alive` concerns one connection and cannot be set",
        ),
        (
            "Proxy-Connection: x",
            "`Proxy-Connection` concerns one connection and cannot be set",
        ),
    ] {
        listen("cepro", &["-f", "3000", "-H", header])
            .stderr(format!("error: {why}\n"))
            .exit(2)
            .run();
    }
    listen("cepro", &["-f", "3000", "-H", "X-A"])
        .stderr_has("there is no colon: write 'Name: value'")
        .exit(2)
        .run();
}

#[test]
fn how_something_is_forwarded_says_nothing_where_nothing_is() {
    for words in [&["-H", "X-A: 1"][..], &["-k"], &["--forward-timeout", "5s"]] {
        listen("cepro", words)
            .stderr(
                "error: nothing is forwarded, so nothing can be said of how\n\
                 hint: -f says where to, for example -f 3000\n",
            )
            .exit(2)
            .run();
    }
}

#[test]
fn no_time_at_all_is_a_usage_error() {
    listen("cepro", &["-f", "3000", "--forward-timeout", "0s"])
        .stderr(
            "error: with --forward-timeout 0 no target could answer\n\
             hint: --forward-timeout 5s, for example\n",
        )
        .exit(2)
        .run();
}

#[test]
fn a_bare_path_is_one_of_this_machine() {
    let home = TempDir::new().unwrap();
    let listener = forwarding("a=/hooks", &[]).home(home.path()).start();
    assert_eq!(
        listener.ready()["forward"][0]["url"],
        "http://localhost/hooks"
    );
    assert_eq!(listener.ready()["forward"][0]["events"], "a");
}
