//! A delivery that is signed by hand, so that each step of it can go wrong.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use wh::message::Headers;
use wh::provider::{BUILTIN_IDS, Provider, builtin};
use wh::signature::explain::{Explanation, Question, Rival, explain};
use wh::signature::{
    Algorithm, Encoding, Envelope, Key, KeyDecoding, Scheme, Secret, Source, Verdict, Verifier,
};

use crate::known_answers::example;

/// What the sender does, what arrives, and what the receiver knows.
pub(super) struct Scene {
    pub(super) scheme: Scheme,
    id: String,
    // The sender.
    pub(super) key: Vec<u8>,
    pub(super) signs: String,
    pub(super) signed_body: Vec<u8>,
    pub(super) signed_timestamp: String,
    pub(super) signed_id: String,
    pub(super) signed_url: String,
    pub(super) code: fn(&[u8], &[u8]) -> Vec<u8>,
    pub(super) write: fn(&[u8]) -> String,
    /// The header's value around `{sig}`, with `{timestamp}` as it is sent.
    pub(super) value: String,
    // What arrives.
    pub(super) header: String,
    pub(super) body: Vec<u8>,
    pub(super) timestamp: String,
    /// The lines beside the signature's.
    pub(super) lines: Vec<(String, String)>,
    /// How often the signature's line comes.
    pub(super) times: usize,
    pub(super) target: String,
    // The receiver.
    pub(super) secret: String,
    /// Further secrets that were given.
    pub(super) further: Vec<Secret>,
    pub(super) others: Vec<(String, Secret)>,
    pub(super) url: Option<String>,
    pub(super) now: Timestamp,
}

const NOW: i64 = 1_769_596_200;
const URL: &str = "https://shop.example/hooks?x=1";

pub(super) fn sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

