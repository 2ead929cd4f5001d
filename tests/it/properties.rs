//! Properties of signing and verifying, over every provider: what is signed verifies, what is
//! changed does not.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use wh::message::{Headers, Message};
use wh::provider::{
    BUILTIN_IDS, ComposeError, Draft, Provider, Tamper, TamperError, builtin, builtin_text,
    compose, parse, template,
};
use wh::signature::{
    Algorithm, Envelope, Facts, Field, Key, KeyDecoding, Scheme, Secret, Signer, Source, Verdict,
    Verifier, sign, verify,
};

use crate::known_answers::{EXAMPLES, example};

/// Every provider that can sign any body; Linear's has to hold a timestamp.
static PROVIDERS: LazyLock<Vec<Provider>> = LazyLock::new(|| {
    let built_in = BUILTIN_IDS.into_iter().filter_map(builtin);
    let examples = EXAMPLES.into_iter().map(example);
    let unwritten = parse(&template("my-own")).unwrap();
    built_in
        .chain(examples)
        .chain([unwritten])
        .filter(|provider| !provider.signing_scheme().reads_body())
        .collect()
});

const URL: &str = "https://example.com/hooks";

/// One delivery to sign.
#[derive(Clone, Debug)]
struct Delivery {
    provider: &'static Provider,
    secret: Vec<u8>,
    id: String,
    event: String,
    body: Vec<u8>,
    at: Timestamp,
    attempt: u32,
}

/// A delivery by any provider, or by those that `fit`.
fn delivery(fit: fn(&Scheme) -> bool) -> impl Strategy<Value = Delivery> {
    let fitting: Vec<&'static Provider> = PROVIDERS
        .iter()
        .filter(|provider| fit(provider.signing_scheme()))
        .collect();
    let last_second = Timestamp::MAX.as_second();
    (
        select(fitting),
        vec(any::<u8>(), 1..100),
        "[!-~]{1,40}",
        "[!-~]{1,40}",
        vec(any::<u8>(), 0..2000),
        0..=last_second,
        1..=20_u32,
    )
        .prop_map(
            |(provider, secret, id, event, body, second, attempt)| Delivery {
                provider,
                secret,
                id,
                event,
                body,
                at: Timestamp::from_second(second).unwrap(),
                attempt,
            },
        )
}

impl Delivery {
    fn scheme(&self) -> &'static Scheme {
        self.provider.signing_scheme()
    }

    fn key(&self) -> Key {
        key(self.scheme(), &self.secret)
    }

    fn drafted(&self, tamper: Option<Tamper>, extra: &Headers) -> Result<Message, ComposeError> {
        let draft = Draft {
            event: &self.event,
            body: &self.body.clone().into(),
            id: &self.id,
            attempt: self.attempt,
            at: self.at,
            timestamp: None,
            url: URL,
            target: "/hooks",
            extra,
            key: Some(&self.key()),
            tamper,
        };
        compose(self.provider, &draft).map(|composed| composed.message)
    }

    fn message(&self) -> Message {
        self.drafted(None, &Headers::new()).unwrap()
    }

    /// What a receiver finds with this key at the time of signing.
    fn judge(&self, message: &Message, keys: &[Key]) -> Verdict {
        let envelope = Envelope {
            url: Some(URL),
            ..Envelope::of(message)
        };
        let mut verifier = Verifier::new(self.scheme(), keys, &envelope);
        verifier.update(&message.body);
        let verdict = verifier.finish(self.at);
        if !self.scheme().signs.has(&Field::Url) {
            assert_eq!(verify(self.scheme(), keys, message, self.at), verdict);
        }
        verdict
    }

    fn accepts(&self, message: &Message) -> bool {
        self.judge(message, &[self.key()]).is_valid()
    }
}

/// The key of these bytes, written as the scheme wants a secret.
fn key(scheme: &Scheme, bytes: &[u8]) -> Key {
    let prefix = scheme.key.strip.as_deref().unwrap_or_default();
    let secret = match scheme.key.decode {
        KeyDecoding::Utf8 => bytes.to_vec(),
        KeyDecoding::Base64 => format!("{prefix}{}", STANDARD.encode(bytes)).into_bytes(),
        KeyDecoding::Hex => format!("{prefix}{}", hex::encode(bytes)).into_bytes(),
    };
    Key::new(scheme, &Secret::new(secret)).unwrap()
}

/// The bytes with one of them changed.
fn with_one_changed(bytes: &[u8], at: Index, by: u8) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let at = at.index(changed.len());
    changed[at] ^= by;
    changed
}

