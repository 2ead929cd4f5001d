//! Judges a signature.

use jiff::{SignedDuration, Timestamp};

use crate::message::{Message, TimestampForm};

use super::algorithm::{Code, same_secret};
use super::presented::{Envelope, Presented, read};
use super::sign::{Facts, SignError, around_body};
use super::target::in_query;
use super::{Ambiguity, Direction, Invalid, Key, Scheme, Unchecked, Valid, Verdict};

/// From here on an unsigned timestamp is worth a remark.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// A verification under way, over a body that comes in pieces.
pub struct Verifier<'s>(State<'s>);

enum State<'s> {
    Settled(Verdict),
    Open(Box<Open<'s>>),
}

struct Open<'s> {
    scheme: &'s Scheme,
    codes: Vec<Code>,
    tags: Vec<Vec<u8>>,
    after: Vec<u8>,
    timestamp: Option<String>,
}

impl<'s> Verifier<'s> {
    /// Reads what the delivery presents and starts a code for each key.
    ///
    /// Without keys the verdict is unchecked, whatever is presented.
    #[must_use]
    pub fn new(scheme: &'s Scheme, keys: &[Key], envelope: &Envelope<'_>) -> Self {
        Self(start(scheme, keys, envelope).unwrap_or_else(State::Settled))
    }

    /// Takes in the next piece of the body.
    pub fn update(&mut self, piece: &[u8]) {
        if let State::Open(open) = &mut self.0
            && open.scheme.signs_body()
        {
            open.codes.iter_mut().for_each(|code| code.update(piece));
        }
    }

    /// The verdict, as of `now`.
    #[must_use]
    pub fn finish(self, now: Timestamp) -> Verdict {
        match self.0 {
            State::Settled(verdict) => verdict,
            State::Open(open) => open.judge(now),
        }
    }
}

/// Judges a whole message, as of `now`. Several keys: any may match.
///
/// ```
/// use wh::message::{Headers, Message};
/// use wh::provider::builtin;
/// use wh::signature::{Key, Secret, verify};
///
/// let scheme = builtin("cepro").unwrap().schemes.remove(0);
/// let key = Key::new(&scheme, &Secret::new("secret"))?;
/// let signature = "77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13";
/// let message = Message {
///     method: "POST".into(),
///     target: "/hooks".into(),
///     headers: [("X-Webhook-Signature", signature)].into_iter().collect(),
///     body: "{}".into(),
/// };
/// assert!(verify(&scheme, &[key], &message, jiff::Timestamp::UNIX_EPOCH).is_valid());
/// # Ok::<(), wh::signature::KeyError>(())
/// ```
#[must_use]
pub fn verify(scheme: &Scheme, keys: &[Key], message: &Message, now: Timestamp) -> Verdict {
    let mut verifier = Verifier::new(scheme, keys, &Envelope::of(message));
    verifier.update(&message.body);
    verifier.finish(now)
}

fn start<'s>(
    scheme: &'s Scheme,
    keys: &[Key],
    envelope: &Envelope<'_>,
) -> Result<State<'s>, Verdict> {
    if keys.is_empty() {
        return Err(Verdict::Unchecked(Unchecked::NoSecret));
    }
    let in_query = scheme.refuses_query && in_query(envelope.target, keys);
    let presented = read(scheme, envelope).map_err(|verdict| match verdict {
        Verdict::Unsigned { .. } if in_query => Verdict::Invalid(Invalid::QueryOnly),
        other => other,
    })?;
    let codes: Vec<Code> = keys.iter().filter_map(Key::code).collect();
    if codes.is_empty() {
        return Err(judge_token(&presented, keys, in_query));
    }
    open(scheme, codes, &presented, envelope).map(|open| State::Open(Box::new(open)))
}

