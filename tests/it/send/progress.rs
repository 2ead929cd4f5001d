//! What moves on a terminal while deliveries wait.

use tempfile::TempDir;

use super::SECRET;
use crate::support::{Answer, Receiver, Watched};

/// The control character that a terminal makes the interrupt of.
const CONTROL_C: &[u8] = b"\x03";

const PLAIN: &[(&str, &str)] = &[("WH_SECRET", SECRET), ("TERM", "xterm")];

#[test]
fn a_wait_is_counted_down_and_leaves_nothing_behind() {
    let receiver = Receiver::start([500]);
    let dir = TempDir::new().unwrap();
    let url = receiver.url();
    let words = ["send", "job.completed", "--retry", "--url", &url];
    for (columns, head, left) in [
        (
            80,
            "#1 job.completed",
            "hint: 1 unfinished: wh replay --resume",
        ),
        (
            30,
            "#2 jo…",
            "hint: 1 unfinished, 1 from earlier: wh replay --resume",
        ),
    ] {
        let mut watched = Watched::start(&words, &dir, columns, PLAIN);
        let before = format!("{head}  attempt 2/4 in 0:");
        // Rows come byte by byte.
        let counts = |row: &str| row.starts_with(&before) && row.len() == before.len() + 2;
        let first = watched.row(counts);
        // Nothing else happens: the receiver is asked once in ten seconds.
        let second = watched.row(|row| counts(row) && row != first);
        assert!(second < first, "{first} {second}");
        watched.keys(CONTROL_C);
        let (code, rows, _) = watched.end();
        assert_eq!(code, Some(130), "{rows:#?}");
        let moving = rows.iter().find(|row| row.contains(" in 0:"));
        assert_eq!(moving, None, "{rows:#?}");
        // Wherever the lines were wrapped.
        let text = rows.concat().replace(' ', "");
        let end = "itsownlogsayswhereinterrupted:1delivery:1unfinishedanswers:500×1";
        assert!(text.contains(end), "{rows:#?}");
        assert!(text.ends_with(&left.replace(' ', "")), "{rows:#?}");
    }
}

#[test]
fn several_deliveries_have_a_bar_and_what_is_under_way_a_line() {
    let receiver = Receiver::start([Answer::Hang]);
    let dir = TempDir::new().unwrap();
    let url = receiver.url();
    let words = [
        "send",
        "job.completed",
        "--with-legacy",
        "--unordered",
        "--url",
        &url,
    ];
    let mut watched = Watched::start(&words, &dir, 80, PLAIN);
    for head in ["#1 job.completed  ", "#2 job_completed  "] {
        let line = format!("{head}attempt 1/4 under way 0:0");
        watched.row(|row| row.starts_with(&line));
    }
    watched.row(|row| row.starts_with("░░░░░░░░░░░░░░░░░░░░░░░░ 0/2  0:0"));
    watched.keys(CONTROL_C);
    let (code, rows, _) = watched.end();
    assert_eq!(code, Some(130), "{rows:#?}");
    let moving = rows
        .iter()
        .find(|row| row.contains("under way") || row.contains('░'));
    assert_eq!(moving, None, "{rows:#?}");
}

#[test]
fn nothing_moves_where_it_must_not() {
    let receiver = Receiver::start([500]);
    let dir = TempDir::new().unwrap();
    let url = receiver.url();
    let words = [
        "send",
        "job.completed",
        "--retry",
        "--speed",
        "20x",
        "--max-attempts",
        "2",
    ];
    let words = [&words[..], &["--url", &url]].concat();
    let dumb: &[_] = &[("WH_SECRET", SECRET), ("TERM", "dumb")];
    for (flags, variables) in [(&[][..], dumb), (&["--json"], PLAIN), (&["--quiet"], PLAIN)] {
        let words = [&words[..], flags].concat();
        let (code, rows, bytes) = Watched::start(&words, &dir, 200, variables).end();
        assert_eq!(code, Some(5), "{rows:#?}");
        assert!(!bytes.contains(&0x1b), "{flags:?} {rows:#?}");
    }
}
