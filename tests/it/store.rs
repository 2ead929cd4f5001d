//! The store as a file: who may read it, and what stands in its place.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::support::{Output, sh, skipped, wh};

/// Sends to where nobody listens, which is recorded all the same.
const SEND: &str = "send lead.created --url http://127.0.0.1:1/ --no-signature --json --store";

fn send(dir: &Path, store: &str) -> Output {
    wh(SEND.split(' ').chain([store])).dir(dir).capture()
}

/// A folder with a store of one delivery.
fn store() -> TempDir {
    let dir = TempDir::new().unwrap();
    assert_eq!(send(dir.path(), "store.db").code, 6);
    dir
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// The files in a folder, with what is in them.
fn contents(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            (entry.file_name().into_string().unwrap(), bytes)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn whatever_the_umask_only_the_owner_may_read_what_is_recorded() {
    for umask in ["000", "022", "077", "777"] {
        let dir = TempDir::new().unwrap();
        let script =
            format!("umask {umask}; exec \"$WH\" listen --port 0 --json --store new/deep/store.db");
        let listener = sh(&script).dir(dir.path()).start();
        let deep = dir.path().join("new/deep");
        let found: Vec<_> = ["new", "new/deep"]
            .iter()
            .map(|name| mode(&dir.path().join(name)))
            .collect();
        assert_eq!(found, [0o700; 2], "{umask}");
        for name in ["store.db", "store.db-wal", "store.db-shm"] {
            assert_eq!(mode(&deep.join(name)), 0o600, "{name} under {umask}");
        }
        listener.stop();
    }
}

#[test]
fn a_directory_that_is_there_keeps_its_mode() {
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(send(dir.path(), "store.db").code, 6);
    assert_eq!(mode(dir.path()), 0o755);
}

#[test]
fn several_processes_make_one_store() {
    let dir = TempDir::new().unwrap();
    let script =
        format!("for nth in $(seq 24); do \"$WH\" {SEND} store.db >/dev/null & done; wait");
    sh(&script).dir(dir.path()).run();
    let database = Connection::open(dir.path().join("store.db")).unwrap();
    let count = |sql| {
        database
            .query_row(sql, (), |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM deliveries"), 24);
    assert_eq!(count("SELECT count(*) FROM attempts"), 24);
}

#[test]
fn an_empty_file_becomes_a_store() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("store.db"), "").unwrap();
    wh(["prune", "--all", "--store", "store.db"])
        .dir(dir.path())
        .stdout("nothing to delete\n")
        .run();
    assert_eq!(send(dir.path(), "store.db").code, 6);
}

/// Asserts that neither writing nor reading takes the file for a store.
#[track_caller]
fn refused(dir: &Path, message: &str) {
    let prune = "prune --all --yes --store".split(' ');
    for args in [SEND.split(' ').collect::<Vec<_>>(), prune.collect()] {
        let Output {
            stdout,
            stderr,
            code,
        } = wh(args.iter().chain(&["store.db"])).dir(dir).capture();
        let stderr = String::from_utf8(stderr).unwrap();
        let said = stderr.starts_with(&format!("error: {message}"));
        let found = (code, said, stdout.len());
        assert_eq!(found, (7, true, 0), "{args:?}\n{stderr}");
    }
}

/// As [`refused`], and that nothing changes in its folder.
#[track_caller]
fn assert_refused(dir: &Path, message: &str) {
    let before = contents(dir);
    refused(dir, message);
    assert!(contents(dir) == before, "something has changed");
}

#[test]
fn a_store_of_a_later_version_is_refused() {
    let dir = store();
    let database = Connection::open(dir.path().join("store.db")).unwrap();
    database.pragma_update(None, "user_version", 1000).unwrap();
    drop(database);
    assert_refused(
        dir.path(),
        "the store `store.db` has schema 1000; this version of wh reads up to 3\n\
         hint: use the version of wh that wrote it, or --store FILE\n",
    );
}

/// The making of a foreign database, and what keeps it from being closed in good order.
fn foreign(sql: &str, leaves_log: bool) -> TempDir {
    let dir = TempDir::new().unwrap();
    let open = if leaves_log {
        "original.db"
    } else {
        "store.db"
    };
    let database = Connection::open(dir.path().join(open)).unwrap();
    database.execute_batch(sql).unwrap();
    if leaves_log {
        for ending in ["", "-wal"] {
            let name = |base: &str| dir.path().join(format!("{base}{ending}"));
            fs::copy(name("original.db"), name("store.db")).unwrap();
        }
    }
    drop(database);
    if leaves_log {
        fs::remove_file(dir.path().join("original.db")).unwrap();
    }
    dir
}

#[test]
fn what_is_no_store_is_left_as_it_is() {
    let message = "`store.db` is not a store of wh\n\
                   hint: it is left as it is; --store FILE names another\n";
    for text in [
        "x",
        "some notes\n",
        "SQLite format 3\0",
        &"long ".repeat(9000),
    ] {
        let dir = TempDir::new().unwrap();
        fs::write(dir.path().join("store.db"), text).unwrap();
        assert_refused(dir.path(), message);
    }
    let table = "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1);";
    for (sql, leaves_log) in [
        (table.to_owned(), false),
        (format!("PRAGMA application_id = 7; {table}"), false),
        (format!("PRAGMA user_version = 1; {table}"), false),
        ("PRAGMA user_version = 1".to_owned(), false),
        (format!("PRAGMA journal_mode = wal; {table}"), false),
        (
            format!("{table} PRAGMA journal_mode = wal; {table}").replacen("theirs", "others", 2),
            true,
        ),
    ] {
        assert_refused(foreign(&sql, leaves_log).path(), message);
    }
}

#[test]
fn a_store_that_was_cut_is_left_as_it_is() {
    for pages in [1, 3, 8] {
        let dir = store();
        let path = dir.path().join("store.db");
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..pages * 8192]).unwrap();
        assert_refused(
            dir.path(),
            "the store `store.db` is damaged: the file is shorter than it says\n\
             hint: it is left as it is; what can be read: sqlite3 store.db .recover\n",
        );
    }
}

