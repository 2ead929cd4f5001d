//! What was received, sent on; and listeners of one's own.

use crate::support::{Listener, Receiver};

use super::{Desk, verdict};

/// A desk whose store has one delivery that was received, and the listener.
fn listening() -> (Desk, Listener) {
    let desk = Desk::new();
    let listener = desk.wh("listen --port 0 --json").start();
    let url = listener.url();
    desk.wh(&format!(
        "send estimate.created --store none -q --url {url} -H X-Tenant:a"
    ))
    .stdout_has("<-- 200")
    .run();
    (desk, listener)
}

#[test]
fn it_needs_a_place_to_go_to() {
    let (desk, _listener) = listening();
    desk.wh("replay 1")
        .stderr(
            "error: #1 was received, so it has no URL to go to\n\
             hint: --url http://localhost:3000/hooks, or --endpoint NAME\n",
        )
        .exit(2)
        .run();
}

#[test]
fn it_goes_to_a_url_as_a_delivery_of_its_own_and_gone_on_with_from_there() {
    let (desk, listener) = listening();
    listener.stop();
    let receiver = Receiver::start([200]);
    let replay = || desk.wh(&format!("replay 1 --url {}/app", receiver.url()));
    replay().stdout_has("[#2]  ✓ signed  attempt 1/4").run();
    replay().stdout_has("[#2]  ✓ signed  attempt 2 (1/4)").run();
    let requests = receiver.requests();
    assert!(requests[0].head.starts_with(b"POST /app "));
    assert_eq!(requests[0].header("X-Tenant"), Some("a"));
    assert_eq!(
        requests[0].header("X-Webhook-ID"),
        requests[1].header("X-Webhook-ID")
    );
    assert!(verdict("cepro", &requests[0]).is_valid());
}

#[test]
fn an_endpoint_brings_url_and_secret() {
    let (desk, listener) = listening();
    listener.stop();
    let receiver = Receiver::start([200]);
    let url = receiver.url();
    desk.bare(&format!(
        "endpoint add shop -q --url {url}/shop --secret-file secret"
    ))
    .stdout_has("shop")
    .run();
    desk.bare("replay 1 --endpoint shop")
        .stdout_has("✓ signed")
        .run();
    desk.bare("endpoint disable shop")
        .stdout_has("disabled")
        .run();
    desk.bare("replay 1 --endpoint shop")
        .stderr_has(
            "error: the endpoint `shop` is disabled: by hand\nhint: wh endpoint enable shop\n",
        )
        .exit(7)
        .run();
    assert!(verdict("cepro", &receiver.requests()[0]).is_valid());
}

#[test]
fn a_listener_of_ones_own_is_sent_nothing_unless_that_is_meant() {
    let (desk, listener) = listening();
    let url = listener.url();
    desk.wh(&format!("replay 1 --url {url}"))
        .stderr_has("is a `wh listen` of yours")
        .stderr_has("hint: --allow-self sends there all the same")
        .exit(7)
        .run();
    desk.wh(&format!("replay 1 --url {url} --allow-self"))
        .stdout_has("<-- 200")
        .run();
}
