//! `wh retry`: one more attempt.

use crate::replay::Desk;
use crate::support::Receiver;

#[test]
fn it_is_one_attempt_with_the_next_number() {
    let receiver = Receiver::start([500]);
    let desk = Desk::new();
    desk.sends("estimate.created", &receiver);
    desk.wh("retry 1 -q")
        .stdout_has("[#1]  ✓ signed  attempt 2\n")
        .exit(5)
        .run();
    desk.wh("retry #1 -q --expect refused")
        .stdout_has("attempt 3\n")
        .run();
    let requests = receiver.requests();
    assert_eq!(requests.len(), 3);
    for (nth, request) in requests.iter().enumerate() {
        let number = (nth + 1).to_string();
        assert_eq!(request.header("X-Webhook-Attempt"), Some(number.as_str()));
    }
    for words in ["log", "show 1"] {
        let output = desk.bare(words).capture();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains(" 1/4 ") && shown.contains(" 3 "), "{shown}");
        assert!(!shown.contains(" 3/"), "{shown}");
    }
}

#[test]
fn it_takes_one_id() {
    let receiver = Receiver::start([200]);
    let desk = Desk::new();
    desk.sends("estimate.created", &receiver);
    desk.wh("retry nothing")
        .stderr_has("there is no delivery `nothing`")
        .exit(7)
        .run();
    desk.wh("retry").stderr_has("<ID>").exit(2).run();
    desk.wh("retry 1 2")
        .stderr_has("unexpected argument '2'")
        .exit(2)
        .run();
}
