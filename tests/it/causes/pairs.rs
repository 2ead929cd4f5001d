//! Two things that are wrong.

use wh::signature::Secret;

use super::scene::{base64, plain, sha1, sha256};
use super::{Row, hold};

const PAIRS: &[Row] = &[
    (
        "cepro",
        &["body-newline-removed", "secret-newline-added"],
        |s| {
            s.body.push(b'\n');
            s.key.push(b'\n');
        },
    ),
    (
        "wlcro",
        &["body-newline-removed", "secret-newline-added"],
        |s| {
            s.body.push(b'\n');
            s.key.push(b'\n');
        },
    ),
    ("orgjobs", &["body-json-compact", "secret-other"], |s| {
        s.bodies(r#"{"a":1.50,"b":[1,2]}"#, r#"{"a": 1.50, "b": [1, 2]}"#);
        s.key = b"another".to_vec();
        s.others.push((
            "the secret of endpoint `shop`".to_owned(),
            Secret::new("another"),
        ));
    }),
    ("cepro", &["body-newline-removed", "spelling-case"], |s| {
        s.body.push(b'\n');
        s.write = |bytes| hex::encode_upper(bytes);
    }),
    (
        "stripe",
        &["body-newline-removed", "spelling-prefix-other"],
        |s| {
            s.body.push(b'\n');
            "t={timestamp},v0={sig}".clone_into(&mut s.value);
        },
    ),
    (
        "standard-webhooks",
        &["body-newline-removed", "spelling-hex"],
        |s| {
            s.body.push(b'\n');
            s.write = |bytes| hex::encode(bytes);
        },
    ),
    (
        "wlcro",
        &["body-newline-removed", "text-timestamp-left-out"],
        |s| {
            s.body.push(b'\n');
            "{body}".clone_into(&mut s.signs);
        },
    ),
    ("square", &["body-newline-removed", "url-scheme"], |s| {
        s.body.push(b'\n');
        s.signed_url = s.signed_url.replace("https:", "http:");
    }),
    (
        "tenant",
        &["body-newline-removed", "algorithm-no-key"],
        |s| {
            s.body.push(b'\n');
            s.code = |_, text| plain(text);
        },
    ),
    (
        "cepro",
        &["body-newline-removed", "header-elsewhere"],
        |s| {
            s.body.push(b'\n');
            "X-Signature".clone_into(&mut s.header);
        },
    ),
    ("cepro", &["scheme-other", "body-newline-removed"], |s| {
        s.sign_as("wlcro");
        s.body.push(b'\n');
    }),
    ("wlcro", &["secret-newline-added", "spelling-case"], |s| {
        s.key.push(b'\n');
        s.write = |bytes| hex::encode_upper(bytes);
    }),
    (
        "tenant",
        &["secret-newline-added", "spelling-prefix-added"],
        |s| {
            s.key.push(b'\n');
            "sha512={sig}".clone_into(&mut s.value);
        },
    ),
    ("wlcro", &["secret-newline-added", "text-separator"], |s| {
        s.key.push(b'\n');
        "{timestamp}:{body}".clone_into(&mut s.signs);
    }),
    (
        "stripe",
        &["secret-newline-added", "algorithm-key-before-text"],
        |s| {
            s.key.push(b'\n');
            s.code = |key, text| plain(&[key, text].concat());
        },
    ),
    ("cepro", &["scheme-other", "secret-other"], |s| {
        s.sign_as("wlcro");
        s.key = b"another".to_vec();
        s.others.push((
            "the secret of endpoint `shop`".to_owned(),
            Secret::new("another"),
        ));
    }),
    (
        "wlcro",
        &["text-timestamp-left-out", "spelling-prefix-other"],
        |s| {
            "{body}".clone_into(&mut s.signs);
            "v1={sig}".clone_into(&mut s.value);
        },
    ),
    (
        "wlcro",
        &["algorithm-key-before-text", "text-separator"],
        |s| {
            "{timestamp}{body}".clone_into(&mut s.signs);
            s.code = |key, text| plain(&[key, text].concat());
        },
    ),
    (
        "orgjobs",
        &["algorithm-sha1", "spelling-prefix-other"],
        |s| {
            s.code = sha1;
            "sha1={sig}".clone_into(&mut s.value);
        },
    ),
    (
        "cepro",
        &["text-timestamp-added", "header-elsewhere"],
        |s| {
            "{timestamp}.{body}".clone_into(&mut s.signs);
            "X-Signature".clone_into(&mut s.header);
        },
    ),
    (
        "wlcro",
        &["header-timestamp-elsewhere", "spelling-case"],
        |s| {
            s.remove("X-Webhook-Timestamp");
            s.set("X-Timestamp", "{timestamp}");
            s.write = |bytes| hex::encode_upper(bytes);
        },
    ),
    ("stripe", &["spelling-separator", "spelling-case"], |s| {
        "t={timestamp}; v1={sig}".clone_into(&mut s.value);
        s.write = |bytes| hex::encode_upper(bytes);
    }),
    (
        "wlcro",
        &["spelling-quoted", "spelling-prefix-missing"],
        |s| "\"{sig}\"".clone_into(&mut s.value),
    ),
    (
        "orgjobs",
        &["spelling-prefix-missing", "spelling-base64"],
        |s| {
            "{sig}".clone_into(&mut s.value);
            s.write = base64;
        },
    ),
    ("cepro", &["header-doubled", "spelling-case"], |s| {
        s.times = 2;
        s.write = |bytes| hex::encode_upper(bytes);
    }),
    ("tenant", &["spelling-case", "spelling-truncated"], |s| {
        s.write = |bytes| hex::encode_upper(&bytes[..12]);
    }),
    (
        "cepro-inbound",
        &["secret-newline-added", "token-word-missing"],
        |s| {
            s.key.push(b'\n');
            "{sig}".clone_into(&mut s.value);
        },
    ),
    ("cepro-inbound", &["header-in-query", "token-base64"], |s| {
        s.times = 0;
        s.target = format!("/hooks?token=Bearer%20{}", base64(s.secret.as_bytes()));
    }),
    ("wlcro", &["body-newline-removed", "clock-past"], |s| {
        s.body.push(b'\n');
        s.now = "2026-01-28T10:37:12Z".parse().unwrap();
    }),
];

#[test]
fn two_causes_are_both_named() {
    hold(PAIRS);
}

#[test]
fn three_causes_are_not_guessed_at() {
    let mut scene = super::Scene::new("cepro");
    scene.body.push(b'\n');
    scene.key.push(b'\n');
    scene.write = |bytes| hex::encode_upper(bytes);
    scene.code = sha256;
    assert!(scene.explain().causes().is_empty());
}

/// What the words come to, the ways of telling them aside.
#[test]
fn a_finding_and_what_to_do_about_it_are_sentences() {
    let told = |provider, wrong: fn(&mut super::Scene)| {
        let mut scene = super::Scene::new(provider);
        wrong(&mut scene);
        let explanation = scene.explain();
        (explanation.finding(), explanation.fixes().join(" "))
    };
    let (finding, fix) = told("cepro", |s| s.body.push(b'\n'));
    assert_eq!(
        finding,
        "the signature matches if the final newline is removed"
    );
    assert!(fix.contains("Sign and verify the very bytes"), "{fix}");
    let (finding, fix) = told("cepro", |s| s.sign_as("wlcro"));
    assert_eq!(
        finding,
        "the signature is WhiteLabelCRO's scheme with this secret"
    );
    assert_eq!(fix, "Run with -P wlcro.");
    let (finding, fix) = told("wlcro", |s| s.now = "2026-01-28T10:37:12Z".parse().unwrap());
    assert_eq!(
        finding,
        "the signature is valid, but 7m12s old; tolerance is 5m"
    );
    assert!(fix.contains("--at TIME"), "{fix}");
    let (finding, fix) = told("orgjobs", |s| "{timestamp}.{body}".clone_into(&mut s.signs));
    assert!(finding.starts_with("nothing fits: tried "), "{finding}");
    assert!(fix.starts_with("Take the raw body"), "{fix}");
    let (finding, fix) = told("wlcro", |s| "{timestamp}:{body}".clone_into(&mut s.signs));
    assert_eq!(
        finding,
        "the signature matches if `{timestamp}:{body}` is signed, not `{timestamp}.{body}`"
    );
    assert_eq!(fix, "Sign the text `{timestamp}.{body}`, byte for byte.");
    let (finding, fix) = told("cepro", |s| "sha256={sig}".clone_into(&mut s.value));
    assert_eq!(
        finding,
        "the signature matches if `sha256=` before it is removed"
    );
    let other =
        "Run with -P orgjobs if the delivery is theirs: Organisation and jobs platform signs so.";
    assert_eq!(fix, format!("Write the header as `{{sig}}`. {other}"));
    let (finding, _) = told("wlcro", |s| {
        s.body.push(b'\n');
        s.now = "2026-01-28T10:37:12Z".parse().unwrap();
    });
    let late = "a delivery 7m12s old is let through (tolerance is 5m)";
    assert_eq!(
        finding,
        format!("the signature matches if the final newline is removed and {late}")
    );
}