#[test]
fn a_store_with_garbage_in_it_is_left_as_it_is() {
    let dir = store();
    let path = dir.path().join("store.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[2 * 8192..].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    refused(dir.path(), "the store `store.db` is damaged: ");
    assert!(fs::read(&path).unwrap() == bytes);
}

#[test]
fn what_is_no_file_is_named() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("store.db");
    fs::create_dir(&path).unwrap();
    assert_refused(
        dir.path(),
        "cannot open the store `store.db`: is a directory\n",
    );
    fs::remove_dir(&path).unwrap();
    symlink("nowhere", &path).unwrap();
    assert_refused(
        dir.path(),
        "cannot open the store `store.db`: No such file or directory (os error 2)\n",
    );
    assert!(!dir.path().join("nowhere").exists());
    fs::remove_file(&path).unwrap();
    symlink("/dev/null", &path).unwrap();
    assert_refused(
        dir.path(),
        "cannot open the store `store.db`: it is no regular file\n",
    );
}

/// As nobody in particular, whom permissions concern also where the tests run as root.
#[test]
fn a_store_that_may_not_be_read_or_written_is_named() {
    let dir = store();
    let prune = "$WH prune --all --yes --store store.db";
    let drop = "setpriv --reuid 65534 --regid 65534 --clear-groups";
    let call = |script: &str| {
        let whole = format!("{script}; exec {drop} {prune}");
        sh(&whole).dir(dir.path()).capture()
    };
    let probe = sh(&format!("chmod 755 . && exec {drop} $WH --version")).dir(dir.path());
    if probe.capture().code != 0 {
        skipped("setpriv as root");
        return;
    }
    for (script, message) in [
        (
            "chmod 600 store.db",
            "cannot open the store `store.db`: Permission denied (os error 13)\n",
        ),
        (
            "chmod 644 store.db",
            "the store `store.db` cannot be written: it is read-only\n\
             hint: the file and its directory must be writable: chmod u+w store.db\n",
        ),
    ] {
        let before = contents(dir.path());
        let Output { stderr, code, .. } = call(script);
        let stderr = String::from_utf8(stderr).unwrap();
        assert!(stderr.starts_with(&format!("error: {message}")), "{stderr}");
        assert_eq!(code, 7);
        assert!(contents(dir.path()) == before);
    }
}
