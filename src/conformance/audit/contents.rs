//! What a single attempt has to be.

use std::time::Duration;

use crate::conformance::Ruling;
use crate::message::{Headers, TimestampForm, quoted};
use crate::provider::{HeaderRule, IdForm, Provider, When};
use crate::signature::{Ambiguity, Field, Invalid, Scheme, Source, Unchecked, Verdict};

use super::delivery::{SeenAttempt, SeenDelivery};
use super::evidence::{ATTEMPTS, Evidence, Judged, place};
use super::record::Record;

/// Each attempt of a record, with its delivery and its number.
fn attempts(record: &Record) -> impl Iterator<Item = (&SeenDelivery, u32, &SeenAttempt)> {
    let deliveries = record.deliveries.iter();
    deliveries.flat_map(|delivery| {
        let numbered = delivery.numbered();
        numbered.map(move |(number, attempt)| (delivery, number, attempt))
    })
}

/// `POST`.
pub(super) fn method(record: &Record, _: Duration) -> Judged {
    let mut evidence = Evidence::new("POST", false);
    for (delivery, number, attempt) in attempts(record) {
        if attempt.method == "POST" {
            evidence.holds();
        } else {
            evidence.fails(&place(delivery, number), &quoted(&attempt.method));
        }
    }
    evidence.judged(ATTEMPTS)
}

/// The platform's content type, whatever parameters it has.
pub(super) fn content_type(record: &Record, _: Duration) -> Judged {
    let provider = &record.terms.provider;
    let assumed = provider.assumes("provider.content_type");
    let essence = |value: &str| {
        let essence = value.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    };
    let mut evidence = Evidence::new(&*provider.content_type, assumed);
    for (delivery, number, attempt) in attempts(record) {
        let place = place(delivery, number);
        match attempt.headers.text("Content-Type") {
            Some(value) if essence(value) == essence(&provider.content_type) => evidence.holds(),
            Some(value) => evidence.fails(&place, &quoted(value)),
            None => evidence.fails(&place, "no `Content-Type`"),
        }
    }
    evidence.judged(ATTEMPTS)
}

/// The signature; how old the timestamp is, and what else is missing, are other rules' affairs.
pub(super) fn signature(record: &Record, _: Duration) -> Judged {
    let provider = &record.terms.provider;
    let scheme = provider.signing_scheme();
    let mut evidence = Evidence::new(expected_signature(scheme), false);
    let mut is_unchecked = false;
    for (delivery, number, attempt) in attempts(record) {
        match &attempt.verdict {
            Verdict::Valid(_) | Verdict::Stale { .. } => evidence.holds(),
            Verdict::Unchecked(Unchecked::NoSecret | Unchecked::Redacted) => is_unchecked = true,
            Verdict::Invalid(
                Invalid::TimestampMissing | Invalid::Timestamp(_) | Invalid::Missing(Field::Id),
            )
            | Verdict::Ambiguous(Ambiguity::Timestamps | Ambiguity::Ids) => {}
            wrong => {
                let is_missing = matches!(wrong, Verdict::Unsigned { .. });
                let assumed = is_missing && provider.assumes("signature.header");
                let mut what = wrong.reason().unwrap_or_else(|| wrong.kind().to_owned());
                if let Some(why) = &attempt.why {
                    what = format!("{what} ({why})");
                }
                evidence.fails_by(&place(delivery, number), &what, assumed);
            }
        }
    }
    match evidence.judged(ATTEMPTS) {
        judged if judged.ruling == Ruling::NotSeen && is_unchecked => {
            Judged::not_seen("no secret was given: --secret-file FILE")
        }
        judged => judged,
    }
}

fn expected_signature(scheme: &Scheme) -> String {
    if scheme.signs.parts().is_empty() {
        format!("{}: {}", scheme.header, scheme.form())
    } else {
        format!(
            "{}: {} over `{}`",
            scheme.header,
            scheme.form(),
            scheme.signs
        )
    }
}

/// The other header lines: each once, and in its form.
pub(super) fn headers(record: &Record, _: Duration) -> Judged {
    let provider = &record.terms.provider;
    let expected = expected_lines(provider);
    if expected.is_empty() {
        return Judged::not_applicable("it has no headers but the signature");
    }
    let mut evidence = Evidence::new(expected.join(", "), false);
    for (delivery, number, attempt) in attempts(record) {
        let mut faults = Vec::new();
        id_line(provider, attempt, &mut faults);
        timestamp_line(provider, attempt, &mut faults);
        for rule in &provider.headers {
            let is_due = rule.when == When::Always || number > 1;
            faults.extend(own_line(provider, rule, attempt).filter(|_| is_due));
        }
        if faults.is_empty() {
            evidence.holds();
        }
        for (what, assumed) in faults {
            evidence.fails_by(&place(delivery, number), &what, assumed);
        }
    }
    evidence.judged(ATTEMPTS)
}

