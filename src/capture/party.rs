//! A provider, and what its deliveries are verified with.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::message::Message;
use crate::provider::Provider;
use crate::signature::{Algorithm, Envelope, Key, Verdict, shown_target};
use crate::store::Sameness;

use super::Dedupe;

/// One provider whose deliveries come in.
#[derive(Clone)]
pub(crate) struct Party {
    /// Whose deliveries they are.
    pub(crate) provider: Provider,
    /// The keys of each of the provider's schemes.
    pub(crate) keys: Vec<Vec<Key>>,
    /// The URL that senders call, for schemes that sign it.
    pub(crate) public_url: Option<String>,
}

impl Party {
    pub(super) fn verify(&self, message: &Message, now: Timestamp) -> Verdict {
        let url = self.public_url.as_deref();
        let envelope = Envelope {
            url,
            ..Envelope::of(message)
        };
        let mut verifiers = self.provider.verifier(&self.keys, &envelope);
        verifiers.update(&message.body);
        verifiers.finish(now)
    }

    /// The target without the secrets that a provider may find in it.
    pub(super) fn shown_target(&self, message: &Message) -> String {
        let schemes = self.provider.schemes.iter();
        schemes
            .zip(&self.keys)
            .fold(message.target.clone(), |target, (scheme, keys)| {
                shown_target(scheme, keys, &target)
            })
    }

    /// How repeats of a message are known.
    pub(super) fn sameness(
        &self,
        dedupe: Dedupe,
        message: &Message,
        webhook_id: Option<&str>,
    ) -> Sameness {
        let provider = &self.provider;
        let by_id = webhook_id.is_some() && provider.delivery.dedupe == provider.id_rule.from;
        match dedupe {
            Dedupe::Body => key(&provider.id, &message.body),
            Dedupe::Provider if by_id => Sameness::WebhookId,
            Dedupe::Provider => match provider.dedupe_key_of(message) {
                Some(text) => key(&provider.id, text.as_bytes()),
                None => Sameness::Never,
            },
        }
    }

    /// Whether it takes a token, which a refusal asks for by `WWW-Authenticate`.
    pub(super) fn takes_token(&self) -> bool {
        self.provider.signing_scheme().algorithm == Algorithm::Token
    }

    /// Which of several secrets matched, from 1.
    pub(super) fn secret(&self, verdict: &Verdict) -> Option<usize> {
        let several = self.keys.first().is_some_and(|keys| keys.len() > 1);
        match verdict {
            Verdict::Valid(valid) if several => Some(valid.secret + 1),
            _ => None,
        }
    }
}

/// A key that no other provider's deliveries have.
fn key(provider: &str, bytes: &[u8]) -> Sameness {
    let hash = Sha256::new()
        .chain_update(provider)
        .chain_update([0])
        .chain_update(bytes)
        .finalize();
    Sameness::Key(std::array::from_fn(|at| hash[at]))
}
