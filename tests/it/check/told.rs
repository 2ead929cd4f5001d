//! What people and programs see.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{REQUESTS, TWO, careless, check, lines, right, strict};
use crate::support::wh;

/// The output without the line of the sum, which tells how long it took, and that line up to there.
fn parted(stdout: &[u8]) -> (String, String) {
    let text = String::from_utf8(stdout.to_vec()).unwrap();
    let (rest, sum) = text.trim_end().rsplit_once("check of ").unwrap();
    let (sum, _) = sum.rsplit_once(" in ").unwrap();
    (rest.to_owned(), sum.to_owned())
}

/// The number of rules that are left out, as the sum has it.
fn left_out() -> String {
    let list = |words: &[&str]| {
        let call = wh([&["check", "--list", "--json"], words].concat());
        lines(&call.capture()).len()
    };
    format!(", {} left out", list(&[]) - list(&[TWO]))
}

#[test]
fn a_right_receiver_is_a_table_and_a_sum() {
    let receiver = right();
    let url = receiver.url();
    let (rest, sum) = parted(&check(&url, &["-q"]).capture().stdout);
    let left_out = left_out();
    assert_eq!(rest, "");
    assert_eq!(
        sum,
        format!("{url}/ as cepro: 2 passed, 0 failed{left_out}, {REQUESTS} requests")
    );
    let (rest, _) = parted(&check(&url, &[]).capture().stdout);
    let rows: Vec<_> = rest
        .lines()
        .map(|row| row.split_whitespace().take(2).collect::<Vec<_>>())
        .collect();
    assert_eq!(
        rows,
        [
            &["RULE", "VERDICT"][..],
            &["accepts-event", "pass"],
            &["refuses-no-signature", "pass"],
            &[]
        ]
    );
}

#[test]
fn what_does_not_hold_comes_with_why_and_what_to_change() {
    let receiver = careless();
    let (rest, _) = parted(&check(&receiver.url(), &[]).capture().stdout);
    let (_, block) = rest.split_once("\n\n").unwrap();
    let lines: Vec<_> = block.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(
        lines[0],
        "refuses-no-signature: A delivery without a signature is refused (fail)"
    );
    let names: Vec<_> = lines[1..]
        .iter()
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert_eq!(names, ["sent", "came", "why", "page", "fix"], "{block}");
    assert!(lines[2].starts_with("  came  200"), "{block}");
    let (rest, _) = parted(&check(&receiver.url(), &["-q"]).capture().stdout);
    assert_eq!(rest.lines().count(), 3, "{rest}");
    assert!(
        rest.lines()
            .nth(1)
            .unwrap()
            .starts_with("refuses-no-signature  fail "),
        "{rest}"
    );
}

#[test]
fn with_more_words_the_exchange_is_shown_and_nothing_in_it_acts() {
    let receiver = strict();
    let text = String::from_utf8(check(&receiver.url(), &["-v"]).capture().stdout).unwrap();
    for part in [
        "\n  request  ",
        "\n    POST /\n",
        "\n    X-Webhook-Signature: ",
        "\n  answer   403 in ",
        "\n    set-cookie: (redacted)\n",
        "\n    no \\x1b[2J\n",
    ] {
        let part = part.replace("answer   ", "answer  ");
        assert!(text.contains(&part), "{part} in {text}");
    }
}

#[test]
fn for_programs_each_rule_is_a_line_and_the_last_is_the_sum() {
    let receiver = strict();
    let output = check(&receiver.url(), &["--json", "-q"]).capture();
    assert_eq!(output.code, 8);
    let lines = lines(&output);
    let (last, rules) = lines.split_last().unwrap();
    assert!(
        rules
            .iter()
            .all(|line| line["type"] == "rule" && line["schema"] == 1)
    );
    let of = |id: &str| rules.iter().find(|line| line["id"] == id).unwrap();
    let (taken, refused) = (of("accepts-event"), of("refuses-no-signature"));
    // Who refuses what is right proves nothing by refusing what is not.
    assert_eq!(
        (&taken["verdict"], &refused["verdict"]),
        (&json!("fail"), &json!("skip"))
    );
    assert_eq!(refused["evidence"], json!([]));
    let evidence = &taken["evidence"][0];
    let requests = receiver.requests();
    let sent = &requests[1].body;
    assert_eq!(evidence["request"]["body_b64"], STANDARD.encode(sent));
    let answer = &evidence["response"];
    assert_eq!(answer["status"], 403);
    assert_eq!(answer["body_b64"], STANDARD.encode("no \u{1b}[2J"));
    let cookie = json!(["set-cookie", {"redacted": true}]);
    assert!(
        answer["headers"].as_array().unwrap().contains(&cookie),
        "{answer}"
    );
    let count = |verdict: &str| {
        rules
            .iter()
            .filter(|line| line["verdict"] == verdict)
            .count()
    };
    for key in ["pass", "fail", "warn", "skip"] {
        assert_eq!(last[key], Value::from(count(key)), "{key}");
    }
    assert_eq!(
        (&last["type"], &last["holds"], &last["requests"]),
        (&json!("check"), &json!(false), &json!(requests.len()))
    );
}
