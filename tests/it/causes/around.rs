//! What is wrong around a signature: the platform, the place, the clock; and tokens.

use super::scene::{base64, sha256};
use super::{Row, hold};

const SCHEMES: &[Row] = &[
    ("cepro", &["scheme-other"], |s| s.sign_as("wlcro")),
    ("orgjobs", &["scheme-other"], |s| s.sign_as("wlcro")),
    ("wlcro", &["scheme-other"], |s| s.sign_as("orgjobs")),
    ("wlcro", &["scheme-other"], |s| s.sign_as("cepro-inbound")),
    ("cepro", &["scheme-other"], |s| s.sign_as("cepro-inbound")),
    ("cepro-inbound", &["scheme-other"], |s| s.sign_as("cepro")),
    ("cepro", &["scheme-known"], |s| s.sign_as("slack")),
    ("tenant", &["scheme-known"], |s| s.sign_as("stripe")),
    ("standard-webhooks", &["scheme-known"], |s| {
        s.sign_as("svix");
    }),
    ("orgjobs", &["scheme-known"], |s| s.sign_as("paddle")),
    ("cepro", &["scheme-known"], |s| s.sign_as("github")),
    ("wlcro", &["scheme-known"], |s| s.sign_as("shopify")),
    ("cepro", &["scheme-known"], |s| s.sign_as("gitlab")),
];

const HEADERS: &[Row] = &[
    ("cepro", &["header-elsewhere"], |s| {
        "X-Signature".clone_into(&mut s.header);
    }),
    ("wlcro", &["header-elsewhere"], |s| {
        "X-WLCRO-Signature".clone_into(&mut s.header);
    }),
    ("stripe", &["header-elsewhere"], |s| {
        "X-Stripe-Signature".clone_into(&mut s.header);
    }),
    ("cepro-inbound", &["header-elsewhere"], |s| {
        "X-Authorization".clone_into(&mut s.header);
    }),
    ("cepro-inbound", &["header-elsewhere"], |s| {
        "X-Api-Key".clone_into(&mut s.header);
        "{sig}".clone_into(&mut s.value);
    }),
    ("tenant", &["header-elsewhere"], |s| {
        s.set("X-Webhook-Signature", "00");
        "X-Hub-Signature".clone_into(&mut s.header);
    }),
    ("wlcro", &["header-in-query"], |s| {
        s.write = |bytes| hex::encode(bytes);
        s.times = 0;
        s.target = format!(
            "/hooks?sig=sha256%3D{}",
            hex::encode(sha256(
                &s.key,
                &[b"1769596200.", s.body.as_slice()].concat()
            ))
        );
    }),
    ("cepro-inbound", &["header-in-query"], |s| {
        s.times = 0;
        "/hooks?token=s3cret%20of%20the%20Shop".clone_into(&mut s.target);
    }),
    ("cepro", &["header-doubled"], |s| s.times = 2),
    ("cepro-inbound", &["header-doubled"], |s| s.times = 2),
    ("cepro", &["header-twice"], |s| {
        s.set("x-webhook-signature", "00112233");
    }),
    ("wlcro", &["header-twice"], |s| {
        s.set("x-webhook-signature", "sha256=00112233");
    }),
    ("wlcro", &["header-timestamp-twice"], |s| {
        s.lines
            .push(("x-webhook-timestamp".to_owned(), "1769596201".to_owned()));
    }),
    ("cepro", &["header-timestamp-twice"], |s| {
        s.lines
            .push(("x-webhook-timestamp".to_owned(), "1769596201".to_owned()));
    }),
    ("wlcro", &["header-timestamp-elsewhere"], |s| {
        s.remove("X-Webhook-Timestamp");
        s.set("X-Timestamp", "{timestamp}");
    }),
    ("standard-webhooks", &["header-id-elsewhere"], |s| {
        s.remove("webhook-id");
        s.set("X-Webhook-ID", "msg_2Kd9x");
    }),
    ("standard-webhooks", &["header-id-twice"], |s| {
        s.lines.push(("Webhook-Id".to_owned(), "msg_2".to_owned()));
    }),
];

