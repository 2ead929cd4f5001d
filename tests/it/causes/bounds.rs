//! What is said where nothing fits, and what a search may cost.

use wh::message::Headers;
use wh::provider::builtin;
use wh::signature::explain::{Explanation, MOST, Question, Tried, explain};
use wh::signature::{Envelope, Secret};

use super::scene::plain;
use super::{Scene, unsaid};

/// What was tried in vain.
fn tried(scene: &Scene) -> Tried {
    let explanation = scene.explain();
    assert_eq!(unsaid(&explanation), None);
    match explanation {
        Explanation::NotFound(tried) => tried,
        other => panic!("{}", other.finding()),
    }
}

#[test]
fn where_nothing_fits_it_says_what_was_tried_and_what_is_left() {
    let mut scene = Scene::new("wlcro");
    scene.key = b"nobody's".to_vec();
    scene.set("Content-Length", "12");
    scene.set("Content-Encoding", "gzip");
    let Tried {
        forms,
        seen,
        by_hand,
    } = tried(&scene);
    let kinds: Vec<_> = forms
        .iter()
        .map(|form| form.trim_matches(|c: char| !c.is_alphabetic()))
        .collect();
    assert_eq!(kinds[0], "forms of the body");
    assert_eq!(kinds[1], "forms of the secret");
    for kind in [
        "signed texts",
        "algorithms",
        "other schemes",
        "other header lines",
    ] {
        assert!(kinds.contains(&kind), "{forms:?}");
    }
    assert!(
        forms
            .last()
            .is_some_and(|last| last.starts_with("and ") && last.ends_with(" pairs"))
    );
    let body = scene.body.len();
    let length =
        format!("`Content-Length` is 12, and the body has {body} bytes: it was changed on its way");
    assert_eq!(seen[0], length);
    assert!(
        seen[1].starts_with("`Content-Encoding` is gzip"),
        "{seen:?}"
    );
    assert!(by_hand[0].starts_with("Take the raw body"), "{by_hand:?}");
    assert!(by_hand[1].starts_with("Take the secret"), "{by_hand:?}");
}

#[test]
fn what_is_only_seen_is_no_finding() {
    type Wrong = fn(&mut Scene);
    let rows: [(&str, Wrong, &str); 8] = [
        (
            "cepro",
            |s| (s.value, s.body) = ("0f".repeat(32), Vec::new()),
            "the body is empty: whatever read it first has left nothing of it",
        ),
        (
            "cepro",
            |s| (s.value, s.body) = ("0f".repeat(32), b"{\n  \"total\": 2500\n}".to_vec()),
            "the body is laid out over lines, as `jq` and editors do: numbers and escapes that they wrote anew (2500.00 as 2500) are not had back",
        ),
        (
            "cepro",
            |s| s.value = "0f".repeat(20),
            "it has 20 bytes, as an HMAC-SHA1 has",
        ),
        (
            "cepro",
            |s| s.value = "0f".repeat(30),
            "it has 30 bytes; a signature of the scheme has 32",
        ),
        (
            "wlcro",
            |s| s.value = String::new(),
            "`X-Webhook-Signature` is empty",
        ),
        (
            "wlcro",
            |s| "hello!".clone_into(&mut s.value),
            "the value is neither hexadecimal nor base64 of 8 bytes or more",
        ),
        (
            "cepro",
            |s| s.times = 0,
            "`X-Webhook-Signature` is missing, and nothing that matches stands elsewhere",
        ),
        (
            "cepro",
            |s| (s.times, s.key) = (2, b"x".to_vec()),
            "`X-Webhook-Signature` stands 2 times",
        ),
    ];
    for (provider, wrong, expected) in rows {
        let mut scene = Scene::new(provider);
        wrong(&mut scene);
        assert_eq!(tried(&scene).seen, [expected]);
    }
}

#[test]
fn without_a_secret_nothing_is_tried() {
    let scheme = &builtin("cepro").unwrap().schemes[0];
    let headers = Headers::new();
    let question = |body| Question {
        scheme,
        keys: &[],
        others: &[],
        rivals: &[],
        envelope: Envelope {
            headers: &headers,
            method: "POST",
            target: "/",
            url: None,
            body: None,
        },
        body,
        now: jiff::Timestamp::UNIX_EPOCH,
    };
    let explained = |body| explain(&question(body));
    assert!(
        explained(b"{}")
            .finding()
            .starts_with("nothing could be tried: no secret is given")
    );
    let size = MOST as u64 + 1;
    let most = MOST as u64;
    assert_eq!(
        explained(&vec![b' '; MOST + 1]),
        Explanation::TooLarge { size, most }
    );
}

