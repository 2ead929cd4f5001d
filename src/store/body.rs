//! Bodies as the store keeps them: compressed where that is shorter.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use zstd::bulk::{Compressor, Decompressor};

/// The compression that costs no throughput and halves most bodies.
const LEVEL: i32 = 1;

/// Bodies below this gain nothing.
const SHORTEST: usize = 64;

/// The longest body that a store may hold, in bytes: beyond it a damaged length would cost memory.
const LONGEST: usize = 1 << 30;

/// What each thread keeps of a buffer for the next body, in bytes.
const KEPT: usize = 1 << 20;

thread_local! {
    // Their tables cost more to make than a body to compress.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = RefCell::new(Compressor::new(LEVEL).ok());
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = RefCell::new(Decompressor::new().ok());
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// How a body is written.
#[derive(Clone)]
pub(super) struct Coded {
    /// 0: as it is; 1: zstd.
    pub(super) coding: u8,
    /// The bytes; `None` where they are those of the body.
    pub(super) data: Option<Vec<u8>>,
}

/// What is made of a body before it is written.
pub(super) struct Blob {
    /// By which the attempts of a delivery share it.
    pub(super) hash: [u8; 32],
    coded: Option<Coded>,
}

impl Blob {
    /// Of a body that is most likely new.
    pub(super) fn of(body: &[u8]) -> Self {
        Self {
            hash: hash(body),
            coded: Some(code(body)),
        }
    }

    /// Of a body that is most likely there, so that coding it would be for nothing.
    pub(super) fn of_known(body: &[u8]) -> Self {
        Self {
            hash: hash(body),
            coded: None,
        }
    }

    /// How the body is written; it is the one that this was made of.
    pub(super) fn coded(&self, body: &[u8]) -> Cow<'_, Coded> {
        match &self.coded {
            Some(coded) => Cow::Borrowed(coded),
            None => Cow::Owned(code(body)),
        }
    }
}

/// A body for the store.
pub(super) fn code(body: &[u8]) -> Coded {
    let compress =
        || COMPRESSOR.with_borrow_mut(|compressor| compressor.as_mut()?.compress(body).ok());
    let data = (body.len() >= SHORTEST).then(compress).flatten();
    match data.filter(|data| data.len() < body.len()) {
        Some(data) => Coded {
            coding: 1,
            data: Some(data),
        },
        None => Coded {
            coding: 0,
            data: None,
        },
    }
}

/// The body that was coded; `size` is its length.
pub(super) fn decode(coding: u8, data: &[u8], size: u64) -> io::Result<Bytes> {
    decoded(coding, data, size, Bytes::copy_from_slice)
}

/// Looks at the body that was coded, without keeping it; `size` is its length.
pub(super) fn decoded<T>(
    coding: u8,
    data: &[u8],
    size: u64,
    look: impl FnOnce(&[u8]) -> T,
) -> io::Result<T> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if size > LONGEST {
        return Err(io::Error::other("a body's length is wrong"));
    }
    BUFFER.with_borrow_mut(|buffer| {
        let body = match coding {
            0 => data,
            1 => {
                buffer.clear();
                buffer.reserve(size);
                DECOMPRESSOR.with_borrow_mut(|decompressor| match decompressor {
                    Some(decompressor) => decompressor.decompress_to_buffer(data, buffer),
                    None => Err(io::Error::other("no decompressor")),
                })?;
                buffer.as_slice()
            }
            _ => return Err(io::Error::other("a body's coding is unknown")),
        };
        let looked = if body.len() == size {
            Ok(look(body))
        } else {
            Err(io::Error::other("a body's length is wrong"))
        };
        buffer.shrink_to(KEPT);
        looked
    })
}

/// SHA-256 of a body.
pub(super) fn hash(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

#[cfg(test)]
mod tests {
    use super::{code, decode};

    #[test]
    fn bodies_survive() {
        for body in [
            &b""[..],
            b"x",
            &b"abc".repeat(1000),
            &[0xff; 70],
            b"{\"a\": 1}",
        ] {
            let coded = code(body);
            let data = coded.data.as_deref().unwrap_or(body);
            assert!(data.len() <= body.len());
            assert_eq!(
                decode(coded.coding, data, body.len() as u64).expect("a body"),
                body
            );
        }
    }

    #[test]
    fn damaged_bodies_are_errors() {
        let coded = code(&b"abc".repeat(1000)).data.expect("it is shorter");
        for (coding, data, size) in [
            (1, &coded[..], 2999),
            (1, &coded[1..], 3000),
            (1, &coded[..], u64::MAX),
            (0, b"abc", 4),
            (2, b"abc", 3),
        ] {
            assert!(decode(coding, data, size).is_err());
        }
    }
}
