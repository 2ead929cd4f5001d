//! When attempts go out.

use std::time::Duration;

use crate::delivery::{Terms, Timings};
use crate::provider::BUILTIN_IDS;
use crate::retry::{Rules, Schedule};

use super::{ORDERED, Receiver, answer, jobs, provider, refused, route, run, status};

/// Every built-in provider's waits, in seconds, as its documents or the assumptions have them.
const WAITS: &[(&str, &[u64])] = &[
    ("cepro", &[10, 60, 300]),
    ("cepro-inbound", &[]),
    ("wlcro", &[10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]),
    ("tenant", &[10, 60, 300]),
    ("orgjobs", &[]),
];

/// The times of attempts with these waits between them, in milliseconds.
fn times(waits: &[u64]) -> Vec<u128> {
    let mut at = 0;
    let later = waits.iter().map(|wait| {
        at += wait * 1000;
        u128::from(at)
    });
    std::iter::once(0).chain(later).collect()
}

/// The timer of the runtime counts milliseconds: each wait may be one longer.
fn assert_times(came: &[u128], expected: &[u128], what: &str) {
    assert_eq!(came.len(), expected.len(), "{what}: {came:?}");
    for (nth, (came, expected)) in (0..).zip(came.iter().zip(expected)) {
        let late = came.checked_sub(*expected);
        assert!(
            late.is_some_and(|late| late <= nth),
            "{what}: {came:?}, {expected:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn every_provider_keeps_its_schedule_to_the_millisecond() {
    for (id, waits) in WAITS {
        let receiver = Receiver::new();
        let client = receiver.client(|_, _| status(500));
        let route = route(provider(id), client, Terms::default());
        let (ended, _) = run(jobs(route, &["1"]), ORDERED).await;
        assert_times(&receiver.times(), &times(waits), id);
        assert_eq!((ended.tally.failed, ended.tally.delivered), (1, 0), "{id}");
    }
    let named = WAITS.iter().map(|(id, _)| *id);
    assert_eq!(named.collect::<Vec<_>>(), BUILTIN_IDS);
}

#[tokio::test(start_paused = true)]
async fn attempts_keep_id_and_body_and_are_signed_for_their_own_time() {
    for id in ["cepro", "wlcro"] {
        let receiver = Receiver::new();
        let client = receiver.client(|nth, _| if nth < 2 { refused() } else { status(204) });
        let route = route(provider(id), client, Terms::default());
        let (ended, told) = run(jobs(route, &["71"]), ORDERED).await;
        assert_eq!(told.last().map(String::as_str), Some("3 Delivered"));
        assert_eq!((ended.tally.delivered, ended.tally.retried), (1, 2));
        let came = receiver.came();
        assert!(
            came.iter()
                .all(|one| one.body == came[0].body && one.id == came[0].id)
        );
        let numbers: Vec<_> = came
            .iter()
            .filter_map(|one| one.header("x-webhook-attempt"))
            .collect();
        let numbered: &[&str] = if id == "cepro" { &["1", "2", "3"] } else { &[] };
        assert_eq!(numbers, numbered);
        for one in &came {
            assert!(one.verdict(&provider(id)).is_valid(), "{id}: {one:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn terms_limit_shorten_and_vary_the_schedule() {
    let with = |terms| async move {
        let receiver = Receiver::new();
        let route = route(
            provider("cepro"),
            receiver.client(|_, _| status(503)),
            terms,
        );
        run(jobs(route, &["1"]), ORDERED).await;
        receiver.times()
    };
    let terms = Terms::default();
    let max_attempts = Some(3);
    let limited = with(Terms {
        max_attempts,
        ..terms.clone()
    })
    .await;
    assert_times(&limited, &times(&[10, 60]), "three attempts");
    let timings = Timings::Once;
    assert_eq!(
        with(Terms {
            timings,
            ..terms.clone()
        })
        .await,
        [0]
    );
    let faster = with(Terms {
        speed: 1000.0,
        ..terms.clone()
    })
    .await;
    assert_times(&faster, &[0, 10, 70, 370], "a thousand times faster");
    let jitter = Some(50);
    let varied = with(Terms {
        jitter,
        ..terms.clone()
    })
    .await;
    let waits: Vec<_> = varied.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for (wait, delay) in waits.iter().zip([10_000, 60_000, 300_000]) {
        assert!((delay / 2..=delay * 3 / 2 + 1).contains(wait), "{waits:?}");
    }
    assert_ne!(varied, times(&[10, 60, 300]));
}

#[tokio::test(start_paused = true)]
async fn retry_after_lengthens_a_wait_where_the_provider_honours_it() {
    for (honours, second) in [(None, 10_000), (Some(Duration::from_secs(90)), 90_000)] {
        let receiver = Receiver::new();
        let client = receiver.client(|nth, _| match nth {
            0 => answer(429, &[("Retry-After", "120")]),
            1 => answer(429, &[("Retry-After", "1")]),
            _ => status(200),
        });
        let mut provider = provider("cepro");
        provider.delivery.retry = Schedule::List(vec![Duration::from_secs(10); 2]);
        provider.delivery.rules = Rules {
            retry_after: honours,
            ..provider.delivery.rules
        };
        run(
            jobs(route(provider, client, Terms::default()), &["1"]),
            ORDERED,
        )
        .await;
        assert_times(
            &receiver.times(),
            &[0, second, second + 10_000],
            "Retry-After",
        );
    }
}
