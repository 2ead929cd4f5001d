//! What is made of a receiver that breaks over what it should refuse.

use crate::conformance::Ruling;
use crate::delivery::FailureKind;

use super::scripted::{Reply, Scripted, of, only, receiver, verifier};

/// What is said where a connection ends instead of a refusal.
pub(super) const THROWN: &str =
    "It did not answer this: the handler threw, or closed the connection. Answer 401.";

/// A receiver that takes what is right, and else answers so: to what has no signature, and to what has
/// a wrong one.
fn answering(unsigned: Reply, wrong: Reply) -> Scripted {
    let verifies = verifier(&receiver("cepro"));
    Scripted::new(
        move |message, _| match message.headers.first("x-webhook-signature") {
            None => unsigned,
            Some(_) if verifies(message) => Reply::Status(200),
            Some(_) => wrong,
        },
    )
}

#[tokio::test(start_paused = true)]
async fn what_breaks_has_refused_nothing() {
    use FailureKind::ClosedEarly;
    use Reply::{No, Status};
    let receiver = receiver("cepro");
    for (unsigned, wrong, ruling, came) in [
        (Status(401), Status(403), Ruling::Pass, "401, 403"),
        (Status(200), Status(401), Ruling::Pass, "200, 401"),
        (
            Status(401),
            Status(400),
            Ruling::Warn,
            "another secret: 400",
        ),
        (
            Status(500),
            Status(400),
            Ruling::Warn,
            "another secret: 400",
        ),
        (
            Status(401),
            Status(500),
            Ruling::NotSeen,
            "401, 500: what breaks has refused nothing",
        ),
        (
            No(ClosedEarly),
            Status(401),
            Ruling::NotSeen,
            "connection closed before the answer was complete, 401: what breaks has refused nothing",
        ),
        (
            Status(200),
            Status(200),
            Ruling::NotSeen,
            "nothing was refused",
        ),
    ] {
        let wire = answering(unsigned, wrong);
        let report = wire.checked(&receiver, &only(&["refuses-by-401"])).await;
        let found = of(&report, "refuses-by-401");
        assert_eq!((found.ruling, &*found.came), (ruling, came));
    }
}

#[tokio::test(start_paused = true)]
async fn who_refuses_by_breaking_is_told_so() {
    use Reply::{No, Status};
    let receiver = receiver("cepro");
    let status = "It refused this, but by breaking: answer 401, as a 5xx is sent again.";
    for (reply, notes) in [
        (Status(500), &[status][..]),
        (No(FailureKind::ClosedEarly), &[THROWN]),
        (No(FailureKind::Reset), &[THROWN]),
        (No(FailureKind::Timeout), &[]),
        (Status(401), &[]),
    ] {
        let wire = answering(Status(401), reply);
        let rules = only(&["refuses-other-secret", "robust-empty-body"]);
        let report = wire.checked(&receiver, &rules).await;
        assert_eq!(
            of(&report, "refuses-other-secret").notes,
            notes,
            "{reply:?}"
        );
        assert_eq!(of(&report, "robust-empty-body").notes, [""; 0]);
    }
    let some = Scripted::new(
        |message, nth| match message.headers.first("x-webhook-signature") {
            Some(_) if nth == 1 => Reply::Status(502),
            _ => Reply::Status(200),
        },
    );
    let report = some
        .checked(&receiver, &only(&["refuses-changed-spaces"]))
        .await;
    assert!(
        of(&report, "refuses-changed-spaces").notes[0]
            .starts_with("It refused some of these, but by")
    );
}
