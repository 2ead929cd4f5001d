//! Which delivery goes out when there are several.

use std::time::Duration;

use tokio::time::Instant;

use crate::delivery::{Limits, Terms, Times};

use super::{ORDERED, Receiver, jobs, provider, route, route_to, run, status};

#[tokio::test(start_paused = true)]
async fn one_delivery_ends_before_the_next_to_the_same_endpoint_begins() {
    let receiver = Receiver::new();
    let client = receiver.client(|nth, _| status(if nth < 2 { 500 } else { 200 }));
    let route = route(provider("cepro"), client, Terms::default());
    run(jobs(route, &["a", "b", "c"]), ORDERED).await;
    assert_eq!(receiver.ids(), ["a", "a", "a", "b", "c"]);
}

#[tokio::test(start_paused = true)]
async fn without_order_one_goes_on_while_another_waits() {
    let receiver = Receiver::new();
    let client = receiver.client(|nth, _| status(if nth < 1 { 500 } else { 200 }));
    let route = route(provider("cepro"), client, Terms::default());
    let limits = Limits {
        concurrency: 1,
        ordered: false,
    };
    run(jobs(route, &["a", "b", "c"]), limits).await;
    assert_eq!(receiver.ids(), ["a", "b", "c", "a"]);
}

#[tokio::test(start_paused = true)]
async fn order_is_kept_for_each_endpoint_alone() {
    let receiver = Receiver::new();
    let client = receiver.client(|_, id| status(if id.starts_with('a') { 500 } else { 200 }));
    let to = |url, client| route_to(url, provider("cepro"), client, Terms::default());
    let dead = to("http://dead.test/", client.clone());
    let alive = to("http://alive.test/", client);
    // The first of the other endpoint comes first: what is behind it has not been asked for yet.
    let mut all = jobs(dead, &["a1"]);
    all.extend(jobs(alive, &["b1", "b2"]));
    run(all, ORDERED).await;
    assert_eq!(receiver.ids(), ["a1", "b1", "b2", "a1", "a1", "a1"]);
}

#[tokio::test(start_paused = true)]
async fn a_delivery_goes_out_when_it_should_and_not_before() {
    let receiver = Receiver::new();
    let route = route(
        provider("cepro"),
        receiver.client(|_, _| status(200)),
        Terms::default(),
    );
    let mut all = jobs(route, &["a", "b", "c"]);
    for (nth, job) in (0..).zip(&mut all) {
        job.intended = Some(Instant::now() + nth * Duration::from_millis(250));
    }
    let limits = Limits {
        concurrency: 8,
        ordered: false,
    };
    let (ended, _) = run(all, limits).await;
    assert_eq!(receiver.times(), [0, 250, 500]);
    assert!(ended.tally.from_intended.is_some());
}

#[tokio::test(start_paused = true)]
async fn what_goes_out_late_has_waited_since_it_was_due() {
    let receiver = Receiver::new();
    let client = receiver.client(|_, _| status(200));
    let mut all = jobs(route(provider("cepro"), client, Terms::default()), &["a"]);
    all[0].intended = Some(Instant::now());
    let late = Duration::from_secs(3);
    tokio::time::advance(late).await;
    let (ended, _) = run(all, ORDERED).await;
    let longest = |times: &Times| times.percentile(100.0).expect("there is one");
    assert!(longest(&ended.tally.latency) < late);
    let from_intended = ended.tally.from_intended.expect("there was a time");
    // Three digits of it are counted.
    assert!(longest(&from_intended) >= late * 999 / 1000);
}
