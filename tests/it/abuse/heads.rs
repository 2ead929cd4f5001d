//! Heads: too long, too many, odd, and several at once.

use super::{open, rest, status};
use crate::support::{Listener, raw, wh};

#[test]
fn a_flood_of_head_is_431_and_told() {
    let mut listener = Listener::start([""; 0]);
    let long = format!("POST / HTTP/1.1\r\nX-Long: {}", "a".repeat(200_000));
    let target = format!("POST /{} HTTP/1.1\r\n\r\n", "a".repeat(200_000));
    let many = format!("POST / HTTP/1.1\r\n{}\r\n", "A: 1\r\n".repeat(101));
    for flood in [long, target, many] {
        assert_eq!(status(rest(&open(&listener, flood))), 431);
        let trouble = listener.next();
        assert_eq!(trouble["type"], "trouble");
        let message = trouble["message"].as_str().unwrap();
        assert!(message.ends_with("and answered 431"), "{message}");
    }
}

#[test]
fn a_hundred_lines_of_head_are_taken() {
    let mut listener = Listener::start([""; 0]);
    let head = format!("POST / HTTP/1.1\r\n{}\r\n", "A: 1\r\n".repeat(100));
    assert_eq!(status(raw(listener.addr(), head)), 200);
    assert_eq!(listener.next()["headers"].as_array().unwrap().len(), 100);
}

/// Method, target, version and header lines.
type Odd<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, &'a str)]);

#[test]
fn what_is_odd_is_recorded_as_it_came() {
    let mut listener = Listener::start([""; 0]);
    let table: &[Odd] = &[
        ("POST", "/", "HTTP/1.1", &[("Host", "a"), ("host", "b")]),
        (
            "POST",
            "http://Evil.example:99/a?b",
            "HTTP/1.1",
            &[("HOST", "a")],
        ),
        ("POST", "//a/../b?c#d", "HTTP/1.1", &[]),
        ("GET", "/", "HTTP/1.1", &[]),
        ("PUT", "/", "HTTP/1.1", &[]),
        ("DELETE", "/", "HTTP/1.1", &[]),
        ("OPTIONS", "*", "HTTP/1.1", &[]),
        ("BREW", "/pot", "HTTP/1.1", &[]),
        ("POST", "/", "HTTP/1.0", &[("X-Forwarded-For", "10.0.0.1")]),
    ];
    for (method, target, version, lines) in table {
        let head: Vec<_> = lines
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let head = head.concat();
        let answer = raw(
            listener.addr(),
            format!("{method} {target} {version}\r\n{head}\r\n"),
        );
        assert_eq!(status(answer), 200, "{method} {target}");
        let delivery = listener.next();
        assert_eq!(delivery["method"], *method);
        assert_eq!(delivery["target"], *target);
        assert_eq!(delivery["http"], *version);
        assert_eq!(delivery["headers"], serde_json::json!(lines));
        assert_eq!(delivery["headers_exact"], true);
    }
}

#[test]
fn head_is_answered_without_a_body() {
    let mut listener = Listener::start([""; 0]);
    let request = "HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n";
    let answer = rest(&open(&listener, request));
    assert_eq!(status(&answer), 200);
    assert!(
        answer.contains("content-length: 3\r\n") && answer.ends_with("\r\n\r\n"),
        "{answer}"
    );
    assert_eq!(listener.next()["method"], "HEAD");
}

#[test]
fn requests_on_each_others_heels_are_answered_in_order_and_marked_as_normalised() {
    let mut listener = Listener::start([""; 0]);
    let request = |number: u32| {
        let close = if number == 19 {
            "Connection: close\r\n"
        } else {
            ""
        };
        format!(
            "POST /{number} HTTP/1.1\r\nX-Number: {number}\r\n{close}Content-Length: 1\r\n\r\nx"
        )
    };
    let requests = (0..20).map(request).collect::<Vec<_>>().concat();
    let answers = rest(&open(&listener, requests));
    assert_eq!(answers.matches("HTTP/1.1 200 OK\r\n").count(), 20);
    for number in 0..20 {
        let delivery = listener.next();
        assert_eq!(delivery["target"], format!("/{number}"));
        let exact = number == 0;
        assert_eq!(delivery["headers_exact"], exact, "{number}");
        let name = if exact { "X-Number" } else { "x-number" };
        assert_eq!(
            delivery["headers"][0],
            serde_json::json!([name, number.to_string()])
        );
    }
}

#[test]
fn normalised_lines_are_marked_for_people_too() {
    let listener = wh(["listen", "--port=0"]).start_for_people();
    let request = "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\nConnection: close\r\n\r\n";
    rest(&open(&listener, request));
    let text = String::from_utf8(listener.stop().stdout).unwrap();
    assert_eq!(text.matches("headers: normalised").count(), 1, "{text}");
}
