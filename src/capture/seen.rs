//! Which deliveries were answered with success before.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// Keys are forgotten from the oldest on beyond this many, so that memory stays flat.
const MOST: usize = 200_000;

/// The dedupe keys that were answered 2xx within the window.
#[derive(Debug)]
pub(super) struct Seen {
    window: SignedDuration,
    numbers: HashMap<Key, u64>,
    order: VecDeque<(Timestamp, Key)>,
}

/// What stands for a dedupe key: a sender may make its own as long as a head.
type Key = [u8; 32];

impl Seen {
    pub(super) fn new(window: Duration) -> Self {
        let window = SignedDuration::try_from(window).unwrap_or(SignedDuration::MAX);
        Self {
            window,
            numbers: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    /// The number of the delivery that had this key; otherwise the key is now this delivery's.
    pub(super) fn claim(&mut self, key: &str, number: u64, now: Timestamp) -> Option<u64> {
        self.forget(now);
        let key: Key = Sha256::digest(key).into();
        if let Some(first) = self.numbers.get(&key) {
            return Some(*first);
        }
        self.order.push_back((now, key));
        self.numbers.insert(key, number);
        None
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some((at, _)) = self.order.front() {
            if now.duration_since(*at) <= self.window && self.order.len() < MOST {
                break;
            }
            if let Some((_, key)) = self.order.pop_front() {
                self.numbers.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::{SignedDuration, Timestamp};

    use super::{MOST, Seen};

    #[test]
    fn a_key_is_known_within_the_window_only() {
        let mut seen = Seen::new(Duration::from_secs(60));
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        assert_eq!(seen.claim("a", 1, at(0)), None);
        assert_eq!(seen.claim("a", 2, at(60)), Some(1));
        assert_eq!(seen.claim("a", 3, at(61)), None);
    }

    #[test]
    fn memory_is_bounded() {
        let mut seen = Seen::new(Duration::from_secs(60));
        for n in 0..=MOST as u64 {
            seen.claim(&n.to_string(), n, Timestamp::UNIX_EPOCH);
        }
        assert_eq!(seen.numbers.len(), MOST);
        assert_eq!(seen.claim("0", 7, Timestamp::UNIX_EPOCH), None);
    }
}