#[test]
fn a_part_of_a_code_counts_from_8_bytes_on() {
    let mut scene = Scene::new("cepro");
    scene.write = |bytes| hex::encode(&bytes[..7]);
    assert!(scene.explain().causes().is_empty());
    scene.write = |bytes| hex::encode(&bytes[..8]);
    assert_eq!(scene.explain().causes()[0].id, "spelling-truncated");
}

#[test]
fn a_signature_among_thousands_of_lines_is_looked_for_in_the_first_ones() {
    let mut scene = Scene::new("cepro");
    scene.header = "X-Late".to_owned();
    scene
        .lines
        .extend((0..3000).map(|nth| (format!("X-{nth}"), "00".repeat(32))));
    let seen = tried(&scene).seen;
    let cut = "there is more than is read: 64 other header lines, a few values of its own";
    assert!(seen.contains(&cut.to_owned()), "{seen:?}");
}

#[test]
fn many_other_secrets_are_tried_up_to_a_bound() {
    let mut scene = Scene::new("cepro");
    scene.key = b"secret 99".to_vec();
    let secret = |nth| {
        (
            format!("secret {nth}"),
            Secret::new(format!("secret {nth}")),
        )
    };
    scene.others = (0..100).map(secret).collect();
    assert!(tried(&scene).forms.contains(&"64 other secrets".to_owned()));
}

/// A checksum that anybody can make is no signature, and a word for nothing is no token.
#[test]
fn what_is_made_without_the_secret_counts_in_the_own_header_only() {
    for (provider, id) in [
        ("cepro", "algorithm-no-key"),
        ("wlcro", "algorithm-no-key"),
        ("cepro-inbound", "secret-undefined"),
    ] {
        let mut scene = Scene::new(provider);
        scene.key = b"nobody's".to_vec();
        scene.add_noise();
        tried(&scene);
        scene.code = |_, text| plain(text);
        if id == "secret-undefined" {
            scene.code = |_, _| b"undefined".to_vec();
        }
        assert_eq!(scene.explain().causes()[0].id, id, "{provider}");
    }
}

#[test]
fn of_many_secrets_that_were_given_forms_are_tried_up_to_a_bound() {
    let mut scene = Scene::new("cepro");
    scene.further = (1..9)
        .map(|nth| Secret::new(format!("secret {nth}")))
        .collect();
    scene.body.push(b'\n');
    for (key, found) in [("secret 7", true), ("secret 8", false)] {
        scene.key = key.into();
        assert_eq!(!scene.explain().causes().is_empty(), found, "{key}");
    }
}

/// The age needs no body: it is told of any.
#[test]
fn a_large_body_that_is_old_is_told_to_be_old() {
    let mut scene = Scene::new("wlcro");
    let large = "x".repeat(MOST + 1);
    scene.bodies(&large, &large);
    scene.now = "2026-01-28T10:37:12Z".parse().unwrap();
    assert_eq!(scene.explain().causes()[0].id, "clock-past");
}

#[test]
fn of_a_large_body_single_causes_are_tried_and_not_all_pairs() {
    let large = format!("{{\"a\": \"{}\"}}", "x".repeat(700_000));
    let mut scene = Scene::new("cepro");
    scene.bodies(&large, &large);
    scene.body.push(b'\n');
    let ids = |scene: &Scene| {
        let explanation = scene.explain();
        let ids: Vec<_> = explanation.causes().iter().map(|cause| cause.id).collect();
        ids
    };
    assert_eq!(ids(&scene), ["body-newline-removed"]);
    scene.write = |bytes| hex::encode_upper(bytes);
    assert_eq!(ids(&scene), ["body-newline-removed", "spelling-case"]);
    scene.write = |bytes| hex::encode(bytes);
    scene.key = b"nobody's".to_vec();
    let seen = tried(&scene).seen;
    assert_eq!(seen, ["the body is too large to try all pairs of causes"]);
}
