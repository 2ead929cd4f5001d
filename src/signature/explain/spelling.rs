//! How else the value of a signature header may be meant: every reading of it, with what would have
//! to be written otherwise.

mod decoding;

use percent_encoding::percent_decode;

use crate::signature::Scheme;
use crate::signature::value::Literals;

use super::Cause;
use decoding::decoded;

/// What one reading of a signature comes to: its bytes, and what is wrong with how it is written.
pub(super) type Spelled = (Vec<Cause>, Vec<u8>);

/// More entries of one header are not read.
pub(super) const MOST_ENTRIES: usize = 16;

/// A code of fewer bytes proves nothing.
pub(super) const FEWEST_BYTES: usize = 8;

/// A longer value is no signature of any known algorithm, even in a list.
const LONGEST: usize = 4096;

/// What platforms write before a signature.
const PREFIXES: [&str; 27] = [
    "hmac-sha256=",
    "hmac-sha256 ",
    "hmac-sha256:",
    "hmac-sha1=",
    "hmac-sha512=",
    "sha256=",
    "sha-256=",
    "sha256:",
    "sha256 ",
    "sha512=",
    "sha1=",
    "signature=",
    "sig=",
    "hmac=",
    "hmac ",
    "v0=",
    "v1=",
    "v2=",
    "v1,",
    "v1a,",
    "v0,",
    "v1:",
    "h1=",
    "s=",
    "t=",
    "bearer ",
    "basic ",
];

/// What entries are set apart by, the scheme's own separator aside.
pub(super) const SEPARATORS: [u8; 5] = *b",; |&";

/// Every reading of a value, the scheme's own first; it alone has no cause.
pub(super) fn readings(scheme: &Scheme, value: &[u8]) -> Vec<Spelled> {
    if value.len() > LONGEST {
        return Vec::new();
    }
    let mut readings = Vec::new();
    for (outer, value) in tidied(scheme, value) {
        for (inner, text) in entries(scheme, &value) {
            for (written, bytes) in decoded(scheme, &text) {
                let causes = outer.iter().chain(&inner).chain(&written).cloned();
                let causes: Vec<_> = causes.collect();
                if causes.len() <= 2 && bytes.len() >= FEWEST_BYTES {
                    readings.push((causes, bytes));
                }
            }
        }
    }
    // What is explained by one cause is not explained by two, and what says little comes last: in a
    // list an entry without its prefix may be anything, alone in a header a value set apart.
    let least = match scheme.value.literals().separator {
        Some(_) => "spelling-prefix-missing",
        None => "spelling-separator",
    };
    let is_least = |cause: &Cause| cause.id == least;
    readings.sort_by_key(|(causes, _)| (causes.len(), causes.iter().any(is_least)));
    let mut distinct: Vec<Spelled> = Vec::new();
    for reading in readings {
        if !distinct.iter().any(|(_, bytes)| *bytes == reading.1) {
            distinct.push(reading);
        }
    }
    distinct
}

/// The value as it is, and without what was put around all of it.
fn tidied(scheme: &Scheme, value: &[u8]) -> Vec<(Option<Cause>, Vec<u8>)> {
    let mut tidied = vec![(None, value.to_vec())];
    let mut add = |cause: Cause, other: &[u8]| {
        if other != value && !other.is_empty() {
            tidied.push((Some(cause), other.to_vec()));
        }
    };
    add(
        Cause::condition(
            "spelling-blanks",
            "the blanks around it are removed",
            "Send the value without blanks or line ends around it.",
        ),
        value.trim_ascii(),
    );
    if let Some(inner) = unquoted(value) {
        add(
            Cause::condition(
                "spelling-quoted",
                "the quotes around it are removed",
                "Send the value without quotes: a shell or a template kept them.",
            ),
            inner,
        );
    }
    if let Some(rest) = without_name(scheme, value) {
        add(
            Cause::condition(
                "spelling-header-name",
                "the header's name before it is removed",
                "Hand over the value of the header alone, without name and colon.",
            ),
            rest,
        );
    }
    let percent: Vec<u8> = percent_decode(value).collect();
    add(
        Cause::condition(
            "spelling-percent",
            "it is percent-decoded",
            "Send the value as it is: a header is no part of a URL.",
        ),
        &percent,
    );
    tidied
}

fn unquoted(value: &[u8]) -> Option<&[u8]> {
    let (first, rest) = value.trim_ascii().split_first()?;
    let (last, inner) = rest.split_last()?;
    (first == last && b"\"'`".contains(first)).then_some(inner)
}

fn without_name<'v>(scheme: &Scheme, value: &'v [u8]) -> Option<&'v [u8]> {
    let mut names = std::iter::once(&scheme.header).chain(&scheme.aliases);
    names.find_map(|name| {
        let (start, rest) = value.trim_ascii().split_at_checked(name.len())?;
        let rest = rest.trim_ascii_start().strip_prefix(b":")?;
        let is_name = start.eq_ignore_ascii_case(name.as_bytes());
        is_name.then(|| rest.trim_ascii())
    })
}