pub(super) fn sha1(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha1>::new_from_slice(key).unwrap();
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

pub(super) fn sha384(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha384>::new_from_slice(key).unwrap();
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

pub(super) fn sha512(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha512>::new_from_slice(key).unwrap();
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

pub(super) fn plain(text: &[u8]) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}

pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A built-in provider, or one of the provider files among the vectors.
pub(super) fn provider(id: &str) -> Provider {
    builtin(id).unwrap_or_else(|| example(id))
}

impl Scene {
    /// A delivery that is valid.
    pub(super) fn new(id: &str) -> Self {
        let scheme = provider(id).schemes.remove(0);
        let secret = match scheme.key.decode {
            KeyDecoding::Utf8 => "s3cret of the Shop".to_owned(),
            KeyDecoding::Base64 => format!("whsec_{}", base64(b"0123456789abcdef01234567")),
            KeyDecoding::Hex => hex::encode("0123456789abcdef01234567"),
        };
        let key = match scheme.key.decode {
            KeyDecoding::Utf8 => secret.clone().into_bytes(),
            _ => b"0123456789abcdef01234567".to_vec(),
        };
        let now = Timestamp::from_second(NOW).unwrap();
        let rule = scheme.timestamp.as_ref();
        let timestamp = rule.map_or_else(|| NOW.to_string(), |rule| rule.form.write(now));
        let mut lines = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        if let Some(Source::Header(name)) = rule.map(|rule| &rule.from) {
            lines.push((name.clone(), "{timestamp}".to_owned()));
        }
        if let Some(Source::Header(name)) = &scheme.id {
            lines.push((name.clone(), "msg_2Kd9x".to_owned()));
        }
        let body = r#"{"id": 12, "type": "invoice.paid", "total": 2500.00, "who": "Zoë"}"#;
        Self {
            id: id.to_owned(),
            key,
            signs: scheme.signs.to_string(),
            signed_body: body.into(),
            signed_timestamp: timestamp.clone(),
            signed_id: "msg_2Kd9x".to_owned(),
            signed_url: URL.to_owned(),
            code: match scheme.algorithm {
                Algorithm::HmacSha1 => sha1,
                Algorithm::HmacSha256 => sha256,
                Algorithm::HmacSha512 => sha512,
                Algorithm::Token => |key, _| key.to_vec(),
            },
            write: match (scheme.algorithm, scheme.encoding) {
                (Algorithm::Token, _) => text,
                (_, Encoding::Hex) => |bytes| hex::encode(bytes),
                (_, Encoding::Base64) => base64,
            },
            value: scheme.value.to_string().replace("{secret}", "{sig}"),
            header: scheme.header.clone(),
            body: body.into(),
            timestamp,
            lines,
            times: 1,
            target: "/hooks?x=1".to_owned(),
            secret,
            further: Vec::new(),
            others: Vec::new(),
            url: Some(URL.to_owned()),
            now,
            scheme,
        }
    }

    /// Another value in the place of the lines of this name.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.lines.push((name.to_owned(), value.to_owned()));
    }

    /// No line of this name.
    pub(super) fn remove(&mut self, name: &str) {
        self.lines
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// Another body on both sides.
    pub(super) fn bodies(&mut self, signed: &str, body: &str) {
        self.signed_body = signed.as_bytes().to_vec();
        self.body = body.as_bytes().to_vec();
    }

    /// What honest senders and proxies add, whatever the signature is: checksums of the body without
    /// any key, and words for nothing.
    pub(super) fn add_noise(&mut self) {
        let digest = plain(&self.body);
        let digits = hex::encode(&digest);
        for (name, value) in [
            ("X-Content-SHA256", digits.clone()),
            ("X-Amz-Content-Sha256", digits.clone()),
            ("Digest", format!("SHA-256={}", base64(&digest))),
            ("Content-Digest", format!("sha-256=:{}:", base64(&digest))),
            ("ETag", format!("\"{digits}\"")),
            ("Origin", "null".to_owned()),
            ("X-Request-Start", "undefined".to_owned()),
        ] {
            self.set(name, &value);
        }
        if self.header != "Authorization" {
            self.set("Authorization", "Bearer undefined");
        }
        self.target = format!("/hooks?x=1&hash={digits}&state=None&token=null");
    }

    /// Signs as another provider, with the same secret.
    pub(super) fn sign_as(&mut self, id: &str) {
        let other = Self::new(id);
        let same = std::mem::take(&mut self.secret);
        self.key = match other.scheme.key.decode {
            KeyDecoding::Base64 => {
                let bare = same.trim_start_matches("whsec_");
                STANDARD.decode(bare).unwrap_or_default()
            }
            _ => same.clone().into_bytes(),
        };
        self.secret = same;
        self.signs = other.signs;
        self.code = other.code;
        self.write = other.write;
        self.value = other.value;
        self.header = other.header;
        self.timestamp = other.timestamp.clone();
        self.signed_timestamp = other.timestamp;
        self.lines = other.lines;
    }

    /// The code as it is written.
    fn signature(&self) -> String {
        let mut before = self.signs.clone().into_bytes();
        let mut after = None;
        if let Some((first, last)) = self.signs.split_once("{body}") {
            (before, after) = (first.into(), Some(last.as_bytes().to_vec()));
        }
        let fill = |text: &[u8]| {
            let text = String::from_utf8_lossy(text)
                .replace("{timestamp}", &self.signed_timestamp)
                .replace("{id}", &self.signed_id)
                .replace("{url}", &self.signed_url)
                .replace("{method}", "POST");
            text.into_bytes()
        };
        let mut bytes = fill(&before);
        if let Some(after) = after {
            bytes.extend(&self.signed_body);
            bytes.extend(fill(&after));
        }
        (self.write)(&(self.code)(&self.key, &bytes))
    }

    pub(super) fn headers(&self) -> Headers {
        let signature = self.signature();
        let fill = |text: &str| {
            text.replace("{sig}", &signature)
                .replace("{timestamp}", &self.timestamp)
        };
        let mut headers = Headers::new();
        for (name, value) in &self.lines {
            headers.push(name, fill(value));
        }
        for _ in 0..self.times {
            headers.push(&self.header, fill(&self.value));
        }
        headers
    }

    fn asked<T>(&self, answer: impl FnOnce(&Question<'_>) -> T) -> T {
        let first = Secret::new(self.secret.as_str());
        let secrets = std::iter::once(&first).chain(&self.further);
        let keys: Vec<_> = secrets
            .map(|secret| Key::new(&self.scheme, secret).unwrap())
            .collect();
        let ids = BUILTIN_IDS.iter().filter(|id| **id != self.id);
        let providers: Vec<_> = ids.map(|id| provider(id)).collect();
        let rivals = providers.iter();
        let rivals = rivals.map(|other| Rival {
            id: &other.id,
            name: &other.name,
            scheme: &other.schemes[0],
        });
        let rivals: Vec<_> = rivals.collect();
        let headers = self.headers();
        answer(&Question {
            scheme: &self.scheme,
            keys: &keys,
            others: &self.others,
            rivals: &rivals,
            envelope: Envelope {
                headers: &headers,
                method: "POST",
                target: &self.target,
                url: self.url.as_deref(),
                body: Some(&self.body),
            },
            body: &self.body,
            now: self.now,
        })
    }

    pub(super) fn verdict(&self) -> Verdict {
        self.asked(|question| {
            let mut verifier = Verifier::new(question.scheme, question.keys, &question.envelope);
            verifier.update(question.body);
            verifier.finish(question.now)
        })
    }

    pub(super) fn explain(&self) -> Explanation {
        self.asked(explain)
    }

    /// What the words show that nobody may see: a secret, a code, or a part of one.
    pub(super) fn leaks(&self, explanation: &Explanation) -> impl Iterator<Item = String> {
        let mut shown = vec![explanation.finding()];
        shown.extend(explanation.fixes().into_iter().map(str::to_owned));
        if let Explanation::NotFound(tried) = explanation {
            shown.extend(tried.forms.iter().chain(&tried.seen).cloned());
        }
        let shown = shown.join("\n").to_lowercase();
        let code = (self.code)(&self.key, &self.signed_body);
        let right = Self::new(&self.id);
        let expected = right.signature();
        let hidden = [
            self.secret.clone(),
            text(&self.key),
            self.signature(),
            expected,
            hex::encode(&code),
            base64(&code),
        ];
        let hidden = hidden.into_iter().filter(|hidden| hidden.len() >= 8);
        let start = |hidden: String| hidden.to_lowercase().chars().take(8).collect::<String>();
        let leaks = hidden.map(start).filter(move |start| shown.contains(start));
        leaks.collect::<Vec<_>>().into_iter()
    }
}
