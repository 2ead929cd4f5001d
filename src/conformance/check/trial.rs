//! Deliveries that a receiver may take in the place of a right one, and what it says if it does.

use std::iter;

use bytes::Bytes;

use crate::message::Message;
use crate::provider::{BUILTIN_IDS, Provider, builtin};
use crate::signature::explain::{Cause, Kind, body_forms};
use crate::signature::{Algorithm, Encoding, Key, Scheme, Template, ValueForm};

use super::receiver::Receiver;
use super::workshop::{Parcel, Workshop};

/// The most forms of a body that are tried: with those of the secret, the spellings and the platforms
/// they come to what a receiver may be asked.
const BODIES: usize = 28;

/// The most forms of a secret that are tried.
const SECRETS: usize = 14;

/// A delivery that is not as the platform makes it.
pub(super) struct Trial {
    /// The request, signed just now.
    pub(super) message: Message,
    /// What the receiver does if it takes this, with what to change: a sentence.
    pub(super) words: String,
}

/// Every trial, most likely first, each made when it is asked for; none for a receiver that has no
/// secret.
pub(super) fn trials(receiver: &Receiver) -> impl Iterator<Item = Trial> + '_ {
    let key = receiver.key.iter();
    key.flat_map(|key| {
        iter::once_with(|| unsigned(receiver))
            .chain(bodies(receiver, None))
            .chain(secrets(receiver, key))
            .chain(spellings(receiver))
            .chain(upper_case(receiver))
            .chain(platforms(receiver, key))
    })
}

/// Without a signature.
fn unsigned(receiver: &Receiver) -> Trial {
    let workshop = Workshop::new(receiver, false);
    let parcel = Parcel {
        key: None,
        ..workshop.usual()
    };
    let header = &receiver.provider.signing_scheme().header;
    Trial {
        message: workshop.message(&parcel),
        words: format!(
            "It takes a delivery without a signature, and refuses one with `{header}`: look at what \
             it does when the header is there."
        ),
    }
}

/// With the signature of another form of the body than the one that goes out: of an ordinary
/// delivery's, or of the body that is given.
pub(super) fn bodies<'r>(
    receiver: &'r Receiver,
    body: Option<&'r Bytes>,
) -> impl Iterator<Item = Trial> + 'r {
    let workshop = Workshop::new(receiver, false);
    (0..BODIES).map_while(move |nth| {
        let usual = workshop.usual();
        let parcel = Parcel {
            body: body.unwrap_or(&usual.body).clone(),
            ..usual
        };
        let mut forms = body_forms(&parcel.body).filter(|(cause, _)| is_rewriting(cause));
        let (cause, form) = forms.nth(nth)?;
        let signed = form.into_owned().into();
        drop(forms);
        let message = Message {
            headers: workshop.composed(&parcel, &signed).headers,
            ..workshop.message(&parcel)
        };
        let fix = if cause.id.starts_with("body-json-") {
            &cause.fix
        } else {
            "It changes the body before it verifies: verify the raw bytes, as they came."
        };
        let words = format!("{}. {fix}", matching(&cause));
        Some(Trial { message, words })
    })
}

/// Whether it is what a program makes of a body that it has received, and not what went wrong on the
/// way: nothing stands between a check and the receiver that the platform would not meet too.
fn is_rewriting(cause: &Cause) -> bool {
    const REWRITTEN: [&str; 8] = [
        "body-json-",
        "body-newline-",
        "body-crlf-",
        "body-lf-",
        "body-end-",
        "body-trimmed",
        "body-bom-",
        "body-empty",
    ];
    let is_quoted = cause.id.contains("quoted");
    !is_quoted && REWRITTEN.iter().any(|begin| cause.id.starts_with(begin))
}

/// With the signature of a secret that has been changed on its way.
fn secrets<'r>(receiver: &'r Receiver, key: &'r Key) -> impl Iterator<Item = Trial> + 'r {
    let forms = key.forms(receiver.provider.signing_scheme()).take(SECRETS);
    forms.map(|(cause, key)| {
        let workshop = Workshop::new(receiver, false);
        let parcel = Parcel {
            key: Some(key),
            ..workshop.usual()
        };
        Trial {
            message: workshop.message(&parcel),
            words: format!(
                "{}: the secret that it has is not the one that was given here. {}",
                matching(&cause),
                cause.fix
            ),
        }
    })
}

/// What a receiver does that takes what has this cause.
fn matching(cause: &Cause) -> String {
    match cause.kind {
        Kind::Condition => format!("It takes a signature that matches if {}", cause.words),
        Kind::Statement => format!("It takes a signature that {}", cause.words),
    }
}

