//! What may have been signed: the scheme's own text, and those that are taken for it.

use std::sync::OnceLock;

use crate::signature::template::Part;
use crate::signature::{Field, Secret};

use super::Cause;
use super::Question;
use super::facts::{Facts, facts};
use super::method::{Method, Run, sha256};
use super::variant::variants;

/// A text without its body, and what is wrong with it.
pub(super) struct Text {
    /// At most two; none where it is the scheme's own text.
    pub(super) causes: Vec<Cause>,
    before: Vec<u8>,
    covers: Covers,
    after: Vec<u8>,
}

/// What of a body stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Covers {
    /// Nothing.
    Nothing,
    /// Its bytes.
    Body,
    /// Its SHA-256, in hexadecimal digits.
    Digest,
}

/// A text as it is thought of: literals and fields, in order.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) cause: Cause,
    pub(super) parts: Vec<Part>,
    pub(super) facts: Facts,
    pub(super) is_digest: bool,
}

/// A body or one of its forms.
pub(super) struct Body<'b> {
    pub(super) bytes: &'b [u8],
    digest: OnceLock<String>,
}

impl<'b> Body<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        let digest = OnceLock::new();
        Self { bytes, digest }
    }

    fn digest(&self) -> &str {
        self.digest.get_or_init(|| hex::encode(sha256(self.bytes)))
    }
}

/// Every text, the scheme's own first.
pub(super) fn texts(question: &Question<'_>) -> Vec<Text> {
    let parts = question.scheme.signs.parts();
    let known = facts(question);
    let mut texts: Vec<Text> = Vec::new();
    let mut add = |causes: Vec<Cause>, parts: &[Part], facts: &Facts, is_digest| {
        let text = Text::fill(causes, parts, facts, question, is_digest);
        let text = text.filter(|text| text.causes.len() <= 2);
        if let Some(text) = text
            && !texts.iter().any(|other| other.is(&text))
        {
            texts.push(text);
        }
    };
    for (causes, facts) in &known.own {
        add(causes.clone(), parts, facts, false);
    }
    for draft in variants(question, &known) {
        let causes = known.bare.0.iter().cloned().chain([draft.cause]);
        add(
            causes.collect(),
            &draft.parts,
            &draft.facts,
            draft.is_digest,
        );
    }
    texts
}

impl Text {
    /// `None` where something is missing that stands in it.
    fn fill(
        causes: Vec<Cause>,
        parts: &[Part],
        facts: &Facts,
        question: &Question<'_>,
        is_digest: bool,
    ) -> Option<Self> {
        let mut text = Self {
            causes,
            before: Vec::new(),
            covers: Covers::Nothing,
            after: Vec::new(),
        };
        for part in parts {
            let bytes = match part {
                Part::Field(Field::Body) => {
                    text.covers = if is_digest {
                        Covers::Digest
                    } else {
                        Covers::Body
                    };
                    continue;
                }
                Part::Field(field) => facts.value(field, question)?,
                Part::Literal(literal) => literal.as_bytes().to_vec(),
            };
            if text.covers == Covers::Nothing {
                text.before.extend(bytes);
            } else {
                text.after.extend(bytes);
            }
        }
        Some(text)
    }

    fn is(&self, other: &Self) -> bool {
        self.covers == other.covers && self.before == other.before && self.after == other.after
    }
}

/// The codes of several texts of one body under one key: what they have in common is hashed once.
pub(super) struct Hasher<'h> {
    start: Run,
    body: &'h Body<'h>,
    begun: Vec<(&'h Text, Run)>,
    /// The bytes that were hashed.
    pub(super) hashed: u64,
}

/// What a code costs beside its text, in bytes hashed: keying, ending, comparing.
const OVERHEAD: usize = 512;

impl<'h> Hasher<'h> {
    pub(super) fn new(method: Method, key: &Secret, body: &'h Body<'h>) -> Self {
        Self {
            start: method.start(key),
            body,
            begun: Vec::new(),
            hashed: 0,
        }
    }

    /// The code of a text.
    pub(super) fn code(&mut self, text: &'h Text) -> Vec<u8> {
        let like =
            |(other, _): &&(&Text, Run)| other.covers == text.covers && other.before == text.before;
        let begun = self.begun.iter().find(like).map(|(_, run)| run.clone());
        let mut hashed = OVERHEAD + text.after.len();
        let mut run = begun.unwrap_or_else(|| {
            let mut run = self.start.clone();
            run.update(&text.before);
            match text.covers {
                Covers::Nothing => {}
                Covers::Body => run.update(self.body.bytes),
                Covers::Digest => run.update(self.body.digest().as_bytes()),
            }
            hashed += text.before.len() + self.body.bytes.len();
            self.begun.push((text, run.clone()));
            run
        });
        self.hashed += hashed as u64;
        run.update(&text.after);
        run.finish()
    }
}