fn open<'s>(
    scheme: &'s Scheme,
    mut codes: Vec<Code>,
    presented: &Presented<'_>,
    envelope: &Envelope<'_>,
) -> Result<Open<'s>, Verdict> {
    // Of several entries any may match: one that cannot be read takes nothing from the others.
    let decode = |text: &&[u8]| scheme.encoding.decode(text);
    let tags: Vec<_> = presented.signatures.iter().filter_map(decode).collect();
    if tags.is_empty() {
        return Err(Verdict::Invalid(Invalid::Form(scheme.form())));
    }
    if let Some(name) = signed_twice(scheme, envelope) {
        return Err(Verdict::Ambiguous(Ambiguity::Header(name)));
    }
    let facts = Facts {
        timestamp: presented.timestamp.as_deref().unwrap_or_default(),
        id: presented.id.as_deref(),
        url: envelope.url,
        method: envelope.method,
        headers: envelope.headers,
    };
    let (before, after) = around_body(&scheme.signs, &facts)
        .map_err(|SignError::Missing(field)| Verdict::Invalid(Invalid::Missing(field)))?;
    for code in &mut codes {
        code.update(&before);
    }
    Ok(Open {
        scheme,
        codes,
        tags,
        after: after.unwrap_or_default(),
        timestamp: presented.timestamp.clone(),
    })
}

/// A header under the signature that stands more than once: receivers differ in which they take.
fn signed_twice(scheme: &Scheme, envelope: &Envelope<'_>) -> Option<String> {
    scheme
        .signs
        .headers()
        .find(|name| envelope.headers.all(name).count() > 1)
        .map(str::to_owned)
}

/// Every pair is compared, so that the time does not tell which secret came near.
fn judge_token(presented: &Presented<'_>, keys: &[Key], in_query: bool) -> Verdict {
    let mut matched = None;
    for token in &presented.signatures {
        for (nth, key) in keys.iter().enumerate() {
            if same_secret(token, key.secret().expose()) {
                matched = matched.or(Some(nth));
            }
        }
    }
    match matched {
        Some(secret) => Verdict::Valid(Valid {
            secret,
            secret_in_query: in_query,
            folded: presented.folded,
            ..Valid::default()
        }),
        None => Verdict::Invalid(Invalid::Token),
    }
}

impl Open<'_> {
    fn judge(mut self, now: Timestamp) -> Verdict {
        let mut matched = None;
        for (nth, code) in self.codes.iter_mut().enumerate() {
            code.update(&self.after);
            if self.tags.iter().any(|tag| code.matches(tag)) {
                matched = matched.or(Some(nth));
            }
        }
        match matched {
            Some(secret) => self.judge_time(secret, now),
            None => Verdict::Invalid(Invalid::Mismatch),
        }
    }

    /// The signature matches; what does the clock say?
    fn judge_time(&self, secret: usize, now: Timestamp) -> Verdict {
        let valid = Valid {
            secret,
            ..Valid::default()
        };
        let Some(rule) = &self.scheme.timestamp else {
            return Verdict::Valid(valid);
        };
        let vouched = self.scheme.vouches_for_timestamp();
        let read = match &self.timestamp {
            Some(text) if vouched => rule.form.read(text).map_err(Invalid::Timestamp),
            Some(text) => TimestampForm::read_any(text).map_err(Invalid::Timestamp),
            None => Err(Invalid::TimestampMissing),
        };
        let at = match read {
            Ok(at) => at,
            Err(_) if !self.scheme.needs_timestamp() => return Verdict::Valid(valid),
            Err(invalid) => return Verdict::Invalid(invalid),
        };
        // Whole seconds, as the platforms' libraries compare: 300.4 s is not older than 300 s.
        let age = SignedDuration::from_secs(now.duration_since(at).as_secs());
        let limit =
            |limit: Option<SignedDuration>, age: SignedDuration| limit.filter(|limit| age > *limit);
        if let Some(tolerance) = limit(rule.tolerance.past, age) {
            return Verdict::Stale {
                age,
                tolerance,
                direction: Direction::Past,
            };
        }
        if let Some(tolerance) = limit(rule.tolerance.future, -age) {
            return Verdict::Stale {
                age,
                tolerance,
                direction: Direction::Future,
            };
        }
        Verdict::Valid(Valid {
            age: Some(age),
            skewed: !vouched && age.abs() > SKEW,
            ..valid
        })
    }
}
