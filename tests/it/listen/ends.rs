//! How it ends: by one signal with everything told, by two at once, or when nobody reads.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::{answer, listen, post, signed, told};
use crate::support::{Listener, masked};

#[test]
fn a_signal_ends_it_with_all_that_came_told() {
    for signal in [Signal::INT, Signal::TERM] {
        let listener = listen("cepro", &["--json"]).start();
        for _ in 0..20 {
            answer(&listener, post("cepro", "/", signed("cepro"), "{}"));
        }
        listener.signal(signal);
        let output = listener.wait();
        assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
        let lines = told(&output.stdout);
        let numbers: Vec<_> = lines
            .iter()
            .filter_map(|line| line["number"].as_u64())
            .collect();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
        let last = lines.last().unwrap();
        assert_eq!(
            (&last["type"], &last["received"]),
            (&"summary".into(), &20.into())
        );
    }
}

#[test]
fn for_people_the_end_is_a_line_of_numbers() {
    let listener = listen("cepro", &["-q"]).start_for_people();
    let url = listener.url().to_owned();
    let repeated = &["X-Webhook-ID: 1", "X-Webhook-Signature: {sig}"];
    for headers in [&repeated[..], repeated, &[], &["X-Webhook-Signature: no"]] {
        answer(&listener, post("cepro", "/", headers, ""));
    }
    let output = listener.stop();
    assert_eq!(output.code, 0);
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!(
            "listening on {url} as cepro\nstopped: 4 attempts, 2 valid, 2 refused, 1 duplicate\n"
        )
    );
    let listener = listen("cepro", &["-q"]).start_for_people();
    answer(&listener, post("cepro", "/", &[], ""));
    let stderr = listener.stop().stderr;
    assert!(stderr.ends_with(b"\nstopped: 1 attempt, 0 valid, 1 refused\n"));
}

/// A request whose body does not come: its head is read, for it was told to go on.
fn hanging(listener: &Listener) -> TcpStream {
    let mut stream = TcpStream::connect(listener.addr()).unwrap();
    let head =
        "POST /slow HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

#[test]
fn what_runs_when_the_signal_comes_is_finished() {
    let listener = listen("cepro", &["--json"]).start();
    let mut stream = hanging(&listener);
    listener.interrupt();
    refuses_connections(&listener);
    stream.write_all(b"{}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"),
        "{answer}"
    );
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    let output = listener.wait();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
    let lines = told(&output.stdout);
    assert_eq!(
        (&lines[0]["target"], &lines[0]["body_b64"]),
        (&"/slow".into(), &"e30=".into())
    );
    assert_eq!(
        (&lines[1]["received"], &lines[1]["dropped"]),
        (&1.into(), &0.into())
    );
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for (first, second) in [(Signal::INT, Signal::TERM), (Signal::TERM, Signal::INT)] {
        let listener = listen("cepro", &[]).start_for_people();
        let url = listener.url().to_owned();
        let _stream = hanging(&listener);
        // Two of one kind could count as one; these cannot.
        listener.signal(first);
        listener.signal(second);
        let output = listener.wait();
        assert_eq!((output.code, &*output.stdout), (130, &b""[..]));
        assert_eq!(
            masked(&output.stderr),
            format!("listening on {url} as cepro\n")
        );
    }
}

#[test]
fn ctrl_c_twice_ends_it_at_once() {
    let listener = listen("cepro", &["--json"]).start();
    let _stream = hanging(&listener);
    listener.interrupt();
    refuses_connections(&listener);
    listener.interrupt();
    assert_eq!(listener.wait().code, 130);
}

/// Waits until the stop is under way.
#[track_caller]
pub(super) fn refuses_connections(listener: &Listener) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(listener.addr()).is_ok() {
        assert!(Instant::now() < deadline, "it still takes connections");
        thread::yield_now();
    }
}

#[test]
fn without_a_reader_it_ends_quietly() {
    let listener = listen("cepro", &["--json"]).reader_leaves().start();
    // The pipe is closed before the ready line is handed on, so this cannot be written.
    let text = answer(&listener, post("cepro", "/", signed("cepro"), "{}"));
    assert!(text.ends_with("\r\n\r\nok\n"), "{text}");
    let output = listener.wait();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
}
