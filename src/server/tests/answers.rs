//! Answers, as they stand on the wire.

use bytes::Bytes;

use super::super::{Answer, Limits, Trouble};
use super::{Server, status};
use crate::message::Headers;

async fn server_with(status: u16, headers: Headers, body: &'static [u8]) -> Server {
    let answer = Answer {
        status,
        headers,
        body: Bytes::from_static(body),
        ..Answer::default()
    };
    let server = Server::start_with(Limits::default(), answer).await;
    server.gate.add_permits(9);
    server
}

async fn answer_to(server: &Server, request: &[u8]) -> String {
    let mut peer = server.connect().await;
    peer.send(request).await;
    peer.finish().await;
    peer.rest().await
}

#[tokio::test]
async fn an_answer_has_length_and_date_and_no_server() {
    let server = server_with(200, Headers::new(), b"ok").await;
    let answer = answer_to(&server, b"GET / HTTP/1.1\r\n\r\n").await;
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ndate: "),
        "{answer}"
    );
    assert!(answer.ends_with(" GMT\r\n\r\nok"), "{answer}");
    assert_eq!(answer.lines().count(), 5, "{answer}");
}

#[tokio::test]
async fn repeated_lines_are_kept_and_framing_is_the_servers() {
    let headers = [
        ("Set-Cookie", "a=1"),
        ("Content-Length", "99"),
        ("X-A", "1"),
        ("Transfer-Encoding", "chunked"),
        ("set-cookie", "b=2"),
    ];
    let server = server_with(201, headers.into_iter().collect(), b"ok").await;
    let answer = answer_to(&server, b"GET / HTTP/1.1\r\n\r\n").await;
    let expected = "HTTP/1.1 201 Created\r\nset-cookie: a=1\r\nset-cookie: b=2\r\nx-a: 1\r\ncontent-length: 2\r\n";
    assert!(answer.starts_with(expected), "{answer}");
}

#[tokio::test]
async fn head_gets_no_body() {
    let server = server_with(200, Headers::new(), b"ok").await;
    let answer = answer_to(&server, b"HEAD / HTTP/1.1\r\n\r\n").await;
    assert!(answer.contains("content-length: 2\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn a_line_that_http_does_not_allow_is_left_out_and_told() {
    let headers = [("X-Bad", "a\r\nb"), ("X Bad", "1"), ("X-Good", "1")];
    let mut server = server_with(200, headers.into_iter().collect(), b"").await;
    let answer = answer_to(&server, b"GET / HTTP/1.1\r\n\r\n").await;
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\nx-good: 1\r\ncontent-length: 0\r\n"),
        "{answer}"
    );
    for expected in ["X-Bad", "X Bad"] {
        let trouble = server.trouble().await;
        assert!(matches!(trouble, Trouble::Unsendable { name } if name == expected));
    }
}

#[tokio::test]
async fn a_status_that_ends_no_exchange_is_500() {
    for (given, sent) in [
        (0, "500"),
        (99, "500"),
        (100, "500"),
        (101, "500"),
        (1000, "500"),
        (299, "299"),
        (599, "599"),
    ] {
        let server = server_with(given, Headers::new(), b"").await;
        let answer = answer_to(
            &server,
            b"GET / HTTP/1.1\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        )
        .await;
        assert_eq!(status(&answer), sent, "{given}");
    }
}

#[tokio::test]
async fn an_answer_may_close_the_connection() {
    let headers = [("Connection", "close")].into_iter().collect();
    let server = server_with(200, headers, b"ok").await;
    let answer = server.talk(b"GET / HTTP/1.1\r\n\r\n").await;
    assert_eq!(answer.matches("connection: close").count(), 1, "{answer}");
}
