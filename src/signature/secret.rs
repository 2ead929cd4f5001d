//! The secret: a type that cannot be printed.

use std::fmt;

use zeroize::Zeroizing;

use super::algorithm::same_secret;

/// A shared secret, as the bytes that were given.
///
/// It has no `Display`, its `Debug` shows nothing of it, and its memory is wiped when it is dropped. The
/// time that `==` takes tells neither its content nor its length.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Wraps the bytes of a secret.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// The bytes, for keying only.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        same_secret(&self.0, &other.0)
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn secrets_are_equal_where_all_their_bytes_are() {
        let secret = Secret::new("secret");
        assert_eq!(secret, Secret::new(*b"secret"));
        for other in ["", "secre", "secret\0", "Secret"] {
            assert_ne!(secret, Secret::new(other), "{other:?}");
        }
    }
}