/// What is wrong with a line, and whether no document states it.
type LineFault = (String, bool);

/// The lines that are expected, each with whether it is assumed.
fn expected_lines(provider: &Provider) -> Vec<String> {
    let timestamp = provider.timestamp.as_ref().map(|rule| &rule.from);
    let sources = [
        (provider.id_rule.from.as_ref(), "id.from"),
        (timestamp, "timestamp.from"),
    ];
    let named = sources
        .into_iter()
        .filter_map(|(source, key)| match source? {
            Source::Header(name) => Some((name, key.to_owned())),
            Source::Body(_) | Source::Signature => None,
        });
    let others = provider.headers.iter();
    let others = others.map(|rule| (&rule.name, format!("headers.{}", rule.name)));
    let told = |(name, key): (&String, String)| {
        let assumed = if provider.assumes(&key) {
            " (assumed)"
        } else {
            ""
        };
        format!("{name}{assumed}")
    };
    named.chain(others).map(told).collect()
}

/// The value of a line that stands once, or what is wrong.
fn single<'h>(headers: &'h Headers, name: &'h str) -> Result<&'h [u8], String> {
    let mut values = headers.all(name);
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        (None, _) => Err(format!("no `{name}`")),
        (Some(_), Some(_)) => Err(format!("two `{name}`")),
    }
}

fn id_line(provider: &Provider, attempt: &SeenAttempt, faults: &mut Vec<LineFault>) {
    let Some(Source::Header(name)) = &provider.id_rule.from else {
        return;
    };
    match single(&attempt.headers, name).map(String::from_utf8_lossy) {
        Err(what) => faults.push((what, provider.assumes("id.from"))),
        Ok(id) if has_form(&id, &provider.id_rule.make) => {}
        Ok(id) => {
            let form = match &provider.id_rule.make {
                IdForm::Uuid => "UUID".to_owned(),
                IdForm::Integer => "integer".to_owned(),
                IdForm::Prefix(prefix) => format!("`{prefix}…`"),
            };
            let what = format!("`{name}` is {}, which is no {form}", quoted(&id));
            faults.push((what, provider.assumes("id.make")));
        }
    }
}

fn has_form(id: &str, form: &IdForm) -> bool {
    match form {
        IdForm::Uuid => uuid::Uuid::try_parse(id).is_ok(),
        IdForm::Integer => !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()),
        IdForm::Prefix(prefix) => id.len() > prefix.len() && id.starts_with(prefix.as_str()),
    }
}

fn timestamp_line(provider: &Provider, attempt: &SeenAttempt, faults: &mut Vec<LineFault>) {
    let Some(rule) = &provider.timestamp else {
        return;
    };
    let Source::Header(name) = &rule.from else {
        return;
    };
    let value = match single(&attempt.headers, name) {
        Ok(value) => String::from_utf8_lossy(value),
        Err(what) => return faults.push((what, provider.assumes("timestamp.from"))),
    };
    // Where no document has a form, every form will do.
    let is_free = provider.assumes("timestamp.format");
    let is_read = match rule.form.read(&value) {
        Err(_) if is_free => TimestampForm::read_any(&value).is_ok(),
        read => read.is_ok(),
    };
    if !is_read {
        let what = format!("`{name}` is {}, which is not {}", quoted(&value), rule.form);
        faults.push((what, false));
    }
}

/// What is wrong with one of the platform's other lines.
fn own_line(provider: &Provider, rule: &HeaderRule, attempt: &SeenAttempt) -> Option<LineFault> {
    let assumed = provider.assumes(&format!("headers.{}", rule.name));
    let value = match single(&attempt.headers, &rule.name) {
        Ok(value) => value,
        Err(what) => return Some((what, assumed)),
    };
    // Of all that such a line may hold only the event's name is known beforehand.
    let expected = rule.value.fill(|field| match field {
        Field::Event => attempt.event.clone().map(String::into_bytes),
        _ => None,
    });
    let expected = expected.ok().filter(|expected| expected != value)?;
    let (value, expected) = (
        String::from_utf8_lossy(value),
        String::from_utf8_lossy(&expected),
    );
    let what = format!(
        "`{}` is {}, not {}",
        rule.name,
        quoted(&value),
        quoted(&expected)
    );
    Some((what, assumed))
}
