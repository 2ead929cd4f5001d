//! Everything that is tried, and what comes of each trial.

use crate::signature::Secret;

use super::keys::Keys;
use super::method::{Hash, Method};
use super::reading::{Presented, Reading, presented};
use super::rival::{Judged, Other, others};
use super::secret::is_fixed;
use super::text::{Body, Hasher, Text, texts};
use super::tried::Counts;
use super::{Cause, Question};

/// After so many hashed bytes no further pairs are tried; single causes always are.
const BUDGET: u64 = 48 * 1024 * 1024;

/// Everything that is tried, the bodies aside: they are made one by one.
pub(super) struct Stock<'q> {
    pub(super) question: &'q Question<'q>,
    pub(super) presented: Presented,
    pub(super) keys: Keys,
    /// The texts that are wrong in no way, in one, and in two.
    pub(super) texts: [Vec<Text>; 3],
    pub(super) own: Method,
    pub(super) methods: Vec<(Cause, Method)>,
    pub(super) others: Vec<Other<'q>>,
}

/// What came of it so far.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) counts: Counts,
    /// The bytes that were hashed.
    pub(super) hashed: u64,
    pub(super) single: Option<Vec<Cause>>,
    pub(super) pair: Option<Vec<Cause>>,
}

impl Tally {
    pub(super) fn is_done(&self) -> bool {
        self.single.is_some() || self.pair.is_some()
    }

    pub(super) fn is_spent(&mut self) -> bool {
        let is_spent = self.hashed > BUDGET;
        self.counts.is_cut |= is_spent;
        is_spent
    }

    /// Adds what was found beside it.
    pub(super) fn add(&mut self, other: Self) {
        self.hashed += other.hashed;
        self.counts.pairs += other.counts.pairs;
        self.single = self.single.take().or(other.single);
        self.pair = self.pair.take().or(other.pair);
    }

    /// Keeps what was found, by the number of its causes.
    fn keep(&mut self, causes: Vec<Cause>) {
        let place = match causes.len() {
            1 => &mut self.single,
            2 => &mut self.pair,
            _ => return,
        };
        place.get_or_insert(causes);
    }
}

impl<'q> Stock<'q> {
    /// What there is to try for a question.
    pub(super) fn of(question: &'q Question<'q>, hash: Hash) -> Self {
        let mut sorted = [Vec::new(), Vec::new(), Vec::new()];
        for text in texts(question) {
            sorted[text.causes.len().min(2)].push(text);
        }
        Self {
            question,
            presented: presented(question.scheme, &question.envelope),
            keys: Keys::of(question),
            texts: sorted,
            own: Method::Hmac(hash),
            methods: Method::others(hash),
            others: others(question),
        }
    }

    /// Whether a code of this method may still match, after so many causes. Of another method than the
    /// scheme's the length must be right too: to hash in vain costs most where the hash is a long one.
    pub(super) fn is_in_reach(&self, method: Method, causes: usize) -> bool {
        let is_whole =
            |reading: &&Reading| method == self.own || reading.bytes.len() == method.length();
        let readings = self.readings(method).filter(is_whole);
        let mut costs = readings.filter_map(|reading| reading.cost(method.length()));
        costs.any(|cost| causes + cost <= 2)
    }

    /// What is presented that may be a code of this method.
    fn readings(&self, method: Method) -> impl Iterator<Item = &Reading> {
        let readings = self.presented.readings.iter();
        readings.filter(move |reading| reading.is_own || !method.is_keyless())
    }

    /// Computes the codes of texts, and compares each with everything that is presented.
    pub(super) fn hash(
        &self,
        tally: &mut Tally,
        (body, key, method): (&Body<'_>, &Secret, Method),
        texts: &[Text],
        causes: &[&Cause],
    ) {
        if !self.is_in_reach(method, causes.len()) {
            return;
        }
        let mut hasher = Hasher::new(method, key, body);
        for text in texts {
            let code = hasher.code(text);
            let known = causes.len() + text.causes.len();
            for reading in self.readings(method) {
                if known + reading.causes.len() > 2 {
                    continue;
                }
                tally.counts.pairs += u64::from(known + reading.causes.len() == 2);
                if let Some(presented) = reading.presents(&code) {
                    let causes = causes.iter().copied().chain(&text.causes).cloned();
                    tally.keep(causes.chain(presented).collect());
                }
            }
        }
        tally.hashed += hasher.hashed;
    }

    /// A form of the body with another key, another text, another method.
    pub(super) fn with_body(&self, tally: &mut Tally, cause: &Cause, form: &[u8]) {
        let body = Body::new(form);
        for (wrong, key) in self.keys.wrong() {
            if !tally.is_spent() {
                self.hash(
                    tally,
                    (&body, key, self.own),
                    &self.texts[0],
                    &[cause, wrong],
                );
            }
        }
        for key in &self.keys.given {
            for text in &self.texts[1] {
                if !tally.is_spent() {
                    let text = std::slice::from_ref(text);
                    self.hash(tally, (&body, key, self.own), text, &[cause]);
                }
            }
            for (wrong, method) in &self.methods {
                if !tally.is_spent() {
                    self.hash(
                        tally,
                        (&body, key, *method),
                        &self.texts[0],
                        &[cause, wrong],
                    );
                }
            }
        }
    }

    /// Another key with another text or method, another text with another method, two wrong texts,
    /// two wrong keys.
    pub(super) fn without_body(&self, tally: &mut Tally) {
        let body = Body::new(self.question.body);
        for (cause, key) in self.keys.wrong() {
            if tally.is_spent() {
                return;
            }
            self.hash(tally, (&body, key, self.own), &self.texts[1], &[cause]);
            for (wrong, method) in &self.methods {
                self.hash(
                    tally,
                    (&body, key, *method),
                    &self.texts[0],
                    &[cause, wrong],
                );
            }
        }
        for key in &self.keys.given {
            if tally.is_spent() {
                return;
            }
            for (wrong, method) in &self.methods {
                self.hash(tally, (&body, key, *method), &self.texts[1], &[wrong]);
            }
            self.hash(tally, (&body, key, self.own), &self.texts[2], &[]);
        }
        for (other, form, key) in &self.keys.other_forms {
            if !tally.is_spent() {
                self.hash(
                    tally,
                    (&body, key, self.own),
                    &self.texts[0],
                    &[other, form],
                );
            }
        }
    }

    /// The first other scheme that the delivery is signed by.
    pub(super) fn other(&self) -> Option<&Other<'q>> {
        let question = self.question;
        self.others.iter().find(|other| {
            let judged = other.judge(&self.keys.secrets, question, question.body);
            judged == Judged::Matches
        })
    }

    /// The other schemes that find a signature in their own form.
    pub(super) fn readable(&self) -> Vec<&Other<'q>> {
        let question = self.question;
        let readable = self.others.iter().filter(|other| {
            let judged = other.judge(&self.keys.secrets, question, question.body);
            judged == Judged::Reads
        });
        readable.collect()
    }

    /// Another platform's scheme with a form of the secret, or with another secret.
    pub(super) fn other_with_another_key(&self) -> Option<Vec<Cause>> {
        let question = self.question;
        self.keys.wrong().find_map(|(cause, key)| {
            let secret = std::slice::from_ref(key);
            let others = self.others.iter();
            let mut others = others.filter(|other| !(other.is_token() && is_fixed(cause)));
            let other = others.find(|other| {
                let judged = other.judge(secret, question, question.body);
                judged == Judged::Matches
            });
            Some(vec![other?.cause_without_secret(), cause.clone()])
        })
    }
}
