//! Order: the deliveries to one endpoint go one after another.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::delivery::Route;

use super::pending::Slip;

/// The endpoints that deliveries go to.
#[derive(Default)]
pub(super) struct Lanes(Vec<Lane>);

/// One endpoint.
pub(super) struct Lane {
    /// The way there.
    pub(super) route: Arc<Route>,
    /// Whether a delivery is under way, from its first attempt to its last.
    is_busy: bool,
    /// Whether it is given no deliveries any more.
    pub(super) is_disabled: bool,
    /// Failures in a row, where no store counts them.
    pub(super) failures: u32,
    /// Those whose turn comes later.
    waiting: VecDeque<Slip>,
}

impl Lanes {
    /// The lane of a route.
    pub(super) fn of(&mut self, route: &Arc<Route>) -> u32 {
        let known = self
            .0
            .iter()
            .position(|lane| Arc::ptr_eq(&lane.route, route));
        let lane = known.unwrap_or_else(|| {
            self.0.push(Lane {
                route: Arc::clone(route),
                is_busy: false,
                is_disabled: false,
                failures: 0,
                waiting: VecDeque::new(),
            });
            self.0.len() - 1
        });
        // There is one for each target that was named.
        u32::try_from(lane).unwrap_or(u32::MAX)
    }

    /// A lane.
    pub(super) fn get(&mut self, lane: u32) -> Option<&mut Lane> {
        self.0.get_mut(usize::try_from(lane).ok()?)
    }

    /// Whether a delivery may begin; if so, it has.
    pub(super) fn enter(&mut self, lane: u32) -> bool {
        self.get(lane)
            .is_some_and(|lane| !std::mem::replace(&mut lane.is_busy, true))
    }

    /// Puts one behind those that wait for their turn.
    pub(super) fn queue(&mut self, slip: Slip) {
        if let Some(lane) = self.get(slip.lane) {
            lane.waiting.push_back(slip);
        }
    }

    /// A delivery is finished; whose turn it is now.
    pub(super) fn leave(&mut self, lane: u32) -> Option<Slip> {
        let lane = self.get(lane)?;
        let next = lane.waiting.pop_front();
        lane.is_busy = next.is_some();
        next
    }

    /// Disables a lane; how many waited there.
    pub(super) fn disable(&mut self, lane: u32) -> usize {
        let Some(lane) = self.get(lane) else { return 0 };
        lane.is_disabled = true;
        std::mem::take(&mut lane.waiting).len()
    }

    /// How many wait for their turn.
    pub(super) fn waiting(&self) -> usize {
        self.0.iter().map(|lane| lane.waiting.len()).sum()
    }
}
