use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::Path;
use std::thread;

use super::{Registered, running_listeners};

/// Names that an entry could have.
const NAMES: [&str; 2] = [
    "00000000000040008000000000000001",
    "00000000000040008000000000000002",
];

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn enter(directory: &Path, text: &str) -> Registered {
    Registered::enter(directory, &[address(text)]).expect("an entry")
}

fn count(directory: &Path) -> usize {
    fs::read_dir(directory).expect("a directory").count()
}

#[test]
fn an_entry_counts_for_as_long_as_it_lives() {
    let folder = tempfile::tempdir().expect("a directory");
    let register = folder.path().join("new/register");
    assert_eq!(running_listeners(&register), []);
    assert!(!register.exists());
    let both = [address("[::1]:4600"), address("127.0.0.1:4600")];
    let first = Registered::enter(&register, &both).expect("an entry");
    let second = enter(&register, "[fe80::1%3]:80");
    let all = [both[1], both[0], address("[fe80::1%3]:80")];
    assert_eq!(running_listeners(&register), all);
    drop(first);
    assert_eq!(running_listeners(&register), [address("[fe80::1%3]:80")]);
    drop(second);
    assert_eq!(running_listeners(&register), []);
    assert_eq!(count(&register), 0);
}

#[test]
fn what_nobody_has_locked_counts_for_nothing_and_goes_with_the_next_entry() {
    let register = tempfile::tempdir().expect("a directory");
    let register = register.path();
    for name in NAMES {
        fs::write(register.join(name), "127.0.0.1:1\n").expect("a leftover");
    }
    // Somebody who looks at one at the same time is no listener.
    let looked_at = File::open(register.join(NAMES[0])).expect("a leftover");
    looked_at.try_lock_shared().expect("a share of the lock");
    assert_eq!(running_listeners(register), []);
    let entry = enter(register, "127.0.0.1:4600");
    assert_eq!(running_listeners(register), [address("127.0.0.1:4600")]);
    assert_eq!(count(register), 1);
    drop(entry);
}

#[test]
fn what_is_no_entry_is_left_alone() {
    let register = tempfile::tempdir().expect("a directory");
    let register = register.path();
    let note = register.join("notes.txt");
    fs::write(&note, "127.0.0.1:1\n").expect("a file");
    fs::create_dir(register.join(NAMES[0])).expect("a directory");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&note, register.join(NAMES[1])).expect("a link");
    let locked = File::open(&note).expect("a file");
    locked.try_lock().expect("a lock");
    let before = count(register);
    drop(enter(register, "127.0.0.1:4600"));
    assert_eq!(running_listeners(register), []);
    assert_eq!(count(register), before);
}

#[test]
fn of_an_entry_the_addresses_count_and_nothing_else() {
    let register = tempfile::tempdir().expect("a directory");
    let register = register.path();
    for (text, expected) in [
        ("", &[][..]),
        ("localhost:4600\n:\n\n127.0.0.1\n", &[]),
        ("x\n127.0.0.1:4600", &["127.0.0.1:4600"]),
        ("127.0.0.1:1\r\n[::]:2\n", &["127.0.0.1:1", "[::]:2"]),
        (
            &format!("127.0.0.1:1\n{}", "1".repeat(1 << 20)),
            &["127.0.0.1:1"],
        ),
    ] {
        let path = register.join(NAMES[0]);
        fs::write(&path, text).expect("an entry");
        let file = File::open(&path).expect("an entry");
        file.try_lock().expect("a lock");
        let expected: Vec<_> = expected.iter().map(|text| address(text)).collect();
        assert_eq!(running_listeners(register), expected);
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_the_directory_is_not_followed() {
    let folder = tempfile::tempdir().expect("a directory");
    let (elsewhere, register) = (folder.path().join("elsewhere"), folder.path().join("link"));
    fs::create_dir(&elsewhere).expect("a directory");
    let leftover = elsewhere.join(NAMES[0]);
    fs::write(&leftover, "127.0.0.1:1\n").expect("a leftover");
    let held = File::open(&leftover).expect("a leftover");
    held.try_lock().expect("a lock");
    std::os::unix::fs::symlink(&elsewhere, &register).expect("a link");
    assert_eq!(running_listeners(&register), []);
    held.unlock().expect("no lock");
    assert!(Registered::enter(&register, &[address("127.0.0.1:4600")]).is_err());
    assert_eq!(count(&elsewhere), 1);
}

#[test]
fn many_at_once_never_take_a_living_one_for_a_leftover() {
    let register = tempfile::tempdir().expect("a directory");
    let register = register.path();
    thread::scope(|scope| {
        for port in 1..=8 {
            scope.spawn(move || {
                let address = SocketAddr::from(([127, 0, 0, 1], port));
                for _ in 0..100 {
                    let _entry = Registered::enter(register, &[address]).expect("an entry");
                    assert!(running_listeners(register).contains(&address));
                }
            });
        }
    });
    assert_eq!(count(register), 0);
}