/// Whether both are the same token behind `Bearer`, a word whose letter case does not count (RFC 9110,
/// section 11.1).
fn is_token_behind_its_word(one: &[u8], other: &[u8]) -> bool {
    let token = |line: &[u8]| {
        let (word, token) = line.split_at_checked(b"Bearer ".len())?;
        let is_word = word.eq_ignore_ascii_case(b"Bearer ");
        is_word.then(|| token.to_vec())
    };
    token(one).is_some() && token(one) == token(other)
}

fn change() -> impl Strategy<Value = (Index, u8)> {
    (any::<Index>(), 1..=u8::MAX)
}

fn any_scheme(_: &Scheme) -> bool {
    true
}

fn is_code(scheme: &Scheme) -> bool {
    scheme.algorithm != Algorithm::Token
}

proptest! {
    #[test]
    fn what_is_signed_is_valid(delivery in delivery(any_scheme)) {
        let verdict = delivery.judge(&delivery.message(), &[delivery.key()]);
        prop_assert!(verdict.is_valid(), "{verdict}");
    }

    #[test]
    fn a_changed_body_is_refused_where_it_is_signed(
        delivery in delivery(Scheme::signs_body),
        (at, by) in change(),
        extra in any::<u8>(),
    ) {
        let whole = delivery.message();
        let body = |bytes: Vec<u8>| Message { body: bytes.into(), ..whole.clone() };
        let longer = [&delivery.body[..], &[extra]].concat();
        prop_assert!(!delivery.accepts(&body(longer)));
        if let Some((_, shorter)) = delivery.body.split_last() {
            prop_assert!(!delivery.accepts(&body(shorter.to_vec())));
            let other = with_one_changed(&delivery.body, at, by);
            prop_assert!(!delivery.accepts(&body(other)));
        }
    }

    #[test]
    fn another_secret_is_refused(delivery in delivery(any_scheme), (at, by) in change()) {
        let other = key(delivery.scheme(), &with_one_changed(&delivery.secret, at, by));
        let message = delivery.message();
        prop_assert!(!delivery.judge(&message, &[other]).is_valid());
        let another = delivery.key().another(delivery.scheme());
        prop_assert!(!delivery.judge(&message, &[another]).is_valid());
    }

    #[test]
    fn a_changed_signature_line_is_refused(
        delivery in delivery(any_scheme),
        (at, by) in change(),
        cut in any::<Index>(),
    ) {
        let header = &delivery.scheme().header;
        let message = delivery.message();
        let value = message.headers.first(header).unwrap().to_vec();
        for other in [with_one_changed(&value, at, by), value[..cut.index(value.len())].to_vec()] {
            if is_token_behind_its_word(&other, &value) {
                continue;
            }
            let mut message = message.clone();
            message.headers.set(header, other.clone());
            prop_assert!(!delivery.accepts(&message), "{other:?}");
        }
    }

    #[test]
    fn a_changed_line_is_refused_where_it_is_signed(
        delivery in delivery(signs_a_header),
        (at, by) in change(),
    ) {
        let whole = delivery.message();
        for (name, value) in whole.headers.iter().filter(|(name, _)| is_signed(delivery.scheme(), name)) {
            let mut message = whole.clone();
            message.headers.set(name, with_one_changed(value, at, by));
            prop_assert!(!delivery.accepts(&message), "{name}");
        }
    }

    /// What `-H` adds or replaces is what a `{header:NAME}` of the scheme covers; twice, nobody can
    /// tell which line was meant.
    #[test]
    fn a_line_of_the_users_own_is_signed_as_it_is_sent(
        delivery in delivery(any_scheme),
        lines in vec((select(&["X-Tenant", "x-tenant", "X-Own", "Content-Type"][..]), "[ -~]{0,20}"), 0..4),
    ) {
        let extra: Headers = lines.into_iter().collect();
        let message = delivery.drafted(None, &extra).unwrap();
        for (name, value) in extra.iter() {
            prop_assert!(message.headers.all(name).any(|sent| sent == value), "{name}");
        }
        let verdict = delivery.judge(&message, &[delivery.key()]);
        let twice = is_signed(delivery.scheme(), "X-Tenant") && extra.all("X-Tenant").count() > 1;
        prop_assert_eq!(verdict.is_valid(), !twice, "{}", verdict);
    }

    #[test]
    fn deliberate_damage_is_refused_or_told_to_be_in_vain(delivery in delivery(any_scheme)) {
        for tamper in Tamper::ALL {
            let covered = match tamper {
                Tamper::Body => delivery.scheme().signs_body(),
                Tamper::Timestamp => delivery.scheme().signs_timestamp(),
                Tamper::Signature | Tamper::Secret => true,
            };
            match delivery.drafted(Some(tamper), &Headers::new()) {
                Ok(message) => {
                    prop_assert!(covered, "{tamper}");
                    prop_assert!(!delivery.accepts(&message), "{tamper}");
                }
                Err(error) => {
                    let provider = delivery.provider.id.clone();
                    let vain = TamperError::NotCovered { provider, what: tamper };
                    prop_assert!(!covered, "{tamper}");
                    prop_assert_eq!(error, ComposeError::Tamper(vain));
                }
            }
        }
    }

    #[test]
    fn any_of_several_secrets_matches_and_is_named(
        delivery in delivery(any_scheme),
        others in vec(vec(any::<u8>(), 32), 0..6),
        place in any::<Index>(),
    ) {
        // 32 random bytes are no key that was drawn before.
        let mut keys: Vec<Key> = others.iter().map(|other| key(delivery.scheme(), other)).collect();
        let message = delivery.message();
        prop_assert!(!delivery.judge(&message, &keys).is_valid());
        let place = place.index(keys.len() + 1);
        keys.insert(place, delivery.key());
        keys.push(delivery.key());
        match delivery.judge(&message, &keys) {
            Verdict::Valid(valid) => prop_assert_eq!(valid.secret, place),
            verdict => prop_assert!(false, "{verdict}"),
        }
    }

    #[test]
    fn pieces_of_any_size_make_the_same_signature_and_verdict(
        delivery in delivery(is_code),
        cuts in vec(any::<Index>(), 0..20),
    ) {
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(delivery.body.len() + 1)).collect();
        ends.push(delivery.body.len());
        ends.sort_unstable();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let pieces: Vec<&[u8]> = starts.zip(&ends).map(|(from, to)| &delivery.body[from..*to]).collect();

        let (scheme, key, message) = (delivery.scheme(), delivery.key(), delivery.message());
        let timestamp = delivery.provider.timestamp.as_ref();
        let timestamp = timestamp.map(|rule| rule.form.write(delivery.at)).unwrap_or_default();
        let facts = Facts {
            timestamp: &timestamp,
            id: Some(&delivery.id),
            url: Some(URL),
            method: "POST",
            headers: &message.headers,
        };
        let mut signer = Signer::new(scheme, &key, &facts).unwrap();
        let envelope = Envelope { url: Some(URL), ..Envelope::of(&message) };
        let mut verifier = Verifier::new(scheme, std::slice::from_ref(&key), &envelope);
        for piece in &pieces {
            signer.update(piece);
            verifier.update(piece);
        }
        let line = signer.finish();
        prop_assert_eq!(&line, &sign(scheme, &key, &facts, &delivery.body).unwrap());
        prop_assert_eq!(message.headers.first(&line.header), Some(&line.value[..]));
        prop_assert!(verifier.finish(delivery.at).is_valid());
    }

    /// Headers of the right names with any bytes in them, as often as they like.
    #[test]
    fn invented_headers_never_verify(
        delivery in delivery(any_scheme),
        lines in vec((any::<Index>(), any::<bool>(), line_value()), 0..8),
        target in "/[!-~]{0,40}",
    ) {
        // A token of one letter can be guessed.
        prop_assume!(delivery.secret.len() >= 8);
        let mut message = delivery.message();
        let names: Vec<String> = message.headers.iter().map(|(name, _)| name.to_owned()).collect();
        message.headers = Headers::new();
        message.target = target;
        for (name, shout, value) in lines {
            let name = &names[name.index(names.len())];
            let name = if shout { name.to_ascii_uppercase() } else { name.clone() };
            message.headers.push(name, value);
        }
        let verdict = delivery.judge(&message, &[delivery.key()]);
        prop_assert!(!verdict.is_valid(), "{verdict}");
    }

    #[test]
    fn a_random_signature_of_the_right_form_never_verifies(
        delivery in delivery(is_code),
        seed in any::<[u8; 32]>(),
    ) {
        let mut message = delivery.message();
        let header = &delivery.scheme().header;
        let value = String::from_utf8(message.headers.first(header).unwrap().to_vec()).unwrap();
        let right = tag(delivery.scheme(), &value);
        let random: Vec<u8> = seed.iter().cycle().take(right.len()).copied().collect();
        let encoding = delivery.scheme().encoding;
        let forged = value.replace(&encoding.encode(&right), &encoding.encode(&random));
        prop_assert_ne!(&forged, &value);
        message.headers.set(header, forged);
        let verdict = delivery.judge(&message, &[delivery.key()]);
        prop_assert_eq!(verdict.to_string(), "invalid: the signature does not match");
    }

    #[test]
    fn any_text_is_a_provider_file_or_has_problems_with_places_in_it(text in provider_text()) {
        if let Err(problems) = parse(&text) {
            prop_assert!(!problems.is_empty());
            let lines: Vec<&str> = text.split('\n').collect();
            for problem in problems {
                let line = lines[problem.line - 1];
                prop_assert!(problem.column <= line.chars().count() + 1, "{problem}");
                prop_assert!(!problem.message.is_empty());
            }
        }
    }
}

