//! What is recorded while somebody looks.

use tempfile::TempDir;

use super::{log, recorded, send, words};

#[test]
fn each_attempt_comes_as_it_is_recorded_by_another_process() {
    let home = recorded(&[("lead.created", 200), ("job.created", 500)]);
    let mut following = log(&home, &["--follow", "--json"]).spawn();
    for (row, event) in [(1, "lead.created"), (2, "job.created")] {
        let line = following.next();
        assert_eq!((&line["row"], &line["event"]), (&row.into(), &event.into()));
    }
    for (row, event) in [(3, "invoice.paid"), (4, "lead.created")] {
        send(&home, event, 200);
        let line = following.next();
        assert_eq!((&line["row"], &line["event"]), (&row.into(), &event.into()));
    }
    let output = following.stop();
    assert_eq!((output.code, output.stderr.as_slice()), (130, &b""[..]));
}

#[test]
fn it_begins_where_it_is_told_to() {
    let home = recorded(&[("lead.created", 200); 12]);
    for (flags, first) in [(&[][..], 3), (&["--limit=1"], 12), (&["--after=1"], 2)] {
        let mut following = log(&home, &[flags, &["--follow", "--json"]].concat()).spawn();
        assert_eq!(following.next()["row"], first, "{flags:?}");
    }
}

#[test]
fn only_what_passes_comes() {
    let home = recorded(&[("lead.created", 200), ("job.created", 200)]);
    let words = ["--follow", "--json", "event:job.*"];
    let mut following = log(&home, &words).spawn();
    assert_eq!(following.next()["row"], 2);
    for event in ["lead.created", "job.completed"] {
        send(&home, event, 200);
    }
    assert_eq!(following.next()["row"], 4);
}

#[test]
fn lines_for_people_stand_below_each_other() {
    let home = recorded(&[("lead.created", 200)]);
    let mut following = log(&home, &["--follow"]).spawn();
    let mut shown = following.line() + "\n";
    send(&home, "estimate.created", 500);
    shown += &following.line();
    let columns = |part: &str| {
        let at = shown.lines().map(|line| line.find(part).unwrap());
        at.collect::<Vec<_>>()
    };
    for part in ["-->", "cepro", ".created", "1/4", "http://"] {
        let at = columns(part);
        assert!(part == ".created" || at[0] == at[1], "{part}: {shown}");
    }
    let expected = "#1 TIME --> cepro lead.created 1/4 200 TOOK Success URL\n\
                    #2 TIME --> cepro estimate.created 1/4 500 TOOK Failed URL\n";
    assert_eq!(words(shown.as_bytes()), expected);
}

#[test]
fn a_store_that_is_not_there_yet_is_waited_for() {
    let home = TempDir::new().unwrap();
    let mut following = log(&home, &["--follow"]).spawn();
    assert_eq!(following.remark(), "note: nothing recorded yet: waiting");
    send(&home, "lead.created", 200);
    assert!(following.line().starts_with("#1 "));
}

#[test]
fn a_reader_that_has_gone_is_a_quiet_end() {
    for words in [&["--follow"][..], &["--follow", "--json"]] {
        let home = recorded(&[("lead.created", 200)]);
        let mut following = log(&home, words).reader_leaves().spawn();
        following.line();
        send(&home, "job.created", 200);
        let output = following.wait();
        assert_eq!((output.code, output.stderr.as_slice()), (0, &b""[..]));
    }
}
