//! The words: of verdicts, and of secrets that cannot be keys.

use jiff::SignedDuration;
use wh::signature::{
    Algorithm, Direction, Invalid, Key, KeyDecoding, KeyError, KeyRule, Secret, Valid, Verdict,
};

use super::{Delivery, NO_TIMESTAMP, NOT_SECONDS, OUT_OF_RANGE, SECRET, VALID, valid};
use crate::known_answers::bare;

const EMPTY: &str = "the secret is empty";
const NOT_BASE64: &str =
    "the secret is not base64 after `whsec_`, which this provider's secrets are";
const NOT_HEX: &str =
    "the secret is not hexadecimal after `whsec_`, which this provider's secrets are";

#[test]
fn a_secret_that_cannot_be_a_key_is_told_why() {
    use KeyDecoding::{Base64, Hex, Utf8};
    for (decode, secret, found) in [
        (Utf8, "", EMPTY),
        (Utf8, "whsec_", EMPTY),
        (Base64, "whsec_", EMPTY),
        (Hex, "whsec_", EMPTY),
        (Base64, "whsec_no base64", NOT_BASE64),
        (Base64, "whsec_-_-_", NOT_BASE64), // the URL-safe alphabet
        (Base64, "whsec_aGk=\n", NOT_BASE64),
        (Base64, "whsec_aGl=", NOT_BASE64), // bits beyond the last byte
        (Hex, "whsec_abc", NOT_HEX),
        (Hex, "whsec_no", NOT_HEX),
    ] {
        let error = key(Some("whsec_"), decode, secret).err().unwrap();
        assert_eq!(error.to_string(), found, "{secret}");
    }
    for (decode, found) in [
        (
            Base64,
            "the secret is not base64, which this provider's secrets are",
        ),
        (
            Hex,
            "the secret is not hexadecimal, which this provider's secrets are",
        ),
    ] {
        let error = key(None, decode, "?").err().unwrap();
        assert_eq!(error.to_string(), found);
    }
}

/// The key of a bare signature, decoded by this rule.
fn key(strip: Option<&str>, decode: KeyDecoding, secret: &str) -> Result<Key, KeyError> {
    let mut scheme = bare(Algorithm::HmacSha256);
    scheme.key = KeyRule {
        strip: strip.map(str::to_owned),
        decode,
        required: true,
    };
    Key::new(&scheme, &Secret::new(secret))
}

/// The body of every delivery here under the key `hi`, by `openssl dgst -sha256 -hmac hi`.
const BY_HI: &str = "d82704a193a67e424ab770751785b2e91037a76045c454e0461fa0e46cf85b15";

#[test]
fn one_key_has_several_spellings() {
    use KeyDecoding::{Base64, Hex, Utf8};
    for (decode, secret) in [
        (Base64, "whsec_aGk="),
        (Base64, "whsec_aGk"),
        (Base64, "aGk="),
        (Hex, "whsec_6869"),
        (Hex, "6869"),
        (Utf8, "whsec_hi"),
        (Utf8, "hi"),
    ] {
        let mut delivery = Delivery::of("cepro").presenting(BY_HI);
        delivery.key = key(Some("whsec_"), decode, secret).unwrap();
        assert_eq!(delivery.judge(), valid(0), "{secret}");
    }
}

#[test]
fn a_secret_shows_nothing_of_itself() {
    assert_eq!(format!("{:?}", Secret::new(SECRET)), "Secret(redacted)");
}

#[test]
fn reasons_are_worded_for_people() {
    let seconds = SignedDuration::from_secs;
    let stale = |age, tolerance, direction| Verdict::Stale {
        age: seconds(age),
        tolerance: seconds(tolerance),
        direction,
    };
    let valid = |age, skewed, secret_in_query| {
        Verdict::Valid(Valid {
            secret: 0,
            age: Some(seconds(age)),
            skewed,
            secret_in_query,
            folded: false,
        })
    };
    let folded = Verdict::Valid(Valid {
        folded: true,
        ..Valid::default()
    });
    let other_case = "valid: the word before the token is in another letter case, which strict \
                      receivers refuse";
    for (verdict, found) in [
        (valid(0, false, false), VALID),
        (
            valid(432, true, false),
            "valid: the unsigned timestamp is 7m12s old",
        ),
        (
            valid(-432, true, false),
            "valid: the unsigned timestamp is 7m12s ahead",
        ),
        (
            valid(432, true, true),
            "valid: the unsigned timestamp is 7m12s old; a secret stands in the query string too",
        ),
        (
            stale(432, 300, Direction::Past),
            "stale: signature valid, 7m12s old, tolerance 5m",
        ),
        (
            stale(-301, 300, Direction::Future),
            "stale: signature valid, 5m1s in the future, tolerance 5m",
        ),
        (
            stale(6, 5, Direction::Past),
            "stale: signature valid, 6s old, tolerance 5s",
        ),
        (
            stale(90_061, 0, Direction::Past),
            "stale: signature valid, 25h1m1s old, tolerance 0s",
        ),
        (folded, other_case),
        (
            Verdict::Unsigned { header: None },
            "unsigned: no provider's headers fit",
        ),
        (
            Verdict::Invalid(Invalid::NoKey),
            "invalid: no secret that is given can be its key",
        ),
        (NOT_SECONDS, "invalid: the timestamp is not Unix seconds"),
        (OUT_OF_RANGE, "invalid: the timestamp is out of range"),
        (NO_TIMESTAMP, "invalid: the timestamp is missing"),
    ] {
        assert_eq!(verdict.to_string(), found);
        let (kind, reason) = found.split_once(": ").unwrap_or((found, ""));
        assert_eq!(verdict.kind(), kind);
        assert_eq!(verdict.reason().unwrap_or_default(), reason);
        assert_eq!(verdict.is_valid(), kind == "valid");
    }
}
