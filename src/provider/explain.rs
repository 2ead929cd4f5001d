//! Why the signature of a delivery of a platform does not verify.

use jiff::Timestamp;

use crate::signature::explain::{Explanation, Question, Rival, explain, settled};
use crate::signature::{Envelope, Key, Secret, Verdict};

use super::Provider;

/// What else may have made a signature, beside what it was verified by.
#[derive(Clone, Debug, Default)]
pub struct Clues {
    /// Other secrets that the user has, each with what to call it: "the secret of endpoint `shop`".
    pub secrets: Vec<(String, Secret)>,
    /// Other platforms.
    pub providers: Vec<Provider>,
}

impl Provider {
    /// What the verdict alone explains, without the body: the signature matches, and the clock does not.
    pub(crate) fn settled(
        &self,
        envelope: &Envelope<'_>,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Option<Explanation> {
        // By which of several schemes it is stale, no verdict says; one of them has a clock.
        let is_told = self.schemes.len() == 1 || matches!(verdict, Verdict::Stale { .. });
        let mut schemes = self.schemes.iter().filter(|_| is_told);
        schemes.find_map(|scheme| {
            let question = Question {
                scheme,
                keys: &[],
                others: &[],
                rivals: &[],
                envelope: *envelope,
                body: &[],
                now,
            };
            settled(&question, verdict)
        })
    }

    /// Why no scheme of the platform verifies this; `keys` holds each scheme's keys, in order.
    #[must_use]
    pub fn explain(
        &self,
        keys: &[Vec<Key>],
        clues: &Clues,
        envelope: &Envelope<'_>,
        body: &[u8],
        now: Timestamp,
    ) -> Explanation {
        let others = clues.providers.iter().filter(|other| other.id != self.id);
        let rivals: Vec<_> = others
            .flat_map(|other| {
                other.schemes.iter().map(|scheme| Rival {
                    id: &other.id,
                    name: &other.name,
                    scheme,
                })
            })
            .collect();
        let mut explained = self.schemes.iter().zip(keys).map(|(scheme, keys)| {
            explain(&Question {
                scheme,
                keys,
                others: &clues.secrets,
                rivals: &rivals,
                envelope: *envelope,
                body,
                now,
            })
        });
        // A file has at least one scheme; of several the first that explains says it.
        let first = explained
            .next()
            .unwrap_or_else(|| Explanation::Found(Vec::new()));
        let found = |explanation: &Explanation| matches!(explanation, Explanation::Found(_));
        if found(&first) {
            return first;
        }
        explained.find(found).unwrap_or(first)
    }
}
