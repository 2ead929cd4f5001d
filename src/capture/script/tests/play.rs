//! How a script is played.

use std::fs;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

use crate::capture::script::{Player, Script};
use crate::capture::{Asked, Choice, Responder, Scripted};
use crate::message::{Headers, Message};
use crate::provider::{Provider, builtin};
use crate::server::Manner;
use crate::signature::{Unchecked, Verdict};
use crate::store::Answered;

/// Somebody who asks a player.
struct Asker {
    player: Player,
    provider: Provider,
}

impl Asker {
    fn new(text: &str) -> Self {
        let script = Script::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        Self {
            player: Player::new(&script, Path::new("")).expect("there are no files"),
            provider: builtin("cepro").expect("a provider"),
        }
    }

    fn ask(&self, webhook_id: Option<&str>, target: &str, body: &str) -> Choice {
        let message = Message {
            method: "POST".to_owned(),
            target: target.to_owned(),
            headers: Headers::new(),
            body: body.to_owned().into(),
        };
        self.player.choose(&Asked {
            id: Uuid::nil(),
            provider: &self.provider,
            message: &message,
            shown_target: &message.target,
            event: None,
            webhook_id,
            attempt: None,
            verdict: &Verdict::Unchecked(Unchecked::NoSecret),
            received_at: Timestamp::UNIX_EPOCH,
        })
    }

    /// What is answered to a delivery, by its entry.
    fn id(&self, webhook_id: &str) -> String {
        told(&self.ask(Some(webhook_id), "/", ""))
    }

    fn ids(&self, ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| self.id(id)).collect()
    }
}

fn told(choice: &Choice) -> String {
    match choice {
        Choice::Own => "own".to_owned(),
        Choice::Forward => "forward".to_owned(),
        Choice::Scripted(scripted) => match &scripted.by {
            Answered::Script(told) => told.clone(),
            other => panic!("it is a script's: {other:?}"),
        },
    }
}

fn scripted(text: &str) -> Scripted {
    match Asker::new(text).ask(None, "/", "") {
        Choice::Scripted(scripted) => scripted,
        choice => panic!("{text}: {choice:?}"),
    }
}

#[test]
fn each_delivery_has_its_own_turns_and_the_last_entry_repeats() {
    let asker = Asker::new("500x2,429,200");
    assert_eq!(
        asker.ids(&["a", "b", "a", "a", "a", "a", "b", "b"]),
        [
            "1/3: 500x2",
            "1/3: 500x2",
            "1/3: 500x2",
            "2/3: 429",
            "3/3: 200",
            "3/3: 200",
            "1/3: 500x2",
            "2/3: 429",
        ]
    );
}

#[test]
fn all_requests_may_have_turns_together() {
    let asker = Asker::new("per=request,500x2,own,forward");
    assert_eq!(
        asker.ids(&["a", "b", "a", "c", "b"]),
        ["1/3: 500x2", "1/3: 500x2", "own", "forward", "forward"]
    );
}

#[test]
fn without_an_id_a_delivery_is_known_by_its_body_and_path() {
    let asker = Asker::new("500,200");
    for (target, body, expected) in [
        ("/a", "x", "1/2: 500"),
        ("/a", "y", "1/2: 500"),
        ("/b", "x", "1/2: 500"),
        ("/a?n=2", "x", "2/2: 200"),
        ("/b", "x", "2/2: 200"),
    ] {
        assert_eq!(
            told(&asker.ask(None, target, body)),
            expected,
            "{target} {body}"
        );
    }
    // An id is an id, whatever bodies there are.
    assert_eq!(told(&asker.ask(Some("x"), "/a", "y")), "1/2: 500");
    assert_eq!(told(&asker.ask(Some("x"), "/a", "z")), "2/2: 200");
    assert_eq!(told(&asker.ask(Some("x"), "/b", "z")), "1/2: 500");
}

#[test]
fn more_turns_than_can_be_counted_have_no_end() {
    let most = "500x4294967295";
    let asker = Asker::new(&format!("{most},{most},200"));
    assert_eq!(asker.id("a"), format!("1/3: {most}"));
}

/// Which of so many requests fail.
fn failures(text: &str, requests: usize) -> Vec<bool> {
    let asker = Asker::new(text);
    let fails = |nth: usize| asker.id(&nth.to_string()).contains(": 500");
    (0..requests).map(fails).collect()
}

