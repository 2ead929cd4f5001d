//! The search: single causes in the order of their likelihood, then pairs.

use std::sync::mpsc;
use std::thread;

use crate::signature::{Envelope, Invalid, Unchecked, Verdict, Verifier};

use super::keys::MOST_GIVEN;
use super::method::Hash;
use super::rival::Judged;
use super::stock::{Stock, Tally};
use super::text::Body;
use super::tried::{Counts, in_vain};
use super::{Cause, Explanation, Question, body_forms, clock, token};

/// The longest body for which causes are searched, in bytes.
pub const MOST: usize = 16 * 1024 * 1024;

/// Why the signature of a delivery does not verify.
///
/// Each cause is tried: the code that it would make is computed and compared with the presented one
/// in constant time. A match is a diagnosis and no acceptance; nothing in the words is derived from a
/// secret or from a code.
///
/// ```
/// use wh::message::Headers;
/// use wh::provider::builtin;
/// use wh::signature::explain::{Question, explain};
/// use wh::signature::{Envelope, Key, Secret};
///
/// let scheme = &builtin("cepro").unwrap().schemes[0];
/// let digits = "77325902CACA812DC259733AACD046B73817372C777B8D95B402647474516E13";
/// let headers = [("X-Webhook-Signature", digits)].into_iter().collect();
/// let explanation = explain(&Question {
///     scheme,
///     keys: &[Key::new(scheme, &Secret::new("secret"))?],
///     others: &[],
///     rivals: &[],
///     envelope: Envelope { headers: &headers, method: "POST", target: "/", url: None, body: None },
///     body: b"{}",
///     now: jiff::Timestamp::UNIX_EPOCH,
/// });
/// assert_eq!(explanation.finding(), "the signature matches if its digits are written in lower case");
/// # Ok::<(), wh::signature::KeyError>(())
/// ```
#[must_use]
pub fn explain(question: &Question<'_>) -> Explanation {
    let envelope = Envelope {
        body: Some(question.body),
        ..question.envelope
    };
    let question = &Question {
        envelope,
        ..*question
    };
    let verdict = verdict(question);
    if let Some(settled) = settled(question, &verdict) {
        return settled;
    }
    if question.body.len() > MOST {
        return Explanation::TooLarge {
            size: question.body.len() as u64,
            most: MOST as u64,
        };
    }
    match Hash::of(question.scheme.algorithm) {
        Some(hash) => Search::new(question, hash).run(&verdict),
        None => token::explain(question, &verdict),
    }
}

fn verdict(question: &Question<'_>) -> Verdict {
    let mut verifier = Verifier::new(question.scheme, question.keys, &question.envelope);
    verifier.update(question.body);
    verifier.finish(question.now)
}

/// What needs no search, and no body: by its verdict the signature itself matches.
pub(crate) fn settled(question: &Question<'_>, verdict: &Verdict) -> Option<Explanation> {
    let cause = if verdict.is_valid() {
        Cause::statement("valid", "is valid", "")
    } else {
        clock::diagnose(question, verdict)?
    };
    Some(Explanation::Found(vec![cause]))
}

/// From here on the forms of a body are made ahead of those who hash them.
const LONG: usize = 128 * 1024;

/// Hands on each form of a body, until it is told to stop.
///
/// To write a long form takes about as long as to hash it: another thread does the one, and is one
/// form ahead.
fn each_form(body: &[u8], mut take: impl FnMut(Cause, &[u8]) -> bool) {
    let mut is_ahead = false;
    if body.len() >= LONG {
        thread::scope(|scope| {
            let (ready, forms) = mpsc::sync_channel(1);
            let make = move || {
                // Nobody waits for a form any more: there is nobody to tell.
                let _ = body_forms(body).try_for_each(|form| ready.send(form));
            };
            is_ahead = thread::Builder::new().spawn_scoped(scope, make).is_ok();
            for (cause, form) in forms {
                if !take(cause, &form) {
                    break;
                }
            }
        });
    }
    if !is_ahead {
        for (cause, form) in body_forms(body) {
            if !take(cause, &form) {
                break;
            }
        }
    }
}

/// Does one thing and then the other; of a long body both at once.
fn one_then_other(
    is_long: bool,
    tally: &mut Tally,
    one: impl FnOnce(&mut Tally),
    other: &(impl Fn(&mut Tally) + Sync),
) {
    if !is_long {
        one(tally);
        return other(tally);
    }
    let aside = thread::scope(|scope| {
        let work = || {
            let mut tally = Tally::default();
            other(&mut tally);
            tally
        };
        let aside = thread::Builder::new().spawn_scoped(scope, work);
        one(tally);
        aside.ok()?.join().ok()
    });
    match aside {
        Some(aside) => tally.add(aside),
        // There was no thread to be had.
        None => other(tally),
    }
}

/// What is tried, and what came of it so far.
struct Search<'q> {
    stock: Stock<'q>,
    tally: Tally,
}

impl<'q> Search<'q> {
    fn new(question: &'q Question<'q>, hash: Hash) -> Self {
        Self {
            stock: Stock::of(question, hash),
            tally: Tally::default(),
        }
    }

