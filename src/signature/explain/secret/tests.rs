use std::collections::BTreeSet;

use super::{ROWS, secret_forms};
use crate::signature::{
    Algorithm, Encoding, KeyDecoding, KeyRule, Scheme, Secret, Template, ValueForm,
};

/// A scheme whose secrets are read in this way.
fn scheme(strip: Option<&str>, decode: KeyDecoding) -> Scheme {
    Scheme {
        algorithm: Algorithm::HmacSha256,
        key: KeyRule {
            strip: strip.map(str::to_owned),
            decode,
            required: true,
        },
        signs: Template::parse("{body}", &["body"]).expect("a template"),
        encoding: Encoding::Hex,
        header: "X-Signature".to_owned(),
        aliases: Vec::new(),
        value: ValueForm::parse("{sig}", None).expect("a form"),
        refuses_query: false,
        timestamp: None,
        id: None,
    }
}

#[track_caller]
fn assert_forms(scheme: &Scheme, rows: &[(&str, &[u8], &[u8])]) {
    for (id, secret, want) in rows {
        let secret = Secret::new(*secret);
        let form = secret_forms(scheme, &secret).find(|(cause, _)| cause.id == *id);
        let have = form.map(|(_, key)| key.expose().to_vec());
        assert_eq!(have.as_deref(), Some(*want), "{id}");
    }
}

#[test]
fn a_secret_that_is_text_has_forms() {
    assert_forms(
        &scheme(None, KeyDecoding::Utf8),
        &[
            ("secret-newline-removed", b"key\n", b"key"),
            ("secret-newline-removed", b"key\r\n", b"key"),
            ("secret-newline-added", b"key", b"key\n"),
            ("secret-crlf-added", b"key", b"key\r\n"),
            ("secret-trimmed", b" key\t", b"key"),
            ("secret-quotes-removed", b"\"key\"", b"key"),
            ("secret-quotes-removed", b"'key'\n", b"key"),
            ("secret-quotes-added", b"key", b"\"key\""),
            ("secret-single-quotes-added", b"key", b"'key'"),
            ("secret-name-removed", b"WEBHOOK_SECRET=key\n", b"key"),
            ("secret-name-removed", b"export A=\"key\"", b"key"),
            ("secret-name-removed", b"A = a=b", b"a=b"),
            ("secret-bearer-removed", b"bearer key", b"key"),
            ("secret-base64-decoded", b"a2V5IQ==", b"key!"),
            ("secret-base64-decoded", b"a2V5IQ", b"key!"),
            ("secret-base64url-decoded", b"-_8", b"\xfb\xff"),
            ("secret-hex-decoded", b"6B6579", b"key"),
            ("secret-prefix-stripped", b"whsec_key", b"key"),
            ("secret-prefix-stripped", b"v1,whsec_key", b"key"),
            (
                "secret-prefix-stripped-base64-decoded",
                b"whsec_a2V5IQ==",
                b"key!",
            ),
            ("secret-prefix-stripped-hex-decoded", b"sk_6b6579", b"key"),
            ("secret-prefix-added", b"key", b"whsec_key"),
            ("secret-base64-encoded", b"key!", b"a2V5IQ=="),
            ("secret-hex-encoded", b"key", b"6b6579"),
            (
                "secret-hashed-hex",
                b"key",
                b"2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683",
            ),
            ("secret-empty", b"key", b""),
            ("secret-undefined", b"key", b"undefined"),
            ("secret-null", b"key", b"null"),
            ("secret-none", b"key", b"None"),
            ("secret-percent-decoded", b"a%2Bb", b"a+b"),
            ("secret-lower-case", b"KEY", b"key"),
            ("secret-upper-case", b"key", b"KEY"),
            ("secret-bom-removed", b"\xef\xbb\xbfkey", b"key"),
            ("secret-utf16-decoded", b"\xff\xfek\0e\0y\0\r\0\n\0", b"key"),
            ("secret-first-word", b"key # old", b"key"),
            ("secret-dollars-halved", b"a$$b", b"a$b"),
            ("secret-dollars-doubled", b"a$b", b"a$$b"),
        ],
    );
}

#[test]
fn a_secret_that_is_decoded_has_forms() {
    let base64 = scheme(Some("whsec_"), KeyDecoding::Base64);
    assert_forms(
        &base64,
        &[
            ("secret-as-text", b"whsec_a2V5IQ==", b"whsec_a2V5IQ=="),
            ("secret-prefix-stripped", b"whsec_a2V5IQ==", b"a2V5IQ=="),
            ("secret-newline-removed", b"whsec_a2V5IQ==\n", b"key!"),
            ("secret-quotes-removed", b"\"whsec_a2V5IQ==\"", b"key!"),
            ("secret-prefix-added", b"a2V5IQ==", b"whsec_a2V5IQ=="),
        ],
    );
    let hex = scheme(None, KeyDecoding::Hex);
    assert_forms(
        &hex,
        &[
            ("secret-as-text", b"6b6579", b"6b6579"),
            ("secret-trimmed", b" 6b6579 ", b"key"),
            ("secret-base64-decoded", b"a2V5IQ==", b"key!"),
        ],
    );
}

#[test]
fn each_key_comes_once_and_none_is_the_scheme_s_own() {
    for (scheme, own) in [
        (scheme(None, KeyDecoding::Utf8), &b"a2V5IQ=="[..]),
        (scheme(Some("whsec_"), KeyDecoding::Base64), b"key!"),
    ] {
        let secret = Secret::new("a2V5IQ==");
        let mut seen = BTreeSet::from([own.to_vec()]);
        for (cause, key) in secret_forms(&scheme, &secret) {
            assert!(seen.insert(key.expose().to_vec()), "{}", cause.id);
        }
    }
}

/// Padding is no sign of a name.
#[test]
fn base64_is_no_line_of_a_settings_file() {
    let secret = Secret::new("c2VjcmV0a2V5IQ==");
    let scheme = scheme(None, KeyDecoding::Utf8);
    let ids: Vec<_> = secret_forms(&scheme, &secret)
        .map(|(cause, _)| cause.id)
        .collect();
    assert!(!ids.contains(&"secret-name-removed"), "{ids:?}");
}

#[test]
fn each_cause_has_a_name_of_its_own_and_tells_nothing_of_the_secret() {
    let mut ids = BTreeSet::new();
    for row in ROWS.iter().copied().flatten() {
        assert!(ids.insert(row.id), "{} is there twice", row.id);
        assert!(row.id.starts_with("secret-"), "{}", row.id);
        assert!(row.words.contains("secret"), "{}", row.id);
        assert!(row.fix.starts_with(char::is_uppercase), "{}", row.id);
        assert!(row.fix.ends_with('.'), "{}", row.id);
    }
    let scheme = scheme(None, KeyDecoding::Utf8);
    for (cause, key) in secret_forms(&scheme, &Secret::new("NAME='Q7x$$%41' z\n")) {
        let said = [&*cause.words, &*cause.fix].concat();
        assert!(!said.contains("Q7x"), "{said}");
        assert!(!format!("{key:?}").contains("Q7x"));
    }
}
