//! How a code is made of a key and a text: as the scheme does, and as others do by mistake.

use hmac::digest::{FixedOutput, Update};
use hmac::{Hmac, KeyInit};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use crate::signature::{Algorithm, Secret};

use super::Cause;

/// A hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// What is done with a key and a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// The HMAC of the text under the key.
    Hmac(Hash),
    /// The HMAC of the key under the text.
    Swapped(Hash),
    /// The hash of the text; there is no key in it.
    Keyless(Hash),
    /// The hash of the key and then the text.
    KeyFirst(Hash),
    /// The hash of the text and then the key.
    KeyLast(Hash),
}

impl Hash {
    const ALL: [Self; 4] = [Self::Sha256, Self::Sha1, Self::Sha512, Self::Sha384];

    /// The hash of a scheme's HMAC; a token has none.
    pub(super) fn of(algorithm: Algorithm) -> Option<Self> {
        match algorithm {
            Algorithm::HmacSha1 => Some(Self::Sha1),
            Algorithm::HmacSha256 => Some(Self::Sha256),
            Algorithm::HmacSha512 => Some(Self::Sha512),
            Algorithm::Token => None,
        }
    }

    /// The bytes of a code.
    pub(super) fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The hash whose codes have so many bytes.
    pub(super) fn of_length(length: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|hash| hash.length() == length)
    }

    /// The name that people know its HMAC by.
    pub(super) fn of_hmac(self) -> &'static str {
        match self {
            Self::Sha1 => "HMAC-SHA1",
            Self::Sha256 => "HMAC-SHA256",
            Self::Sha384 => "HMAC-SHA384",
            Self::Sha512 => "HMAC-SHA512",
        }
    }

    /// The name that people know it by.
    fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }
}

impl Method {
    /// The methods beside the scheme's own, each with what it is a cause of, most likely first.
    pub(super) fn others(own: Hash) -> Vec<(Cause, Self)> {
        let hmacs = Hash::ALL.into_iter().filter(|hash| *hash != own);
        let hmacs = hmacs.map(Self::Hmac);
        let plain = Hash::ALL.into_iter();
        let plain = plain.flat_map(|hash| {
            [
                Self::KeyFirst(hash),
                Self::KeyLast(hash),
                Self::Keyless(hash),
            ]
        });
        let methods = hmacs.chain([Self::Swapped(own)]).chain(plain);
        methods.map(|method| (method.cause(own), method)).collect()
    }

    fn cause(self, own: Hash) -> Cause {
        let right = format!("Sign with {}", own.of_hmac());
        match self {
            Self::Hmac(hash) => Cause::condition(
                match hash {
                    Hash::Sha1 => "algorithm-sha1",
                    Hash::Sha256 => "algorithm-sha256",
                    Hash::Sha384 => "algorithm-sha384",
                    Hash::Sha512 => "algorithm-sha512",
                },
                format!("{} is the algorithm", hash.of_hmac()),
                format!("{right}: the other hash is another signature."),
            ),
            Self::Swapped(_) => Cause::condition(
                "algorithm-key-and-text-swapped",
                "the signed text is taken for the key, and the secret for the text",
                "Hand over the secret as the key and the text as the message: the two changed places.",
            ),
            Self::Keyless(hash) => Cause::condition(
                "algorithm-no-key",
                format!("a plain {} without any secret is taken", hash.name()),
                format!("{right} under the secret: a hash without a key proves nothing."),
            ),
            Self::KeyFirst(hash) => Cause::condition(
                "algorithm-key-before-text",
                format!(
                    "a plain {} of the secret and then the text is taken",
                    hash.name()
                ),
                format!("{right} under the secret: a hash of both is no HMAC."),
            ),
            Self::KeyLast(hash) => Cause::condition(
                "algorithm-key-after-text",
                format!(
                    "a plain {} of the text and then the secret is taken",
                    hash.name()
                ),
                format!("{right} under the secret: a hash of both is no HMAC."),
            ),
        }
    }

    /// The bytes of a code.
    pub(super) fn length(self) -> usize {
        self.hash().length()
    }

    /// Whether there is no key in it. Such a code in another place than the signature's is an honest
    /// checksum of the body (`Digest`, `X-Content-SHA256`).
    pub(super) fn is_keyless(self) -> bool {
        matches!(self, Self::Keyless(_))
    }

