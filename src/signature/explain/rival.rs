//! Other platforms' schemes: those of the rivals, and well-known ones that have no file here.

use crate::message::TimestampForm;
use crate::signature::{
    Algorithm, Encoding, Envelope, Invalid, Key, KeyDecoding, KeyRule, Scheme, Secret, Source,
    Template, TimestampRule, Tolerance, ValueForm, Verdict, Verifier,
};

use super::{Cause, Question};

/// Another platform's scheme, ready to be tried.
pub(super) struct Other<'q> {
    /// The platform's own name.
    name: &'q str,
    /// What `-P` takes; `None` where there is no file.
    id: Option<&'q str>,
    scheme: std::borrow::Cow<'q, Scheme>,
}

/// How another platform's scheme judges a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// The signature is its own.
    Matches,
    /// There is one in its form, and it is another.
    Reads,
    /// There is none in its form.
    Not,
}

/// The schemes beside the question's own, rivals first.
pub(super) fn others<'q>(question: &Question<'q>) -> Vec<Other<'q>> {
    let rivals = question.rivals.iter().map(|rival| Other {
        name: rival.name,
        id: Some(rival.id),
        scheme: std::borrow::Cow::Borrowed(rival.scheme),
    });
    let known = KNOWN.iter().filter_map(|known| {
        Some(Other {
            name: known.name,
            id: None,
            scheme: std::borrow::Cow::Owned(known.scheme()?),
        })
    });
    let mut others: Vec<Other<'q>> = Vec::new();
    for other in rivals.chain(known) {
        let is_same = |scheme: &Scheme| same(scheme, &other.scheme);
        if !is_same(question.scheme) && !others.iter().any(|known| is_same(&known.scheme)) {
            others.push(other);
        }
    }
    others
}

/// Whether two schemes make the same header line.
fn same(one: &Scheme, other: &Scheme) -> bool {
    one.algorithm == other.algorithm
        && one.key == other.key
        && one.signs == other.signs
        && one.encoding == other.encoding
        && one.header.eq_ignore_ascii_case(&other.header)
        && one.value == other.value
}

impl Other<'_> {
    /// How the scheme judges a body under secrets; the clock is of no account.
    pub(super) fn judge(&self, secrets: &[Secret], question: &Question<'_>, body: &[u8]) -> Judged {
        let keys = secrets
            .iter()
            .filter_map(|secret| Key::new(&self.scheme, secret).ok());
        let keys: Vec<_> = keys.collect();
        if keys.is_empty() {
            return Judged::Not;
        }
        let envelope = Envelope {
            body: Some(body),
            ..question.envelope
        };
        let mut verifier = Verifier::new(&self.scheme, &keys, &envelope);
        verifier.update(body);
        match verifier.finish(question.now) {
            Verdict::Valid(_) | Verdict::Stale { .. } | Verdict::Invalid(Invalid::Timestamp(_)) => {
                Judged::Matches
            }
            Verdict::Invalid(Invalid::Mismatch) => Judged::Reads,
            _ => Judged::Not,
        }
    }

    /// Whether what it presents is the secret itself.
    pub(super) fn is_token(&self) -> bool {
        self.scheme.algorithm == Algorithm::Token
    }

    /// Whose scheme it is, with the secret that was given.
    pub(super) fn cause(&self) -> Cause {
        self.saying(format!("is {}'s scheme with this secret", self.name))
    }

    /// Whose scheme it is, with another key.
    pub(super) fn cause_without_secret(&self) -> Cause {
        self.saying(format!("is {}'s scheme", self.name))
    }

    fn saying(&self, words: String) -> Cause {
        if let Some(id) = self.id {
            return Cause::statement("scheme-other", words, format!("Run with -P {id}."));
        }
        let fix = "Describe it in a provider file: wh provider new.";
        Cause::statement("scheme-known", words, fix)
    }

    /// The same as a remark on another cause.
    pub(super) fn remark(&self) -> String {
        let name = self.name;
        match self.id {
            Some(id) => format!(" Run with -P {id} if the delivery is theirs: {name} signs so."),
            None => format!(
                " Write a provider file if the delivery is theirs (wh provider new): {name} signs so."
            ),
        }
    }
}

/// A well-known scheme, as its platform's own library verifies it.
struct Known {
    name: &'static str,
    algorithm: Algorithm,
    /// The prefix of secrets whose rest is base64; empty where the secret is the key.
    strip: &'static str,
    signs: &'static str,
    encoding: Encoding,
    header: &'static str,
    value: &'static str,
    separator: Option<&'static str>,
    /// The header of the timestamp; empty where it stands with the signature.
    timestamp: &'static str,
    /// The header of the id.
    id: &'static str,
}

/// A scheme that signs the body alone with HMAC-SHA256 in hexadecimal digits.
const PLAIN: Known = Known {
    name: "",
    algorithm: Algorithm::HmacSha256,
    strip: "",
    signs: "{body}",
    encoding: Encoding::Hex,
    header: "",
    value: "{sig}",
    separator: None,
    timestamp: "",
    id: "",
};

/// The scheme of standardwebhooks.com.
const STANDARD: Known = Known {
    name: "Standard Webhooks",
    strip: "whsec_",
    signs: "{id}.{timestamp}.{body}",
    encoding: Encoding::Base64,
    header: "webhook-signature",
    value: "v1,{sig}",
    separator: Some(" "),
    timestamp: "webhook-timestamp",
    id: "webhook-id",
    ..PLAIN
};

