//! A disk that is full: refused until there is room again, told once, and never accepted in vain.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rustix::process::Signal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::load::{self, Load, Sent, heavy};
use super::mount::Mount;
use super::store::{Book, query};
use super::{CONNECTIONS, listen};
use crate::support::{Listener, needs, wh};

/// A small disk with a file on it that can be taken away.
struct Disk {
    mount: Mount,
    ballast: PathBuf,
}

impl Disk {
    fn make() -> Option<Self> {
        let mount = Mount::memory(16)?;
        let ballast = mount.path().join("ballast");
        fs::write(&ballast, vec![0; 8 * 1024 * 1024]).unwrap();
        Some(Self { mount, ballast })
    }

    fn store(&self) -> PathBuf {
        self.mount.path().join("wh.db")
    }

    /// Leaves nothing free, as other programs may.
    fn stuff(&self) {
        let mut file = fs::File::create(self.mount.path().join("stuffing")).unwrap();
        while file.write(&[0; 512]).is_ok_and(|written| written > 0) {}
    }

    fn make_room(&self) {
        fs::remove_file(&self.ballast).unwrap();
    }
}

/// Sends until the disk is full and for some time after.
fn fill(listener: &Listener) -> Vec<Sent> {
    let load = Load::start(listener.addr(), CONNECTIONS, heavy);
    load.wait_refused(200);
    let sent = load.end();
    for sent in sent.iter().filter(|sent| !sent.is_accepted()) {
        let answer = sent.answer.as_ref().unwrap();
        assert_eq!(
            (answer.status, answer.retry_after.as_deref()),
            (507, Some("5"))
        );
    }
    sent
}

/// Fails where what was kept cannot be read, by us or by others.
#[track_caller]
fn assert_readable(store: &Path) {
    let rows = query(store, "SELECT count(*) FROM attempts");
    let rows: usize = rows.trim().parse().unwrap();
    assert!(rows > 100, "{rows}");
    let log = wh(["log", "--limit", "100", "--json", "--store"]).arg(store);
    let output = log.capture();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));
    let lines = output.stdout.split(|byte| *byte == b'\n');
    assert!(lines.count() > 100);
}

/// Has deliveries come until it is told that all is well; each of them is accepted.
fn recover(listener: &mut Listener, is_told: impl Fn(&mut Listener) -> bool) -> Vec<Sent> {
    assert_eq!(load::send(listener.addr(), empty).status(), 200);
    let load = Load::start(listener.addr(), 1, empty);
    while !is_told(listener) {}
    let sent = load.end();
    assert!(sent.iter().all(Sent::is_accepted));
    sent
}

fn empty(_: Uuid) -> Vec<u8> {
    Vec::new()
}

#[test]
fn a_full_disk_refuses_until_there_is_room() {
    let Some(disk) = needs("sqlite3").then(Disk::make).flatten() else {
        return;
    };
    let store = disk.store();
    let mut book = Book::of(&store);
    let mut listener = listen(&store).start_for_people();
    book.check(fill(&listener));
    disk.stuff();
    let rest = fill(&listener);
    assert!(!rest.iter().any(Sent::is_accepted));
    assert_readable(&store);
    disk.make_room();
    let well = "note: deliveries are recorded again";
    book.check(recover(&mut listener, |listener| listener.remark() == well));
    let output = listener.stop();
    assert_eq!(output.code, 0);
    let said = String::from_utf8(output.stderr).unwrap();
    let full = format!(
        "warning: nothing is recorded, so nothing is accepted: the store `{}` cannot be written: the \
         disk is full",
        store.display()
    );
    // After the ready line and its note, and before the summary.
    let said: Vec<_> = said.lines().collect();
    assert_eq!(said[2..said.len() - 1], [&full, well]);
    book.check_all();
}

#[test]
fn a_full_disk_is_told_to_programs() {
    let Some(disk) = needs("sqlite3").then(Disk::make).flatten() else {
        return;
    };
    let store = disk.store();
    let mut book = Book::of(&store);
    let args = ["listen", "--port", "0", "--json", "--store"];
    let mut listener = wh(args).arg(&store).start();
    book.check(fill(&listener));
    disk.make_room();
    book.check(recover(&mut listener, |listener| {
        listener.next()["state"] == "restored"
    }));
    listener.signal(Signal::KILL);
    let output = listener.wait();
    book.check_all();
    let lines = output.stdout.split(|byte| *byte == b'\n');
    let lines = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let states: Vec<_> = lines.filter(|line| line["type"] == "store").collect();
    let full = format!(
        "the store `{}` cannot be written: the disk is full",
        store.display()
    );
    let expected = [
        json!({"type": "store", "schema": 1, "state": "degraded", "reason": full}),
        json!({"type": "store", "schema": 1, "state": "restored", "reason": null}),
    ];
    assert_eq!(states, expected);
}
