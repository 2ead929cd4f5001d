//! A stop while something is forwarded.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use super::{delivery, forwarding, next};
use crate::listen::{ends::refuses_connections, told};

/// A listener that forwards to nobody yet, with a delivery under way to it, and the connection of it.
fn under_way() -> (crate::support::Listener, TcpStream, TcpStream) {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", target.local_addr().unwrap());
    let listener = forwarding(&url, &[]).start();
    let mut sender = TcpStream::connect(listener.addr()).unwrap();
    sender.write_all(&delivery("/", "{}")).unwrap();
    let (mut handler, _) = target.accept().unwrap();
    handler.read_exact(&mut [0; 4]).unwrap();
    (listener, sender, handler)
}

fn all_of(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn what_is_under_way_is_finished() {
    let (listener, sender, mut handler) = under_way();
    listener.interrupt();
    refuses_connections(&listener);
    handler
        .write_all(b"HTTP/1.1 503 \r\nContent-Length: 2\r\n\r\nno")
        .unwrap();
    let text = all_of(sender);
    assert!(
        text.starts_with("HTTP/1.1 503 ") && text.ends_with("\r\n\r\nno"),
        "{text}"
    );
    let output = listener.wait();
    assert_eq!(output.code, 0);
    assert_eq!(told(&output.stdout)[0]["forward"]["status"], 503);
}

#[test]
fn what_does_not_end_is_recorded_all_the_same() {
    let (listener, sender, _handler) = under_way();
    listener.interrupt();
    let text = all_of(sender);
    assert!(text.starts_with("HTTP/1.1 503 "), "{text}");
    let output = listener.wait();
    assert_eq!(output.code, 0);
    let lines = told(&output.stdout);
    assert_eq!(lines[0]["number"], 1);
    assert_eq!(lines[0]["forward"]["error"]["kind"], "stopped");
    assert_eq!(lines[1]["dropped"], 0);
}

#[test]
fn a_sender_that_leaves_takes_nothing_with_it() {
    let (mut listener, sender, mut handler) = under_way();
    drop(sender);
    handler
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        .unwrap();
    let line = next(&mut listener, "delivery");
    assert_eq!(
        (&line["number"], &line["forward"]["status"]),
        (&1.into(), &200.into())
    );
}
