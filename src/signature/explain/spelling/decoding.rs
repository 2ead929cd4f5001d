//! The bytes that the text of a signature may stand for.

use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, Engine};

use crate::signature::explain::Cause;
use crate::signature::{Encoding, Scheme};

use super::{LONGEST, too_long};

/// The bytes that a text may stand for; only as the scheme writes them there is no cause.
pub(super) fn decoded(scheme: &Scheme, text: &[u8]) -> Vec<(Option<Cause>, Vec<u8>)> {
    let text = &text[..text.len().min(LONGEST)];
    let wanted = match scheme.encoding {
        Encoding::Hex => "hex",
        Encoding::Base64 => "base64",
    };
    let as_wanted = |id, words: &str| {
        Some(Cause::condition(
            id,
            words,
            format!("Write the signature in {wanted}, as {}.", scheme.form()),
        ))
    };
    let is_hex = scheme.encoding == Encoding::Hex;
    let is_digits = text.iter().all(u8::is_ascii_hexdigit);
    let mut found = Vec::new();
    if let Some(bytes) = scheme.encoding.decode(text) {
        found.extend(nested(scheme.encoding, &bytes));
        found.push((None, bytes));
        // All of hexadecimal digits is base64 too.
        if is_hex || !is_digits {
            return found;
        }
    }
    if is_digits {
        // An odd digit at the end is half a byte that was cut or added.
        let even = &text[..text.len() / 2 * 2];
        let bytes = hex::decode(even).unwrap_or_default();
        let whole = scheme.algorithm.length().unwrap_or_default();
        let cause = if !is_hex {
            as_wanted(
                "spelling-hex",
                "its hexadecimal digits are read as such, not as base64",
            )
        } else if even.len() < text.len() && bytes.len() < whole {
            None
        } else if even.len() < text.len() {
            Some(too_long())
        } else {
            as_wanted("spelling-case", "its digits are written in lower case")
        };
        found.push((cause, bytes));
        return found;
    }
    if let Some(bytes) = grouped(text) {
        let words = "its digits are written without `0x` and without marks between them";
        found.push((as_wanted("spelling-marks", words), bytes));
    }
    for (id, words, alphabet, text) in base64_forms(text, is_hex) {
        let Some(bytes) = lenient(&alphabet).decode(text).ok() else {
            continue;
        };
        found.extend(nested(Encoding::Base64, &bytes));
        found.push((as_wanted(id, words), bytes));
    }
    found
}

/// Base64 in other alphabets than the scheme's, or none that is canonical.
fn base64_forms(
    text: &[u8],
    is_hex: bool,
) -> Vec<(&'static str, &'static str, alphabet::Alphabet, Vec<u8>)> {
    let (standard, url_safe) = if is_hex {
        (
            ("spelling-base64", "it is read as base64, not as hex"),
            (
                "spelling-base64url",
                "it is read as url-safe base64, not as hex",
            ),
        )
    } else {
        (
            ("spelling-padding", "its base64 is padded with `=`"),
            (
                "spelling-base64url",
                "`-` and `_` of url-safe base64 are written as `+` and `/`",
            ),
        )
    };
    let form = |(id, words), alphabet, text: &[u8]| (id, words, alphabet, text.to_vec());
    let mut forms = vec![form(standard, alphabet::STANDARD, text)];
    if text.iter().any(|byte| b"-_".contains(byte)) {
        forms.push(form(url_safe, alphabet::URL_SAFE, text));
    }
    if text.contains(&b' ') {
        let plus = |byte: &u8| if *byte == b' ' { b'+' } else { *byte };
        let text: Vec<u8> = text.iter().map(plus).collect();
        let words = "the blanks in it are `+` again";
        forms.push(form(("spelling-plus", words), alphabet::STANDARD, &text));
    }
    forms
}

fn lenient(alphabet: &alphabet::Alphabet) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(alphabet, config)
}

/// What was encoded twice: text within the bytes.
fn nested(outer: Encoding, bytes: &[u8]) -> Option<(Option<Cause>, Vec<u8>)> {
    let is_hex = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_hexdigit);
    let (inner, decoded) = if is_hex {
        ("hex", hex::decode(bytes).ok()?)
    } else {
        ("base64", lenient(&alphabet::STANDARD).decode(bytes).ok()?)
    };
    let (id, outer) = match (outer, inner) {
        (Encoding::Hex, "hex") => ("spelling-hex-twice", "hex"),
        (Encoding::Hex, _) => ("spelling-hex-of-base64", "hex"),
        (Encoding::Base64, "hex") => ("spelling-base64-of-hex", "base64"),
        (Encoding::Base64, _) => ("spelling-base64-twice", "base64"),
    };
    let cause = Cause::condition(
        id,
        format!("it is read as {outer} of {inner}"),
        "Encode the bytes of the code once: it was encoded as text already.",
    );
    Some((Some(cause), decoded))
}

/// Digits with `0x` before them, or with colons, dashes or blanks between them.
fn grouped(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.strip_prefix(b"0x").unwrap_or(text);
    let digits = digits.iter().filter(|byte| !b":- ".contains(byte));
    let digits: Vec<u8> = digits.copied().collect();
    hex::decode(digits).ok()
}
