//! Order: the deliveries to one endpoint go one after another.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::delivery::Route;

use super::pending::Slip;

/// The ways that deliveries take, and whose turn it is where they lead to.
#[derive(Default)]
pub(super) struct Lanes {
    lanes: Vec<Lane>,
    turns: Vec<Turns>,
}

/// One way to an endpoint.
pub(super) struct Lane {
    /// The way there.
    pub(super) route: Arc<Route>,
    /// Whether it is given no deliveries any more.
    pub(super) is_disabled: bool,
    /// Failures in a row, where no store counts them.
    pub(super) failures: u32,
    /// The place of its [`Turns`].
    turns: usize,
}

/// The order at one provider and URL: several ways lead there where several runs were ended.
#[derive(Default)]
struct Turns {
    /// Whether a delivery is under way, from its first attempt to its last.
    is_busy: bool,
    /// Those whose turn comes later.
    waiting: VecDeque<Slip>,
}

impl Lanes {
    /// The lane of a route.
    pub(super) fn of(&mut self, route: &Arc<Route>) -> u32 {
        let mut known = self.lanes.iter();
        let known = known.position(|lane| Arc::ptr_eq(&lane.route, route));
        let lane = known.unwrap_or_else(|| self.add(route));
        // There is one for each target that was named.
        u32::try_from(lane).unwrap_or(u32::MAX)
    }

    fn add(&mut self, route: &Arc<Route>) -> usize {
        let mut lanes = self.lanes.iter();
        let beside = lanes.find(|lane| lane.route.leads_where(route));
        let turns = beside.map_or(self.turns.len(), |lane| lane.turns);
        if turns == self.turns.len() {
            self.turns.push(Turns::default());
        }
        self.lanes.push(Lane {
            route: Arc::clone(route),
            is_disabled: false,
            failures: 0,
            turns,
        });
        self.lanes.len() - 1
    }

    /// A lane.
    pub(super) fn get(&mut self, lane: u32) -> Option<&mut Lane> {
        self.lanes.get_mut(usize::try_from(lane).ok()?)
    }

    fn turns(&mut self, lane: u32) -> Option<&mut Turns> {
        let turns = self.get(lane)?.turns;
        self.turns.get_mut(turns)
    }

    /// Whether a delivery may begin; if so, it has.
    pub(super) fn enter(&mut self, lane: u32) -> bool {
        self.turns(lane)
            .is_some_and(|turns| !std::mem::replace(&mut turns.is_busy, true))
    }

    /// Puts one behind those that wait for their turn.
    pub(super) fn queue(&mut self, slip: Slip) {
        if let Some(turns) = self.turns(slip.lane) {
            turns.waiting.push_back(slip);
        }
    }

    /// A delivery is finished; whose turn it is now.
    pub(super) fn leave(&mut self, lane: u32) -> Option<Slip> {
        let turns = self.turns(lane)?;
        let next = turns.waiting.pop_front();
        turns.is_busy = next.is_some();
        next
    }

    /// The lane, and the others whose failures are counted as those of the same endpoint.
    pub(super) fn counted_with(&mut self, lane: u32) -> Vec<u32> {
        let endpoint = |lane: &Lane| lane.route.watch.as_ref()?.endpoint;
        let own = self.get(lane).and_then(|lane| endpoint(lane));
        let is_alike = |other: &Lane| own.is_some() && endpoint(other) == own;
        let numbered = (0..).zip(&self.lanes);
        let alike = numbered.filter(|(number, other)| *number == lane || is_alike(other));
        alike.map(|(number, _)| number).collect()
    }

    /// Disables a lane; how many waited for a turn on it.
    pub(super) fn disable(&mut self, lane: u32) -> usize {
        if let Some(lane) = self.get(lane) {
            lane.is_disabled = true;
        }
        let Some(turns) = self.turns(lane) else {
            return 0;
        };
        let before = turns.waiting.len();
        turns.waiting.retain(|slip| slip.lane != lane);
        before - turns.waiting.len()
    }

    /// How many wait for their turn.
    pub(super) fn waiting(&self) -> usize {
        self.turns.iter().map(|turns| turns.waiting.len()).sum()
    }
}
