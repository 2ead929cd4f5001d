//! Keys that may have been made of a secret.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use sha2::{Digest, Sha256};

use crate::signature::{Scheme, Secret};

use super::{Make, Row};

const DECODED: &str = "Use the same bytes as the key on both sides: one decodes the secret and the other takes it as text.";
const PREFIX: &str = "Do as the platform's documents say: one side takes the prefix for a part of the key and the other does not.";
const UNSET: &str =
    "Refuse to start without the secret: the variable that holds it is not set where it is read.";
const HASHED: &str =
    "Use the secret as it is on both sides: one hashes it before it is used as the key.";

/// Base64 of either alphabet, padded or not.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The prefixes that platforms write before their secrets; the longest of those that fit comes
/// first.
const PREFIXES: [&[u8]; 8] = [
    b"v1,whsec_",
    b"whsec_",
    b"whsk_",
    b"whpk_",
    b"v1,",
    b"sk_",
    b"sha256=",
    b"base64:",
];

/// These forms, most likely first.
pub(super) const ROWS: &[Row] = &[
    Row {
        id: "secret-as-text",
        words: "the secret is used as text, as it stands",
        fix: DECODED,
        make: Make::Key(|text, _| Some(Secret::new(text))),
    },
    Row {
        id: "secret-base64-decoded",
        words: "the secret is decoded from base64",
        fix: DECODED,
        make: Make::Key(|text, _| PLAIN.decode(text).ok().map(Secret::new)),
    },
    Row {
        id: "secret-base64url-decoded",
        words: "the secret is decoded from URL-safe base64",
        fix: DECODED,
        make: Make::Key(|text, _| URL_SAFE.decode(text).ok().map(Secret::new)),
    },
    Row {
        id: "secret-hex-decoded",
        words: "the secret is decoded from hexadecimal digits",
        fix: DECODED,
        make: Make::Key(|text, _| hex::decode(text).ok().map(Secret::new)),
    },
    Row {
        id: "secret-prefix-stripped",
        words: "the prefix of the secret is left out",
        fix: PREFIX,
        make: Make::Key(|text, scheme| stripped(text, scheme).map(Secret::new)),
    },
    Row {
        id: "secret-prefix-stripped-base64-decoded",
        words: "the prefix of the secret is left out and the rest is decoded from base64",
        fix: PREFIX,
        make: Make::Key(|text, scheme| {
            let rest = stripped(text, scheme)?;
            let key = PLAIN.decode(rest).or_else(|_| URL_SAFE.decode(rest)).ok()?;
            Some(Secret::new(key))
        }),
    },
    Row {
        id: "secret-prefix-stripped-hex-decoded",
        words: "the prefix of the secret is left out and the rest is decoded from hexadecimal digits",
        fix: PREFIX,
        make: Make::Key(|text, scheme| hex::decode(stripped(text, scheme)?).ok().map(Secret::new)),
    },
    Row {
        id: "secret-prefix-added",
        words: "the prefix of the platform's secrets is put before the secret, and all of it is used as text",
        fix: PREFIX,
        make: Make::Key(|text, scheme| {
            let prefix = scheme.key.strip.as_deref().unwrap_or("whsec_").as_bytes();
            (!text.starts_with(prefix)).then(|| Secret::new([prefix, text].concat()))
        }),
    },
    Row {
        id: "secret-base64-encoded",
        words: "the secret is encoded in base64, and that is used as text",
        fix: DECODED,
        make: Make::Key(|text, _| Some(Secret::new(STANDARD.encode(text)))),
    },
    Row {
        id: "secret-hex-encoded",
        words: "the secret is written in hexadecimal digits, and these are used as text",
        fix: DECODED,
        make: Make::Key(|text, _| Some(Secret::new(hex::encode(text)))),
    },
    Row {
        id: "secret-hashed",
        words: "the SHA-256 of the secret is the key",
        fix: HASHED,
        make: Make::Key(|text, _| Some(Secret::new(Sha256::digest(text).to_vec()))),
    },
    Row {
        id: "secret-hashed-hex",
        words: "the SHA-256 of the secret in hexadecimal digits is the key",
        fix: HASHED,
        make: Make::Key(|text, _| Some(Secret::new(hex::encode(Sha256::digest(text))))),
    },
    Row {
        id: "secret-empty",
        words: "the secret is empty",
        fix: UNSET,
        make: Make::Fixed(""),
    },
    Row {
        id: "secret-undefined",
        words: "the secret is the text `undefined`",
        fix: UNSET,
        make: Make::Fixed("undefined"),
    },
    Row {
        id: "secret-null",
        words: "the secret is the text `null`",
        fix: UNSET,
        make: Make::Fixed("null"),
    },
    Row {
        id: "secret-none",
        words: "the secret is the text `None`",
        fix: UNSET,
        make: Make::Fixed("None"),
    },
];

/// The text without the scheme's own prefix, or one that is known.
fn stripped<'t>(text: &'t [u8], scheme: &Scheme) -> Option<&'t [u8]> {
    let own = scheme.key.strip.as_deref().map(str::as_bytes);
    let mut prefixes = own.into_iter().chain(PREFIXES);
    let rest = prefixes.find_map(|prefix| text.strip_prefix(prefix))?;
    (!rest.is_empty()).then_some(rest)
}
