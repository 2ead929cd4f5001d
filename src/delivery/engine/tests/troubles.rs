//! What ends a delivery, or an endpoint, before its time.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::delivery::{Engine, Journal, Limits, Route, Terms, Update, Watch};
use crate::retry::{BreakerUnit, StatusSet, Stop};

use super::{ORDERED, Receiver, jobs, provider, refused, route, run, status};

#[tokio::test(start_paused = true)]
async fn a_stop_status_is_the_end() {
    let receiver = Receiver::new();
    let mut provider = provider("cepro");
    provider.delivery.rules.stop = Stop {
        status: Some("410".parse::<StatusSet>().expect("a status")),
        ..Stop::default()
    };
    let client = receiver.client(|nth, _| status(if nth == 1 { 410 } else { 500 }));
    let route = route(provider, client, Terms::default());
    let (ended, _) = run(jobs(route, &["a"]), ORDERED).await;
    assert_eq!((ended.tally.stopped, ended.tally.failed), (1, 0));
    assert_eq!(receiver.times().len(), 2);
}

/// A route to a dead endpoint that is given up after so many failures.
fn watched(receiver: &Receiver, limit: u32, unit: BreakerUnit) -> Route {
    let client = receiver.client(|_, _| refused());
    let watch = Watch {
        endpoint: None,
        called: String::new(),
        limit,
        unit,
    };
    route(provider("wlcro"), client, Terms::default()).watched(Some(watch))
}

#[tokio::test(start_paused = true)]
async fn failures_in_a_row_disable_the_endpoint_within_the_second_delivery() {
    let receiver = Receiver::new();
    let route = watched(&receiver, 20, BreakerUnit::Attempt);
    let (ended, told) = run(jobs(route, &["a", "b", "c"]), ORDERED).await;
    // 11 attempts of the first, 9 of the second.
    assert_eq!(receiver.times().len(), 20);
    assert_eq!(told.last().map(String::as_str), Some("disabled Some(20)"));
    assert_eq!((ended.tally.failed, ended.tally.held), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_success_starts_the_count_anew() {
    let receiver = Receiver::new();
    let client = receiver.client(|nth, _| status(if nth % 20 == 19 { 200 } else { 500 }));
    let watch = Watch {
        endpoint: None,
        called: String::new(),
        limit: 20,
        unit: BreakerUnit::Attempt,
    };
    let route = route(provider("wlcro"), client, Terms::default()).watched(Some(watch));
    let (ended, told) = run(jobs(route, &["a", "b", "c", "d"]), ORDERED).await;
    assert!(
        !told.iter().any(|line| line.starts_with("disabled")),
        "{told:?}"
    );
    assert_eq!(ended.tally.delivered + ended.tally.failed, 4);
}

#[tokio::test(start_paused = true)]
async fn deliveries_may_be_counted_instead_of_attempts() {
    let receiver = Receiver::new();
    let route = watched(&receiver, 2, BreakerUnit::Delivery);
    let (ended, _) = run(jobs(route, &["a", "b", "c"]), ORDERED).await;
    assert_eq!(receiver.times().len(), 22);
    assert_eq!((ended.tally.failed, ended.tally.held), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_disabled_endpoint_is_held() {
    let receiver = Receiver::new();
    let route = watched(&receiver, 3, BreakerUnit::Attempt);
    let limits = Limits {
        concurrency: 2,
        ordered: false,
    };
    let ids = ["a", "b", "c", "d", "e", "f"];
    let (ended, _) = run(jobs(route, &ids), limits).await;
    let came = receiver.times().len();
    assert!((3..=4).contains(&came), "{came}");
    assert_eq!(ended.tally.held, came as u64);
    assert_eq!(ended.unfinished, came);
}

#[tokio::test(start_paused = true)]
async fn an_interruption_ends_the_waiting() {
    let receiver = Receiver::new();
    let client = receiver.client(|_, _| status(500));
    let mut tell = |_: Update<'_>| Ok(());
    let engine = Engine::new(Journal::nowhere(), ORDERED, &mut tell);
    let route = route(provider("cepro"), client, Terms::default());
    let mut source = jobs(route, &["a", "b"]).into_iter();
    let stop = tokio::time::sleep(std::time::Duration::from_secs(30));
    let ended = engine.run(&mut source, stop).await.expect("it ends");
    assert!(ended.interrupted);
    assert_eq!(receiver.times().len(), 2);
    assert_eq!(ended.unfinished, 1);
}

#[tokio::test(start_paused = true)]
async fn what_has_come_back_when_it_ends_is_known() {
    let receiver = Receiver::new();
    let came = Arc::new(Notify::new());
    let tell_came = Arc::clone(&came);
    let client = receiver
        .client(|_, _| status(200))
        .scripted(Arc::new(move |_| {
            tell_came.notify_one();
            status(200).into()
        }));
    let mut tell = |_: Update<'_>| Ok(());
    let engine = Engine::new(Journal::nowhere(), ORDERED, &mut tell);
    let route = route(provider("cepro"), client, Terms::default());
    let mut source = jobs(route, &["a", "b"]).into_iter();
    let ended = engine.run(&mut source, came.notified()).await;
    let ended = ended.expect("it ends");
    assert!(ended.interrupted);
    assert_eq!((ended.tally.delivered, ended.tally.unknown), (1, 0));
}
