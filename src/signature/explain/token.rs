//! A token that does not match: how else it may be meant, and which secret it may be.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode;

use crate::signature::{Scheme, Secret, Verdict};

use super::keys::Keys;
use super::method::{agree, sha256};
use super::reading::{MOST_LINES, MOST_OWN, MOST_PARAMETERS, elsewhere, parameters, repeated};
use super::rival::{Judged, others};
use super::secret::is_fixed;
use super::tried::{Counts, in_vain};
use super::{Cause, Explanation, Question};

/// A text that may be the token, or a secret that it may be, and what is wrong with it. What is
/// compared are their hashes, in constant time.
struct Candidate {
    causes: Vec<Cause>,
    hash: Vec<u8>,
    /// The same of its letters in lower case.
    folded: Vec<u8>,
    /// Of a text: whether it stands in the scheme's own header. Of a secret: whether it is made of one
    /// that is known. One of the two must be its own.
    is_own: bool,
}

/// A longer value is no token.
const LONGEST: usize = 4096;

impl Candidate {
    fn new(causes: Vec<Cause>, text: &[u8]) -> Self {
        Self {
            causes,
            hash: sha256(text),
            folded: sha256(&text.to_ascii_lowercase()),
            is_own: true,
        }
    }

    /// The same, where it is or is not its own.
    fn own(self, is_own: bool) -> Self {
        Self { is_own, ..self }
    }
}

/// Why the token of a delivery is not the scheme's.
pub(super) fn explain(question: &Question<'_>, verdict: &Verdict) -> Explanation {
    let keys = Keys::of(question);
    let tokens = tokens(question);
    let secrets = secrets(&keys);
    let others = others(question);
    let counts = Counts {
        secrets: keys.forms.len(),
        others: keys.others.len(),
        spellings: tokens.len(),
        schemes: others.len(),
        pairs: (tokens.len() * secrets.len()) as u64,
        ..Counts::default()
    };
    let other = || {
        let signed = others
            .iter()
            .find(|other| other.judge(&keys.secrets, question, question.body) == Judged::Matches);
        Some(vec![signed?.cause()])
    };
    let found = folded(&tokens, &secrets)
        .or_else(|| matching(&tokens, &secrets, 1))
        .or_else(other)
        .or_else(|| matching(&tokens, &secrets, 2));
    match found {
        Some(causes) => Explanation::Found(causes),
        None => Explanation::NotFound(in_vain(question, verdict, counts, None)),
    }
}

/// The causes of the first secret that a token is, where there are so many of them; the secrets that
/// were given come first, so that what can be said of the token is said of it.
fn matching(tokens: &[Candidate], secrets: &[Candidate], count: usize) -> Option<Vec<Cause>> {
    secrets.iter().find_map(|secret| {
        tokens.iter().find_map(|token| {
            let is_match = token.causes.len() + secret.causes.len() == count
                && (token.is_own || secret.is_own)
                && agree(&token.hash, &secret.hash);
            let causes = || secret.causes.iter().chain(&token.causes).cloned().collect();
            is_match.then(causes)
        })
    })
}

/// The same where only the letter case differs.
fn folded(tokens: &[Candidate], secrets: &[Candidate]) -> Option<Vec<Cause>> {
    let plain = |candidate: &&Candidate| candidate.causes.is_empty();
    let mut pairs = tokens.iter().filter(plain).flat_map(|token| {
        let secrets = secrets.iter().filter(plain);
        secrets.map(move |secret| (token, secret))
    });
    let found = pairs.any(|(token, secret)| agree(&token.folded, &secret.folded));
    found.then(|| {
        vec![Cause::condition(
            "token-case",
            "letter case is of no account",
            "Send the token letter by letter: something changed its case.",
        )]
    })
}

fn secrets(keys: &Keys) -> Vec<Candidate> {
    let given = keys.secrets.iter();
    let given = given.map(|secret| Candidate::new(Vec::new(), secret.expose()));
    let wrong = keys.wrong().filter(|(_, key)| is_token(key));
    let wrong = wrong.map(|(cause, key)| {
        Candidate::new(vec![cause.clone()], key.expose()).own(!is_fixed(cause))
    });
    let other_forms = keys.other_forms.iter().filter(|(_, _, key)| is_token(key));
    let other_forms = other_forms.map(|(other, form, key)| {
        Candidate::new(vec![other.clone(), form.clone()], key.expose()).own(!is_fixed(form))
    });
    given.chain(wrong).chain(other_forms).collect()
}

/// Whether a form of a secret may be a token: an empty one would be every missing one.
fn is_token(key: &Secret) -> bool {
    !key.is_empty()
}

/// Everything in a delivery that may be its token; the scheme's own reading first.
fn tokens(question: &Question<'_>) -> Vec<Candidate> {
    let (scheme, envelope) = (question.scheme, &question.envelope);
    let is_own = |name: &str| {
        let mut names = std::iter::once(&scheme.header).chain(&scheme.aliases);
        names.any(|own| own.eq_ignore_ascii_case(name))
    };
    let lines = || envelope.headers.iter();
    let own: Vec<_> = lines().filter(|(name, _)| is_own(name)).collect();
    let mut tokens = Vec::new();
    for (nth, (_, value)) in own.iter().take(MOST_OWN).enumerate() {
        let twice = repeated(scheme, &own, nth);
        tokens.extend(with(twice.as_ref(), spelled(scheme, value)));
    }
    for (name, value) in lines().filter(|(name, _)| !is_own(name)).take(MOST_LINES) {
        let cause = elsewhere(scheme, name);
        let texts = [vec![(None, value.to_vec())], spelled(scheme, value)];
        let texts = with(Some(&cause), texts.concat()).into_iter();
        tokens.extend(texts.map(|text| text.own(false)));
    }
    let cause = in_query(scheme);
    for (_, value) in parameters(envelope.target).take(MOST_PARAMETERS) {
        let texts = [vec![(None, value.clone())], spelled(scheme, &value)];
        let texts = with(Some(&cause), texts.concat()).into_iter();
        tokens.extend(texts.map(|text| text.own(false)));
    }
    tokens.sort_by_key(|token| token.causes.len());
    tokens
}

