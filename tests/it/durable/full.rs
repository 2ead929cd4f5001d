//! A disk that is full: refused until there is room again, told once, and never accepted in vain.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::Signal;

use super::load::{self, Load, Sent, heavy, mixed};
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
        let mount = Mount::memory(8)?;
        let ballast = mount.path().join("ballast");
        fs::write(&ballast, vec![0; 2 * 1024 * 1024]).unwrap();
        Some(Self { mount, ballast })
    }

    fn store(&self) -> PathBuf {
        self.mount.path().join("wh.db")
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
        assert_eq!((answer.status, answer.retry_after.as_deref()), (507, Some("5")));
    }
    sent
}

/// Fails where what was kept cannot be read.
#[track_caller]
fn assert_readable(store: &Path) {
    let rows: usize = query(store, "SELECT count(*) FROM attempts").trim().parse().unwrap();
    assert!(rows > 100, "{rows}");
}

#[test]
fn a_full_disk_refuses_until_there_is_room() {
    let Some(disk) = needs("sqlite3").then(Disk::make).flatten() else {
        return;
    };
    let store = disk.store();
    let mut book = Book::of(&store);
    let listener = listen(&store).start_for_people();
    let url = listener.url().to_owned();
    book.check(fill(&listener));
    assert_readable(&store);
    disk.make_room();
    let next = load::send(listener.addr(), heavy);
    assert_eq!(next.status(), 200);
    book.check(vec![next]);
    listener.interrupt();
    let output = listener.wait();
    assert_eq!(output.code, 0);
    let said = String::from_utf8(output.stderr).unwrap();
    let said: Vec<_> = said.lines().collect();
    let full = format!(
        "warning: nothing is recorded, so nothing is accepted: the store `{}` cannot be written: the disk is full",
        store.display()
    );
    assert_eq!(said[0], format!("listening on {url} as cepro"));
    assert_eq!(said[2..said.len() - 1], [&*full, "note: deliveries are recorded again"]);
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
    let next = load::send(listener.addr(), mixed);
    assert_eq!(next.status(), 200);
    let mut states = Vec::new();
    while states.last().is_none_or(|state| state != "restored") {
        let line = listener.next();
        if line["type"] == "store" {
            states.push(line["state"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(states, ["degraded", "restored"]);
    listener.signal(Signal::KILL);
    listener.wait();
    book.check(vec![next]);
    book.check_all();
}
