//! `--expect`: what was asked for, against what came.

use super::send;
use crate::support::{Answer, Receiver};

/// What came, `--expect`, and the exit code.
type Row<Came> = (Came, Option<&'static str>, i32);

const ONE: &[Row<Option<u16>>] = &[
    (Some(200), None, 0),
    (Some(500), None, 5),
    (None, None, 6),
    (Some(401), Some("401"), 0),
    (Some(200), Some("401"), 8),
    (Some(500), Some("401"), 8),
    (None, Some("401"), 6),
    (Some(404), Some("4xx"), 0),
    (Some(500), Some("4xx"), 8),
    (Some(200), Some("2xx,409"), 0),
    (Some(409), Some("2xx,409"), 0),
    (Some(410), Some("2xx,409"), 8),
    (Some(401), Some("refused"), 0),
    (Some(302), Some("refused"), 0),
    (Some(500), Some("refused"), 0),
    (Some(200), Some("refused"), 8),
    (None, Some("refused"), 6),
];

#[test]
fn the_exit_code_says_whether_it_was_met() {
    for (answer, expect, code) in ONE {
        let receiver = Receiver::start([answer.map_or(Answer::Close, Answer::from)]);
        let url = receiver.url();
        let flags = expect.map(|expect| ["--expect", expect]);
        let flags = flags.as_ref().map_or(&[][..], |flags| flags);
        let output = send(&[&["job.completed", "--url", &url], flags].concat()).capture();
        assert_eq!(output.code, *code, "{answer:?}, --expect {expect:?}");
    }
}

#[test]
fn several_deliveries_are_met_together() {
    const TWO: &[Row<[Option<u16>; 2]>] = &[
        ([Some(200), Some(200)], None, 0),
        ([Some(200), Some(500)], None, 5),
        ([Some(500), None], None, 5),
        ([Some(200), None], None, 5),
        ([None, None], None, 6),
        ([Some(401), Some(401)], Some("401"), 0),
        ([Some(401), Some(200)], Some("401"), 8),
        ([None, Some(200)], Some("401"), 8),
        ([None, None], Some("401"), 6),
    ];
    for (answers, expect, code) in TWO {
        let answers = answers.map(|answer| answer.map_or(Answer::Close, Answer::from));
        let receiver = Receiver::start(answers);
        let url = receiver.url();
        let mut words = vec!["job.completed", "--with-legacy", "--url", &url];
        words.extend(expect.iter().flat_map(|expect| ["--expect", expect]));
        assert_eq!(send(&words).capture().code, *code, "{words:?}");
        assert_eq!(receiver.requests().len(), 2);
    }
}

#[test]
fn text_that_is_no_expectation_is_a_usage_error() {
    for text in ["", "2x", "99", "600x", "2xx,", "Refused", "refused,401"] {
        let why = format!("error: invalid value '{text}' for '--expect <STATUS>': ");
        send(&["job.completed", "--url", "1", "--expect", text])
            .stderr_has(why)
            .stderr_has(", or `refused`\n")
            .exit(2)
            .run();
    }
}
