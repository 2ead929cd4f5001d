//! How many answers each delivery had.

use std::collections::{HashMap, VecDeque};

use sha2::{Digest, Sha256};

use crate::capture::Asked;

/// Deliveries are forgotten from the oldest on beyond this many, so that memory stays flat.
const MOST: usize = 100_000;

/// What stands for a delivery.
pub(super) type Key = [u8; 32];

/// The turns that were had.
#[derive(Debug, Default)]
pub(super) struct Turns {
    had: HashMap<Key, u64>,
    order: VecDeque<Key>,
}

impl Turns {
    /// How many turns a delivery had before; now it has had one more.
    pub(super) fn take(&mut self, key: Key) -> u64 {
        if let Some(had) = self.had.get_mut(&key) {
            *had = had.saturating_add(1);
            return *had - 1;
        }
        if self.order.len() == MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.had.remove(&oldest);
        }
        self.order.push_back(key);
        self.had.insert(key, 1);
        0
    }
}

/// Which delivery a request belongs to: by the sender's id of it, and where there is none by its body,
/// on one path of one provider.
pub(super) fn key(asked: &Asked<'_>) -> Key {
    let (kind, name) = match asked.webhook_id {
        Some(webhook_id) => (b"i", webhook_id.as_bytes()),
        None => (b"b", asked.message.body.as_ref()),
    };
    Sha256::new()
        .chain_update(&asked.provider.id)
        .chain_update([0])
        .chain_update(asked.message.path())
        .chain_update([0])
        .chain_update(kind)
        .chain_update(name)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::{Key, MOST, Turns};

    fn key(n: usize) -> Key {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&n.to_be_bytes());
        key
    }

    #[test]
    fn each_delivery_has_turns_of_its_own() {
        let mut turns = Turns::default();
        let taken = [1, 2, 1, 1, 2].map(|n| turns.take(key(n)));
        assert_eq!(taken, [0, 0, 1, 2, 1]);
    }

    #[test]
    fn memory_is_bounded() {
        let mut turns = Turns::default();
        for n in 0..=MOST {
            assert_eq!(turns.take(key(n)), 0);
        }
        assert_eq!((turns.had.len(), turns.order.len()), (MOST, MOST));
        assert_eq!(turns.take(key(MOST)), 1);
        assert_eq!(turns.take(key(0)), 0);
    }
}
