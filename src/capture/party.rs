//! A provider, and what its deliveries are verified with.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::message::Message;
use crate::provider::{Clues, Fit, Handshake, Provider, Shaken, unknown};
use crate::signature::explain::Explanation;
use crate::signature::{Algorithm, Envelope, Key, Scheme, Verdict, shown_target, without_secrets};
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
    /// The party of what is nobody's that is known.
    pub(super) fn stranger() -> Self {
        Self {
            provider: unknown(),
            keys: Vec::new(),
            public_url: None,
        }
    }

    /// Whether none of its schemes has a key.
    pub(super) fn is_keyless(&self) -> bool {
        self.keys.iter().all(Vec::is_empty)
    }

    /// How well a message fits it.
    pub(super) fn fit(&self, message: &Message) -> Option<Fit> {
        self.provider.fit(message)
    }

    pub(super) fn verify(&self, message: &Message, now: Timestamp) -> Verdict {
        let envelope = self.envelope(message);
        let mut verifiers = self.provider.verifier(&self.keys, &envelope);
        verifiers.update(&message.body);
        verifiers.finish(now)
    }

    /// Why a message does not verify.
    pub(super) fn explain(&self, message: &Message, now: Timestamp, clues: &Clues) -> Explanation {
        let envelope = self.envelope(message);
        self.provider
            .explain(&self.keys, clues, &envelope, &message.body, now)
    }

    /// What a verdict of its own on a message explains, whatever the body.
    pub(super) fn settled(
        &self,
        message: &Message,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Option<Explanation> {
        let envelope = self.envelope(message);
        self.provider.settled(&envelope, verdict, now)
    }

    fn envelope<'m>(&'m self, message: &'m Message) -> Envelope<'m> {
        Envelope {
            url: self.public_url.as_deref(),
            ..Envelope::of(message)
        }
    }

    /// The target of a delivery of its own, without what its provider takes for a secret.
    pub(super) fn shown_target(&self, target: &str) -> String {
        self.shown(target, shown_target)
    }

    /// The target of another's delivery, without its own secrets.
    pub(super) fn without_secrets(&self, target: &str) -> String {
        self.shown(target, without_secrets)
    }

    fn shown(&self, target: &str, shown: fn(&Scheme, &[Key], &str) -> String) -> String {
        let keys = self.keys.iter().map(Vec::as_slice);
        let keys = keys.chain(std::iter::repeat(&[][..]));
        let schemes = self.provider.schemes.iter().zip(keys);
        schemes.fold(target.to_owned(), |target, (scheme, keys)| {
            shown(scheme, keys, &target)
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

    /// What a refusal asks for by `WWW-Authenticate` (RFC 9110 §11.6.1): the word before a token in
    /// `Authorization`. A signature has no such word.
    pub(super) fn challenge(&self) -> Option<String> {
        let scheme = self.provider.signing_scheme();
        let is_asked = scheme.algorithm == Algorithm::Token
            && scheme.header.eq_ignore_ascii_case("Authorization");
        let form = scheme.value.to_string();
        let (word, _) = form.split_once(' ').filter(|_| is_asked)?;
        Some(word.to_owned())
    }

    /// The provider's question that a message is, and its answer; `None`: it is an ordinary delivery.
    pub(super) fn handshake(
        &self,
        message: &Message,
        verdict: &Verdict,
    ) -> Option<(Handshake, Shaken)> {
        let handshake = self.provider.delivery.handshake?;
        let key = match (verdict, self.keys.as_slice()) {
            // Of several schemes a verdict does not tell which one it is of.
            (Verdict::Valid(valid), [keys]) => keys.get(valid.secret),
            _ => None,
        };
        Some((handshake, handshake.answer(message, key)?))
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
