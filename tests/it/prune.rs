//! `wh prune`: what goes, what stays, and what it leaves behind.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;
use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Output, Wh, needs, sh, wh, with_terminal};

/// A folder with a store in it.
struct Shelf(TempDir);

impl Shelf {
    fn empty() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// With a delivery for each number, whose only attempt was so many days ago.
    fn of_ages(days: &[i64]) -> Self {
        let shelf = Self::empty();
        for age in days {
            shelf.send(&[]);
            shelf.age("(SELECT max(row) FROM attempts)", *age);
        }
        shelf
    }

    /// With one delivery of today, and so many that are as it is but have bodies of their own.
    fn of_many(number: i64) -> Self {
        let shelf = Self::of_ages(&[0]);
        let statements = "
            INSERT INTO bodies (hash, coding, data)
                SELECT randomblob(32), 0, randomblob(1000) FROM generate_series(1, :n);
            INSERT INTO deliveries SELECT value + 1, randomblob(16), direction, provider, endpoint,
                hex(randomblob(16)), attempts, accepted_at, previous
                FROM deliveries, generate_series(1, :n) WHERE number = 1;
            INSERT INTO attempts SELECT value + 1, value + 1, nth, at - value * 1000, event, a.number, of,
                status, took, outcome, verdict, reason, fault, fault_message, duplicate_of, same, 1000,
                (SELECT max(number) FROM bodies) - value + 1, answered
                FROM attempts AS a, generate_series(1, :n) WHERE row = 1;
            INSERT INTO heads SELECT value + 1, method, target, http, exact, peer, request, response,
                answer, truncated FROM heads, generate_series(1, :n) WHERE row = 1;";
        let series = format!(
            "(WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n \
             WHERE value < {number}) SELECT value FROM n)"
        );
        let statements = statements.replace("generate_series(1, :n)", &series);
        shelf.database().execute_batch(&statements).unwrap();
        shelf
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("store.db")
    }

    fn wh(&self, args: &[&str]) -> Wh {
        wh(args).dir(self.0.path()).env("WH_STORE", self.path())
    }

    fn prune(&self, args: &[&str]) -> Wh {
        self.wh(&[&["prune"], args].concat())
    }

    /// Sends to where nobody listens.
    fn send(&self, args: &[&str]) {
        let send = "send lead.created --url http://127.0.0.1:1/ --no-signature --json";
        let args: Vec<_> = send.split(' ').chain(args.iter().copied()).collect();
        assert_eq!(self.wh(&args).capture().code, 6);
    }

