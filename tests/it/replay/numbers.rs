//! Which attempt of which delivery it is.

use crate::support::Receiver;

use super::Desk;

const ATTEMPT: &str = "X-Webhook-Attempt";
const ID: &str = "X-Webhook-ID";

#[test]
fn to_the_same_endpoint_the_numbers_go_on_and_the_schedule_begins_anew() {
    let receiver = Receiver::start([500, 500, 500, 200, 200]);
    let desk = Desk::new();
    desk.sends("estimate.created", &receiver);
    desk.wh("replay 1 -q --speed 1000000x")
        .stdout_has("[#1]  ✓ signed  attempt 2 (1/4)")
        .stdout_has("retry 1/3 in 10s")
        .stdout_has("attempt 3 (2/4)")
        .stdout_has("attempt 4 (3/4)")
        .run();
    desk.wh("replay 1").stdout_has("attempt 5 (1/4)").run();
    let requests = receiver.requests();
    for (nth, request) in requests.iter().enumerate() {
        assert_eq!(
            request.header(ATTEMPT),
            Some((nth + 1).to_string().as_str())
        );
        assert_eq!(request.header(ID), requests[0].header(ID));
        assert_eq!(request.body, requests[0].body);
    }
}

#[test]
fn another_url_has_numbers_of_its_own() {
    let (here, there) = (Receiver::start([500]), Receiver::start([500, 200]));
    let desk = Desk::new();
    desk.sends("estimate.created", &here);
    let replay = format!("replay 1 -q --timings once --url {}/there", there.url());
    let again = || desk.wh(&replay);
    again()
        .stdout_has("[#2]  ✓ signed  attempt 1/4")
        .exit(5)
        .run();
    again().stdout_has("[#2]  ✓ signed  attempt 2").run();
    let id = here.requests()[0].header(ID).map(str::to_owned);
    for request in there.requests() {
        assert_eq!(request.header(ID), id.as_deref());
    }
}

#[test]
fn another_provider_is_another_endpoint() {
    let receiver = Receiver::start([500, 200]);
    let desk = Desk::new();
    desk.sends("estimate.created", &receiver);
    desk.wh("replay 1 -P tenant")
        .stdout_has("[#2]  ✓ signed  attempt 1/")
        .run();
    let again = &receiver.requests()[1];
    assert_eq!(again.header(ATTEMPT), None, "cepro's own lines stay behind");
}

#[test]
fn a_new_id_makes_a_new_delivery() {
    let receiver = Receiver::start([500, 200]);
    let desk = Desk::new();
    desk.sends("estimate.created", &receiver);
    desk.wh("replay 1 --new-id")
        .stdout_has("[#2]  ✓ signed  attempt 1/4")
        .run();
    let requests = receiver.requests();
    assert_ne!(requests[0].header(ID), requests[1].header(ID));
    assert_eq!(requests[0].body, requests[1].body);
}

#[test]
fn a_new_id_stands_where_the_platform_has_it() {
    let receiver = Receiver::start([200, 200]);
    let desk = Desk::new();
    desk.sends("-P wlcro client.created", &receiver);
    desk.wh("replay 1 --new-id").stdout_has("[#2]").run();
    let id = |nth: usize| {
        let body = &receiver.requests()[nth].body;
        let body: serde_json::Value = serde_json::from_slice(body).unwrap();
        body["id"].clone()
    };
    assert!(id(0).is_i64() || id(0).is_string(), "{}", id(0));
    assert_ne!(id(0), id(1));
    assert_eq!(id(0).is_string(), id(1).is_string());
}

#[test]
fn a_platform_that_never_tries_again_makes_one_attempt() {
    let receiver = Receiver::start([200, 500]);
    let desk = Desk::new();
    desk.sends("-P orgjobs --data {} job.new", &receiver);
    desk.wh("replay 1 -q").stdout_has("attempt 2").exit(5).run();
    assert_eq!(receiver.requests().len(), 2);
}

#[test]
fn what_came_of_it_is_told_by_the_code() {
    let receiver = Receiver::start([500]);
    let desk = Desk::new();
    desk.sends("estimate.created", &receiver);
    let replay = |words: &str| desk.wh(&format!("replay 1 -q --speed 1000000x {words}"));
    replay("").stdout_has("attempt 5 (4/4)").exit(5).run();
    replay("--max-attempts 1 --expect 5xx")
        .stdout_has("<-- 500")
        .run();
    replay("--max-attempts 1 --expect 401")
        .stdout_has("<-- 500")
        .stderr_has("expected")
        .exit(8)
        .run();
    let gone = receiver.url();
    drop(receiver);
    replay(&format!("--url {gone} --max-attempts 2"))
        .stdout_has("connection refused")
        .exit(6)
        .run();
}

#[test]
fn the_password_of_one_host_is_not_sent_to_another() {
    let (receiver, other) = (Receiver::start([500, 200]), Receiver::start([200, 200]));
    let desk = Desk::new();
    let (url, elsewhere) = (receiver.url(), other.url());
    let whole = url.replace("//", "//ann:one@");
    desk.wh(&format!("send estimate.created --url {whole}/hooks"))
        .stdout_has("<-- 500")
        .stderr_has("hint")
        .exit(5)
        .run();
    let again = |words: &str| {
        let words = format!("replay 1 -q --timings once {words}");
        desk.wh(&words).stdout_has("<-- 200").run();
    };
    again(&format!("--url {url}/other"));
    again(&format!("--url {elsewhere}/hooks"));
    again(&format!("--url {elsewhere}/hooks -H Authorization:mine"));
    let given = |receiver: &Receiver| -> Vec<Option<String>> {
        let requests = receiver.requests();
        let lines = requests.iter().map(|one| one.header("Authorization"));
        lines.map(|line| line.map(str::to_owned)).collect()
    };
    let basic = Some("Basic YW5uOm9uZQ==".to_owned());
    assert_eq!(given(&receiver), [basic.clone(), basic]);
    assert_eq!(given(&other), [None, Some("mine".to_owned())]);
}
