//! Senders that are killed: whatever they left undone is done by whoever resumes.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use super::{any, cycles};
use crate::support::{Answer, Receiver, Request, Wh, crash_points, needs, wh};

/// What shells say of a process that was killed, and of one that aborted.
const KILLED: i32 = 128 + 9;
const ABORTED: i32 = 128 + 6;

/// A home with a secret in a file.
struct Desk {
    home: TempDir,
    secret: PathBuf,
}

/// What the log and the receiver say of each attempt.
#[derive(Debug, Default)]
struct Attempt {
    came: usize,
    known: usize,
    unknown: usize,
}

impl Desk {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        let secret = home.path().join("secret");
        fs::write(&secret, "s3cret").unwrap();
        Self { home, secret }
    }

    fn wh(&self, words: &[&str]) -> Wh {
        let secret = self.secret.to_str().unwrap();
        wh([words, &["--secret-file", secret]].concat()).home(self.home.path())
    }

    fn send(&self, receiver: &Receiver, words: &[&str]) -> Wh {
        let url = receiver.url();
        let send = ["send", "estimate.created", "--retry", "--url", &url];
        self.wh(&[&send, words].concat())
    }

    /// Takes up what is unfinished, until nothing is.
    #[track_caller]
    fn resume(&self) {
        let output = self.wh(&["replay", "--resume"]).capture();
        assert_eq!(output.code, 0, "{output:?}");
    }

    /// The deliveries that are in the store.
    fn entered(&self) -> usize {
        let store = self.home.path().join(".local/share/wh/store.db");
        let query = Command::new("sqlite3")
            .arg(store)
            .arg("SELECT count(*) FROM deliveries")
            .output()
            .unwrap();
        let count = String::from_utf8(query.stdout).unwrap();
        // There is none where nothing was written yet.
        count.trim().parse().unwrap_or(0)
    }

    /// Every attempt by webhook id and number.
    fn attempts(&self, requests: &[Request]) -> BTreeMap<(String, u64), Attempt> {
        let mut attempts: BTreeMap<_, Attempt> = BTreeMap::new();
        for request in requests {
            let header = |name| request.header(name).unwrap().to_owned();
            let number = header("x-webhook-attempt").parse().unwrap();
            attempts
                .entry((header("x-webhook-id"), number))
                .or_default()
                .came += 1;
        }
        let words = ["log", "--json", "--limit", "1000000"];
        let output = wh(words).home(self.home.path()).capture();
        for line in output
            .stdout
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
        {
            let line: Value = serde_json::from_slice(line).unwrap();
            if line["type"] != "attempt" {
                continue;
            }
            let id = line["webhook_id"].as_str().unwrap().to_owned();
            let attempt = attempts
                .entry((id, line["attempt"].as_u64().unwrap()))
                .or_default();
            if line["error"]["kind"] == "unknown" {
                attempt.unknown += 1;
            } else {
                attempt.known += 1;
            }
        }
        attempts
    }

    /// At least once always; again only where nobody knew what had come of it. Returns the highest
    /// numbers of attempts, by delivery.
    #[track_caller]
    fn check(&self, receiver: &Receiver, deliveries: usize, what: &str) -> Vec<u64> {
        let attempts = self.attempts(&receiver.requests());
        let mut last: BTreeMap<&str, u64> = BTreeMap::new();
        for ((id, number), attempt) in &attempts {
            assert_eq!(attempt.known, 1, "{what}: {id} {number}: {attempt:?}");
            let most = 1 + attempt.unknown;
            assert!(
                (1..=most).contains(&attempt.came),
                "{what}: {id} {number}: {attempt:?}"
            );
            let before = last.insert(id, *number).unwrap_or(0);
            assert_eq!(*number, before + 1, "{what}: {id}");
        }
        assert_eq!(last.len(), deliveries, "{what}");
        last.into_values().collect()
    }
}

