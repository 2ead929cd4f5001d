//! What is said of deliveries that are tried again, for people and for programs.

use serde_json::{Value, json};

use super::{fixed, send};
use crate::support::{Receiver, masked};

/// A call whose waits are over at once.
const AT_ONCE: [&str; 3] = ["--retry", "--speed", "1000000x"];

#[test]
fn each_attempt_says_what_follows_and_the_end_what_it_was() {
    let receiver = Receiver::start([500, 500, 204]);
    let url = receiver.url();
    let words = [&["e.v", "--url", &url][..], &AT_ONCE].concat();
    let output = send(&fixed("wlcro", &words)).capture();
    let expected = format!(
        "TIME  --> wlcro e.v  [#1]  ✓ signed  attempt 1/11\n\
         TIME  <-- 500 POST {url}/ TOOK  [#1]   retry 1/10 in 10s (assumed) (at 1000000x <1ms, due TIME)\n\
         TIME  --> wlcro e.v  [#1]  ✓ signed  attempt 2/11\n\
         TIME  <-- 500 POST {url}/ TOOK  [#1]   retry 2/10 in 20s (assumed) (at 1000000x <1ms, due TIME)\n\
         TIME  --> wlcro e.v  [#1]  ✓ signed  attempt 3/11\n\
         TIME  <-- 204 POST {url}/ TOOK  [#1]\n\
         1 delivery: 1 delivered\n\
         3 attempts, 2 retried\n\
         answers: 204 ×1, 500 ×2\n\
         response times: "
    );
    let stdout = masked(&output.stdout);
    assert!(stdout.starts_with(&expected), "{stdout}\n{expected}");
    // Once, though two attempts failed.
    let hint = "hint: the handler failed: its own log says where\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), hint);
    assert_eq!(output.code, 0);
}

#[test]
fn the_last_failure_says_how_many_there_were() {
    let receiver = Receiver::start([404]);
    let url = receiver.url();
    let words = [&["job.completed", "--url", &url][..], &AT_ONCE].concat();
    let output = send(&words).capture();
    let stdout = masked(&output.stdout);
    let last = format!(
        "TIME  <-- 404 POST {url}/ TOOK  [#1]   failed after 4 attempts\n1 delivery: 1 failed\n"
    );
    assert!(stdout.contains(&last), "{stdout}");
    assert_eq!(output.code, 5);
}

#[test]
fn programs_are_told_the_same() {
    let receiver = Receiver::start([500, 200]);
    let url = receiver.url();
    let words = [&["e.v", "--url", &url, "--json"][..], &AT_ONCE].concat();
    let output = send(&fixed("wlcro", &words)).capture();
    let lines = str::from_utf8(&output.stdout).unwrap().lines();
    let lines: Vec<Value> = lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [first, second, summary] = &lines[..] else {
        panic!("{lines:#?}");
    };
    let retry = &first["retry"];
    assert_eq!(first["outcome"], "retrying");
    assert_eq!(
        (
            &retry["nth"],
            &retry["of"],
            &retry["after_ms"],
            &retry["assumed"]
        ),
        (&json!(1), &json!(10), &json!(10_000), &json!(true))
    );
    assert_eq!(
        (&second["outcome"], &second["retry"]),
        (&json!("success"), &Value::Null)
    );
    for (name, expected) in [
        ("attempts", json!(2)),
        ("succeeded", json!(1)),
        ("failed", json!(1)),
        ("delivered", json!(1)),
        ("failed_deliveries", json!(0)),
        ("retried", json!(1)),
        ("statuses", json!({"200": 1, "500": 1})),
        ("interrupted", json!(false)),
    ] {
        assert_eq!(summary[name], expected, "{name}");
    }
}
