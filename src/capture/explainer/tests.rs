//! What is explained, when, and how much of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{BURST, Explainer, LONGEST, MOST_WAITING, REST, Share, Unexplained};
use crate::capture::{
    ByVerdict, Dedupe, Delivery, EventFilter, Ledger, Listener, ListenerOptions, Parties, Party,
    Several, Update,
};
use crate::message::{Headers, Message};
use crate::provider::{Clues, builtin};
use crate::server::{Arrival, Fidelity, Handler as _, Shutdown};
use crate::signature::{Facts, Key, Secret, sign};

fn party(id: &str) -> Party {
    let provider = builtin(id).expect("built in");
    let key = Key::new(&provider.schemes[0], &Secret::new("s3cret")).expect("a key");
    Party {
        provider,
        keys: vec![vec![key]],
        public_url: None,
    }
}

fn one() -> Parties {
    Parties::One(Box::new(party("cepro")))
}

/// The right signature of a body.
fn signature(body: &str) -> String {
    let party = party("cepro");
    let facts = Facts {
        timestamp: "",
        id: None,
        url: None,
        method: "POST",
        headers: &Headers::new(),
    };
    let scheme = &party.provider.schemes[0];
    let line = sign(scheme, &party.keys[0][0], &facts, body.as_bytes()).expect("signed");
    String::from_utf8(line.value).expect("digits")
}

/// What is told of a request with this header line.
async fn came(parties: Parties, header: (&str, &str), body: &str) -> Box<Delivery> {
    told(parties, &[header], body).await
}

/// The same of several header lines.
async fn told(parties: Parties, headers: &[(&str, &str)], body: &str) -> Box<Delivery> {
    let (updates, mut told) = mpsc::channel(1);
    let options = ListenerOptions {
        parties,
        accept_invalid: false,
        responder: Box::new(ByVerdict),
        forwarder: None,
        dedupe: Dedupe::Provider,
        events: EventFilter::default(),
        ledger: Ledger::memory(),
    };
    let (_trigger, shutdown) = Shutdown::new();
    let arrival = Arrival {
        message: Message {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: headers.iter().copied().collect(),
            body: body.to_owned().into(),
        },
        fidelity: Fidelity::Exact,
        http: "HTTP/1.1",
        peer: ([127, 0, 0, 1], 1).into(),
        received_at: Timestamp::UNIX_EPOCH,
        refused: None,
    };
    Listener::new(options, updates, shutdown)
        .answer(arrival)
        .await;
    let Some(Update::Delivery(delivery, _)) = told.recv().await else {
        panic!("nothing is told");
    };
    delivery
}

const NAME: &str = "X-Webhook-Signature";

#[tokio::test]
async fn only_failures_are_explained_and_the_clues_are_looked_for_once() {
    let asked = Arc::new(AtomicUsize::new(0));
    let asking = Arc::clone(&asked);
    let mut explainer = Explainer::new(one(), move || {
        asking.fetch_add(1, Ordering::Relaxed);
        Clues::default()
    });
    let valid = came(one(), (NAME, &signature("{}")), "{}").await;
    assert_eq!(explainer.explain(&valid, 0), None);
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    let wrong = came(one(), (NAME, &signature("{}")), "[]").await;
    for _ in 0..2 {
        assert!(matches!(explainer.explain(&wrong, 0), Some(Ok(_))));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test]
async fn what_is_long_or_comes_with_many_others_waits_for_somebody_else() {
    let mut explainer = Explainer::new(one(), Clues::default);
    let wrong = came(one(), (NAME, &signature("{}")), "[]").await;
    let busy = Some(Err(Unexplained::Busy));
    assert_ne!(explainer.explain(&wrong, MOST_WAITING), busy);
    assert_eq!(explainer.explain(&wrong, MOST_WAITING + 1), busy);
    explainer.share.owed = BURST * 1000;
    assert_eq!(explainer.explain(&wrong, 0), busy);
    let long = "x".repeat(LONGEST + 1);
    let long = came(one(), (NAME, &signature("{}")), &long).await;
    let refused = Some(Err(Unexplained::Long));
    assert_eq!(explainer.explain(&long, 0), refused);
}

/// The age needs no body, and no time.
#[tokio::test]
async fn what_is_stale_is_told_however_long_it_is_and_however_many_wait() {
    let only = || Parties::One(Box::new(party("wlcro")));
    let body = "x".repeat(LONGEST + 1);
    let timestamp = "1769596200";
    let facts = Facts {
        timestamp,
        id: None,
        url: None,
        method: "POST",
        headers: &Headers::new(),
    };
    let sender = party("wlcro");
    let scheme = &sender.provider.schemes[0];
    let line = sign(scheme, &sender.keys[0][0], &facts, body.as_bytes()).expect("signed");
    let value = String::from_utf8(line.value).expect("digits");
    let headers = [(NAME, &*value), ("X-Webhook-Timestamp", timestamp)];
    let stale = told(only(), &headers, &body).await;
    let mut explainer = Explainer::new(only(), Clues::default);
    let Some(Ok(explanation)) = explainer.explain(&stale, MOST_WAITING + 1) else {
        panic!("not explained");
    };
    assert_eq!(explanation.causes()[0].id, "clock-future");
}

#[tokio::test]
async fn what_fits_nobody_may_be_anybodys() {
    let several = || {
        let parties = ["cepro", "wlcro"].map(party);
        Parties::Several(Box::new(Several::new(parties.into(), true)))
    };
    let delivery = came(several(), ("X-Other", "a"), "{}").await;
    assert_eq!(delivery.attempt.provider, "unknown");
    let mut explainer = Explainer::new(several(), Clues::default);
    assert!(matches!(explainer.explain(&delivery, 0), Some(Ok(_))));
    let senders = |provider| {
        let parties = several();
        let senders = parties.senders("/", provider);
        senders
            .iter()
            .map(|party| party.provider.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(senders("wlcro"), ["wlcro"]);
    assert_eq!(senders("unknown"), ["cepro", "wlcro"]);
}

#[test]
fn work_is_rested_from_four_times_as_long() {
    let begun = Instant::now();
    let mut share = Share::new(begun);
    let after = |millis| begun + Duration::from_millis(millis);
    assert!(share.is_left(begun));
    share.take(begun, after(499));
    assert!(share.is_left(after(499)));
    share.take(after(499), after(600));
    assert!(!share.is_left(after(600)));
    // 600 ms are owed, of which the first 100 are rested from.
    let rest = u64::from(REST) * 100;
    assert!(!share.is_left(after(600 + rest - 8)));
    assert!(share.is_left(after(600 + rest + 8)));
    assert_eq!(share.owed(after(600 + 10_000)), Duration::ZERO);
}
