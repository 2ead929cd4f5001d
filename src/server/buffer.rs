//! A body while it comes: one buffer, for which a long body never takes its memory twice.

use bytes::Bytes;

/// The most that is allocated on a client's word (`Content-Length`) before a byte of it came.
const TRUSTED_LENGTH: u64 = 64 * 1024;

/// From here on a body gets room enough for the longest one. Much later, many bodies at once would leave
/// holes behind as large as themselves, each time that one of them moves to more room.
const LONG: usize = 128 * 1024;

/// The room that is enough. Beyond 32 MiB, glibc makes every allocation a mapping of its own
/// (mallopt(3), `M_MMAP_THRESHOLD`): only what was written of it takes memory, and it is given back
/// as a whole. Below, what one body leaves behind need not fit the next, and the holes add up.
const OWN_MAPPING: usize = 33 * 1024 * 1024;

/// The bytes that have come so far.
#[derive(Debug)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    expected: u64,
}

impl Buffer {
    /// No bytes, where so many are expected (0: unknown).
    pub(super) fn new(expected: u64) -> Self {
        Self {
            bytes: Vec::new(),
            expected,
        }
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Appends a copy of bytes. Bodies of up to 64 KiB whose length is known are never copied again.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let length = self.bytes.len() + bytes.len();
        if self.bytes.is_empty() {
            let expected = usize::try_from(self.expected.min(TRUSTED_LENGTH)).unwrap_or(0);
            self.bytes.reserve_exact(expected.max(length));
        }
        if length > self.bytes.capacity() && length > LONG {
            let room = OWN_MAPPING.max(2 * length) - self.bytes.len();
            // Where there is no room for so much, it grows as it goes.
            let _ = self.bytes.try_reserve_exact(room);
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// All bytes.
    pub(super) fn into_bytes(self) -> Bytes {
        Bytes::from(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Buffer, LONG, OWN_MAPPING, TRUSTED_LENGTH};

    #[test]
    fn bytes_are_those_that_were_pushed() {
        let bytes: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();
        for expected in [0, 10, 3_000_000, u64::MAX] {
            for size in [1000, 65_536, 1_300_000, 3_000_000] {
                let mut buffer = Buffer::new(expected);
                bytes.chunks(size).for_each(|chunk| buffer.push(chunk));
                assert_eq!(buffer.len(), bytes.len());
                assert!(
                    buffer.into_bytes() == bytes,
                    "{expected} expected, {size} a time"
                );
            }
        }
        assert!(Buffer::new(9).into_bytes().is_empty());
    }

    #[test]
    fn room_is_made_for_what_came_and_not_for_what_was_announced() {
        let mut buffer = Buffer::new(25 * 1024 * 1024);
        buffer.push(b"x");
        assert_eq!(buffer.bytes.capacity() as u64, TRUSTED_LENGTH);
        buffer.push(&vec![0; LONG - 1]);
        assert!(buffer.bytes.capacity() < 2 * LONG);
        buffer.push(&vec![0; LONG]);
        assert_eq!(buffer.bytes.capacity(), OWN_MAPPING);
    }
}
