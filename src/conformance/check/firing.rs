//! Makes the requests of a rule.

use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::delivery::{Attempt, Failure, FailureKind};

use super::patience::Patience;
use super::shot::{Manner, Round, Shot};
use super::wire::Wire;
use super::workshop::Workshop;

/// A request and what came of it; `None`: nobody waited.
pub(super) type Fired = (Shot, Option<Attempt>);

/// Makes the requests of each round; not all of them where a rule takes too long.
pub(super) async fn fire(
    wire: &impl Wire,
    workshop: &Workshop<'_>,
    rounds: Vec<Round>,
    patience: Patience,
) -> Vec<Fired> {
    let mut fired = Vec::new();
    let until = Instant::now() + patience.rule;
    for round in rounds {
        match round {
            Round::Each(shots) => {
                fire_each(wire, workshop, shots, patience, until, &mut fired).await;
            }
            Round::Together(shots) => {
                let mut under_way = JoinSet::new();
                for (nth, shot) in shots.into_iter().enumerate() {
                    let exchange = exchange(wire.clone(), workshop.anew(shot), patience.answer);
                    under_way.spawn(async move { (nth, exchange.await) });
                }
                let mut together = under_way.join_all().await;
                together.sort_by_key(|(nth, _)| *nth);
                fired.extend(together.into_iter().map(|(_, fired)| fired));
            }
            Round::Meanwhile {
                first,
                start,
                others,
            } => {
                let mut under_way = JoinSet::new();
                under_way.spawn(exchange(
                    wire.clone(),
                    workshop.anew(*first),
                    patience.answer,
                ));
                sleep(start).await;
                let mut meanwhile = Vec::new();
                fire_each(wire, workshop, others, patience, until, &mut meanwhile).await;
                fired.extend(under_way.join_all().await);
                fired.extend(meanwhile);
            }
        }
    }
    fired
}

/// One after the other.
async fn fire_each(
    wire: &impl Wire,
    workshop: &Workshop<'_>,
    shots: Vec<Shot>,
    patience: Patience,
    until: Instant,
    fired: &mut Vec<Fired>,
) {
    for shot in shots {
        if Instant::now() >= until {
            return;
        }
        fired.push(exchange(wire.clone(), workshop.anew(shot), patience.answer).await);
    }
}

/// Makes one request, and waits so long for the answer.
pub(super) async fn exchange<W: Wire>(wire: W, shot: Shot, limit: Duration) -> Fired {
    let at = Timestamp::now();
    let exchange = wire.exchange(shot.message.clone(), shot.manner);
    let attempt = match timeout(limit, exchange).await {
        Ok(attempt) => attempt,
        Err(_) if shot.manner == Manner::Half => None,
        Err(_) => Some(Attempt {
            at,
            elapsed: limit,
            outcome: Err(Failure {
                kind: FailureKind::Timeout,
                detail: String::new(),
            }),
        }),
    };
    (shot, attempt)
}
