//! How the requests of a check go out: as a raw socket sees them.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use super::SECRET;
use crate::support::{Output, wh};

/// What came over one connection.
struct Came {
    head: String,
    body: Vec<u8>,
    /// How long its body should be.
    length: usize,
    /// In how many pieces the body came, as far as a socket tells.
    pieces: usize,
}

impl Came {
    fn header(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().skip(1);
        let lines = lines.filter_map(|line| line.split_once(": "));
        let named = lines.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value).collect()
    }
}

/// Checks these rules against a receiver that answers 200 to each request whose body comes whole, on a
/// connection of its own. Where the client keeps a connection for another request, this fails.
fn serve(rules: &str, words: &[&str]) -> (Vec<Came>, Output) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let serving = scope.spawn(|| {
            let mut under_way = Vec::new();
            loop {
                let (stream, _) = listener.accept().unwrap();
                if is_done.load(Relaxed) {
                    break;
                }
                under_way.push(scope.spawn(move || answer(&stream)));
            }
            let came = under_way.into_iter().map(|one| one.join().unwrap());
            came.collect()
        });
        let url = format!("http://{addr}/hooks");
        let only = format!("--only={rules}");
        let words = [&["check", &url, &only, "--json"], words].concat();
        let output = wh(words).env("WH_SECRET", SECRET).capture();
        is_done.store(true, Relaxed);
        drop(TcpStream::connect(addr));
        (serving.join().unwrap(), output)
    })
}

/// Reads a request as far as it comes, and answers it if it is whole.
fn answer(mut stream: &TcpStream) -> Came {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    let (mut end, mut length, mut pieces) = (None, 0, 0);
    loop {
        if let Some(end) = end
            && bytes.len() >= end + length
        {
            let _ = stream.write_all(b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n");
            let closed = stream.read(&mut chunk);
            let is_closed = match closed {
                Ok(read) => read == 0,
                Err(error) => error.kind() == ErrorKind::ConnectionReset,
            };
            assert!(is_closed, "another request on the same connection");
            break;
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
        if end.is_some() {
            pieces += 1;
        } else if let Some(at) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
            end = Some(at + 4);
            let head = String::from_utf8_lossy(&bytes[..at]).to_ascii_lowercase();
            let stated = head.split_once("content-length: ");
            length = stated.map_or(0, |(_, rest)| {
                rest.lines().next().unwrap_or_default().parse().unwrap()
            });
            pieces = usize::from(bytes.len() > at + 4);
        }
    }
    let end = end.unwrap_or(bytes.len());
    Came {
        head: String::from_utf8_lossy(&bytes[..end]).into_owned(),
        body: bytes[end..].to_vec(),
        length,
        pieces,
    }
}

#[test]
fn each_request_has_a_connection_of_its_own() {
    // `serve` fails on a second request.
    let (came, output) = serve("idempotent-twice,in-time-p95", &[]);
    assert_eq!(output.code, 0, "{output:?}");
    // The one that every check begins with, two, and fifty.
    assert_eq!(came.len(), 53);
}

#[test]
fn names_of_headers_go_out_in_lower_case_where_that_is_the_rule() {
    let (came, _) = serve("accepts-header-case", &[]);
    let names = |came: &Came| {
        let lines = came.head.lines().skip(1);
        let names = lines.filter_map(|line| Some(line.split_once(": ")?.0.to_owned()));
        names.collect::<BTreeSet<_>>()
    };
    let [usual, lower] = &came[..] else {
        panic!("{} requests", came.len());
    };
    assert!(names(usual).contains("X-Webhook-Signature"));
    assert!(names(lower).contains("x-webhook-signature"));
    let is_lower = |name: &String| *name == name.to_ascii_lowercase();
    assert!(names(lower).iter().all(is_lower), "{}", lower.head);
}

#[test]
fn half_a_request_says_how_long_it_is_and_ends_in_the_middle() {
    let (came, output) = serve("in-time-half-request", &[]);
    assert_eq!(output.code, 0, "{output:?}");
    let halves: Vec<_> = came
        .iter()
        .filter(|came| came.body.len() < came.length)
        .collect();
    assert_eq!(halves.len(), 3);
    for half in halves {
        assert_eq!(half.body.len(), half.length / 2);
        assert!(half.head.starts_with("POST /hooks HTTP/1.1\r\n"));
        assert_eq!(half.header("X-Webhook-Signature").len(), 1);
    }
    assert_eq!(came.len(), 5);
}

#[test]
fn a_slow_request_comes_whole_and_in_two_pieces() {
    let (came, output) = serve("in-time-slow-client", &["--quick"]);
    assert_eq!(output.code, 0, "{output:?}");
    let slow: Vec<_> = came.iter().filter(|came| came.pieces > 1).collect();
    let [slow] = &slow[..] else {
        panic!("{} of {} requests in pieces", slow.len(), came.len());
    };
    assert_eq!(slow.body.len(), slow.length);
    assert_eq!(slow.header("Transfer-Encoding").len(), 0);
}

#[test]
fn two_equal_lines_and_bodies_of_any_bytes_go_out_as_they_are() {
    let (came, _) = serve("refuses-two-signatures,robust-control-characters", &[]);
    let twice = came.iter().filter(|came| {
        let signatures = came.header("X-Webhook-Signature");
        signatures.len() == 2
    });
    assert!(twice.count() >= 1);
    let with_nul = came.iter().filter(|came| came.body.contains(&0));
    assert!(with_nul.count() >= 1);
    assert!(came.iter().all(|came| came.body.len() == came.length));
}
