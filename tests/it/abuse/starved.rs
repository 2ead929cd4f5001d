//! A listener that has no files left: it takes nobody in, costs next to nothing, and is back as soon as
//! there are files again, with everything it has acknowledged.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use serde_json::Value;

use super::{connect, status};
use crate::support::{Listener, is_long, raw};

/// Clients that come while it is starved: fewer than the kernel lets wait (128 as a rule).
const CLIENTS: usize = 100;

/// Those of them that are gone by the time it is not.
const IMPATIENT: usize = 50;

/// Lets the listener have so many files open.
fn allow(listener: &Listener, files: Option<u64>) {
    let pid = Pid::from_raw(i32::try_from(listener.pid()).unwrap());
    let limit = Rlimit {
        current: files,
        ..getrlimit(Resource::Nofile)
    };
    prlimit(pid, Resource::Nofile, limit).unwrap();
}

/// The processor's time that the listener has taken (`proc_pid_stat(5)`: fields 14 and 15, in ticks, of
/// which Linux has a hundred a second for all who ask).
fn processor_time(listener: &Listener) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{}/stat", listener.pid())).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let fields: Vec<_> = fields.split_ascii_whitespace().collect();
    let ticks = |at: usize| fields[at].parse::<u64>().unwrap();
    Duration::from_millis(10 * (ticks(11) + ticks(12)))
}

fn request(number: usize) -> String {
    format!("POST /{number} HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}")
}

fn assert_starved(trouble: &Value) {
    let message = trouble["message"].as_str().unwrap_or_default();
    assert!(
        message.starts_with("connections cannot be accepted: Too many open files"),
        "{trouble}"
    );
}

#[test]
fn a_listener_without_files_is_idle_and_comes_back() {
    let mut listener = Listener::start([""; 0]);
    let early = CLIENTS;
    assert_eq!(status(raw(listener.addr(), request(early))), 200);
    let mut targets = vec![listener.next()["target"].clone()];
    // Those that it has open stay open.
    allow(&listener, Some(0));
    let mut clients: Vec<TcpStream> = (0..CLIENTS)
        .map(|number| {
            let mut stream = connect(listener.addr());
            stream.write_all(request(number).as_bytes()).unwrap();
            stream
        })
        .collect();
    assert_starved(&listener.next());
    if is_long() {
        let (begun, before) = (Instant::now(), processor_time(&listener));
        // They come once a second.
        for _ in 0..10 {
            assert_starved(&listener.next());
        }
        let (passed, taken) = (
            begun.elapsed(),
            processor_time(&listener).saturating_sub(before),
        );
        assert!(taken < passed / 10, "{taken:?} of {passed:?}");
    }
    clients.drain(..IMPATIENT);
    allow(&listener, getrlimit(Resource::Nofile).maximum);
    for mut stream in clients {
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert_eq!(status(answer), 200);
    }
    let output = listener.stop();
    for line in output.stdout.split(|byte| *byte == b'\n').skip(1) {
        if let Ok(line) = serde_json::from_slice::<Value>(line) {
            targets.push(line["target"].clone());
        }
    }
    for number in (IMPATIENT..CLIENTS).chain([early]) {
        let target = Value::from(format!("/{number}"));
        assert!(targets.contains(&target), "{target} was answered 200");
    }
    assert_eq!(output.code, 0);
}
