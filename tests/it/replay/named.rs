//! How deliveries are named, and what is asked before several are sent.

use crate::support::{Receiver, needs, with_terminal};

use super::Desk;

/// Three deliveries: the second was taken, the others were not.
fn three() -> (Desk, Receiver) {
    let receiver = Receiver::start([500, 200, 503, 200]);
    let desk = Desk::new();
    for (event, id) in [
        ("estimate.created", "msg_a1"),
        ("invoice.paid", "msg_b22222"),
        ("estimate.created", "msg_c3"),
    ] {
        desk.sends(&format!("{event} --force --id {id}"), &receiver);
    }
    (desk, receiver)
}

fn ids(receiver: &Receiver) -> Vec<String> {
    let again = receiver.requests().split_off(3);
    let id = |request: &crate::support::Request| {
        let event = request.header("X-Webhook-Event").unwrap();
        let attempt = request.header("X-Webhook-Attempt").unwrap();
        format!("{event} {attempt}")
    };
    again.iter().map(id).collect()
}

#[test]
fn by_filters_each_delivery_once_and_in_order() {
    let receiver = Receiver::start([500, 503, 200, 200, 200]);
    let desk = Desk::new();
    desk.sends("estimate.created", &receiver);
    desk.bare("replay 1 -q --timings once --secret-file secret")
        .stdout_has("503")
        .exit(5)
        .run();
    desk.sends("invoice.paid --force", &receiver);
    // Two attempts of #1 pass the filter, and it goes out once.
    desk.wh("replay status:5xx")
        .stdout_has("[#1]  ✓ signed  attempt 3 (1/4)")
        .run();
    assert_eq!(receiver.requests().len(), 4);
}

#[test]
fn several_need_a_yes_where_nobody_can_be_asked() {
    let (desk, receiver) = three();
    for words in ["replay 1 3", "replay --status 5xx", "replay --last 2"] {
        desk.wh(words)
            .stderr(
                "error: nobody is asked whether to send 2 deliveries again\n\
                 hint: --yes sends them without asking; --dry-run shows them\n",
            )
            .exit(2)
            .run();
    }
    desk.wh("replay 3 #1 --yes").stdout_has("[#3]").run();
    assert_eq!(ids(&receiver), ["estimate.created 2", "estimate.created 2"]);
}

#[test]
fn the_newest_of_those_that_pass() {
    let (desk, receiver) = three();
    desk.wh("replay --last 1 outcome:success")
        .stdout_has("[#2]")
        .run();
    desk.wh("replay --last 2 --yes")
        .stdout_has("[#2]")
        .stdout_has("[#3]")
        .run();
    assert_eq!(
        ids(&receiver),
        ["invoice.paid 2", "invoice.paid 3", "estimate.created 2"]
    );
}

#[test]
fn an_id_and_a_filter_must_both_hold() {
    let (desk, receiver) = three();
    desk.wh("replay 1 2 status:2xx").stdout_has("[#2]").run();
    desk.wh("replay msg_b2").stdout_has("[#2]").run();
    assert_eq!(ids(&receiver), ["invoice.paid 2", "invoice.paid 3"]);
}

#[test]
fn a_list_is_shown_and_nothing_sent() {
    let (desk, receiver) = three();
    let url = receiver.url();
    desk.wh("replay 1 3 --dry-run")
        .stdout(format!(
            "#1  estimate.created  {url}/hooks  attempt 2\n\
             #3  estimate.created  {url}/hooks  attempt 2\n"
        ))
        .run();
    desk.wh("replay 1 --dry-run")
        .stdout_has("X-Webhook-Attempt: 2")
        .stdout_has("curl")
        .run();
    assert_eq!(receiver.requests().len(), 3);
}

#[test]
fn what_is_not_there_is_told_with_what_is_near() {
    let (desk, _receiver) = three();
    desk.wh("replay msg_b22222x")
        .stderr_has("there is no delivery `msg_b22222x`")
        .stderr_has("#2 ")
        .exit(7)
        .run();
    desk.wh("replay status:418 --event x.*")
        .stderr(
            "error: no delivery passes the filter `status:418 event:x.*`\n  \
               the newest in the log are\n  \
               #3 estimate.created 503\n  \
               #2 invoice.paid 200\n  \
               #1 estimate.created 500\n\
             hint: `wh log` with the same filter shows what passes it\n",
        )
        .exit(7)
        .run();
    desk.wh("replay statu:5xx")
        .stderr_has("hint: the keys of a filter are event")
        .exit(7)
        .run();
    desk.wh("replay status:5xy").stderr_has("5xy").exit(2).run();
}

#[test]
fn something_must_be_named_and_kept() {
    let desk = Desk::new();
    desk.wh("replay")
        .stderr_has("error: nothing is recorded yet")
        .exit(7)
        .run();
    let (desk, _receiver) = three();
    desk.wh("replay")
        .stderr(
            "error: nothing says which deliveries to send again\n\
             hint: wh replay ID, or a filter: wh replay status:5xx --since 1h\n",
        )
        .exit(2)
        .run();
    desk.wh("replay 1 --store none")
        .stderr_has("nothing to read")
        .exit(2)
        .run();
    desk.wh("replay 1 3 --edit --yes")
        .stderr_has("--edit takes one delivery")
        .exit(2)
        .run();
}

#[test]
fn without_a_secret_nothing_goes_out() {
    let (desk, receiver) = three();
    desk.bare("replay 1")
        .stderr_has("error: no secret given")
        .exit(7)
        .run();
    desk.bare("replay 1")
        .env("WH_SECRET", "s3cret")
        .stdout_has("<-- 200")
        .run();
    let url = receiver.url();
    desk.bare(&format!(
        "endpoint add shop --url {url}/hooks --secret-file secret -q"
    ))
    .stdout_has("shop")
    .run();
    // That of the only endpoint with this URL.
    desk.bare("replay 1").stdout_has("✓ signed").run();
}

#[test]
fn on_a_terminal_it_is_asked_before_several_are_sent() {
    if !needs("setsid") {
        return;
    }
    let prompt = "send 2 deliveries again? [y/N] ";
    for (answer, count) in [("n\n", 3), ("y\n", 5)] {
        let (desk, receiver) = three();
        let words = [
            "replay",
            "1",
            "3",
            "-q",
            "--timings",
            "once",
            "--secret-file",
            "secret",
        ];
        let (code, _, screen) = with_terminal(&words, desk.dir(), prompt, answer.as_bytes());
        assert_eq!(code, Some(0), "{screen}");
        assert_eq!(receiver.requests().len(), count);
    }
}
