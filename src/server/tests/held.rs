//! Answers that are held back, and clients that wait for one that does not come.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::super::{Answer, Drained, Limits, Manner};
use super::manners::{GET, PLAIN, impatient, server_of, server_with};
use super::{SOON, status};

#[tokio::test]
async fn an_answer_is_held_back_and_a_stop_lets_it_go() {
    let late = |after| Answer {
        after,
        ..Answer::default()
    };
    // The connection's own deadlines are shorter.
    let server = server_of(impatient(), late(3 * SOON)).await;
    let mut peer = server.connect().await;
    let begun = Instant::now();
    peer.send(GET).await;
    assert_eq!(status(&peer.answer().await), "200");
    assert!(begun.elapsed() >= 3 * SOON);

    let mut server = server_of(impatient(), late(Duration::from_secs(3600))).await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    server.arrival().await;
    server.trigger.stop();
    assert_eq!(status(&peer.rest().await), "200");
    assert_eq!(server.drained().await, Drained::default());
}

#[tokio::test]
async fn who_hangs_is_kept_until_it_leaves_and_is_told_of_once() {
    let id = Uuid::now_v7();
    let answer = Answer {
        manner: Manner::Hung(id),
        ..Answer::default()
    };
    let mut server = server_of(impatient(), answer).await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    server.arrival().await;
    // Somebody else is served, idles and is closed meanwhile.
    let mut other = server.connect().await;
    other.send(PLAIN).await;
    other.answer().await;
    assert_eq!(other.rest().await, "");
    assert!(server.gone.try_recv().is_err(), "it is still there");
    // What it sends meanwhile changes nothing.
    peer.send(GET).await;
    drop(peer);
    let (left, after) = server.left().await;
    assert_eq!(left, id);
    assert!(after >= SOON, "{after:?}");
    server.trigger.stop();
    assert!(server.gone.recv().await.is_none(), "told once");
}

#[tokio::test]
async fn who_hangs_may_leave_by_a_reset() {
    let mut server = server_with(Manner::Hung(Uuid::nil()), b"").await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    server.arrival().await;
    peer.0.set_zero_linger().expect("a TCP socket");
    drop(peer);
    server.left().await;
}

#[tokio::test]
async fn who_hangs_too_long_is_let_go() {
    let answer = Answer {
        manner: Manner::Hung(Uuid::nil()),
        ..Answer::default()
    };
    let limits = Limits {
        hang: SOON,
        ..Limits::default()
    };
    let mut server = server_of(limits, answer).await;
    assert_eq!(server.talk(GET).await, "");
    assert!(server.left().await.1 >= SOON);
}

#[tokio::test]
async fn a_stop_lets_go_of_who_hangs() {
    let answer = Answer {
        manner: Manner::Hung(Uuid::nil()),
        ..Answer::default()
    };
    let mut server = server_of(impatient(), answer).await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    server.arrival().await;
    server.trigger.stop();
    assert_eq!(peer.rest().await, "");
    server.left().await;
    assert_eq!(server.drained().await, Drained::default());
}

#[tokio::test]
async fn a_close_leaves_what_is_held_back_its_time() {
    let answer = Answer {
        after: 3 * SOON,
        ..Answer::default()
    };
    let mut server = server_of(impatient(), answer).await;
    let mut peer = server.connect().await;
    let begun = Instant::now();
    peer.send(GET).await;
    server.arrival().await;
    server.trigger.close();
    assert_eq!(status(&peer.rest().await), "200");
    assert!(begun.elapsed() >= 3 * SOON);
    assert_eq!(server.drained().await, Drained::default());

    let answer = Answer {
        manner: Manner::Hung(Uuid::nil()),
        ..Answer::default()
    };
    let mut server = server_of(impatient(), answer).await;
    let mut peer = server.connect().await;
    peer.send(GET).await;
    server.arrival().await;
    server.trigger.close();
    let gave_up = timeout(SOON, peer.rest()).await.is_err();
    drop(peer);
    let (_, after) = server.left().await;
    assert!(gave_up && after >= SOON, "{after:?}");
    assert_eq!(server.drained().await, Drained::default());
}

#[tokio::test]
async fn a_close_lets_go_when_the_drains_time_is_up_and_a_stop_before() {
    for is_stopped in [false, true] {
        let limits = Limits {
            drain: if is_stopped {
                Duration::from_secs(3600)
            } else {
                SOON
            },
            ..impatient()
        };
        for manner in [Manner::Whole, Manner::Hung(Uuid::nil())] {
            let answer = Answer {
                after: Duration::from_secs(3600) * u32::from(manner == Manner::Whole),
                manner,
                ..Answer::default()
            };
            let mut server = server_of(limits.clone(), answer).await;
            let mut peer = server.connect().await;
            peer.send(GET).await;
            server.arrival().await;
            server.trigger.close();
            if is_stopped {
                server.trigger.stop();
            }
            let answered = peer.rest().await.starts_with("HTTP/1.1 200");
            assert_eq!(answered, manner == Manner::Whole);
            assert_eq!(server.drained().await, Drained::default());
        }
    }
}