    fn run(mut self, verdict: &Verdict) -> Explanation {
        let question = self.stock.question;
        // Where what the scheme needs is not even there, another scheme is the likeliest.
        let is_bare = matches!(
            verdict,
            Verdict::Unsigned { .. }
                | Verdict::Invalid(Invalid::TimestampMissing | Invalid::Missing(_))
        );
        let found = (is_bare.then(|| self.scheme()).flatten())
            .or_else(|| self.singles())
            .or_else(|| self.scheme())
            .or_else(|| self.tally.pair.take())
            .or_else(|| self.pairs());
        if let Some(causes) = found {
            return Explanation::Found(self.finished(causes));
        }
        let mut counts = self.tally.counts;
        let keys = &self.stock.keys;
        counts.secrets = keys.forms.len();
        counts.others = keys.others.len();
        counts.spellings = self.stock.presented.readings.len();
        counts.texts = self.stock.texts.iter().map(Vec::len).sum::<usize>();
        counts.algorithms = self.stock.methods.len() + 1;
        counts.schemes = self.stock.others.len();
        if matches!(verdict, Verdict::Unchecked(Unchecked::NoSecret)) && keys.others.is_empty() {
            counts = Counts::default();
        }
        let presented = Some(&self.stock.presented);
        Explanation::NotFound(in_vain(question, verdict, counts, presented))
    }

    /// One thing that is wrong. A pair that turns up on the way is kept, and ends the search.
    fn singles(&mut self) -> Option<Vec<Cause>> {
        let Self { stock, tally } = self;
        let own = stock.own;
        let body = Body::new(stock.question.body);
        for key in &stock.keys.given {
            stock.hash(tally, (&body, key, own), &stock.texts[0], &[]);
        }
        let forms_of_body = |tally: &mut Tally| {
            each_form(stock.question.body, |cause, form| {
                tally.counts.bodies += 1;
                let form = Body::new(form);
                for key in stock.keys.given.iter().take(MOST_GIVEN) {
                    stock.hash(tally, (&form, key, own), &stock.texts[0], &[&cause]);
                }
                !tally.is_done()
            });
        };
        let wrong_keys = |tally: &mut Tally| {
            for (cause, key) in stock.keys.wrong() {
                if !tally.is_done() {
                    stock.hash(tally, (&body, key, own), &stock.texts[0], &[cause]);
                }
            }
        };
        if stock.is_in_reach(own, 1) && !stock.texts[0].is_empty() {
            let is_long = stock.question.body.len() >= LONG;
            one_then_other(is_long, tally, forms_of_body, &wrong_keys);
        }
        if stock.is_in_reach(own, 1) && !tally.is_done() {
            for key in &stock.keys.given {
                stock.hash(tally, (&body, key, own), &stock.texts[1], &[]);
            }
        }
        for (cause, method) in &stock.methods {
            if stock.is_in_reach(*method, 1) && !tally.is_done() {
                for key in &stock.keys.given {
                    stock.hash(tally, (&body, key, *method), &stock.texts[0], &[cause]);
                }
            }
        }
        tally.single.take()
    }

    /// Another platform's scheme with the secrets that were given.
    fn scheme(&mut self) -> Option<Vec<Cause>> {
        Some(vec![self.stock.other()?.cause()])
    }

    /// Two things that are wrong, on different axes, while the budget lasts.
    fn pairs(&mut self) -> Option<Vec<Cause>> {
        let Self { stock, tally } = self;
        if tally.is_spent() {
            return None;
        }
        let readable = stock.readable();
        for (cause, form) in body_forms(stock.question.body) {
            stock.with_body(tally, &cause, &form);
            let other = readable.iter().find(|other| {
                let judged = other.judge(&stock.keys.secrets, stock.question, &form);
                judged == Judged::Matches
            });
            if let Some(other) = other.filter(|_| tally.pair.is_none()) {
                tally.pair = Some(vec![other.cause(), cause]);
            }
            if tally.is_done() || tally.is_spent() {
                return tally.pair.take();
            }
        }
        stock.without_body(tally);
        tally.pair.take().or_else(|| stock.other_with_another_key())
    }

    /// What was found, with what is worth knowing besides.
    fn finished(&self, mut causes: Vec<Cause>) -> Vec<Cause> {
        let is_about =
            |cause: &Cause, words: [&str; 3]| words.iter().any(|word| cause.id.starts_with(word));
        if let [cause] = causes.as_mut_slice()
            && is_about(cause, ["spelling-prefix", "text-", "header-"])
            && let Some(other) = self.stock.other()
        {
            // Whoever signs more than the scheme does, and so in every detail, is no coincidence.
            if cause.id.starts_with("text-") && cause.id.ends_with("-added") {
                return vec![other.cause()];
            }
            cause.fix.push_str(&other.remark());
        }
        let is_timed =
            |cause: &Cause| is_about(cause, ["text-timestamp", "header-timestamp", "scheme-"]);
        if !causes.iter().any(is_timed) {
            causes.extend(clock::besides(self.stock.question));
        }
        causes
    }
}
