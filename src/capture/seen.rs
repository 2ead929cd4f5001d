//! Which deliveries were answered with success before, where nothing is kept on disk.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// Keys are forgotten from the oldest on beyond this many, so that memory stays flat.
const MOST: usize = 200_000;

/// The keys that were answered 2xx within the window.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    numbers: HashMap<Key, i64>,
    order: VecDeque<(Timestamp, Key)>,
}

/// What stands for a key: a sender may make its own as long as a head.
type Key = [u8; 32];

impl Seen {
    /// The number of the delivery that had this key within the window; otherwise the key is now this
    /// delivery's.
    pub(super) fn claim(
        &mut self,
        key: &[u8],
        number: i64,
        now: Timestamp,
        window: Duration,
    ) -> Option<i64> {
        self.forget(now, window);
        let key: Key = Sha256::digest(key).into();
        if let Some(first) = self.numbers.get(&key) {
            return Some(*first);
        }
        self.order.push_back((now, key));
        self.numbers.insert(key, number);
        None
    }

    fn forget(&mut self, now: Timestamp, window: Duration) {
        let window = SignedDuration::try_from(window).unwrap_or(SignedDuration::MAX);
        while let Some((at, _)) = self.order.front() {
            if now.duration_since(*at) <= window && self.order.len() < MOST {
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

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_key_is_known_within_the_window_only() {
        let mut seen = Seen::default();
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        assert_eq!(seen.claim(b"a", 1, at(0), MINUTE), None);
        assert_eq!(seen.claim(b"a", 2, at(60), MINUTE), Some(1));
        assert_eq!(seen.claim(b"a", 3, at(61), MINUTE), None);
    }

    #[test]
    fn memory_is_bounded() {
        let mut seen = Seen::default();
        for n in 0..=i64::try_from(MOST).expect("it fits") {
            seen.claim(&n.to_be_bytes(), n, Timestamp::UNIX_EPOCH, MINUTE);
        }
        assert_eq!(seen.numbers.len(), MOST);
        assert_eq!(
            seen.claim(&0i64.to_be_bytes(), 7, Timestamp::UNIX_EPOCH, MINUTE),
            None
        );
    }
}
