//! What is said where nothing fits: what was tried, what can be seen, and what is left to check.

use crate::signature::{Field, Verdict};

use super::method::Hash;
use super::reading::{MOST_LINES, Presented};
use super::{Question, Tried};

/// How many of each kind were tried.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) bodies: usize,
    pub(super) secrets: usize,
    pub(super) others: usize,
    pub(super) spellings: usize,
    pub(super) texts: usize,
    pub(super) algorithms: usize,
    pub(super) schemes: usize,
    pub(super) pairs: u64,
    /// Whether pairs were left out because the body is large.
    pub(super) is_cut: bool,
}

impl Counts {
    /// Each in a few words, in the order of the search.
    pub(super) fn words(self, presented: Option<&Presented>) -> Vec<String> {
        let (lines, parameters) =
            presented.map_or((0, 0), |presented| (presented.lines, presented.parameters));
        let rows = [
            (self.bodies, "form of the body", "forms of the body"),
            (self.secrets, "form of the secret", "forms of the secret"),
            (self.others, "other secret", "other secrets"),
            (
                self.spellings,
                "spelling of the signature",
                "spellings of the signature",
            ),
            (self.texts, "signed text", "signed texts"),
            (self.algorithms, "algorithm", "algorithms"),
            (self.schemes, "other scheme", "other schemes"),
            (lines, "other header line", "other header lines"),
            (
                parameters,
                "parameter of the query",
                "parameters of the query",
            ),
        ];
        let rows = rows.iter().filter(|(count, _, _)| *count > 0);
        let counted = |(count, one, many): &(usize, &str, &str)| {
            let what = if *count == 1 { one } else { many };
            format!("{} {what}", grouped(*count as u64))
        };
        let mut words: Vec<_> = rows.map(counted).collect();
        if self.pairs > 0 {
            let most = if self.is_cut { "the likeliest " } else { "" };
            let pairs = if self.pairs == 1 { "pair" } else { "pairs" };
            words.push(format!("and {most}{} {pairs}", grouped(self.pairs)));
        }
        words
    }
}

/// A number with commas: `2,100`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What was tried in vain, with what is left to do.
pub(super) fn in_vain(
    question: &Question<'_>,
    verdict: &Verdict,
    counts: Counts,
    presented: Option<&Presented>,
) -> Tried {
    let mut seen = seen(question, verdict, presented);
    if counts.is_cut {
        seen.push("the body is too large to try all pairs of causes".to_owned());
    }
    Tried {
        forms: counts.words(presented),
        seen,
        by_hand: by_hand(question, verdict),
    }
}

fn seen(question: &Question<'_>, verdict: &Verdict, presented: Option<&Presented>) -> Vec<String> {
    let envelope = &question.envelope;
    let header = &question.scheme.header;
    let mut seen = Vec::new();
    if question.keys.is_empty() {
        seen.push("no secret is given".to_owned());
    }
    let values: Vec<_> = envelope.headers.all(header).collect();
    match (verdict, values.as_slice()) {
        (Verdict::Unsigned { .. }, _) => {
            seen.push(format!(
                "`{header}` is missing, and nothing that matches stands elsewhere"
            ));
        }
        (_, [value]) if value.trim_ascii().is_empty() => {
            seen.push(format!("`{header}` is empty"));
        }
        (_, [_, _, ..]) => seen.push(format!("`{header}` stands {} times", values.len())),
        _ => seen.extend(presented.and_then(|presented| length(question, presented))),
    }
    seen.extend(body_length(question));
    seen.extend(body_shape(question));
    if let Some(encoding) = envelope.headers.text("Content-Encoding") {
        seen.push(format!(
            "`Content-Encoding` is {encoding}: the signature may be of the body before or after it"
        ));
    }
    if presented.is_some_and(|presented| presented.is_cut) {
        seen.push(format!(
            "there is more than is read: {MOST_LINES} other header lines, a few values of its own"
        ));
    }
    seen
}

/// What the length of the presented bytes says.
fn length(question: &Question<'_>, presented: &Presented) -> Option<String> {
    let own = question.scheme.algorithm.length()?;
    let Some(first) = presented
        .readings
        .first()
        .filter(|reading| reading.causes.len() <= 1)
    else {
        return Some("the value is neither hexadecimal nor base64 of 8 bytes or more".to_owned());
    };
    let bytes = first.bytes.len();
    match Hash::of_length(bytes) {
        _ if bytes == own => None,
        Some(hash) => Some(format!(
            "it has {bytes} bytes, as an {} has",
            hash.of_hmac()
        )),
        None => Some(format!(
            "it has {bytes} bytes; a signature of the scheme has {own}"
        )),
    }
}

/// Whether the body still has the length that the sender gave it.
fn body_length(question: &Question<'_>) -> Option<String> {
    let declared = question.envelope.headers.text("Content-Length")?;
    let declared: usize = declared.trim().parse().ok()?;
    let length = question.body.len();
    (declared != length).then(|| {
        format!("`Content-Length` is {declared}, and the body has {length} bytes: it was changed on its way")
    })
}

/// What the body looks like, where that may be why.
fn body_shape(question: &Question<'_>) -> Option<String> {
    let body = question.body;
    if !question.scheme.signs_body() {
        return None;
    }
    if body.is_empty() {
        return Some("the body is empty: whatever read it first has left nothing of it".to_owned());
    }
    let opens = matches!(body.first(), Some(b'{' | b'['));
    let is_laid_out = opens && body.windows(2).any(|two| matches!(two, b"\n " | b"\n\t"));
    is_laid_out.then(|| {
        "the body is laid out over lines, as `jq` and editors do: numbers and escapes that they \
         wrote anew (2500.00 as 2500) are not had back"
            .to_owned()
    })
}

/// What to check by hand, most likely first.
fn by_hand(question: &Question<'_>, verdict: &Verdict) -> Vec<String> {
    let scheme = question.scheme;
    let mut checks = Vec::new();
    let mut check = |text: String| checks.push(text);
    if question.keys.is_empty() {
        check("Give the secret that the sender signs with.".to_owned());
    }
    if matches!(verdict, Verdict::Unsigned { .. }) {
        check("Look whether the sender signs at all, and has the secret where it runs.".to_owned());
        check(format!(
            "Look whether a proxy or a gateway on the way passes `{}` on.",
            scheme.header
        ));
        return checks;
    }
    if scheme.signs_body() {
        check("Take the raw body before any parser, byte for byte.".to_owned());
    }
    check("Take the secret of this very endpoint, and of this environment.".to_owned());
    if scheme.signs.has(&Field::Url) {
        check("Take the public URL, as it stands in the platform's settings.".to_owned());
    }
    if scheme.signs_timestamp() {
        check("Take the timestamp as the very text that came, of this very attempt.".to_owned());
    }
    if scheme.signs_body() {
        check(
            "Look whether a proxy, a gateway or a middleware changes the body on its way."
                .to_owned(),
        );
    }
    checks
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_have_commas() {
        for (number, shown) in [
            (0, "0"),
            (999, "999"),
            (2100, "2,100"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), shown);
        }
    }
}
