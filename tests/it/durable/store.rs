//! A store as a program reads it that is not ours.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::load::Sent;
use crate::support::Process;

/// The longest body of these tests, in bytes.
const LONGEST: usize = 64 * 1024;

/// What was answered 2xx, to be held against the store.
pub(super) struct Book {
    store: PathBuf,
    accepted: HashMap<String, [u8; 32]>,
    /// The last row that was read.
    row: i64,
}

/// What the store holds of one attempt.
struct Kept {
    row: i64,
    id: String,
    /// SHA-256 of its body.
    hash: [u8; 32],
}

impl Book {
    /// A book of a store, of which nothing is known yet.
    pub(super) fn of(store: &Path) -> Self {
        Self {
            store: store.to_owned(),
            accepted: HashMap::new(),
            row: 0,
        }
    }

    /// How many were accepted so far.
    pub(super) fn accepted(&self) -> usize {
        self.accepted.len()
    }

    /// How many of these were accepted and are not among the rows since the last look, as they were sent.
    pub(super) fn lost(&mut self, sent: Vec<Sent>) -> usize {
        let kept = self.read(self.row);
        let accepted: HashMap<_, _> = sent
            .into_iter()
            .filter(Sent::is_accepted)
            .map(|sent| (sent.id, sent.hash))
            .collect();
        self.row = kept.last().map_or(self.row, |kept| kept.row);
        let lost = lost(&accepted, &kept);
        self.accepted.extend(accepted);
        lost
    }

    /// Fails where one of these was accepted and is not kept, or the store is damaged.
    #[track_caller]
    pub(super) fn check(&mut self, sent: Vec<Sent>) {
        let all = sent.len();
        assert_eq!(self.lost(sent), 0, "of {all} that were sent are lost");
        assert_sound(&self.store);
    }

    /// Fails where anything that was ever accepted is not kept, or the store is damaged.
    #[track_caller]
    pub(super) fn check_all(&self) {
        let lost = lost(&self.accepted, &self.read(0));
        assert_eq!(lost, 0, "of {} are lost", self.accepted());
        assert_sound(&self.store);
    }

    /// The rows after one, oldest first.
    fn read(&self, after: i64) -> Vec<Kept> {
        let sql = format!(
            "SELECT a.row, d.webhook_id, a.size, coalesce(b.coding, 0), hex(b.data)
             FROM attempts AS a JOIN deliveries AS d ON d.number = a.delivery
             LEFT JOIN bodies AS b ON b.number = a.body WHERE a.row > {after} ORDER BY a.row"
        );
        query(&self.store, &sql).lines().map(kept).collect()
    }
}

fn lost(accepted: &HashMap<String, [u8; 32]>, kept: &[Kept]) -> usize {
    let kept: HashMap<_, _> = kept.iter().map(|kept| (&kept.id, kept.hash)).collect();
    let is_lost = |(id, hash): &(&String, &[u8; 32])| kept.get(id) != Some(hash);
    accepted.iter().filter(is_lost).count()
}

fn kept(line: &str) -> Kept {
    let columns: Vec<_> = line.split('|').collect();
    let [row, id, size, coding, data] = columns[..] else {
        panic!("not a row: {line}");
    };
    let data = hex::decode(data).unwrap();
    let body = match coding {
        "0" => data,
        "1" => zstd::bulk::decompress(&data, LONGEST).unwrap(),
        _ => panic!("an unknown coding: {coding}"),
    };
    assert_eq!(body.len().to_string(), size);
    Kept {
        row: row.parse().unwrap(),
        id: id.to_owned(),
        hash: Sha256::digest(&body).into(),
    }
}

/// Fails where the file is damaged.
#[track_caller]
pub(super) fn assert_sound(store: &Path) {
    let faults = query(store, "PRAGMA integrity_check; PRAGMA foreign_key_check");
    assert_eq!(faults, "ok\n");
}

/// What the `sqlite3` tool answers; it changes nothing.
#[track_caller]
pub(super) fn query(store: &Path, sql: &str) -> String {
    let mut tool = Command::new("sqlite3");
    let tool = tool.args(["-readonly", "-batch", "-cmd", ".timeout 10000"]);
    let tool = tool.arg(store).arg(sql);
    let output = Process::run(tool, b"");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!((&*complaint, output.code), ("", 0));
    String::from_utf8(output.stdout).unwrap()
}