/// With a signature that is made or written otherwise.
fn spellings(receiver: &Receiver) -> impl Iterator<Item = Trial> + '_ {
    let others = variants(receiver.provider.signing_scheme()).into_iter();
    others.filter_map(|(scheme, what)| {
        let also = so_does(&scheme);
        let mut other = receiver.clone();
        let key = other.key.take()?;
        other.key = Some(key.under(&scheme).ok()?);
        other.provider.schemes[0] = scheme;
        let workshop = Workshop::new(&other, false);
        Some(Trial {
            message: workshop.message(&workshop.usual()),
            words: format!("It takes a signature {what}.{also}"),
        })
    })
}

/// Which other platform signs so, if one does: a sentence after another.
fn so_does(scheme: &Scheme) -> String {
    let others = BUILTIN_IDS.iter().filter_map(|id| builtin(id));
    let mut others = others.filter(|other| {
        let theirs = other.signing_scheme();
        let how = |scheme: &Scheme| (scheme.algorithm, scheme.encoding, scheme.header.clone());
        how(theirs) == how(scheme) && theirs.signs == scheme.signs && theirs.value == scheme.value
    });
    others.next().map_or_else(String::new, |other| {
        format!(" So signs {}: is it meant for -P {}?", other.name, other.id)
    })
}

/// A scheme with one thing changed, and what that is.
fn variants(scheme: &Scheme) -> Vec<(Scheme, String)> {
    if scheme.algorithm == Algorithm::Token {
        return Vec::new();
    }
    let mut variants = Vec::new();
    let encoding = match scheme.encoding {
        Encoding::Hex => Encoding::Base64,
        Encoding::Base64 => Encoding::Hex,
    };
    let encoded = Scheme {
        encoding,
        ..scheme.clone()
    };
    let words = format!(
        "in {}, where the platform writes {}",
        encoding.name(),
        scheme.encoding.name()
    );
    variants.push((encoded, words));
    for value in ["{sig}", "sha256={sig}", "v1={sig}"] {
        let Ok(value) = ValueForm::parse(value, None) else {
            continue;
        };
        if value != scheme.value {
            let words = format!(
                "that is written as `{value}`, where the platform writes `{}`",
                scheme.value
            );
            let scheme = Scheme {
                value,
                ..scheme.clone()
            };
            variants.push((scheme, words));
        }
    }
    let fields = ["body", "timestamp"];
    for text in [
        "{body}",
        "{timestamp}.{body}",
        "{timestamp}{body}",
        "{timestamp}:{body}",
    ] {
        let Ok(signs) = Template::parse(text, &fields) else {
            continue;
        };
        let can_be = text == "{body}" || scheme.timestamp.is_some();
        if can_be && signs != scheme.signs {
            let words = format!("over `{text}`, where the platform signs `{}`", scheme.signs);
            let scheme = Scheme {
                signs,
                ..scheme.clone()
            };
            variants.push((scheme, words));
        }
    }
    let algorithms = Algorithm::ALL.into_iter();
    for algorithm in algorithms.filter(|algorithm| *algorithm != Algorithm::Token) {
        if algorithm != scheme.algorithm {
            let words = format!(
                "by {algorithm}, where the platform signs by {}",
                scheme.algorithm
            );
            let scheme = Scheme {
                algorithm,
                ..scheme.clone()
            };
            variants.push((scheme, words));
        }
    }
    variants
}

/// With the digits of the signature in upper case.
fn upper_case(receiver: &Receiver) -> Option<Trial> {
    let scheme = receiver.provider.signing_scheme();
    let is_hex = scheme.algorithm != Algorithm::Token && scheme.encoding == Encoding::Hex;
    let workshop = Workshop::new(receiver, false);
    let mut message = workshop.message(&workshop.usual());
    let value = message.headers.first(&scheme.header)?.to_vec();
    let signature = *scheme.value.texts(&value).first().filter(|_| is_hex)?;
    let at = value
        .windows(signature.len())
        .position(|part| part == signature)?;
    let mut upper = value.clone();
    upper[at..at + signature.len()].make_ascii_uppercase();
    message.headers.set(&scheme.header, upper);
    Some(Trial {
        message,
        words: "It takes a signature in upper-case digits; the platform writes lower-case ones."
            .to_owned(),
    })
}

/// As the other platforms send. Those that send the secret itself are left out: whoever is at the
/// URL may not have it.
fn platforms<'r>(receiver: &'r Receiver, key: &'r Key) -> impl Iterator<Item = Trial> + 'r {
    let others = BUILTIN_IDS.iter().filter_map(|id| builtin(id));
    let others = others.filter(|other| {
        other.id != receiver.provider.id && other.signing_scheme().algorithm != Algorithm::Token
    });
    others.filter_map(|provider| {
        let words = meant_for(&provider);
        let key = Some(key.under(provider.signing_scheme()).ok()?);
        let other = Receiver {
            provider,
            key,
            ..receiver.clone()
        };
        let workshop = Workshop::new(&other, false);
        Some(Trial {
            message: workshop.message(&workshop.usual()),
            words,
        })
    })
}

fn meant_for(provider: &Provider) -> String {
    format!(
        "It takes what {} sends: is it meant for -P {}?",
        provider.name, provider.id
    )
}
