//! Side effects: once is once.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::Instant;

use crate::conformance::Ruling;
use crate::conformance::check::effects::EffectsError;
use crate::conformance::check::runner::run_over;
use crate::message::Message;

use super::scripted::{Reply, Scripted, of, only, receiver, verifier};

/// What a receiver makes of ids that it knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Memory {
    /// It knows each id whose delivery it took.
    Right,
    /// It knows none.
    None,
    /// It knows the last one alone.
    Last,
    /// It knows an id before it verifies.
    Unverified,
}

/// A receiver whose side effects come so long after its answer.
fn counted(memory: Memory, lag: Duration) -> Scripted {
    let verifies = verifier(&receiver("cepro"));
    let effects: Arc<std::sync::Mutex<Vec<Instant>>> = Arc::default();
    let seen: std::sync::Mutex<Vec<String>> = std::sync::Mutex::default();
    let theirs = Arc::clone(&effects);
    let script = move |message: &Message, _| {
        let id = message.headers.text("x-webhook-id").unwrap_or_default();
        let mut seen = seen.lock().expect("no panic before");
        let is_known = match memory {
            Memory::None => false,
            Memory::Last => seen.last().is_some_and(|last| last == id),
            Memory::Right | Memory::Unverified => seen.iter().any(|known| known == id),
        };
        if memory == Memory::Unverified {
            seen.push(id.to_owned());
            if is_known {
                return Reply::Status(200);
            }
        }
        if !verifies(message) {
            return Reply::Status(401);
        }
        if !is_known {
            seen.push(id.to_owned());
            let mut effects = theirs.lock().expect("no panic before");
            effects.push(Instant::now() + lag);
        }
        Reply::Status(200)
    };
    Scripted::new(script).counting(move |_| {
        let effects = effects.lock().expect("no panic before");
        let past = effects.iter().filter(|at| **at <= Instant::now());
        Ok(i64::try_from(past.count()).ok())
    })
}

const RULES: &[&str] = &[
    "accepts-event",
    "idempotent-twice",
    "idempotent-at-once",
    "idempotent-after-refusal",
    "idempotent-later",
    "refuses-no-signature",
];

async fn failed(memory: Memory, lag: Duration) -> Vec<&'static str> {
    let receiver = receiver("cepro");
    let report = counted(memory, lag).checked(&receiver, &only(RULES)).await;
    let failed = report.rules.iter();
    let failed =
        failed.filter(|finding| RULES.contains(&finding.rule.id) && finding.ruling != Ruling::Pass);
    failed.map(|finding| finding.rule.id).collect()
}