    fn hash(self) -> Hash {
        match self {
            Self::Hmac(hash)
            | Self::Swapped(hash)
            | Self::Keyless(hash)
            | Self::KeyFirst(hash)
            | Self::KeyLast(hash) => hash,
        }
    }

    /// Starts a code under a key, which may be copied from here on without keying it again.
    pub(super) fn start(self, key: &Secret) -> Run {
        let key = key.expose();
        let hash = self.hash();
        match self {
            Self::Hmac(_) => Run::new(hmac(hash, key)),
            Self::Swapped(_) => Run::ending(Box::new(Text(hash, Vec::new())), key),
            Self::Keyless(_) => Run::new(plain(hash)),
            Self::KeyFirst(_) => {
                let mut run = Run::new(plain(hash));
                run.update(key);
                run
            }
            Self::KeyLast(_) => Run::ending(plain(hash), key),
        }
    }
}

/// A code under way.
#[derive(Clone)]
pub(super) struct Run {
    state: Box<dyn Hashing>,
    /// What comes after the text.
    end: Option<Secret>,
}

impl Run {
    fn new(state: Box<dyn Hashing>) -> Self {
        Self { state, end: None }
    }

    fn ending(state: Box<dyn Hashing>, key: &[u8]) -> Self {
        let end = Some(Secret::new(key));
        Self { state, end }
    }

    /// Takes in the next piece of the text.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.state.take(bytes);
    }

    /// The code.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if let Some(end) = &self.end {
            self.state.take(end.expose());
        }
        self.state.end()
    }
}

/// The state of a code, of whatever algorithm.
trait Hashing {
    fn take(&mut self, bytes: &[u8]);
    fn copy(&self) -> Box<dyn Hashing>;
    fn end(self: Box<Self>) -> Vec<u8>;
}

impl Clone for Box<dyn Hashing> {
    fn clone(&self) -> Self {
        self.as_ref().copy()
    }
}

impl<T: Update + FixedOutput + Clone + 'static> Hashing for T {
    fn take(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }

    fn copy(&self) -> Box<dyn Hashing> {
        Box::new(self.clone())
    }

    fn end(self: Box<Self>) -> Vec<u8> {
        self.finalize_fixed().to_vec()
    }
}

/// A text that is to be the key: it is taken in whole, and what is taken in last is the message.
#[derive(Clone)]
struct Text(Hash, Vec<Vec<u8>>);

impl Hashing for Text {
    fn take(&mut self, bytes: &[u8]) {
        self.1.push(bytes.to_vec());
    }

    fn copy(&self) -> Box<dyn Hashing> {
        Box::new(self.clone())
    }

    fn end(mut self: Box<Self>) -> Vec<u8> {
        let message = self.1.pop().unwrap_or_default();
        let mut code = hmac(self.0, &self.1.concat());
        code.take(&message);
        code.end()
    }
}

fn plain(hash: Hash) -> Box<dyn Hashing> {
    match hash {
        Hash::Sha1 => Box::new(Sha1::default()),
        Hash::Sha256 => Box::new(Sha256::default()),
        Hash::Sha384 => Box::new(Sha384::default()),
        Hash::Sha512 => Box::new(Sha512::default()),
    }
}

fn hmac(hash: Hash, key: &[u8]) -> Box<dyn Hashing> {
    const ANY_LENGTH: &str = "an HMAC key may have any length";
    match hash {
        Hash::Sha1 => Box::new(Hmac::<Sha1>::new_from_slice(key).expect(ANY_LENGTH)),
        Hash::Sha256 => Box::new(Hmac::<Sha256>::new_from_slice(key).expect(ANY_LENGTH)),
        Hash::Sha384 => Box::new(Hmac::<Sha384>::new_from_slice(key).expect(ANY_LENGTH)),
        Hash::Sha512 => Box::new(Hmac::<Sha512>::new_from_slice(key).expect(ANY_LENGTH)),
    }
}

/// The SHA-256 of some bytes.
pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    let mut run = Run::new(plain(Hash::Sha256));
    run.update(bytes);
    run.finish()
}

/// Whether two codes are equal, in a time that tells nothing but their length.
pub(super) fn agree(one: &[u8], other: &[u8]) -> bool {
    let pairs = one.iter().zip(other);
    one.len() == other.len() && pairs.fold(0, |found, (a, b)| found | (a ^ b)) == 0
}
