//! A body while it comes, in pieces that never move: one long buffer that grows would need its memory
//! twice over, and leave holes of every size behind.

use bytes::Bytes;

/// The most that is allocated on a client's word (`Content-Length`) before a byte of it came.
const TRUSTED_LENGTH: u64 = 64 * 1024;

/// The least and the greatest length of a piece after the first.
const PIECE: (usize, usize) = (4 * 1024, 256 * 1024);

/// Bytes in pieces.
#[derive(Debug)]
pub(super) struct Pieces {
    first: Vec<u8>,
    more: Vec<Vec<u8>>,
    /// How many bytes there are.
    pub(super) length: usize,
    expected: u64,
}

impl Pieces {
    /// No bytes, where so many are expected (0: unknown).
    pub(super) fn new(expected: u64) -> Self {
        Self {
            first: Vec::new(),
            more: Vec::new(),
            length: 0,
            expected,
        }
    }

    /// Appends a copy of bytes. Bodies of up to 64 KiB whose length is known are never copied again.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.length == 0 {
            let expected = usize::try_from(self.expected.min(TRUSTED_LENGTH)).unwrap_or(0);
            self.first.reserve_exact(expected.max(bytes.len()));
        }
        let last = self.more.last_mut().unwrap_or(&mut self.first);
        let (now, later) = bytes.split_at(bytes.len().min(last.capacity() - last.len()));
        last.extend_from_slice(now);
        if !later.is_empty() {
            let size = self.length.clamp(PIECE.0, PIECE.1).max(later.len());
            let mut piece = Vec::with_capacity(size);
            piece.extend_from_slice(later);
            self.more.push(piece);
        }
        self.length += bytes.len();
    }

    /// All bytes as one.
    pub(super) fn join(self) -> Bytes {
        if self.more.is_empty() {
            return Bytes::from(self.first);
        }
        let mut all = Vec::with_capacity(self.length);
        all.extend_from_slice(&self.first);
        drop(self.first);
        for piece in self.more {
            all.extend_from_slice(&piece);
        }
        Bytes::from(all)
    }
}

#[cfg(test)]
mod tests {
    use super::Pieces;

    #[test]
    fn pieces_join_to_what_was_pushed() {
        let bytes: Vec<u8> = (0..700_000_u32).map(|at| (at % 251) as u8).collect();
        for expected in [0, 10, 700_000, u64::MAX] {
            for size in [1000, 65_536, 300_000, 700_000] {
                let mut pieces = Pieces::new(expected);
                bytes.chunks(size).for_each(|chunk| pieces.push(chunk));
                assert_eq!(pieces.length, bytes.len());
                assert!(pieces.join() == bytes, "{expected} expected, {size} a time");
            }
        }
        assert!(Pieces::new(9).join().is_empty());
    }
}
