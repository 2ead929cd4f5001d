//! The order in which deliveries go on, and that none waits for another's target.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use super::{answer, delivery, forwarding, paths, status};
use crate::support::{Answer, Receiver};

#[test]
fn what_comes_on_one_connection_goes_on_in_its_order() {
    let receiver = Receiver::start([200]);
    let listener = forwarding(&receiver.url(), &[]).start();
    let targets: Vec<_> = (0..50).map(|nth| format!("/{nth}")).collect();
    let mut requests: Vec<u8> = targets
        .iter()
        .flat_map(|path| delivery(path, "{}"))
        .collect();
    let last = b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    requests.extend(last);
    let mut stream = TcpStream::connect(listener.addr()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream.write_all(&requests).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert_eq!(answers.matches("HTTP/1.1 200 OK\r\n").count(), 50);
    assert_eq!(paths(&receiver), targets);
}

#[test]
fn the_connection_to_a_target_is_used_again() {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", target.local_addr().unwrap());
    let handler = thread::spawn(move || {
        // One connection: there is nobody to take another.
        let (mut stream, _) = target.accept().unwrap();
        for _ in 0..3 {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                head.extend(byte);
            }
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            stream.write_all(answer).unwrap();
        }
    });
    let listener = forwarding(&url, &[]).start();
    for _ in 0..3 {
        assert_eq!(status(&answer(&listener, delivery("/", ""))), 200);
    }
    handler.join().unwrap();
}

#[test]
fn a_target_that_hangs_blocks_neither_the_listener_nor_another() {
    let (silent, well) = (Receiver::start([Answer::Hang]), Receiver::start([200]));
    let (to_silent, to_well) = (
        format!("slow={}", silent.url()),
        format!("quick={}", well.url()),
    );
    let listener = forwarding(&to_silent, &["-f", &to_well]).start();
    let slow = delivery("/", r#"{"event":"slow"}"#);
    let waiting: Vec<_> = (0..70)
        .map(|_| {
            let mut stream = TcpStream::connect(listener.addr()).unwrap();
            stream.write_all(&slow).unwrap();
            stream
        })
        .collect();
    silent.wait_for(64);
    for event in ["quick", "other"] {
        let body = format!(r#"{{"event":"{event}"}}"#);
        assert_eq!(
            status(&answer(&listener, delivery("/", body))),
            200,
            "{event}"
        );
    }
    assert_eq!(well.requests().len(), 1);
    assert_eq!(silent.requests().len(), 64, "so many may be under way");
    drop(waiting);
}