/// What is signed and stands in the body is signed as it stands there, whatever else it might be.
#[test]
fn signed_values_in_the_body_are_taken_from_it() {
    let text = r#"
        [provider]
        id = "inside"
        [signature]
        algorithm = "hmac-sha256"
        signs = "{id}.{timestamp}.{body}"
        encoding = "hex"
        header = "X-Signature"
        value = "{sig}"
        [timestamp]
        from = "body:/at"
        format = "unix"
        [id]
        from = "body:/id"
    "#;
    let provider: &'static Provider = Box::leak(Box::new(parse(text).unwrap()));
    let delivery = Delivery {
        provider,
        secret: b"secret".to_vec(),
        id: "not this one".to_owned(),
        event: String::new(),
        body: br#"{"id":"this one","at":1000}"#.to_vec(),
        at: Timestamp::from_second(2000).unwrap(),
        attempt: 1,
    };
    let verdict = delivery.judge(&delivery.message(), &[delivery.key()]);
    assert_eq!(verdict.to_string(), "valid");
    let in_vain = delivery.drafted(Some(Tamper::Timestamp), &Headers::new());
    assert!(in_vain.is_err(), "the timestamp is not ours to write");
}

/// Whether the header of this name is under the signature.
fn is_signed(scheme: &Scheme, name: &str) -> bool {
    let from = |source: &Source| *source == Source::Header(name.to_owned());
    let timestamp = scheme
        .timestamp
        .as_ref()
        .is_some_and(|rule| from(&rule.from));
    let id = scheme.id.as_ref().is_some_and(from);
    timestamp && scheme.signs_timestamp()
        || id && scheme.signs.has(&Field::Id)
        || scheme.signs.has(&Field::Header(name.to_owned()))
}