/// Takes third attempts only, however often the earlier ones come.
fn takes_the_third(request: &Request, _: usize) -> Answer {
    Answer::from(match request.header("x-webhook-attempt") {
        Some("1" | "2") => 500,
        _ => 200,
    })
}

#[test]
fn a_crash_at_any_point_of_the_engine_loses_no_delivery() {
    let (Some(program), true) = (crash_points(), needs("sqlite3")) else {
        return;
    };
    let mut died = 0;
    for point in [
        "before_attempt",
        "after_attempt",
        "after_record",
        "before_begin",
        "after_commit",
    ] {
        for passes in 0..cycles(4, 20) {
            let desk = Desk::new();
            let receiver = Receiver::start_by(takes_the_third);
            let what = format!("{point} {passes}");
            let code = desk
                .send(&receiver, &["--speed", "100000x"])
                .program(&program)
                .env("FAILPOINTS", format!("{point}={passes}*off->panic"))
                .capture()
                .code;
            assert!([0, ABORTED].contains(&code), "{what}: {code}");
            died += usize::from(code == ABORTED);
            let entered = desk.entered();
            desk.resume();
            let last = desk.check(&receiver, entered, &what);
            assert_eq!(last, vec![3; entered], "{what}");
            if entered == 0 {
                drop(receiver.unused());
            }
        }
    }
    assert!(died > 10, "{died}");
}

#[test]
fn a_sender_that_is_killed_at_any_time_delivers_after_all() {
    if !needs("sqlite3") {
        return;
    }
    for _ in 0..cycles(5, 100) {
        let desk = Desk::new();
        let receiver = Receiver::start_by(takes_the_third);
        let words = ["-n", "20", "-c", "8", "--speed", "1000x", "--quiet"];
        let sender = desk.send(&receiver, &words).spawn();
        let some = any(1..55);
        receiver.wait_for(some);
        sender.signal(Signal::KILL);
        assert_eq!(sender.wait().code, KILLED);
        let entered = desk.entered();
        desk.resume();
        let last = desk.check(&receiver, entered, &format!("killed after {some}"));
        assert_eq!(last, vec![3; entered]);
    }
}

#[test]
fn two_that_resume_share_one_queue() {
    const DELIVERIES: usize = 2_000;
    if !needs("sqlite3") {
        return;
    }
    let desk = Desk::new();
    let is_up = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&is_up);
    let receiver = Receiver::start_by(move |_, _| {
        Answer::from(if switch.load(Ordering::SeqCst) {
            200
        } else {
            500
        })
    });
    let deliveries = DELIVERIES.to_string();
    let words = ["-n", &deliveries, "-c", "64", "--speed", "4x", "--quiet"];
    let sender = desk.send(&receiver, &words).spawn();
    receiver.wait_for(DELIVERIES);
    sender.signal(Signal::KILL);
    assert_eq!(sender.wait().code, KILLED);
    let entered = desk.entered();
    is_up.store(true, Ordering::SeqCst);
    let resume = || {
        desk.wh(&["replay", "--resume", "-c", "16", "--quiet"])
            .spawn()
    };
    for resumed in [resume(), resume()] {
        let output = resumed.wait();
        assert_eq!(output.code, 0, "{output:?}");
    }
    // Each has four attempts at the most.
    assert!(entered >= DELIVERIES / 4, "{entered}");
    desk.check(&receiver, entered, "two at once");
}

#[test]
fn a_second_signal_waits_for_no_disk() {
    let Some(program) = crash_points() else {
        return;
    };
    let (desk, receiver) = (Desk::new(), Receiver::start([200]));
    // The run and the delivery are written down, and then the disk hangs.
    let sender = desk.send(&receiver, &[]).program(program);
    let sender = sender.env("FAILPOINTS", "before_begin=2*off->pause");
    let mut sender = sender.spawn();
    while !sender.line().contains("<-- 200") {}
    sender.signal(Signal::TERM);
    sender.signal(Signal::INT);
    assert_eq!(sender.wait().code, 130);
    desk.resume();
    desk.check(&receiver, 1, "the disk hung");
}