/// The texts that may stand for the signature in a value, the scheme's own first.
fn entries(scheme: &Scheme, value: &[u8]) -> Vec<(Option<Cause>, Vec<u8>)> {
    let own = scheme.value.texts(value);
    let many = own.len() > MOST_ENTRIES;
    let too_many = || {
        Cause::condition(
            "spelling-too-many",
            format!("fewer than {} entries stand in the header", own.len()),
            "Send the signatures of the current secret and of the previous one, and no more.",
        )
    };
    let texts = own.iter().take(MOST_ENTRIES);
    let mut entries: Vec<_> = texts
        .map(|text| (many.then(too_many), text.to_vec()))
        .collect();
    let literals = scheme.value.literals();
    entries.extend(scanned(&literals, value));
    for piece in pieces(value) {
        entries.extend(bared(&literals, piece, piece.len() < value.len()));
    }
    entries
}

/// What follows the scheme's own literal wherever it stands, up to the next separator.
fn scanned<'v>(
    literals: &'v Literals<'v>,
    value: &'v [u8],
) -> impl Iterator<Item = (Option<Cause>, Vec<u8>)> + 'v {
    let before = literals.before.as_bytes();
    let starts = memchr::memmem::find_iter(value, before).take(MOST_ENTRIES);
    let starts = starts.filter(move |_| !before.is_empty());
    starts.map(move |at| {
        let rest = &value[at + before.len()..];
        let end = rest.iter().position(|byte| SEPARATORS.contains(byte));
        let text = rest[..end.unwrap_or(rest.len())].trim_ascii();
        (Some(set_apart(literals)), text.to_vec())
    })
}

fn set_apart(literals: &Literals<'_>) -> Cause {
    let words = match literals.separator {
        Some(separator) => format!("its entries are set apart by `{separator}` alone"),
        None => "it stands alone in the header".to_owned(),
    };
    Cause::condition(
        "spelling-separator",
        words,
        format!("Write the header as {}.", literals.whole),
    )
}

/// The value, and what stands between separators of any kind.
fn pieces(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let split = |separator: &'static u8| {
        let pieces = value.split(move |byte| byte == separator);
        pieces.take(2 * MOST_ENTRIES).map(<[u8]>::trim_ascii)
    };
    let split = SEPARATORS.iter().flat_map(split);
    std::iter::once(value).chain(split.filter(move |piece| piece.len() < value.len()))
}

/// A piece without what does not belong before it, or with what is missing there.
fn bared(literals: &Literals<'_>, piece: &[u8], is_part: bool) -> Vec<(Option<Cause>, Vec<u8>)> {
    let before = literals.before;
    let cause = |id, words: String| {
        let fix = format!("Write the header as {}.", literals.whole);
        Some(Cause::condition(id, words, fix))
    };
    let mut bared = Vec::new();
    if let Some((prefix, rest)) = prefixed(before, piece) {
        let shown = prefix.trim_end();
        if before.is_empty() {
            let words = format!("`{shown}` before it is removed");
            bared.push((cause("spelling-prefix-added", words), rest.to_vec()));
        } else if prefix == before {
            let twice = rest.strip_prefix(before.as_bytes());
            let words = format!("`{shown}` stands before it once, not twice");
            bared
                .extend(twice.map(|rest| (cause("spelling-prefix-doubled", words), rest.to_vec())));
        } else if prefix.eq_ignore_ascii_case(before) {
            let words = format!("`{before}` before it is written in lower case");
            bared.push((cause("spelling-prefix-case", words), rest.to_vec()));
        } else {
            let words = format!("`{before}` stands before it, not `{shown}`");
            bared.push((cause("spelling-prefix-other", words), rest.to_vec()));
        }
    } else if before.is_empty() {
        bared.extend(is_part.then(|| (Some(set_apart(literals)), piece.to_vec())));
    } else {
        let words = format!("`{before}` stands before it");
        bared.push((cause("spelling-prefix-missing", words), piece.to_vec()));
    }
    bared
}

/// The scheme's own prefix or a known one, in the letter case of the piece, and the rest.
fn prefixed<'p>(own: &str, piece: &'p [u8]) -> Option<(&'p str, &'p [u8])> {
    let own = std::iter::once(own).filter(|own| !own.is_empty());
    own.chain(PREFIXES).find_map(|prefix| {
        let (start, rest) = piece.split_at_checked(prefix.len())?;
        let is_prefix = start.eq_ignore_ascii_case(prefix.as_bytes());
        Some((std::str::from_utf8(start).ok()?, rest)).filter(|_| is_prefix)
    })
}

/// There is more than the code.
pub(super) fn too_long() -> Cause {
    Cause::condition(
        "spelling-too-long",
        "what follows the code is removed",
        "Send the code alone: something was appended to it.",
    )
}

/// There is less than the code.
pub(super) fn truncated(bytes: usize, whole: usize) -> Cause {
    Cause::condition(
        "spelling-truncated",
        format!("its first {bytes} of {whole} bytes are enough"),
        "Send the whole code: a column, a field or a copy cut it.",
    )
}
