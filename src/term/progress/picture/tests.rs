use std::time::{Duration, Instant};

use super::{Bar, Goal, Line, Moment, Picture};

const WIDE: (usize, usize) = (80, 24);

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn line(head: &str, moment: Moment) -> Line {
    Line {
        head: head.to_owned(),
        tail: "attempt 2/4 in".to_owned(),
        moment,
    }
}

fn bar(done: u64, goal: Goal) -> Bar {
    Bar {
        done,
        goal,
        rate: false,
        note: String::new(),
    }
}

#[test]
fn a_line_counts_down_to_its_moment_and_not_below() {
    let start = Instant::now();
    let mut picture = Picture::new(start);
    let due = Moment::Until(start + seconds(10.0));
    picture.line(1, line("#1 a.b", due), start);
    for (after, clock) in [
        (0.2, "0:10"),
        (1.0, "0:09"),
        (1.1, "0:09"),
        (9.9, "0:01"),
        (10.0, "0:00"),
        (11.0, "0:00"),
    ] {
        let text = picture.draw(start + seconds(after), WIDE);
        let expected = format!("#1 a.b  attempt 2/4 in {clock}");
        assert_eq!(text, Some(expected), "{after}");
    }
}

#[test]
fn a_line_counts_up_from_its_moment() {
    let start = Instant::now();
    let mut picture = Picture::new(start);
    picture.line(1, line("#1", Moment::Since(start)), start);
    for (after, clock) in [(0.9, "0:00"), (65.0, "1:05"), (3725.0, "1:02:05")] {
        let text = picture.draw(start + seconds(after), WIDE);
        assert_eq!(text, Some(format!("#1  attempt 2/4 in {clock}")), "{after}");
    }
}

#[test]
fn what_is_short_is_not_shown() {
    let start = Instant::now();
    let mut picture = Picture::new(start);
    picture.line(1, line("#1", Moment::Since(start)), start);
    picture.bar(bar(0, Goal::Count(2)));
    assert_eq!(picture.draw(start + seconds(0.19), WIDE), None);
    picture.end(1);
    let text = picture.draw(start + seconds(0.2), WIDE).unwrap_or_default();
    assert!(text.ends_with(" 0/2  0:00"), "{text}");
}

#[test]
fn a_line_that_goes_on_stays() {
    let start = Instant::now();
    let mut picture = Picture::new(start);
    picture.line(1, line("#1", Moment::Since(start)), start);
    let later = start + seconds(5.0);
    picture.line(1, line("#1", Moment::Since(later)), later);
    assert!(picture.draw(later, WIDE).is_some());
}

#[test]
fn the_last_line_is_wiped_once() {
    let start = Instant::now();
    let mut picture = Picture::new(start);
    picture.line(1, line("#1", Moment::Since(start)), start);
    let later = start + seconds(5.0);
    assert!(picture.draw(later, WIDE).is_some());
    picture.end(1);
    assert_eq!(picture.draw(later, WIDE), Some(String::new()));
    assert_eq!(picture.draw(later, WIDE), None);
}

#[test]
fn of_many_lines_those_are_shown_that_are_next() {
    let start = Instant::now();
    let mut picture = Picture::new(start);
    for key in 0..30_u32 {
        let due = Moment::Until(start + seconds(f64::from(100 - key)));
        picture.line(u128::from(key), line(&format!("#{key}"), due), start);
    }
    picture.line(99, line("#99", Moment::Since(start)), start);
    let now = start + seconds(1.0);
    let text = picture.draw(now, WIDE).unwrap_or_default();
    let names: Vec<_> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    let expected = [
        "#21", "#22", "#23", "#24", "#25", "#26", "#27", "#28", "#29", "#99", "and",
    ];
    assert_eq!(names, expected);
    assert!(text.ends_with("\nand 21 more"), "{text}");
    // A low terminal keeps its last rows for what lies above and for the bar.
    let text = picture.draw(now, (80, 5)).unwrap_or_default();
    assert_eq!(text.lines().count(), 3, "{text}");
}

#[test]
fn a_narrow_screen_keeps_the_time_and_is_never_passed() {
    let start = Instant::now();
    let mut picture = Picture::new(start);
    let due = Moment::Until(start + seconds(7.0));
    picture.line(1, line("#1043 estimate.created", due), start);
    picture.bar(Bar {
        note: "2 failed".to_owned(),
        rate: true,
        ..bar(1234, Goal::Count(10_000))
    });
    for (columns, expected) in [
        (
            50,
            [
                "#1043 estimate.created  attempt 2/4 in 0:05",
                "█░░░░░░░░░░░░░ 1,234/10,000  617/s  0:02  2 failed",
            ],
        ),
        (
            40,
            [
                "#1043 estimate.cre…  attempt 2/4 in 0:05",
                "1,234/10,000  617/s  0:02  2 failed",
            ],
        ),
        (
            30,
            [
                "#1043 es…  attempt 2/4 in 0:05",
                "1,234/10,000  617/s  0:02  2 …",
            ],
        ),
        (10, ["  attempt…", "1,234/10,…"]),
    ] {
        let text = picture.draw(start + seconds(2.0), (columns, 24));
        let text = text.unwrap_or_default();
        assert_eq!(text.lines().collect::<Vec<_>>(), expected, "{columns}");
        let widths = text.lines().map(|line| line.chars().count());
        assert!(widths.max() <= Some(columns), "{columns}");
    }
}

#[test]
fn a_bar_is_as_full_as_its_goal_is_near() {
    let start = Instant::now();
    for (bar, after, expected) in [
        (
            bar(0, Goal::Count(4)),
            1.0,
            "░░░░░░░░░░░░░░░░░░░░░░░░ 0/4  0:01",
        ),
        (
            bar(1, Goal::Count(4)),
            1.0,
            "██████░░░░░░░░░░░░░░░░░░ 1/4  0:01",
        ),
        (
            bar(4, Goal::Count(4)),
            61.0,
            "████████████████████████ 4/4  1:01",
        ),
        (
            bar(9, Goal::Count(4)),
            1.0,
            "████████████████████████ 9/4  0:01",
        ),
        (
            bar(7, Goal::Time(seconds(30.0))),
            15.0,
            "████████████░░░░░░░░░░░░ 7 done  0:15 of 0:30",
        ),
        (bar(7, Goal::Open), 15.0, "7 done  0:15"),
        (bar(0, Goal::Count(0)), 15.0, "0/0  0:15"),
    ] {
        let mut picture = Picture::new(start);
        picture.bar(bar);
        let text = picture.draw(start + seconds(after), WIDE);
        assert_eq!(text.as_deref(), Some(expected));
    }
}

#[test]
fn what_comes_from_outside_does_nothing() {
    let start = Instant::now();
    let mut picture = Picture::new(start);
    picture.line(1, line("#1 \x1b[2J\n\u{202e}", Moment::Since(start)), start);
    let text = picture.draw(start + seconds(1.0), WIDE);
    let expected = r"#1 \x1b[2J\n\u{202e}  attempt 2/4 in 0:01";
    assert_eq!(text.as_deref(), Some(expected));
}