const CLOCKS: &[Row] = &[
    ("wlcro", &["clock-past"], |s| {
        s.now = "2026-01-28T10:37:12Z".parse().unwrap();
    }),
    ("stripe", &["clock-past"], |s| {
        s.now = "2026-01-29T10:37:12Z".parse().unwrap();
    }),
    ("wlcro", &["clock-future"], |s| {
        s.now = "2026-01-28T10:20:00Z".parse().unwrap();
    }),
    ("wlcro", &["clock-milliseconds"], |s| {
        s.timestamp.push_str("000");
        s.signed_timestamp.push_str("000");
    }),
    ("stripe", &["clock-milliseconds"], |s| {
        s.timestamp.push_str("000");
        s.signed_timestamp.push_str("000");
    }),
    ("wlcro", &["clock-microseconds"], |s| {
        s.timestamp.push_str("000000");
        s.signed_timestamp.push_str("000000");
    }),
    ("wlcro", &["clock-nanoseconds"], |s| {
        s.timestamp.push_str("000000000");
        s.signed_timestamp.push_str("000000000");
    }),
    // As long as milliseconds, and in the year 2286.
    ("wlcro", &["clock-form"], |s| {
        s.timestamp = "9".repeat(13);
        s.signed_timestamp = s.timestamp.clone();
    }),
    ("wlcro", &["clock-form"], |s| {
        s.timestamp.push_str("0000");
        s.signed_timestamp.push_str("0000");
    }),
    ("wlcro", &["clock-form"], |s| {
        "2026-01-28T10:30:00Z".clone_into(&mut s.timestamp);
        s.signed_timestamp = s.timestamp.clone();
    }),
    ("wlcro", &["clock-form"], |s| {
        "yesterday".clone_into(&mut s.timestamp);
        s.signed_timestamp = s.timestamp.clone();
    }),
];

const TOKENS: &[Row] = &[
    ("cepro-inbound", &["token-word-missing"], |s| {
        "{sig}".clone_into(&mut s.value);
    }),
    ("cepro-inbound", &["token-word-other"], |s| {
        "Token {sig}".clone_into(&mut s.value);
    }),
    ("cepro-inbound", &["token-word-doubled"], |s| {
        "Bearer Bearer {sig}".clone_into(&mut s.value);
    }),
    ("gitlab", &["token-word-added"], |s| {
        "Bearer {sig}".clone_into(&mut s.value);
    }),
    ("cepro-inbound", &["token-blanks"], |s| {
        "Bearer  {sig}".clone_into(&mut s.value);
    }),
    ("cepro-inbound", &["token-quoted"], |s| {
        "Bearer \"{sig}\"".clone_into(&mut s.value);
    }),
    ("cepro-inbound", &["token-case"], |s| {
        s.write = |bytes| String::from_utf8_lossy(bytes).to_uppercase();
    }),
    ("cepro-inbound", &["token-percent"], |s| {
        s.write = |bytes| String::from_utf8_lossy(bytes).replace(' ', "%20");
    }),
    ("cepro-inbound", &["token-base64"], |s| s.write = base64),
    ("cepro-inbound", &["secret-null"], |s| {
        "Bearer null".clone_into(&mut s.value);
    }),
    ("cepro-inbound", &["token-basic"], |s| {
        "Basic {sig}".clone_into(&mut s.value);
        s.write = |bytes| base64(&[b"user:", bytes].concat());
    }),
];

#[test]
fn another_platform_is_named() {
    hold(SCHEMES);
}

#[test]
fn another_place_is_named() {
    hold(HEADERS);
}

#[test]
fn the_clock_is_named() {
    hold(CLOCKS);
}

#[test]
fn what_is_wrong_with_a_token_is_named() {
    hold(TOKENS);
}
