//! The register of the listeners that run: who is in it, who may read it, and what stands in its way.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use super::listen;
use crate::support::{DATA, Listener, raw, sh, wh};

/// A listener that has its home here and keeps nothing else.
fn start(home: &Path) -> Listener {
    listen("cepro", &["--json", "--store", "none"])
        .home(home)
        .start()
}

fn register(home: &Path) -> PathBuf {
    home.join(DATA).join("listeners")
}

/// What the entries hold, all in a row.
fn entries(home: &Path) -> Vec<String> {
    let files = fs::read_dir(register(home)).unwrap();
    let mut entries: Vec<_> = files
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    entries.sort();
    entries
}

/// What `wh doctor` has found to be listening.
fn listening(home: &Path) -> String {
    let output = wh(["doctor", "--json"])
        .home(home)
        .env("WH_PORT", "0")
        .capture();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut checks = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let check = checks.find(|check| check["name"] == "listening").unwrap();
    check["found"].as_str().unwrap().to_owned()
}

/// The addresses, one per entry.
fn lines(listeners: &[&Listener]) -> Vec<String> {
    let mut lines: Vec<_> = listeners
        .iter()
        .map(|one| format!("{}\n", one.addr()))
        .collect();
    lines.sort();
    lines
}

#[test]
fn who_runs_is_in_it_and_who_was_killed_is_not() {
    let home = TempDir::new().unwrap();
    let home = home.path();
    let (first, second) = (start(home), start(home));
    assert_eq!(entries(home), lines(&[&first, &second]));
    for listener in [&first, &second] {
        assert!(listening(home).contains(listener.addr()));
    }
    first.signal(Signal::KILL);
    first.wait();
    assert_eq!(listening(home), second.addr());
    assert_eq!(entries(home).len(), 2, "who looks changes nothing");
    let third = start(home);
    assert_eq!(entries(home), lines(&[&second, &third]));
    second.stop();
    assert_eq!(listening(home), third.addr());
    // Ended by two signals, it leaves nothing either.
    third.signal(Signal::INT);
    third.signal(Signal::TERM);
    third.wait();
    assert_eq!(listening(home), "no `wh listen` is running");
    assert_eq!(entries(home), [""; 0]);
}

#[test]
fn an_address_of_every_interface_stands_as_it_was_bound() {
    let home = TempDir::new().unwrap();
    let words = ["--json", "--store", "none", "--host", "0.0.0.0"];
    let listener = listen("cepro", &words).home(home.path()).start();
    let (_, port) = listener.addr().rsplit_once(':').unwrap();
    assert_eq!(entries(home.path()), [format!("0.0.0.0:{port}\n")]);
}

#[test]
fn whatever_the_umask_only_the_owner_may_read_it() {
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    for (umask, before) in [
        ("000", None),
        ("022", Some(0o755)),
        ("077", None),
        ("777", None),
    ] {
        let home = TempDir::new().unwrap();
        let register = register(home.path());
        if let Some(before) = before {
            fs::create_dir_all(&register).unwrap();
            fs::set_permissions(&register, fs::Permissions::from_mode(before)).unwrap();
        }
        let script = format!("umask {umask}; exec \"$WH\" listen --port 0 --json --store none");
        let _listener = sh(&script).home(home.path()).start();
        assert_eq!(mode(&register), 0o700, "{umask}");
        let files: Vec<_> = fs::read_dir(&register).unwrap().collect();
        assert_eq!(files.len(), 1);
        for file in files {
            assert_eq!(mode(&file.unwrap().path()), 0o600, "{umask}");
        }
    }
}

/// Asserts that a listener in this home says why it is not in the register, and works.
#[track_caller]
fn goes_on(home: &Path, why: &str) {
    let listener = start(home);
    let answer = raw(listener.addr(), "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(answer.starts_with(b"HTTP/1.1 "));
    let output = listener.stop();
    let register = register(home);
    let expected = format!(
        "note: cannot register in `{}`: {why}; `wh replay` will not know this listener for its own\n",
        register.display()
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
    assert_eq!(output.code, 0);
    let quiet = listen("cepro", &["--json", "--store", "none", "-q"])
        .home(home)
        .start();
    assert_eq!(quiet.stop().stderr, b"");
}

#[test]
fn where_it_cannot_be_written_the_listener_goes_on() {
    let home = TempDir::new().unwrap();
    fs::create_dir_all(home.path().join(DATA)).unwrap();
    fs::write(register(home.path()), "").unwrap();
    goes_on(home.path(), "File exists (os error 17)");
}

#[test]
fn a_link_in_its_place_is_not_followed() {
    let home = TempDir::new().unwrap();
    let elsewhere = home.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::create_dir_all(home.path().join(DATA)).unwrap();
    symlink(&elsewhere, register(home.path())).unwrap();
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o755)).unwrap();
    goes_on(home.path(), "not a directory");
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    let mode = fs::metadata(&elsewhere).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
}
