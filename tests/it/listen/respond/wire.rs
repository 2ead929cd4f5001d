//! What the wire shows of each answer.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use serde_json::json;

use super::{answer, delivery, listen, responding, statuses, told};
use crate::listen::ends::refuses_connections;
use crate::support::{Listener, folder, masked, raw};

/// A connection on which a delivery has been sent.
fn sent(listener: &Listener) -> TcpStream {
    let mut stream = TcpStream::connect(listener.addr()).unwrap();
    stream.write_all(&delivery("a")).unwrap();
    stream
}

/// All that comes back until the connection ends, and how it ends.
fn rest(mut stream: TcpStream) -> (Vec<u8>, Result<(), ErrorKind>) {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes);
    (bytes, end.map(drop).map_err(|error| error.kind()))
}

/// The answer to a delivery, without its date.
fn answered(script: &str) -> String {
    answer(&responding(script).start(), delivery("a"))
}

#[test]
fn statuses_have_no_body_unless_they_are_given_one() {
    for (script, expected) in [
        (
            "500",
            "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n",
        ),
        ("204", "HTTP/1.1 204 No Content\r\n\r\n"),
        (
            "429;retry-after=5;body=\"slow, please\"",
            "HTTP/1.1 429 Too Many Requests\r\nretry-after: 5\r\n\
             content-type: text/plain; charset=utf-8\r\ncontent-length: 12\r\n\r\nslow, please",
        ),
        (
            "503;retry-after=\"Wed, 21 Oct 2026 07:28:00 GMT\"",
            "HTTP/1.1 503 Service Unavailable\r\n\
             retry-after: Wed, 21 Oct 2026 07:28:00 GMT\r\ncontent-length: 0\r\n\r\n",
        ),
        (
            "redirect=http://127.0.0.1:9/b",
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/b\r\ncontent-length: 0\r\n\r\n",
        ),
        (
            "308;redirect=/b",
            "HTTP/1.1 308 Permanent Redirect\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n",
        ),
        (
            "200;header=X-A:1;header=\"X-A: 2, 3\";body={}",
            "HTTP/1.1 200 OK\r\nx-a: 1\r\nx-a: 2, 3\r\ncontent-type: application/json\r\n\
             content-length: 2\r\n\r\n{}",
        ),
        (
            "drip=1MB/s;body=drop",
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n\
             content-length: 4\r\n\r\ndrop",
        ),
    ] {
        assert_eq!(answered(script), expected, "{script}");
    }
}

#[test]
fn a_body_may_come_from_a_file_byte_for_byte() {
    let folder = folder([("a b.bin", b"\xff\r\n\0")]);
    let listener = responding("200;body=\"@a b.bin\"")
        .dir(folder.path())
        .start();
    std::fs::remove_file(folder.path().join("a b.bin")).unwrap();
    let bytes = raw(listener.addr(), delivery("a"));
    assert!(bytes.ends_with(b"\r\n\r\n\xff\r\n\0"), "{bytes:?}");
}

#[test]
fn a_reset_is_a_reset() {
    let mut listener = responding("reset").start();
    let (bytes, end) = rest(sent(&listener));
    assert_eq!((&*bytes, end), (&b""[..], Err(ErrorKind::ConnectionReset)));
    let line = listener.next();
    let response = &line["response"];
    assert_eq!(
        (&response["status"], &response["fault"]),
        (&json!(null), &json!("reset"))
    );
}

#[test]
fn a_close_is_an_end_without_a_byte() {
    let listener = responding("close").start();
    assert_eq!(rest(sent(&listener)), (Vec::new(), Ok(())));
}

#[test]
fn garbage_is_no_http() {
    let listener = responding("garbage").start();
    let (bytes, end) = rest(sent(&listener));
    assert!(
        !bytes.is_empty() && !bytes.starts_with(b"HTTP/"),
        "{bytes:?}"
    );
    assert_eq!(end, Ok(()));
}

#[test]
fn what_is_truncated_ends_before_its_length() {
    let listener = responding("200;truncate;body=0123456789").start();
    let (bytes, end) = rest(sent(&listener));
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("\r\ncontent-length: 10\r\n"), "{text}");
    assert!(text.ends_with("\r\n\r\n01234"), "{text}");
    assert_eq!(end, Ok(()));
}