fn with(place: Option<&Cause>, texts: Vec<(Option<Cause>, Vec<u8>)>) -> Vec<Candidate> {
    let candidates = texts.into_iter().map(|(cause, text)| {
        let causes = place.cloned().into_iter().chain(cause).collect();
        Candidate::new(causes, &text)
    });
    candidates.collect()
}

/// The name of the parameter is not said: it may have the secret in it.
fn in_query(scheme: &Scheme) -> Cause {
    let whole = scheme.value.literals().whole;
    Cause::statement(
        "header-in-query",
        format!("stands in the query string, not in `{}`", scheme.header),
        format!(
            "Send it as `{}: {}`: URLs are kept in logs.",
            scheme.header,
            whole.trim_matches('`')
        ),
    )
}

/// The texts that may be the token in a value, the scheme's own first; it alone has no cause.
fn spelled(scheme: &Scheme, value: &[u8]) -> Vec<(Option<Cause>, Vec<u8>)> {
    if value.len() > LONGEST {
        return Vec::new();
    }
    let word = scheme.value.literals().before.trim_end();
    let mut found = Vec::new();
    for text in scheme.value.texts(value) {
        found.push((None, text.to_vec()));
        found.extend(written(text));
        let Some((first, rest)) = split_word(text) else {
            continue;
        };
        if word.is_empty() {
            let words = "no word stands before it".to_owned();
            found.push((
                Some(cause(scheme, "token-word-added", words)),
                rest.to_vec(),
            ));
        } else if first.eq_ignore_ascii_case(word.as_bytes()) {
            let words = format!("`{word}` stands before it once, not twice");
            found.push((
                Some(cause(scheme, "token-word-doubled", words)),
                rest.to_vec(),
            ));
        }
    }
    if !found.is_empty() {
        return found;
    }
    match split_word(value) {
        Some((first, rest)) if first.eq_ignore_ascii_case(b"Basic") => {
            found.extend(basic(scheme, rest));
        }
        Some((_, rest)) => {
            let words = format!("the word before it is `{word}`");
            found.push((
                Some(cause(scheme, "token-word-other", words)),
                rest.to_vec(),
            ));
        }
        None => {}
    }
    let words = format!("`{word}` stands before it");
    found.push((
        Some(cause(scheme, "token-word-missing", words)),
        value.to_vec(),
    ));
    found
}

fn cause(scheme: &Scheme, id: &'static str, words: String) -> Cause {
    let whole = scheme.value.literals().whole;
    let fix = format!(
        "Send it as `{}: {}`.",
        scheme.header,
        whole.trim_matches('`')
    );
    Cause::condition(id, words, fix)
}

fn split_word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.trim_ascii();
    let at = text.iter().position(|byte| b" :=".contains(byte))?;
    Some((&text[..at], text[at + 1..].trim_ascii()))
}

/// What a token looks like after blanks, quotes and encodings.
fn written(text: &[u8]) -> Vec<(Option<Cause>, Vec<u8>)> {
    let trimmed = text.trim_ascii();
    let ends = trimmed.split_first().and_then(|(first, rest)| {
        let (last, inner) = rest.split_last()?;
        (first == last && b"\"'".contains(first)).then_some(inner)
    });
    let percent: Vec<u8> = percent_decode(text).collect();
    let base64 = STANDARD.decode(trimmed).ok();
    let blanks = (
        "token-blanks",
        "the blanks around it are removed",
        "Send the token without blanks around it.",
    );
    let quotes = (
        "token-quoted",
        "the quotes around it are removed",
        "Send the token without quotes.",
    );
    let encoded = (
        "token-percent",
        "it is percent-decoded",
        "Send the token as it is: a header is no part of a URL.",
    );
    let coded = (
        "token-base64",
        "it is decoded from base64",
        "Send the token as it is, not in base64.",
    );
    let forms = [
        (blanks, Some(trimmed.to_vec())),
        (quotes, ends.map(<[u8]>::to_vec)),
        (encoded, Some(percent)),
        (coded, base64),
    ];
    let forms = forms.into_iter().filter_map(|((id, words, fix), form)| {
        let form = form.filter(|form| form != text && !form.is_empty())?;
        Some((Some(Cause::condition(id, words, fix)), form))
    });
    forms.collect()
}

/// User, password, or all of it, of Basic authentication (RFC 7617).
fn basic(scheme: &Scheme, text: &[u8]) -> Vec<(Option<Cause>, Vec<u8>)> {
    let Ok(pair) = STANDARD.decode(text) else {
        return Vec::new();
    };
    let colon = pair.iter().position(|byte| *byte == b':');
    let halves = colon.map(|at| [pair[..at].to_vec(), pair[at + 1..].to_vec()]);
    let texts = halves.into_iter().flatten().chain([pair.clone()]);
    let words = "it is taken out of Basic authentication";
    texts
        .map(|text| (Some(cause(scheme, "token-basic", words.to_owned())), text))
        .collect()
}
