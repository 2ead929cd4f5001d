//! Runs: who goes on, who has ended, and what they leave.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::store::samples::Shelf;
use crate::store::{Reader, Run, Writer};

fn begin(writer: &Writer) -> Run {
    writer.begin_run("terms").expect("a run")
}

fn unfinished(shelf: &Shelf) -> u64 {
    shelf.reader().unfinished().expect("it can be read")
}

#[test]
fn a_run_keeps_its_rows_until_it_ends() {
    for crashes in [false, true] {
        let shelf = Shelf::new();
        let ended = begin(shelf.writer());
        shelf.enqueue_new(&ended);
        shelf.enqueue_new(&ended);
        // Another process is as good as another writer: a lock is one opened file's.
        let other = Writer::open(&shelf.path()).expect("it opens");
        let heir = begin(&other);
        assert_eq!((unfinished(&shelf), other.claim(&heir)), (0, Ok(0)));
        let path = ended.path().to_owned();
        if crashes {
            ended.crash();
        } else {
            drop(ended);
        }
        assert_eq!((path.exists(), unfinished(&shelf)), (crashes, 2));
        assert_eq!((other.claim(&heir), other.claim(&heir)), (Ok(2), Ok(0)));
        assert_eq!(unfinished(&shelf), 0);
        assert!(!path.exists() && heir.path().exists());
    }
}

#[test]
fn a_run_is_forgotten_when_nothing_is_left_of_it() {
    let shelf = Shelf::new();
    let writer = shelf.writer();
    let terms = |run| shelf.reader().terms(run).expect("it can be read");
    let (idle, busy) = (begin(writer), begin(writer));
    let delivery = shelf.enqueue_new(&busy);
    idle.crash();
    busy.crash();
    let heir = begin(writer);
    assert!(!idle.path().exists() && !busy.path().exists());
    assert_eq!(terms(idle.number), None);
    assert_eq!(terms(busy.number).as_deref(), Some("terms"));
    // It is sent by the terms of the run that is gone.
    writer.claim(&heir).expect("it is claimed");
    assert_eq!(terms(busy.number).as_deref(), Some("terms"));
    writer.withdraw(&heir, delivery).expect("it is taken out");
    writer.claim(&heir).expect("nothing is left");
    assert_eq!(
        (terms(busy.number), terms(heir.number).is_some()),
        (None, true)
    );
}

#[test]
fn only_the_files_of_runs_are_taken_away() {
    let shelf = Shelf::new();
    let id = "0198c5c5-0000-4000-8000-000000000000";
    let file = |name: &str| shelf.path().with_file_name(name);
    let others = ["store.db.run-notes", &format!("other.db.run-{id}")].map(&file);
    let left = file(&format!("store.db.run-{id}"));
    for path in others.iter().chain([&left]) {
        fs::write(path, "").expect("a file");
    }
    begin(shelf.writer());
    assert!(!left.exists() && others.iter().all(|path| path.exists()));
}

#[test]
fn those_who_look_at_the_same_time_are_in_nobodys_way() {
    let shelf = Shelf::new();
    let ended = begin(shelf.writer());
    shelf.enqueue_new(&ended);
    ended.crash();
    let seen = fs::File::open(ended.path()).expect("it is there");
    seen.try_lock_shared().expect("nobody holds it");
    assert_eq!(unfinished(&shelf), 1);
    let heir = begin(shelf.writer());
    assert!(!ended.path().exists());
    assert_eq!(shelf.writer().claim(&heir), Ok(1));
}

#[test]
fn the_file_is_beside_the_store_itself_and_nobody_elses() {
    let shelf = Shelf::new();
    let link = shelf.path().with_file_name("link.db");
    symlink("store.db", &link).expect("a link");
    let writer = Writer::open(&link).expect("it opens");
    let run = begin(&writer);
    let permissions = fs::metadata(run.path()).expect("a file").permissions();
    assert_eq!(permissions.mode() & 0o777, 0o600);
    shelf.enqueue_new(&run);
    // By both names it is seen to go on.
    let by_link = Reader::open(&link).expect("it opens").expect("a store");
    assert_eq!(by_link.unfinished().expect("it can be read"), 0);
    assert_eq!(unfinished(&shelf), 0);
    drop(run);
    assert_eq!(unfinished(&shelf), 1);
}

#[test]
fn a_run_that_cannot_have_its_file_does_not_begin() {
    let shelf = Shelf::new();
    let writer = shelf.writer();
    let moved = shelf.path().with_file_name("moved.db");
    fs::rename(shelf.path(), &moved).expect("it is moved");
    let error = writer.begin_run("terms").expect_err("there is no store");
    assert!(error.reason.starts_with("cannot lock a file"), "{error}");
    fs::rename(&moved, shelf.path()).expect("it is moved back");
    assert_eq!(shelf.number("SELECT count(*) FROM runs"), 0);
    begin(writer);
}