#[test]
fn chance_is_the_one_that_was_asked_for_and_seeds_give_it_again() {
    let text = "500;p=0.3;seed=7,200";
    let first = failures(text, 1000);
    let count = first.iter().filter(|fails| **fails).count();
    assert!((250..350).contains(&count), "{count}");
    assert_eq!(failures(text, 1000), first);
    assert_ne!(failures("500;p=0.3;seed=8,200", 1000), first);
    let lead = failures("seed=7,500;p=0.3,200", 1000);
    assert_eq!(failures("seed=7,500;p=0.3,200", 1000), lead);
    assert_ne!(failures("seed=8,500;p=0.3,200", 1000), lead);
    assert_eq!(failures("500;p=0;seed=1,200", 9), [false; 9]);
    assert_eq!(failures("500;p=1;seed=1,200", 9), [true; 9]);
}

#[test]
fn what_is_left_to_chance_takes_no_turn() {
    let never = Asker::new("seed=1,500;p=0,404x2,reset;p=0,200");
    assert_eq!(
        never.ids(&["a", "a", "a", "a"]),
        ["2/4: 404x2", "2/4: 404x2", "4/4: 200", "4/4: 200"]
    );
    let always = Asker::new("seed=1,500;p=1,404x2,503;p=0,reset;p=1,200");
    assert_eq!(
        always.ids(&["a", "a", "a", "a"]),
        [
            "1/5: 500;p=1",
            "1/5: 500;p=1",
            "4/5: reset;p=1",
            "4/5: reset;p=1"
        ]
    );
    let last = Asker::new("seed=1,200,500;p=0");
    assert_eq!(last.ids(&["a", "a", "a"]), ["1/2: 200", "own", "own"]);
    let alone = Asker::new("500;p=0;seed=1");
    assert_eq!(alone.ids(&["a", "a"]), ["own", "own"]);
}

#[test]
fn an_answer_has_what_its_entry_says() {
    let answer = scripted("418;delay=2s;body=[1];header=X-A:b");
    let lines = [("X-A", "b"), ("Content-Type", "application/json")];
    assert_eq!(
        answer,
        Scripted {
            by: Answered::Script("1/1: 418;delay=2s;body=[1];header=X-A".to_owned()),
            status: 418,
            headers: lines.into_iter().collect(),
            body: Bytes::from_static(b"[1]"),
            after: Duration::from_secs(2),
            manner: Manner::Whole,
        }
    );
    // Of what may be long, or somebody's secret, the names are told.
    let long = "a".repeat(25);
    let secret = scripted(&format!("200 ; header=\"Set-Cookie: s=1\"; body={long}"));
    let told = Answered::Script("1/1: 200;header=Set-Cookie;body=…".to_owned());
    assert_eq!(secret.by, told);
    let named = scripted("200;body=a;header=content-type:x/y").headers;
    assert_eq!(named.text("Content-Type"), Some("x/y"));
    assert_eq!(named.len(), 1);
    assert!(scripted("200").headers.is_empty());
}

#[test]
fn faults_are_manners_of_an_answer() {
    for (text, manner) in [
        ("reset", Manner::Reset),
        ("hang", Manner::Hung(Uuid::nil())),
        ("close", Manner::Closed),
        ("garbage", Manner::Garbage),
        ("truncate", Manner::Truncated),
        ("drip=10B/s", Manner::Drip(10)),
    ] {
        let answer = scripted(text);
        assert_eq!(answer.manner, manner, "{text}");
        // What is cut short or slow needs something to send.
        assert_eq!(answer.body.is_empty(), !manner.has_status(), "{text}");
    }
    assert!(scripted("truncate;body=\"\"").body.is_empty());
}

#[test]
fn a_body_is_read_once_from_its_folder() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("a.json");
    fs::write(&file, "{}").expect("a file");
    let script = Script::parse("200;body=@a.json").expect("a script");
    let player = Player::new(&script, folder.path()).expect("the file is there");
    fs::remove_file(&file).expect("it was there");
    let asker = Asker {
        player,
        ..Asker::new("own")
    };
    match asker.ask(None, "/", "") {
        Choice::Scripted(scripted) => assert_eq!(scripted.body, "{}"),
        choice => panic!("{choice:?}"),
    }
    assert!(Player::new(&script, folder.path()).is_err());
}