fn signs_a_header(scheme: &Scheme) -> bool {
    let sources = scheme
        .timestamp
        .iter()
        .map(|rule| &rule.from)
        .chain(&scheme.id);
    let mut names = sources.filter_map(|source| match source {
        Source::Header(name) => Some(name),
        _ => None,
    });
    names.any(|name| is_signed(scheme, name))
}

/// The bytes of the signature in a header's value.
fn tag(scheme: &Scheme, value: &str) -> Vec<u8> {
    let parts = value.split(['=', ',', ';', ' ']);
    let padded = parts.flat_map(|part| ["", "=", "=="].map(|padding| format!("{part}{padding}")));
    let decoded = padded.filter_map(|part| scheme.encoding.decode(part.as_bytes()));
    let tags: Vec<_> = decoded.filter(|bytes| bytes.len() >= 20).collect();
    assert_eq!(tags.len(), 1, "{value}");
    tags.into_iter().next().unwrap()
}

/// What an attacker may write into a header: any bytes, or something near a signature.
fn line_value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..80),
        "(sha256=|v0=|v1,|t=[0-9]{0,12},v1=|Bearer |)[0-9a-f]{0,66}".prop_map(String::into_bytes),
        "(v1,[A-Za-z0-9+/]{0,44}={0,2} ?){0,20}".prop_map(String::into_bytes),
        "[0-9]{0,20}".prop_map(String::into_bytes),
    ]
}

/// Any text, or a built-in file with a stretch of it replaced.
fn provider_text() -> impl Strategy<Value = String> {
    let damaged = (
        select(&BUILTIN_IDS[..]),
        any::<Index>(),
        0..40_usize,
        "\\PC{0,12}|[\\[\\]{}=\"'\n#.0-9a-z]{0,12}",
    )
        .prop_map(|(id, at, length, with)| {
            let text = builtin_text(id).unwrap();
            let near = |at: usize| {
                (0..=at)
                    .rev()
                    .find(|at| text.is_char_boundary(*at))
                    .unwrap()
            };
            let from = near(at.index(text.len()));
            let to = near((from + length).min(text.len()));
            format!("{}{with}{}", &text[..from], &text[to..])
        });
    prop_oneof![any::<String>(), damaged]
}