/// Whether nothing has come on a connection.
fn is_silent(stream: &mut TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let read = stream.read(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

#[test]
fn a_hang_lasts_until_the_client_leaves_and_that_is_told() {
    let mut listener = responding("per=request,hang,204").start();
    let mut stream = sent(&listener);
    assert_eq!(listener.next()["response"]["fault"], "hang");
    assert_eq!(statuses(&listener, &["b"]), [204]);
    assert_eq!(listener.next()["response"]["status"], 204);
    assert!(is_silent(&mut stream));
    stream.shutdown(Shutdown::Write).unwrap();
    let left = listener.next();
    assert_eq!(
        (&left["type"], &left["number"]),
        (&json!("left"), &json!(1))
    );
    assert!(left["after_ms"].is_u64(), "{left}");
    assert_eq!(rest(stream), (Vec::new(), Ok(())));
}

#[test]
fn people_are_told_who_left() {
    let mut listener = listen("cepro", &["-q", "--respond", "hang"]).start_for_people();
    let stream = sent(&listener);
    for _ in 0..2 {
        listener.line();
    }
    let waits = masked(format!("{}\n", listener.line()).as_bytes());
    assert_eq!(waits, "TIME  --> hang TOOK  [#1]   script 1/1: hang\n");
    drop(stream);
    let left = masked(format!("{}\n", listener.line()).as_bytes());
    assert_eq!(left, "TIME  <-- the client left after TOOK  [#1]\n");
}

#[test]
fn whose_delivery_is_hidden_leaves_without_a_word() {
    let flags = ["--json", "-e", "invoice.*", "--respond", "hang"];
    let listener = listen("cepro", &flags).start();
    let mut stream = sent(&listener);
    stream.shutdown(Shutdown::Write).unwrap();
    // It is closed once it is told who left.
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    let lines = told(&listener.stop().stdout);
    assert_eq!((lines.len(), &lines[0]["hidden"]), (1, &json!(1)));
}

#[test]
fn who_meets_what_is_expected_is_answered_as_the_script_says() {
    let once = |script| listen("cepro", &["--json", "--once", "--respond", script]).start();
    let listener = once("hang");
    let mut stream = sent(&listener);
    // The client has some patience, and gives up.
    let patience = Duration::from_millis(200);
    stream.set_read_timeout(Some(patience)).unwrap();
    let read = stream.read(&mut [0]).map_err(|error| error.kind());
    assert_eq!(read, Err(ErrorKind::WouldBlock));
    stream.set_read_timeout(None).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(rest(stream), (Vec::new(), Ok(())));
    let output = listener.wait();
    let left = told(&output.stdout).iter().any(|it| it["type"] == "left");
    assert_eq!((output.code, left), (0, true));

    let listener = once("202;delay=1h");
    let mut stream = sent(&listener);
    refuses_connections(&listener);
    assert!(is_silent(&mut stream));
    listener.interrupt();
    let (bytes, end) = rest(stream);
    assert!(bytes.starts_with(b"HTTP/1.1 202 Accepted\r\n"), "{bytes:?}");
    assert_eq!((end, listener.wait().code), (Ok(()), 0));
}

#[test]
fn a_delay_holds_the_answer_back() {
    let mut listener = responding("per=request,202;delay=1h,204").start();
    let mut stream = sent(&listener);
    let line = listener.next();
    assert_eq!(line["response"]["status"], 202);
    // The sender waits for it, so it counts.
    assert!(
        line["response"]["latency_ms"].as_f64() >= Some(3_600_000.0),
        "{line}"
    );
    assert_eq!(statuses(&listener, &["b"]), [204]);
    assert!(is_silent(&mut stream));
    // A stop waits for no hour.
    listener.interrupt();
    let (bytes, end) = rest(stream);
    assert!(bytes.starts_with(b"HTTP/1.1 202 Accepted\r\n"), "{bytes:?}");
    assert_eq!((end, listener.wait().code), (Ok(()), 0));
}
