//! Secrets that nobody has had before.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::signature::{Scheme, Secret};

/// The bytes of a fresh secret, as many as Standard Webhooks makes.
const BYTES: usize = 24;

/// A secret that nobody has had before, as those of a provider with this scheme are written.
pub(super) fn fresh_secret(scheme: &Scheme) -> Secret {
    // The system's randomness, of which an id of version 4 fixes a few bits.
    let random = Sha256::new()
        .chain_update(Uuid::new_v4())
        .chain_update(Uuid::new_v4())
        .finalize();
    scheme.secret_of(&random[..BYTES])
}

#[cfg(test)]
mod tests {
    use super::fresh_secret;
    use crate::provider::builtin;
    use crate::signature::Key;

    #[test]
    fn a_fresh_secret_is_a_key_of_each_provider() {
        for id in ["cepro", "cepro-inbound", "wlcro", "tenant", "orgjobs"] {
            let provider = builtin(id).expect("a provider");
            let scheme = provider.signing_scheme();
            let secret = fresh_secret(scheme);
            assert!(Key::new(scheme, &secret).is_ok(), "{id}");
            assert_ne!(secret, fresh_secret(scheme), "{id}");
        }
    }
}
