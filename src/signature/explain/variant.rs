//! The texts that are taken for a scheme's: a field left out or added, another separator or order.

use crate::message::TimestampForm;
use crate::signature::Field;
use crate::signature::template::Part;

use super::facts::{Facts, Known};
use super::text::Draft;
use super::url::urls;
use super::{Cause, Question};

/// What stands between the fields of signed texts.
const JOINTS: [&str; 9] = [".", ":", "", "\n", "-", "|", ",", " ", "&"];

/// What some platforms put in front of the text.
const VERSIONS: [&str; 4] = ["v0:", "v1:", "v0.", "v1."];

/// Every text beside the scheme's own, most likely first. What has been built twice is built twice.
pub(super) fn variants(question: &Question<'_>, known: &Known) -> Vec<Draft> {
    let own = Own::of(question, known);
    let mut drafts = own.left_out();
    drafts.extend(own.times());
    drafts.extend(own.joints());
    drafts.extend(own.orders());
    drafts.extend(own.versions());
    drafts.extend(own.added(known));
    drafts.extend(own.places());
    drafts.extend(own.urls(question));
    drafts.extend(own.other_times(known));
    drafts.push(own.digest());
    drafts
}

/// The scheme's own text taken apart.
struct Own<'q> {
    parts: &'q [Part],
    /// The literal before the first field.
    lead: &'q str,
    fields: Vec<&'q Part>,
    /// The literal between the first two fields.
    joint: &'q str,
    facts: Facts,
    target: &'q str,
    /// Whether the body is so large that the rarest texts cost more than they tell.
    is_large: bool,
}

/// Of a longer body the rarest texts are not tried, in bytes.
const SMALL: usize = 256 * 1024;

fn literal(text: &str) -> Part {
    Part::Literal(text.to_owned())
}

fn body() -> Part {
    Part::Field(Field::Body)
}

/// A text as a user reads it.
fn shown(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.escape_default().to_string(),
        Part::Field(field) => format!("{{{field}}}"),
    };
    parts.iter().map(part).collect()
}

/// Fields with the same text between each two.
fn joined(lead: &str, fields: &[&Part], joint: &str) -> Vec<Part> {
    let mut parts = vec![literal(lead)];
    for (nth, field) in fields.iter().enumerate() {
        if nth > 0 {
            parts.push(literal(joint));
        }
        parts.push((*field).clone());
    }
    parts.retain(|part| !matches!(part, Part::Literal(text) if text.is_empty()));
    parts
}

impl<'q> Own<'q> {
    fn of(question: &'q Question<'q>, known: &Known) -> Self {
        let parts = question.scheme.signs.parts();
        let lead = match parts.first() {
            Some(Part::Literal(text)) => text.as_str(),
            _ => "",
        };
        let is_field = |part: &&Part| matches!(part, Part::Field(_));
        let mut between = parts.iter().skip_while(|part| !is_field(part)).skip(1);
        let joint = match between.next() {
            Some(Part::Literal(text)) => text.as_str(),
            _ => "",
        };
        Self {
            parts,
            lead,
            fields: parts.iter().filter(is_field).collect(),
            joint,
            facts: known.bare.1.clone(),
            target: question.envelope.target,
            is_large: question.body.len() > SMALL,
        }
    }

    /// A text with the same facts.
    fn draft(&self, id: &'static str, parts: Vec<Part>) -> Draft {
        let own = shown(self.parts);
        let words = format!("`{}` is signed, not `{own}`", shown(&parts));
        let fix = format!("Sign the text `{own}`, byte for byte.");
        self.saying(Cause::condition(id, words, fix), parts)
    }

    fn saying(&self, cause: Cause, parts: Vec<Part>) -> Draft {
        Draft {
            cause,
            parts,
            facts: self.facts.clone(),
            is_digest: false,
        }
    }

    fn has(&self, field: &Field) -> bool {
        self.fields
            .iter()
            .any(|part| **part == Part::Field(field.clone()))
    }