const KNOWN: [Known; 19] = [
    Known {
        name: "Stripe",
        signs: "{timestamp}.{body}",
        header: "Stripe-Signature",
        value: "t={timestamp},v1={sig}",
        separator: Some(","),
        ..PLAIN
    },
    Known {
        name: "GitHub",
        header: "X-Hub-Signature-256",
        value: "sha256={sig}",
        ..PLAIN
    },
    Known {
        name: "GitHub",
        algorithm: Algorithm::HmacSha1,
        header: "X-Hub-Signature",
        value: "sha1={sig}",
        ..PLAIN
    },
    Known {
        name: "Shopify",
        encoding: Encoding::Base64,
        header: "X-Shopify-Hmac-Sha256",
        ..PLAIN
    },
    Known {
        name: "Slack",
        signs: "v0:{timestamp}:{body}",
        header: "X-Slack-Signature",
        value: "v0={sig}",
        timestamp: "X-Slack-Request-Timestamp",
        ..PLAIN
    },
    STANDARD,
    Known {
        name: "Svix",
        header: "svix-signature",
        timestamp: "svix-timestamp",
        id: "svix-id",
        ..STANDARD
    },
    Known {
        name: "Paddle",
        signs: "{timestamp}:{body}",
        header: "Paddle-Signature",
        value: "ts={timestamp};h1={sig}",
        separator: Some(";"),
        ..PLAIN
    },
    Known {
        name: "Square",
        signs: "{url}{body}",
        encoding: Encoding::Base64,
        header: "x-square-hmacsha256-signature",
        ..PLAIN
    },
    Known {
        name: "Zoom",
        signs: "v0:{timestamp}:{body}",
        header: "x-zm-signature",
        value: "v0={sig}",
        timestamp: "x-zm-request-timestamp",
        ..PLAIN
    },
    Known {
        name: "Linear",
        header: "Linear-Signature",
        ..PLAIN
    },
    Known {
        name: "GitLab",
        algorithm: Algorithm::Token,
        signs: "",
        header: "X-Gitlab-Token",
        value: "{secret}",
        ..PLAIN
    },
    Known {
        name: "Twitch",
        signs: "{id}{timestamp}{body}",
        header: "Twitch-Eventsub-Message-Signature",
        value: "sha256={sig}",
        timestamp: "Twitch-Eventsub-Message-Timestamp",
        id: "Twitch-Eventsub-Message-Id",
        ..PLAIN
    },
    Known {
        name: "Vercel",
        algorithm: Algorithm::HmacSha1,
        header: "x-vercel-signature",
        ..PLAIN
    },
    Known {
        name: "WooCommerce",
        encoding: Encoding::Base64,
        header: "X-WC-Webhook-Signature",
        ..PLAIN
    },
    Known {
        name: "HubSpot",
        signs: "{method}{url}{body}{timestamp}",
        encoding: Encoding::Base64,
        header: "X-HubSpot-Signature-v3",
        timestamp: "X-HubSpot-Request-Timestamp",
        ..PLAIN
    },
    Known {
        name: "ElevenLabs",
        signs: "{timestamp}.{body}",
        header: "ElevenLabs-Signature",
        value: "t={timestamp},v0={sig}",
        separator: Some(","),
        ..PLAIN
    },
    Known {
        name: "Webflow",
        signs: "{timestamp}:{body}",
        header: "x-webflow-signature",
        timestamp: "x-webflow-timestamp",
        ..PLAIN
    },
    Known {
        name: "TikTok",
        signs: "{timestamp}.{body}",
        header: "TikTok-Signature",
        value: "t={timestamp},s={sig}",
        separator: Some(","),
        ..PLAIN
    },
];

impl Known {
    /// The scheme; `None` where the row is none, which a test rules out.
    fn scheme(&self) -> Option<Scheme> {
        const FIELDS: [&str; 5] = ["body", "timestamp", "id", "url", "method"];
        let header = |name: &str| (!name.is_empty()).then(|| Source::Header(name.to_owned()));
        let timestamp = header(self.timestamp).or_else(|| {
            let is_inside = self.value.contains("{timestamp}");
            is_inside.then_some(Source::Signature)
        });
        let decode = if self.strip.is_empty() {
            KeyDecoding::Utf8
        } else {
            KeyDecoding::Base64
        };
        Some(Scheme {
            algorithm: self.algorithm,
            key: KeyRule {
                strip: (!self.strip.is_empty()).then(|| self.strip.to_owned()),
                decode,
                required: true,
            },
            signs: Template::parse(self.signs, &FIELDS).ok()?,
            encoding: self.encoding,
            header: self.header.to_owned(),
            aliases: Vec::new(),
            value: ValueForm::parse(self.value, self.separator).ok()?,
            refuses_query: false,
            timestamp: timestamp.map(|from| TimestampRule {
                from,
                form: TimestampForm::Unix,
                tolerance: Tolerance::default(),
            }),
            id: header(self.id),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::KNOWN;

    #[test]
    fn each_well_known_scheme_is_one() {
        for known in &KNOWN {
            assert!(known.scheme().is_some(), "{}", known.name);
        }
    }
}
