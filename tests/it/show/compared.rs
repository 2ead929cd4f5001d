//! `wh show --diff`.

use super::{post, received, show};

/// The comparison without its first two lines, which tell the time.
fn compared(stdout: Vec<u8>) -> String {
    let text = String::from_utf8(stdout).unwrap();
    text.splitn(3, '\n').nth(2).unwrap().to_owned()
}

#[test]
fn an_attempt_is_compared_with_the_one_before() {
    let home = received(&[
        &post(
            &["X-Webhook-ID: evt_1", "X-A: 1"],
            r#"{"data":{"total":2500.00}}"#,
        ),
        &post(
            &["X-Webhook-ID: evt_1", "X-A: 2"],
            r#"{"data":{"total":300.00}}"#,
        ),
    ]);
    let output = show(&home, &["1", "--diff"]).capture();
    let want = "headers:
 POST /hooks?a=1
 Host: h
 X-Webhook-ID: evt_1
-X-A: 1
-Content-Length: 26
+X-A: 2
+Content-Length: 25
body: 26 B -> 25 B
  data.total: 2500.00 -> 300.00
 {
   \"data\": {
-    \"total\": 2500.00
+    \"total\": 300.00
   }
 }
";
    assert_eq!((output.code, compared(output.stdout).as_str()), (0, want));
}

#[test]
fn a_delivery_of_one_attempt_is_compared_with_the_one_before_of_its_webhook_id() {
    let other =
        "POST /other HTTP/1.1\r\nHost: h\r\nX-Webhook-ID: evt_1\r\nContent-Length: 2\r\n\r\n{}";
    let first = post(&["X-Webhook-ID: evt_1"], "{}");
    let home = received(&[&first, &post(&[], "x"), other.as_bytes()]);
    let output = show(&home, &["3", "--diff"]).capture();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(text.starts_with("--- #1 attempt 1  "), "{text}");
    assert!(text.contains("\n+++ #3 attempt 1  "), "{text}");
    let want = "endpoint: /hooks -> /other
headers:
-POST /hooks?a=1
+POST /other
 Host: h
 X-Webhook-ID: evt_1
 Content-Length: 2
body: equal (2 B)
";
    assert_eq!(compared(output.stdout), want);
}

#[test]
fn what_has_nothing_before_it_names_what_may_be_given() {
    let home = received(&[&post(&["X-Webhook-ID: evt_1"], "{}"), &post(&[], "{ }")]);
    for (name, number) in [("evt_1", 1), ("2", 2)] {
        show(&home, &[name, "--diff"])
            .stderr(format!(
                "error: attempt 1 of #{number} has nothing before it to compare with\n  it is the \
                 first, and no delivery before has its webhook id\nhint: name another delivery: wh \
                 show {number} --diff ID\n"
            ))
            .exit(7)
            .run();
    }
    show(&home, &["2", "--diff", "#1"])
        .stdout_has("\n  no value differs\n  only space differs; first difference at offset 1\n")
        .run();
    show(&home, &["2", "--diff", "#7"])
        .stderr_has("error: there is no delivery `#7`\n")
        .exit(7)
        .run();
}