    fn database(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    /// Makes a row of the log so many days old.
    fn age(&self, row: &str, days: i64) {
        let sql = format!("UPDATE attempts SET at = at - {days} * 86400000000 WHERE row = {row}");
        assert_eq!(self.database().execute(&sql, ()).unwrap(), 1);
    }

    /// The numbers of the deliveries that are there.
    fn numbers(&self) -> Vec<i64> {
        self.column("SELECT number FROM deliveries ORDER BY number")
    }

    fn column(&self, sql: &str) -> Vec<i64> {
        let database = self.database();
        let mut query = database.prepare(sql).unwrap();
        let rows = query.query_map((), |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// Asserts that every delivery is whole, and that nothing is left of those that are gone.
    #[track_caller]
    fn assert_whole(&self) {
        let database = self.database();
        let check: String = database
            .query_row("PRAGMA integrity_check", (), |row| row.get(0))
            .unwrap();
        assert_eq!(check, "ok");
        let loose = "SELECT count(*) FROM deliveries AS d WHERE attempts <>
                (SELECT count(*) FROM attempts WHERE delivery = d.number)
            UNION ALL SELECT count(*) FROM attempts WHERE delivery NOT IN (SELECT number FROM deliveries)
            UNION ALL SELECT count(*) FROM attempts WHERE row NOT IN (SELECT row FROM heads)
            UNION ALL SELECT count(*) FROM heads WHERE row NOT IN (SELECT row FROM attempts)
            UNION ALL SELECT count(*) FROM attempts WHERE body IS NOT NULL AND body NOT IN (SELECT number FROM bodies)
            UNION ALL SELECT count(*) FROM bodies WHERE number NOT IN
                (SELECT body FROM attempts WHERE body IS NOT NULL)
            UNION ALL SELECT count(*) FROM webhook_ids WHERE number > 0
                AND number NOT IN (SELECT number FROM deliveries)";
        assert_eq!(self.column(loose), [0; 7]);
    }

    /// The bytes of the file, which is all there is of a store that nobody writes to.
    #[track_caller]
    fn bytes(&self) -> Vec<u8> {
        let log = fs::metadata(self.0.path().join("store.db-wal"));
        assert_eq!(log.map_or(0, |log| log.len()), 0, "the log holds something");
        fs::read(self.path()).unwrap()
    }
}

fn json_of(call: &Wh) -> Value {
    let Output {
        stdout,
        stderr,
        code,
    } = call.capture();
    assert_eq!((code, &*stderr), (0, &b""[..]));
    serde_json::from_slice(&stdout).unwrap()
}

#[test]
fn a_delivery_goes_when_any_flag_says_so() {
    for (args, left) in [
        ("--older-than 30d", &[2, 3, 5][..]),
        ("--older-than 90d", &[1, 2, 3, 4, 5]),
        ("--older-than 3h", &[5]),
        ("--keep 2", &[3, 5]),
        ("--keep 9", &[1, 2, 3, 4, 5]),
        ("--keep 0", &[]),
        ("--max-size 1TiB", &[1, 2, 3, 4, 5]),
        ("--max-size 0", &[]),
        ("--older-than 60d --keep 3", &[2, 3, 5]),
        ("--older-than 3d --keep 4", &[3, 5]),
        ("--older-than 60d --max-size 0", &[]),
        ("--all", &[]),
    ] {
        let shelf = Shelf::of_ages(&[70, 20, 2, 50, 0]);
        let args: Vec<_> = args.split(' ').chain(["--yes"]).collect();
        assert_eq!(shelf.prune(&args).capture().code, 0);
        assert_eq!(shelf.numbers(), left, "{args:?}");
        shelf.assert_whole();
    }
}

#[test]
fn a_delivery_is_as_old_as_its_last_attempt() {
    let shelf = Shelf::of_ages(&[40, 40]);
    let of_both = ["--id", "again"];
    shelf.send(&of_both);
    shelf.age("3", 40);
    shelf.send(&of_both);
    assert_eq!(shelf.column("SELECT delivery FROM attempts"), [1, 2, 3, 3]);
    shelf
        .prune(&["--older-than", "30d", "--yes", "--quiet"])
        .stdout_has("deleted 2 deliveries with 2 attempts; the store takes ")
        .run();
    assert_eq!(shelf.numbers(), [3]);
    shelf.assert_whole();
}

#[test]
fn a_delivery_that_was_never_attempted_is_as_old_as_its_id() {
    let shelf = Shelf::of_ages(&[0]);
    let ids = "INSERT INTO deliveries (id, direction, provider, endpoint, attempts) VALUES
        (x'019a0000000070008000000000000000', 1, 'cepro', 'http://h/', 0),
        (x'7fffffffffff70008000000000000000', 1, 'cepro', 'http://h/', 0)";
    shelf.database().execute(ids, ()).unwrap();
    shelf
        .prune(&["--older-than", "1d", "--yes"])
        .stdout_has("deleted 1 delivery with 0 attempts; ")
        .run();
    assert_eq!(shelf.numbers(), [1, 3]);
}

#[test]
fn the_bodies_go_with_their_delivery() {
    let shelf = Shelf::empty();
    for (id, body) in [("a", "1"), ("b", "1"), ("a", "1"), ("a", "2"), ("c", "")] {
        shelf.send(&["--id", id, "--data", body]);
    }
    assert_eq!(shelf.column("SELECT count(*) FROM bodies"), [3]);
    for (keep, attempts, bodies, left) in [("2", 1, 1, 2), ("1", 3, 2, 0), ("0", 1, 0, 0)] {
        let pruned = json_of(&shelf.prune(&["--keep", keep, "--yes", "--json"]));
        assert_eq!(
            (&pruned["attempts"], &pruned["bodies"]),
            (&attempts.into(), &bodies.into())
        );
        assert_eq!(shelf.column("SELECT count(*) FROM bodies"), [left]);
        shelf.assert_whole();
    }
}

#[test]
fn a_dry_run_says_what_would_go_and_changes_nothing() {
    let shelf = Shelf::of_ages(&[40, 50, 0]);
    shelf
        .database()
        .execute(
            "UPDATE attempts SET at = 1767225600000000 + row WHERE row < 3",
            (),
        )
        .unwrap();
    let before = shelf.bytes();
    let table = [
        (
            "--older-than 1d",
            "would delete 2 deliveries with 2 attempts (about ",
            "last attempts from 2026-01-01T00:00:00.000Z to 2026-01-01T00:00:00.000Z\n",
        ),
        (
            "--max-size 100KiB",
            "would delete about ",
            "last attempts from ",
        ),
        ("--keep 3", "would delete nothing\n", ""),
    ];
    for (args, first, second) in table {
        let args: Vec<_> = args.split(' ').chain(["--dry-run"]).collect();
        shelf
            .prune(&args)
            .stdout_has(first)
            .stdout_has(second)
            .run();
    }
    let mut told = json_of(&shelf.prune(&["--keep", "1", "--dry-run", "--json"]));
    assert!(told["bytes"].take().as_u64().unwrap() > 0);
    assert_eq!(
        told,
        json!({
            "type": "prune", "schema": 1, "dry_run": true, "deliveries": 2, "attempts": 2,
            "bytes": null, "estimate": false, "oldest": "2026-01-01T00:00:00.000Z",
            "newest": "2026-01-01T00:00:00.000Z",
        })
    );
    assert!(shelf.bytes() == before);
}

#[test]
fn nothing_goes_unless_it_is_said_what_and_agreed_to() {
    let shelf = Shelf::of_ages(&[2, 0]);
    let before = shelf.bytes();
    shelf
        .prune(&[])
        .stderr(
            "error: nothing says which deliveries to delete\n\
             hint: --older-than 30d, --keep 1000, --max-size 500MiB, or --all\n",
        )
        .exit(2)
        .run();
    shelf
        .prune(&["--older-than", "1d"])
        .stderr_has("error: nobody is asked whether to delete 1 delivery with 1 attempt (about ")
        .stderr_has("hint: --yes deletes without asking; --dry-run shows what would go\n")
        .exit(2)
        .run();
    for (args, value) in [
        ("--older-than x", "'x' for '--older-than <DURATION>'"),
        ("--older-than 1mo", "'1mo' for '--older-than <DURATION>'"),
        ("--keep -1", "'-1' "),
        ("--max-size 1.5G", "'1.5G' for '--max-size <SIZE>'"),
        ("--all --keep 1", "'--all' cannot be used with '--keep <N>'"),
    ] {
        let args: Vec<_> = args.split(' ').collect();
        shelf.prune(&args).stderr_has(value).exit(2).run();
    }
    assert!(shelf.bytes() == before);
}

#[test]
fn on_a_terminal_it_asks_and_takes_no_for_an_answer() {
    if !needs("setsid") {
        return;
    }
    for (keys, code, end, left) in [
        (&b"y\n"[..], 0, "y\r\n", 0),
        (b"YES\n", 0, "YES\r\n", 0),
        (b"\n", 0, "\r\nnote: nothing was deleted\r\n", 1),
        (b"n\n", 0, "n\r\nnote: nothing was deleted\r\n", 1),
        (b"yellow\n", 0, "yellow\r\nnote: nothing was deleted\r\n", 1),
        // Ctrl-D and Ctrl-C.
        (b"\x04", 0, "\r\nnote: nothing was deleted\r\n", 1),
        (b"\x03", 130, "^C", 1),
    ] {
        let shelf = Shelf::of_ages(&[0]);
        let args = ["prune", "--store", "store.db", "--all"];
        let (ended, stdout, screen) = with_terminal(&args, &shelf.0, "[y/N] ", keys);
        let question = "delete 1 delivery with 1 attempt (about ";
        let (asked, answered) = screen.split_once("[y/N] ").unwrap();
        assert!(asked.starts_with(question), "{screen}");
        assert_eq!((ended, answered), (Some(code), end), "{keys:?}");
        assert_eq!(
            stdout.starts_with("deleted 1 delivery "),
            left == 0,
            "{stdout}"
        );
        assert_eq!(shelf.column("SELECT count(*) FROM deliveries"), [left]);
    }
}

#[test]
fn where_nothing_was_recorded_there_is_nothing_to_delete() {
    let shelf = Shelf::empty();
    shelf.prune(&["--all"]).stdout("nothing to delete\n").run();
    shelf
        .prune(&["--all", "--dry-run"])
        .stdout("would delete nothing\n")
        .run();
    let pruned = json_of(&shelf.prune(&["--all", "--json"]));
    assert_eq!(pruned["deliveries"], 0);
    assert!(!shelf.path().exists());
    shelf
        .prune(&["--all", "--store", "none"])
        .stderr("error: with `--store none` there is nothing to read\n")
        .exit(2)
        .run();
}

#[test]
fn the_file_shrinks_to_what_is_asked() {
    let shelf = Shelf::of_many(3_000);
    let before = fs::metadata(shelf.path()).unwrap().len();
    assert!(before > 4 << 20);
    let most = 2 << 20;
    let pruned = json_of(&shelf.prune(&["--max-size", "2MiB", "--yes", "--json"]));
    let after = shelf.bytes().len() as u64;
    assert!(after <= most && after > most - (64 << 10), "{after}");
    assert_eq!(
        (&pruned["size_bytes"], &pruned["freed_bytes"]),
        (&after.into(), &(before - after).into())
    );
    // The newest are the first that were made.
    let numbers = shelf.numbers();
    let expected: Vec<i64> = (1..=numbers.len().try_into().unwrap()).collect();
    assert_eq!(numbers, expected);
    shelf.assert_whole();
    shelf
        .prune(&["--all", "--yes"])
        .stdout_has("deleted ")
        .run();
    assert!(shelf.bytes().len() < 256 << 10);
}

#[test]
fn whatever_ends_it_leaves_whole_deliveries() {
    for (signal, code) in [(Signal::INT, 130), (Signal::KILL, 137)] {
        let shelf = Shelf::of_many(8_000);
        let pruning = shelf.prune(&["--all", "--yes"]).spawn();
        let database = shelf.database();
        let count = || -> i64 {
            let sql = "SELECT count(*) FROM deliveries";
            // The lock of whoever comes first or goes last is short.
            database
                .query_row(sql, (), |row| row.get(0))
                .unwrap_or(8_001)
        };
        while count() > 8_000 {}
        pruning.signal(signal);
        assert_eq!(pruning.wait().code, code);
        drop(database);
        assert!(!shelf.numbers().is_empty(), "it ended before the signal");
        shelf.assert_whole();
        shelf
            .prune(&["--all", "--yes"])
            .stdout_has("deleted ")
            .run();
        assert!(shelf.bytes().len() < 256 << 10);
    }
}

#[test]
fn somebody_may_record_meanwhile() {
    let shelf = Shelf::of_many(8_000);
    let pruning = shelf
        .prune(&["--older-than", "0s", "--yes", "--json"])
        .spawn();
    for _ in 0..10 {
        shelf.send(&[]);
    }
    let pruned: Value = serde_json::from_slice(&pruning.wait().stdout).unwrap();
    let pruned = pruned["deliveries"].as_u64().unwrap();
    assert!(pruned >= 8_001);
    assert_eq!(shelf.numbers().len() as u64 + pruned, 8_011);
    shelf.assert_whole();
    // Of the sorted webhook ids the last chunk says where to go on.
    assert_eq!(shelf.column("SELECT chunk FROM webhook_ids"), [0]);
}

#[test]
fn a_store_that_somebody_holds_stays_as_it_is() {
    let shelf = Shelf::of_ages(&[0]);
    let database = shelf.database();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    let path = shelf.path();
    shelf
        .prune(&["--all", "--yes"])
        .stderr(format!(
            "error: the store `{}` is held by another process\nhint: try again when it is done\n",
            path.display()
        ))
        .exit(7)
        .run();
    database.execute_batch("ROLLBACK").unwrap();
    assert_eq!(shelf.numbers(), [1]);
}

/// On a disk of its own that is full to the last byte.
#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    if !needs("unshare") {
        return;
    }
    let shelf = Shelf::of_many(1_000);
    let script = "mkdir disk && mount -t tmpfs -o size=3m none disk || exit 99
        cp store.db disk/ && ! cat /dev/zero 2>&- >disk/filler
        \"$WH\" --store disk/store.db prune --all --yes; echo $?
        rm disk/filler
        \"$WH\" --store disk/store.db doctor --json | grep store.content
        \"$WH\" --store disk/store.db prune --all --yes";
    let call = sh(&format!("exec unshare -m sh -c '{script}'")).dir(shelf.0.path());
    let Output {
        stdout,
        stderr,
        code,
    } = call.capture();
    if code != 0 {
        crate::support::skipped("a mount namespace");
        return;
    }
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(
        stderr,
        "error: the store `disk/store.db` cannot be written: the disk is full\n\
         hint: free a few MiB of the disk; then `wh prune --older-than 30d` makes more room\n"
    );
    let stdout = String::from_utf8(stdout).unwrap();
    assert!(stdout.starts_with("7\n"), "{stdout}");
    assert!(
        stdout.contains("1,001 deliveries, 1,001 attempts"),
        "{stdout}"
    );
    assert!(stdout.contains("deleted 1,001 deliveries"), "{stdout}");
}
