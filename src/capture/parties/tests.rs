//! What a listener does with what it has judged.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{Parties, Route, Routes, Several};
use crate::capture::{
    Asked, Choice, Dedupe, Delivery, EventFilter, Ledger, Listener, ListenerOptions, Party,
    Responder, Scripted, Update,
};
use crate::message::{Headers, Message};
use crate::provider::parse;
use crate::server::{Arrival, Fidelity, Handler as _, Shutdown};
use crate::signature::{Key, Secret};
use crate::store::Answered;

const SECRET: &str = "s3cret-word";

/// A provider that takes a token, refuses it in the query, and shakes hands.
const OWN: &str = r#"
    provider = { id = "own" }
    signature = { algorithm = "token", header = "X-Own", value = "{secret}", query = "refuse" }
    delivery = { handshake = "slack-challenge" }
    "#;

/// Scripts everything it is asked for, and remembers the targets.
struct Scripting(Arc<Mutex<Vec<String>>>);

impl Responder for Scripting {
    fn choose(&self, asked: &Asked<'_>) -> Choice {
        let mut seen = self.0.lock().expect("nobody panics with it");
        seen.push(asked.message.target.clone());
        Choice::Scripted(Scripted {
            status: 418,
            ..Scripted::by(Answered::Script("418".to_owned()))
        })
    }
}

fn own() -> Party {
    let provider = parse(OWN).expect("a provider");
    let key = Key::new(&provider.schemes[0], &Secret::new(SECRET)).expect("a key");
    Party {
        provider,
        keys: vec![vec![key]],
        public_url: None,
    }
}

fn arrival(target: &str, token: &str, body: &str) -> Arrival {
    Arrival {
        message: Message {
            method: "POST".to_owned(),
            target: target.to_owned(),
            headers: [("X-Own", token)].into_iter().collect::<Headers>(),
            body: body.to_owned().into(),
        },
        fidelity: Fidelity::Exact,
        http: "HTTP/1.1",
        peer: ([127, 0, 0, 1], 1).into(),
        received_at: Timestamp::UNIX_EPOCH,
        refused: None,
    }
}

/// What is told of a request and the status that goes out; and the targets that were scripted.
async fn heard(parties: Parties, arrival: Arrival) -> (Box<Delivery>, u16, Vec<String>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (updates, mut told) = mpsc::channel(1);
    let options = ListenerOptions {
        parties,
        accept_invalid: true,
        responder: Box::new(Scripting(Arc::clone(&seen))),
        forwarder: None,
        dedupe: Dedupe::Provider,
        events: EventFilter::default(),
        ledger: Ledger::memory(),
    };
    let (_trigger, shutdown) = Shutdown::new();
    let listener = Listener::new(options, updates, shutdown);
    let answer = listener.answer(arrival).await;
    let Some(Update::Delivery(delivery, _)) = told.recv().await else {
        panic!("nothing is told");
    };
    let seen = seen.lock().expect("nobody panics with it").clone();
    (delivery, answer.status, seen)
}

#[tokio::test]
async fn a_handshake_is_not_scripted() {
    let question = r#"{"type":"url_verification","challenge":"a"}"#;
    for (body, status, handshake) in [(question, 200, Some("slack-challenge")), ("{}", 418, None)] {
        let arrival = arrival("/", SECRET, body);
        let (delivery, answered, seen) = heard(Parties::One(Box::new(own())), arrival).await;
        assert_eq!(answered, status);
        let is_handshake = matches!(delivery.answered(), Some(Answered::Handshake(name)) if Some(&**name) == handshake);
        assert_eq!(is_handshake, handshake.is_some());
        assert_eq!(seen.len(), usize::from(handshake.is_none()));
    }
}

#[tokio::test]
async fn what_goes_astray_is_not_scripted() {
    for (target, status) in [("/own", 418), ("/other", 404)] {
        let route = Route::new("/own", Several::new(vec![own()], true));
        let routes = Parties::Routed(Box::new(Routes::new(vec![route])));
        let (delivery, answered, seen) = heard(routes, arrival(target, SECRET, "{}")).await;
        assert_eq!(answered, status);
        assert_eq!(seen.len(), usize::from(status == 418));
        let kind = delivery
            .attempt
            .fault
            .as_ref()
            .map(|fault| fault.kind.as_str());
        assert_eq!(kind, (status == 404).then_some("no-route"));
    }
}

/// Who answers, or is forwarded to, gets what came; what is shown and kept is without the secret.
#[tokio::test]
async fn a_secret_in_the_target_goes_no_further_than_the_answer() {
    let target = format!("/in/{SECRET}?token={SECRET}");
    let party = Parties::One(Box::new(own()));
    let (delivery, _, seen) = heard(party, arrival(&target, SECRET, "{}")).await;
    assert_eq!(seen, [target.as_str()]);
    assert_eq!(delivery.shown_target, "/in/(redacted)?token=(redacted)");
    assert_eq!(delivery.attempt.endpoint, "/in/(redacted)");
    assert_eq!(delivery.exchange.request.target, target);
}
