//! One thing that is wrong with what was signed, or with how the signature is made or written.

use wh::signature::Secret;

use super::scene::{base64, plain, sha1, sha256, sha384, sha512};
use super::{Row, hold};

/// The body on its way; its forms have a table of their own.
const BODIES: &[Row] = &[
    ("cepro", &["body-newline-removed"], |s| s.body.push(b'\n')),
    ("wlcro", &["body-newline-removed"], |s| {
        s.body.extend(b"\r\n");
    }),
    ("stripe", &["body-newline-added"], |s| {
        s.signed_body.push(b'\n');
    }),
    ("orgjobs", &["body-crlf-to-lf"], |s| {
        s.bodies("{\n\"a\":1}", "{\r\n\"a\":1}");
    }),
    ("tenant", &["body-bom-removed"], |s| {
        s.body = [b"\xef\xbb\xbf", s.signed_body.as_slice()].concat();
    }),
    ("standard-webhooks", &["body-json-compact"], |s| {
        s.bodies(r#"{"a":1.50,"b":[1,2]}"#, r#"{"a": 1.50, "b": [1, 2]}"#);
    }),
    ("square", &["body-json-spaced"], |s| {
        s.bodies(r#"{"a": 1.50, "b": [1, 2]}"#, r#"{"a":1.50,"b":[1,2]}"#);
    }),
    ("slack", &["body-percent-decoded"], |s| {
        s.bodies("a={}&b=1", "a=%7B%7D&b=1");
    }),
    ("github", &["body-empty"], |s| s.signed_body.clear()),
];

/// The secret on its way; its forms have a table of their own.
const SECRETS: &[Row] = &[
    ("cepro", &["secret-newline-added"], |s| s.key.push(b'\n')),
    ("wlcro", &["secret-newline-added"], |s| s.key.push(b'\n')),
    ("stripe", &["secret-newline-added"], |s| s.key.push(b'\n')),
    ("cepro", &["secret-newline-removed"], |s| {
        s.secret.push('\n');
    }),
    ("cepro-inbound", &["secret-newline-removed"], |s| {
        s.secret.push_str("\r\n");
    }),
    ("wlcro", &["secret-trimmed"], |s| {
        s.secret = format!(" {} ", s.secret);
    }),
    ("stripe", &["secret-quotes-removed"], |s| {
        s.secret = format!("\"{}\"", s.secret);
    }),
    ("tenant", &["secret-base64-decoded"], |s| {
        s.secret = base64(&s.key);
    }),
    ("github", &["secret-hex-decoded"], |s| {
        s.secret = hex::encode(&s.key);
    }),
    ("standard-webhooks", &["secret-as-text"], |s| {
        s.key = s.secret.clone().into();
    }),
    ("stripe", &["secret-prefix-stripped-base64-decoded"], |s| {
        s.secret = format!("whsec_{}", base64(&s.key));
    }),
    ("orgjobs", &["secret-other"], |s| {
        s.key = b"another".to_vec();
        s.others.push((
            "the secret of endpoint `shop`".to_owned(),
            Secret::new("another"),
        ));
    }),
    ("tenant", &["secret-other"], |s| {
        s.key = b"another".to_vec();
        s.others.push((
            "the secret of endpoint `a`".to_owned(),
            Secret::new("wrong"),
        ));
        s.others.push((
            "the secret of endpoint `b`".to_owned(),
            Secret::new("another"),
        ));
    }),
    ("standard-webhooks", &["secret-other"], |s| {
        s.key = b"fedcba9876543210".to_vec();
        let secret = Secret::new(format!("whsec_{}", base64(b"fedcba9876543210")));
        s.others.push(("the previous secret".to_owned(), secret));
    }),
    ("cepro-inbound", &["secret-other"], |s| {
        s.key = b"another".to_vec();
        s.others.push((
            "the secret of endpoint `shop`".to_owned(),
            Secret::new("another"),
        ));
    }),
];

const SPELLINGS: &[Row] = &[
    ("cepro", &["spelling-case"], |s| {
        s.write = |bytes| hex::encode_upper(bytes);
    }),
    ("wlcro", &["spelling-case"], |s| {
        s.write = |bytes| hex::encode(bytes).replace('a', "A");
    }),
    ("stripe", &["spelling-case"], |s| {
        s.write = |bytes| hex::encode_upper(bytes);
    }),
    ("cepro", &["spelling-base64"], |s| s.write = base64),
    ("orgjobs", &["spelling-base64"], |s| {
        s.write = |bytes| base64(bytes).replace('=', "");
    }),
    ("tenant", &["spelling-base64url"], |s| {
        s.signed_body = b"3".to_vec();
        s.body = b"3".to_vec();
        s.write = |bytes| base64(bytes).replace('+', "-").replace('/', "_");
    }),
    ("standard-webhooks", &["spelling-hex"], |s| {
        s.write = |bytes| hex::encode(bytes);
    }),
    ("square", &["spelling-hex"], |s| {
        s.write = |bytes| hex::encode_upper(bytes);
    }),
    ("standard-webhooks", &["spelling-padding"], |s| {
        s.write = |bytes| base64(bytes).replace('=', "");
    }),
    ("square", &["spelling-base64-of-hex"], |s| {
        s.write = |bytes| base64(hex::encode(bytes).as_bytes());
    }),
    ("cepro", &["spelling-base64-of-hex"], |s| {
        s.write = |bytes| base64(hex::encode(bytes).as_bytes());
    }),
    ("cepro", &["spelling-hex-of-base64"], |s| {
        s.write = |bytes| hex::encode(base64(bytes));
    }),
    ("wlcro", &["spelling-hex-twice"], |s| {
        s.write = |bytes| hex::encode(hex::encode(bytes));
    }),
    ("shopify", &["spelling-base64-twice"], |s| {
        s.write = |bytes| base64(base64(bytes).as_bytes());
    }),
    ("shopify", &["spelling-percent"], |s| {
        s.write = |bytes| {
            base64(bytes)
                .replace('+', "%2B")
                .replace('/', "%2F")
                .replace('=', "%3D")
        }
    }),
    ("cepro", &["spelling-quoted"], |s| {
        "\"{sig}\"".clone_into(&mut s.value);
    }),
    ("wlcro", &["spelling-quoted"], |s| {
        "'sha256={sig}'".clone_into(&mut s.value);
    }),
    ("cepro", &["spelling-blanks"], |s| {
        " {sig}\n".clone_into(&mut s.value);
    }),
    ("cepro", &["spelling-header-name"], |s| {
        "X-Webhook-Signature: {sig}".clone_into(&mut s.value);
    }),
    ("orgjobs", &["spelling-header-name"], |s| {
        "x-webhook-signature:sha256={sig}".clone_into(&mut s.value);
    }),
    ("wlcro", &["spelling-prefix-missing"], |s| {
        "{sig}".clone_into(&mut s.value);
    }),
    ("standard-webhooks", &["spelling-prefix-missing"], |s| {
        "{sig}".clone_into(&mut s.value);
    }),
    ("wlcro", &["spelling-prefix-doubled"], |s| {
        "sha256=sha256={sig}".clone_into(&mut s.value);
    }),
    ("orgjobs", &["spelling-prefix-case"], |s| {
        "SHA256={sig}".clone_into(&mut s.value);
    }),
    ("orgjobs", &["spelling-prefix-other"], |s| {
        "v1={sig}".clone_into(&mut s.value);
    }),
    ("wlcro", &["spelling-prefix-other"], |s| {
        "hmac-sha256={sig}".clone_into(&mut s.value);
    }),
    ("slack", &["spelling-prefix-other"], |s| {
        "v1={sig}".clone_into(&mut s.value);
    }),
    ("stripe", &["spelling-prefix-other"], |s| {
        "t={timestamp},v0={sig}".clone_into(&mut s.value);
    }),
    ("cepro", &["spelling-prefix-added"], |s| {
        "sha256={sig}".clone_into(&mut s.value);
    }),
    ("tenant", &["spelling-prefix-added"], |s| {
        "v1={sig}".clone_into(&mut s.value);
    }),
    ("stripe", &["spelling-separator"], |s| {
        "t={timestamp}, v1={sig}".clone_into(&mut s.value);
    }),
    ("stripe", &["spelling-separator"], |s| {
        "t={timestamp};v1={sig}".clone_into(&mut s.value);
    }),
    ("paddle", &["spelling-separator"], |s| {
        "ts={timestamp},h1={sig}".clone_into(&mut s.value);
    }),
    ("standard-webhooks", &["spelling-separator"], |s| {
        "v1,AAAA,v1,{sig}".clone_into(&mut s.value);
    }),
    ("cepro", &["spelling-truncated"], |s| {
        s.write = |bytes| hex::encode(&bytes[..31]);
    }),
    ("wlcro", &["spelling-truncated"], |s| {
        s.write = |bytes| hex::encode(&bytes[..8]);
    }),
    ("orgjobs", &["spelling-truncated"], |s| {
        s.write = |bytes| hex::encode(bytes)[..63].to_owned();
    }),
    ("cepro", &["spelling-too-long"], |s| {
        "{sig}0".clone_into(&mut s.value);
    }),
    ("stripe", &["spelling-too-long"], |s| {
        "t={timestamp},v1={sig}00".clone_into(&mut s.value);
    }),
    ("cepro", &["spelling-marks"], |s| {
        "0x{sig}".clone_into(&mut s.value);
    }),
    ("stripe", &["spelling-too-many"], |s| {
        s.value = format!("t={{timestamp}},v1={{sig}}{}", ",v1=aa".repeat(16));
    }),
];

const ALGORITHMS: &[Row] = &[
    ("cepro", &["algorithm-sha1"], |s| s.code = sha1),
    ("stripe", &["algorithm-sha1"], |s| s.code = sha1),
    ("twilio", &["algorithm-sha256"], |s| s.code = sha256),
    ("wlcro", &["algorithm-sha512"], |s| s.code = sha512),
    ("square", &["algorithm-sha384"], |s| s.code = sha384),
    ("cepro", &["algorithm-no-key"], |s| {
        s.code = |_, text| plain(text);
    }),
    ("orgjobs", &["algorithm-key-before-text"], |s| {
        s.code = |key, text| plain(&[key, text].concat());
    }),
    ("standard-webhooks", &["algorithm-key-after-text"], |s| {
        s.code = |key, text| plain(&[text, key].concat());
    }),
    ("tenant", &["algorithm-key-and-text-swapped"], |s| {
        s.code = |key, text| sha256(text, key);
    }),
];

const TEXTS: &[Row] = &[
    ("wlcro", &["text-timestamp-left-out"], |s| {
        "{body}".clone_into(&mut s.signs);
    }),
    ("stripe", &["text-timestamp-left-out"], |s| {
        "{body}".clone_into(&mut s.signs);
    }),
    ("standard-webhooks", &["text-timestamp-left-out"], |s| {
        "{id}.{body}".clone_into(&mut s.signs);
    }),
    ("standard-webhooks", &["text-id-left-out"], |s| {
        "{timestamp}.{body}".clone_into(&mut s.signs);
    }),
    ("standard-webhooks", &["text-body-only"], |s| {
        "{body}".clone_into(&mut s.signs);
    }),
    ("slack", &["text-timestamp-left-out"], |s| {
        "v0:{body}".clone_into(&mut s.signs);
    }),
    ("slack", &["text-version-left-out"], |s| {
        "{timestamp}:{body}".clone_into(&mut s.signs);
    }),
    ("wlcro", &["text-version-added"], |s| {
        "v0:{timestamp}.{body}".clone_into(&mut s.signs);
    }),
    ("wlcro", &["text-separator"], |s| {
        "{timestamp}:{body}".clone_into(&mut s.signs);
    }),
    ("wlcro", &["text-separator"], |s| {
        "{timestamp}{body}".clone_into(&mut s.signs);
    }),
    ("stripe", &["text-separator"], |s| {
        "{timestamp}\n{body}".clone_into(&mut s.signs);
    }),
    ("paddle", &["text-separator"], |s| {
        "{timestamp}.{body}".clone_into(&mut s.signs);
    }),
    ("wlcro", &["text-order"], |s| {
        "{body}.{timestamp}".clone_into(&mut s.signs);
    }),
    ("standard-webhooks", &["text-order"], |s| {
        "{timestamp}.{id}.{body}".clone_into(&mut s.signs);
    }),
    ("wlcro", &["text-timestamp-milliseconds"], |s| {
        s.signed_timestamp.push_str("000");
    }),
    ("stripe", &["text-timestamp-rfc3339"], |s| {
        "2026-01-28T10:30:00Z".clone_into(&mut s.signed_timestamp);
    }),
    ("wlcro", &["text-timestamp-rfc3339"], |s| {
        "2026-01-28T10:30:00.000Z".clone_into(&mut s.signed_timestamp);
    }),
    ("cepro", &["text-timestamp-added"], |s| {
        "{timestamp}.{body}".clone_into(&mut s.signs);
    }),
    ("cepro", &["text-timestamp-added"], |s| {
        "{body}{timestamp}".clone_into(&mut s.signs);
    }),
    ("orgjobs", &["text-timestamp-added"], |s| {
        "{timestamp}.{body}".clone_into(&mut s.signs);
        s.set("X-Request-Timestamp", "{timestamp}");
    }),
    ("tenant", &["text-id-added"], |s| {
        "{id}.{body}".clone_into(&mut s.signs);
    }),
    ("cepro", &["text-id-and-timestamp-added"], |s| {
        "{id}.{timestamp}.{body}".clone_into(&mut s.signs);
    }),
    ("cepro", &["text-method-added"], |s| {
        "{method}{body}".clone_into(&mut s.signs);
    }),
    ("tenant", &["text-path-added"], |s| {
        "/hooks?x=1{body}".clone_into(&mut s.signs);
    }),
    ("orgjobs", &["text-path-added"], |s| {
        "{method}\n/hooks?x=1\n{body}".clone_into(&mut s.signs);
    }),
    ("cepro", &["text-url-added"], |s| {
        "{url}{body}".clone_into(&mut s.signs);
    }),
    ("square", &["text-url-left-out"], |s| {
        "{body}".clone_into(&mut s.signs);
    }),
    ("square", &["text-order"], |s| {
        "{body}{url}".clone_into(&mut s.signs);
    }),
    ("cepro", &["text-body-digest"], |s| {
        s.signed_body = hex::encode(plain(&s.body)).into();
    }),
    ("wlcro", &["text-body-digest"], |s| {
        s.signed_body = hex::encode(plain(&s.body)).into();
    }),
    ("wlcro", &["text-timestamp-other"], |s| {
        "1769596199".clone_into(&mut s.signed_timestamp);
        s.set("X-Request-Time", "1769596199");
    }),
    ("square", &["url-scheme"], |s| {
        s.signed_url = s.signed_url.replace("https:", "http:");
    }),
    ("square", &["url-port"], |s| {
        s.signed_url = s.signed_url.replace(".example", ".example:443");
    }),
    ("square", &["url-port"], |s| {
        s.url = Some(s.signed_url.replace(".example", ".example:8443"));
    }),
    ("square", &["url-slash"], |s| {
        s.signed_url = s.signed_url.replace("hooks", "hooks/");
    }),
    ("square", &["url-query-left-out"], |s| {
        s.signed_url = s.signed_url.replace("?x=1", "");
    }),
    ("square", &["url-query-added"], |s| {
        s.url = Some("https://shop.example/hooks".to_owned());
    }),
    ("square", &["url-host"], |s| {
        s.url = Some("http://127.0.0.1:3000/hooks?x=1".to_owned());
        "http://localhost:3000/hooks?x=1".clone_into(&mut s.signed_url);
    }),
    ("square", &["url-host"], |s| {
        s.url = Some("http://localhost:3000/hooks?x=1".to_owned());
        s.set("X-Forwarded-Host", "shop.example");
    }),
    ("square", &["url-not-given"], |s| {
        s.url = None;
        s.set("Host", "shop.example");
    }),
];

#[test]
fn a_changed_body_is_named() {
    hold(BODIES);
}

#[test]
fn another_secret_is_named() {
    hold(SECRETS);
}

#[test]
fn another_spelling_is_named() {
    hold(SPELLINGS);
}

#[test]
fn another_algorithm_is_named() {
    hold(ALGORITHMS);
}

#[test]
fn another_signed_text_is_named() {
    hold(TEXTS);
}