#[tokio::test(start_paused = true)]
async fn effects_tell_what_answers_do_not() {
    for (memory, expected) in [
        (Memory::Right, &[][..]),
        (
            Memory::None,
            &["idempotent-twice", "idempotent-at-once", "idempotent-later"],
        ),
        (Memory::Last, &["idempotent-later"]),
        (Memory::Unverified, &["idempotent-after-refusal"]),
    ] {
        assert_eq!(failed(memory, Duration::ZERO).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn effects_may_lag_behind_the_answer() {
    for lag in [200, 700, 1500] {
        let lag = Duration::from_millis(lag);
        assert_eq!(failed(Memory::Right, lag).await, [""; 0], "{lag:?}");
        assert_eq!(
            failed(Memory::Last, lag).await,
            ["idempotent-later"],
            "{lag:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_count_is_told() {
    let receiver = receiver("cepro");
    let wire = counted(Memory::None, Duration::ZERO);
    let report = wire.checked(&receiver, &only(RULES)).await;
    assert_eq!(
        of(&report, "idempotent-twice").came,
        "2 × 200; 2 side effects, not 1"
    );
    assert_eq!(of(&report, "idempotent-twice").evidence.len(), 2);
    assert_eq!(
        of(&report, "idempotent-after-refusal").came,
        "401, 200; 1 side effect"
    );
    assert_eq!(
        of(&report, "refuses-no-signature").came,
        "401; 0 side effects"
    );
}

#[tokio::test(start_paused = true)]
async fn where_nothing_is_counted_answers_are_all_there_is() {
    let receiver = receiver("cepro");
    let wire = Scripted::right(&receiver);
    let report = wire.checked(&receiver, &only(RULES)).await;
    let finding = of(&report, "idempotent-twice");
    assert_eq!(finding.came, "2 × 200");
    assert_eq!(
        finding.notes,
        ["Only the answers were looked at: --effects counts what happened."]
    );
}

#[tokio::test(start_paused = true)]
async fn a_count_that_never_moves_is_doubted() {
    let receiver = receiver("cepro");
    let doubt = "The count never moved, though deliveries were taken: does it count what this receiver does?";
    for (taken, notes) in [(true, &[doubt][..]), (false, &[])] {
        let wire = if taken {
            Scripted::right(&receiver)
        } else {
            Scripted::new(|_, _| Reply::Status(401))
        };
        let wire = wire.counting(|_| Ok(Some(7)));
        let report = wire.checked(&receiver, &only(RULES)).await;
        for rule in RULES.iter().filter(|rule| rule.starts_with("idempotent")) {
            assert_eq!(of(&report, rule).notes, notes, "{rule}");
        }
    }
    let wire = counted(Memory::None, Duration::ZERO);
    let report = wire.checked(&receiver, &only(RULES)).await;
    assert_eq!(of(&report, "idempotent-twice").notes, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_count_that_fails_at_first_ends_the_check_and_later_leaves_the_rule_unseen() {
    let receiver = receiver("cepro");
    let no_count = || EffectsError::NoCount("no rows".to_owned());
    let never = Scripted::right(&receiver).counting(move |_| Err(no_count()));
    let ended = run_over(
        &never,
        &receiver,
        &only(RULES),
        |_| {},
        std::future::pending(),
    )
    .await;
    let error = ended.expect_err("no check");
    assert_eq!(error.to_string(), "`no rows` is no count of side effects");
    assert!(never.came().is_empty());

    let counts = AtomicI64::new(0);
    let once = Scripted::right(&receiver).counting(move |_| {
        if counts.fetch_add(1, Relaxed) == 0 {
            Ok(Some(0))
        } else {
            Err(EffectsError::NoCount("no rows".to_owned()))
        }
    });
    let report = once.checked(&receiver, &only(RULES)).await;
    let finding = of(&report, "idempotent-twice");
    assert_eq!(finding.ruling, Ruling::NotSeen);
    assert_eq!(
        finding.came,
        "2 × 200; side effects could not be counted: `no rows` is no count of side effects"
    );
    let told = "Side effects could not be counted: `no rows` is no count of side effects.";
    assert_eq!(finding.notes, [told]);
    let reason = "`no rows` is no count of side effects";
    assert_eq!(report.uncounted.as_deref(), Some(reason));
}

#[tokio::test(start_paused = true)]
async fn a_count_that_fails_hides_no_failure() {
    let receiver = receiver("cepro");
    let wire = Scripted::new(|_, _| Reply::Status(200)).counting(|came| match came {
        0 => Ok(Some(0)),
        _ => Err(EffectsError::NoCount("no rows".to_owned())),
    });
    let report = wire
        .checked(&receiver, &only(&["refuses-no-signature"]))
        .await;
    let finding = of(&report, "refuses-no-signature");
    assert_eq!((finding.ruling, &*finding.came), (Ruling::Fail, "200"));
    assert_eq!(finding.notes.len(), 1, "{:?}", finding.notes);
}

#[tokio::test(start_paused = true)]
async fn a_platform_without_ids_has_no_repeats() {
    let receiver = receiver("orgjobs");
    let wire = Scripted::right(&receiver);
    let report = wire.checked(&receiver, &only(&["idempotent"])).await;
    for rule in RULES.iter().filter(|rule| rule.starts_with("idempotent")) {
        let finding = of(&report, rule);
        assert_eq!(finding.ruling, Ruling::NotApplicable);
        assert!(finding.came.contains("no id"), "{}", finding.came);
    }
}

#[tokio::test(start_paused = true)]
async fn an_id_in_the_body_stays_the_same() {
    let receiver = receiver("wlcro");
    let wire = Scripted::right(&receiver);
    wire.checked(&receiver, &only(&["idempotent-twice"])).await;
    let came = wire.came();
    let [_, first, again] = &came[..] else {
        panic!("{} requests", came.len());
    };
    assert_eq!(first.0.body, again.0.body);
    assert_ne!(first.0.body, came[0].0.body);
}