    /// Without one of the fields and the literal after it, and the body alone.
    fn left_out(&self) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            let id = match part {
                Part::Field(Field::Timestamp) => "text-timestamp-left-out",
                Part::Field(Field::Id) => "text-id-left-out",
                Part::Field(Field::Url) => "text-url-left-out",
                Part::Field(Field::Method) => "text-method-left-out",
                Part::Field(Field::Header(_)) => "text-header-left-out",
                _ => continue,
            };
            let mut parts = self.parts.to_vec();
            parts.remove(at);
            if matches!(parts.get(at), Some(Part::Literal(_))) {
                parts.remove(at);
            } else if at > 0 && matches!(parts.get(at - 1), Some(Part::Literal(_))) {
                parts.remove(at - 1);
            }
            drafts.push(self.draft(id, parts));
        }
        if self.parts.len() > 1 && self.has(&Field::Body) {
            drafts.push(self.draft("text-body-only", vec![body()]));
        }
        drafts
    }

    /// The timestamp in another form than it is presented in.
    fn times(&self) -> Vec<Draft> {
        let Some(text) = self
            .facts
            .timestamp
            .as_deref()
            .filter(|_| self.has(&Field::Timestamp))
        else {
            return Vec::new();
        };
        let Ok(at) = TimestampForm::read_any(text) else {
            return Vec::new();
        };
        let date = TimestampForm::Rfc3339.write(at);
        let bare = date.trim_end_matches('Z');
        let forms = [
            (
                "text-timestamp-milliseconds",
                "in milliseconds",
                TimestampForm::UnixMs.write(at),
            ),
            (
                "text-timestamp-seconds",
                "in seconds",
                TimestampForm::Unix.write(at),
            ),
            ("text-timestamp-rfc3339", "in RFC 3339", date.clone()),
            (
                "text-timestamp-rfc3339",
                "in RFC 3339 with milliseconds",
                TimestampForm::Rfc3339Ms.write(at),
            ),
            (
                "text-timestamp-rfc3339",
                "in RFC 3339 with an offset",
                format!("{bare}+00:00"),
            ),
            (
                "text-timestamp-rfc3339",
                "as a date without a zone",
                bare.to_owned(),
            ),
        ];
        let others = forms.into_iter().filter(|(_, _, form)| form != text);
        let drafts = others.map(|(id, words, form)| {
            let cause = Cause::condition(
                id,
                format!("the timestamp is signed {words}"),
                "Sign the timestamp as the very text that is sent.",
            );
            let mut draft = self.saying(cause, self.parts.to_vec());
            draft.facts.timestamp = Some(form);
            draft
        });
        drafts.collect()
    }

    /// Another text between the fields.
    fn joints(&self) -> Vec<Draft> {
        if self.fields.len() < 2 {
            return Vec::new();
        }
        let others = JOINTS.iter().filter(|joint| **joint != self.joint);
        let join = |joint: &&str| joined(self.lead, &self.fields, joint);
        others
            .map(|joint| self.draft("text-separator", join(joint)))
            .collect()
    }

    /// The fields in another order.
    fn orders(&self) -> Vec<Draft> {
        let orders: &[&[usize]] = match self.fields.len() {
            2 => &[&[1, 0]],
            3 => &[&[1, 0, 2], &[0, 2, 1], &[2, 1, 0], &[1, 2, 0], &[2, 0, 1]],
            4 => &[&[1, 0, 2, 3], &[0, 2, 1, 3], &[3, 2, 1, 0], &[3, 0, 1, 2]],
            _ => &[],
        };
        let drafts = orders.iter().map(|order| {
            let fields: Vec<_> = order.iter().map(|nth| self.fields[*nth]).collect();
            self.draft("text-order", joined(self.lead, &fields, self.joint))
        });
        drafts.collect()
    }

    /// A version in front, or none where there is one.
    fn versions(&self) -> Vec<Draft> {
        if !self.lead.is_empty() {
            let parts = joined("", &self.fields, self.joint);
            return vec![self.draft("text-version-left-out", parts)];
        }
        let added = VERSIONS.iter().map(|version| {
            let parts = [vec![literal(version)], self.parts.to_vec()].concat();
            self.draft("text-version-added", parts)
        });
        added.collect()
    }

    /// A timestamp or an id in front of a text that has none, or behind it.
    fn added(&self, known: &Known) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let own = self.facts.timestamp.iter();
        let spare = known.times.iter().map(|(_, value)| value);
        let times: Vec<_> = own.chain(spare).take(2).collect();
        if !self.has(&Field::Timestamp) {
            for time in &times {
                drafts.extend(self.with("text-timestamp-added", &Field::Timestamp, time));
            }
        }
        if !self.has(&Field::Id) {
            for id in known.ids.iter().take(2) {
                drafts.extend(self.with("text-id-added", &Field::Id, id));
            }
        }
        if !self.has(&Field::Timestamp) && !self.has(&Field::Id) {
            for (time, id) in times.iter().zip(known.ids.iter().cycle()) {
                let fields = [Part::Field(Field::Id), Part::Field(Field::Timestamp)];
                let fields: Vec<_> = fields.iter().chain(self.fields.iter().copied()).collect();
                for joint in [".", ""] {
                    let parts = joined(self.lead, &fields, joint);
                    let mut draft = self.draft("text-id-and-timestamp-added", parts);
                    draft.facts.timestamp = Some((*time).clone());
                    draft.facts.id = Some(id.clone());
                    drafts.push(draft);
                }
            }
        }
        drafts
    }

    /// The text with one more field.
    fn with(&self, id: &'static str, field: &Field, value: &str) -> Vec<Draft> {
        let part = Part::Field(field.clone());
        let front =
            |joint: &str| [vec![part.clone(), literal(joint)], self.parts.to_vec()].concat();
        let back = |joint: &str| [self.parts.to_vec(), vec![literal(joint), part.clone()]].concat();
        let version = |version: &str| [vec![literal(version)], front(":")].concat();
        let texts = [
            front("."),
            front(":"),
            front(""),
            front("\n"),
            front("-"),
            front("|"),
            back("."),
            back(""),
            version("v0:"),
        ];
        let drafts = texts.into_iter().map(|mut parts| {
            parts.retain(|part| !matches!(part, Part::Literal(text) if text.is_empty()));
            let mut draft = self.draft(id, parts);
            match field {
                Field::Id => draft.facts.id = Some(value.to_owned()),
                _ => draft.facts.timestamp = Some(value.to_owned()),
            }
            draft
        });
        drafts.collect()
    }

    /// Method, path or URL in front.
    fn places(&self) -> Vec<Draft> {
        let method = || Part::Field(Field::Method);
        let url = || Part::Field(Field::Url);
        let path = || literal(self.target);
        let mut fronts = Vec::new();
        let joints = if self.is_large {
            &[""][..]
        } else {
            &["", "\n", ".", ":"]
        };
        for joint in joints {
            let joint = || literal(joint);
            if !self.has(&Field::Url) {
                fronts.push(("text-url-added", "the URL", vec![url(), joint()]));
                fronts.push(("text-path-added", "path and query", vec![path(), joint()]));
                let both = vec![method(), joint(), path(), joint()];
                fronts.push(("text-path-added", "method, path and query", both));
                let both = vec![method(), joint(), url(), joint()];
                fronts.push(("text-url-added", "method and URL", both));
            }
            fronts.push(("text-method-added", "the method", vec![method(), joint()]));
        }
        let drafts = fronts.into_iter().map(|(id, what, mut parts)| {
            parts.extend_from_slice(self.parts);
            let own = shown(self.parts);
            let words = format!("{what} stands in the signed text before `{own}`");
            let fix = format!("Sign the text `{own}`, byte for byte.");
            self.saying(Cause::condition(id, words, fix), parts)
        });
        drafts.collect()
    }

    /// Another URL.
    fn urls(&self, question: &Question<'_>) -> Vec<Draft> {
        if !self.has(&Field::Url) || question.envelope.url.is_none() {
            return Vec::new();
        }
        let drafts = urls(question).into_iter().map(|(cause, url)| {
            let mut draft = self.saying(cause, self.parts.to_vec());
            draft.facts.url = Some(url);
            draft
        });
        drafts.collect()
    }

    /// The time of another header line, where the own one is there too.
    fn other_times(&self, known: &Known) -> Vec<Draft> {
        if !self.has(&Field::Timestamp) {
            return Vec::new();
        }
        let drafts = known.times.iter().map(|(name, value)| {
            let cause = Cause::condition(
                "text-timestamp-other",
                format!("the timestamp of `{name}` is signed"),
                "Sign the timestamp that is sent for it, not another one.",
            );
            let mut draft = self.saying(cause, self.parts.to_vec());
            draft.facts.timestamp = Some(value.clone());
            draft
        });
        drafts.collect()
    }

    /// The digest of the body in its place.
    fn digest(&self) -> Draft {
        let cause = Cause::condition(
            "text-body-digest",
            "the SHA-256 of the body, in hex, is signed in its place",
            "Sign the body itself: the code hashes it anyway.",
        );
        let mut draft = self.saying(cause, self.parts.to_vec());
        draft.is_digest = true;
        draft
    }
}
