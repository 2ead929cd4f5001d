//! The order of a load: which deliveries go out a second time, and when, by a seed.

use fastrand::Rng;

/// How far behind the first the second of two may be, in deliveries.
const NEAR: usize = 8;

/// How much disorder there is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DisorderRules {
    /// The chance of each delivery to go out twice, from 0 to 1.
    pub(crate) duplicates: f64,
    /// The deliveries whose order is mixed at a time; up to 1: it is kept.
    pub(crate) window: usize,
    /// What all chance derives from.
    pub(crate) seed: u64,
}

/// One place in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    /// Which delivery it is, from 0.
    pub(crate) nth: u64,
    /// Whether the same delivery has another place, before or after this one.
    pub(crate) is_twofold: bool,
}

/// The places of so many deliveries.
///
/// Each delivery keeps its number whatever the disorder is; the same rules give the same order. A
/// second place is up to eight places behind the first; then the order is mixed in one window after
/// the other, so that nothing moves by a whole window.
pub(crate) struct Disorder {
    rules: DisorderRules,
    chance: Rng,
    /// The deliveries that have no place yet.
    rest: std::ops::Range<u64>,
    /// Second places, and after how many more places they come, in that order.
    second: Vec<(usize, Ticket)>,
    /// What is left of a window, the last place first.
    window: Vec<Ticket>,
}

impl Disorder {
    /// The places of `count` deliveries.
    pub(crate) fn new(count: u64, rules: DisorderRules) -> Self {
        Self {
            rules,
            chance: Rng::with_seed(rules.seed),
            rest: 0..count,
            second: Vec::new(),
            window: Vec::new(),
        }
    }

    /// The next place before the order is mixed.
    fn placed(&mut self) -> Option<Ticket> {
        for (places, _) in &mut self.second {
            *places = places.saturating_sub(1);
        }
        let due = self.second.first().is_some_and(|(places, _)| *places == 0);
        if due || (self.rest.is_empty() && !self.second.is_empty()) {
            return Some(self.second.remove(0).1);
        }
        let nth = self.rest.next()?;
        let is_twofold = self.rules.duplicates > 0.0 && self.chance.f64() < self.rules.duplicates;
        let ticket = Ticket { nth, is_twofold };
        if is_twofold {
            let places = self.chance.usize(1..=NEAR);
            let at = self.second.partition_point(|(other, _)| *other <= places);
            self.second.insert(at, (places, ticket));
        }
        Some(ticket)
    }
}

impl Iterator for Disorder {
    type Item = Ticket;

    fn next(&mut self) -> Option<Ticket> {
        if self.rules.window <= 1 {
            return self.placed();
        }
        if self.window.is_empty() {
            while self.window.len() < self.rules.window
                && let Some(ticket) = self.placed()
            {
                self.window.push(ticket);
            }
            self.chance.shuffle(&mut self.window);
        }
        self.window.pop()
    }
}

/// Random bits of a delivery, by the seed of its load.
pub(crate) fn bits_of(seed: u64, nth: u64) -> u128 {
    // Steps of the golden ratio: near numbers get seeds that are far apart.
    Rng::with_seed(seed ^ nth.wrapping_mul(0x9e37_79b9_7f4a_7c15)).u128(..)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::{ProptestConfig, proptest};

    use super::{Disorder, DisorderRules, NEAR, bits_of};

    fn order(count: u64, duplicates: f64, window: usize, seed: u64) -> Vec<u64> {
        let rules = DisorderRules {
            duplicates,
            window,
            seed,
        };
        Disorder::new(count, rules)
            .map(|ticket| ticket.nth)
            .collect()
    }

    #[test]
    fn without_disorder_each_has_one_place_in_turn() {
        assert_eq!(order(5, 0.0, 0, 7), [0, 1, 2, 3, 4]);
        assert_eq!(order(5, 0.0, 1, 7), [0, 1, 2, 3, 4]);
        assert!(order(0, 1.0, 9, 7).is_empty());
    }

    #[test]
    fn another_seed_gives_another_order() {
        assert_ne!(order(100, 0.3, 0, 1), order(100, 0.3, 0, 2));
        assert_ne!(order(100, 0.0, 10, 1), order(100, 0.0, 10, 2));
        let bits: HashSet<_> = (0..1000)
            .flat_map(|nth| [bits_of(1, nth), bits_of(2, nth)])
            .collect();
        assert_eq!(bits.len(), 2000);
    }

    #[test]
    fn the_chance_is_the_one_that_was_asked_for() {
        let twice = order(10_000, 0.1, 0, 3).len() - 10_000;
        assert!((900..1100).contains(&twice), "{twice}");
    }

    #[test]
    fn an_order_without_an_end_is_made_as_it_is_asked_for() {
        let rules = DisorderRules {
            duplicates: 0.0,
            window: 3,
            seed: 1,
        };
        assert_eq!(Disorder::new(u64::MAX, rules).take(9).count(), 9);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Each delivery has a place, and a second one near it where it says so; the rules alone
        /// decide which.
        #[test]
        fn all_have_their_places(count in 0u64..200, chance in 0.0..=1.0f64, seed: u64) {
            let rules = DisorderRules { duplicates: chance, window: 0, seed };
            let tickets: Vec<_> = Disorder::new(count, rules).collect();
            assert_eq!(tickets, Disorder::new(count, rules).collect::<Vec<_>>());
            for nth in 0..count {
                let places: Vec<_> = (0..tickets.len()).filter(|at| tickets[*at].nth == nth).collect();
                let is_twofold = tickets[places[0]].is_twofold;
                assert_eq!(places.len(), 1 + usize::from(is_twofold));
                // Two that are due at the same place come one after the other.
                assert!(places[places.len() - 1] - places[0] <= 2 * NEAR);
            }
        }

        /// Nothing leaves its window, nothing is lost.
        #[test]
        fn the_order_is_mixed_within_a_window(count in 0u64..500, window in 2usize..50, seed: u64) {
            let mixed = order(count, 0.0, window, seed);
            let mut sorted = mixed.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..count).collect::<Vec<_>>());
            for (at, nth) in mixed.iter().enumerate() {
                assert_eq!(at / window, usize::try_from(*nth).expect("small") / window);
            }
        }
    }
}
