//! A received delivery on the screen.

use std::fmt::Write as _;
use std::io;

use crate::capture::Delivery;
use crate::report::{CommandEnd, Diagnosis, Expectation, answered, preview};
use crate::signature::Verdict;
use crate::term::{Paint, Painted, Safe, bytes, duration, wrapped};

use super::{Human, forwarded};

/// The most of a body that is shown.
const SHOWN: usize = 16 * 1024;

/// Where the body's lines begin, under the text of the first line.
const INDENT: &str = "              ";

/// The column in which the reason stands.
const VERDICT_WIDTH: usize = 11;

/// Writes one delivery: a line with the verdict first, why it is so, what else is worth saying, the
/// body, and the line of the answer.
pub(super) fn write(
    human: &mut Human,
    delivery: &Delivery,
    diagnosis: Option<&Diagnosis>,
) -> io::Result<()> {
    let paint = human.streams.paint_out();
    let mut text = first_line(human, delivery, paint);
    let width = human.streams.wrap();
    let room = width.map(|width| width.saturating_sub(INDENT.len()));
    for line in reason(delivery)
        .iter()
        .flat_map(|reason| wrapped(reason, room))
    {
        let _ = writeln!(text, "{INDENT}{}", paint.dim(line));
    }
    for line in diagnosis
        .into_iter()
        .flat_map(|one| one.lines(paint, human.quiet, room))
    {
        let _ = writeln!(text, "{INDENT}{line}");
    }
    for warning in delivery.warnings() {
        let _ = writeln!(text, "{INDENT}{} {warning}", paint.warn("warning:"));
    }
    for remark in remarks(delivery) {
        let _ = writeln!(text, "{INDENT}{}", paint.dim(remark));
    }
    if !delivery.paths.is_empty() {
        let paths = Safe::line(delivery.paths.join(", "));
        let _ = writeln!(
            text,
            "{INDENT}{} the routes are {paths}",
            paint.name("hint:")
        );
    }
    if human.verbose {
        headers(&mut text, human, delivery, paint);
    }
    if !human.quiet {
        for line in preview(&delivery.exchange.request.body, SHOWN) {
            let _ = writeln!(text, "{INDENT}{line}");
        }
    }
    let status = answer_status(delivery, paint);
    let took = duration(delivery.latency);
    let at = human.time(delivery.attempt.at);
    let _ = writeln!(
        text,
        "{}  --> {status} {took}  [{}]{}",
        paint.dim(at),
        number(delivery),
        made_by(delivery, paint)
    );
    if !human.quiet {
        for line in forwarded::answer(delivery) {
            let _ = writeln!(text, "{INDENT}{line}");
        }
    }
    human.streams.out().write_all(text.as_bytes())?;
    forwarded::write_hint(human, delivery)
}

/// Writes what became of what was expected; what does not hold last, where it is read.
pub(super) fn expected(
    human: &mut Human,
    expectations: &[Expectation],
    command: Option<&CommandEnd>,
) -> io::Result<()> {
    let paint = human.streams.paint_err();
    let headers = human.token_headers.clone();
    let token_headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let told = expectations
        .iter()
        .map(|one| (one.met, one.verdict(), one.instead(&token_headers)));
    let command = command.map(|end| (end.is_met(), end.verdict(), Vec::new()));
    let (met, unmet): (Vec<_>, Vec<_>) = told.chain(command).partition(|(met, ..)| *met);
    let mut text = String::new();
    for (_, verdict, _) in met {
        let _ = writeln!(text, "{} {verdict}", paint.good("met:"));
    }
    for (_, verdict, instead) in unmet {
        let _ = writeln!(text, "{} {verdict}", paint.bad("error:"));
        for line in instead {
            let _ = writeln!(text, "  {line}");
        }
    }
    human.streams.err().write_all(text.as_bytes())
}

fn first_line(human: &Human, delivery: &Delivery, paint: Paint) -> String {
    let at = human.time(delivery.attempt.at);
    let verdict = verdict_word(delivery, paint);
    let event = delivery
        .attempt
        .event
        .as_deref()
        .map_or_else(|| "(no event)".to_owned(), |e| Safe::line(e).truncated(60));
    let mut line = format!(
        "{}  <-- {verdict:<VERDICT_WIDTH$} {:<2$} ",
        paint.dim(at),
        Safe::line(&delivery.attempt.provider).to_string(),
        human.provider_width
    );
    let _ = write!(line, "{}  [{}]", paint.name(event), number(delivery));
    if let Some(attempt) = delivery.attempt.number {
        let _ = write!(line, "  attempt {attempt}/{}", delivery.attempt.of);
    }
    let size = match delivery.refused {
        Some(_) => "no body".to_owned(),
        None => bytes(delivery.exchange.request.body.len() as u64),
    };
    let method = Safe::line(&delivery.exchange.request.method).truncated(16);
    let _ = writeln!(
        line,
        "  {size}  {method} {}",
        Safe::line(&delivery.shown_target).truncated(120)
    );
    line
}

/// The delivery's name on screen, without the brackets.
fn number(delivery: &Delivery) -> String {
    delivery
        .number
        .map_or_else(|| "not recorded".to_owned(), |number| format!("#{number}"))
}

/// The verdict as one word with a mark, so that it is told without colour too.
fn verdict_word(delivery: &Delivery, paint: Paint) -> Painted<String> {
    match &delivery.verdict {
        Some(verdict @ Verdict::Valid(_)) => paint.good(format!("✓ {}", verdict.kind())),
        Some(verdict @ Verdict::Unchecked(_)) => paint.warn(format!("? {}", verdict.kind())),
        Some(verdict) => paint.bad(format!("✗ {}", verdict.kind())),
        None => paint.bad("✗ refused".to_owned()),
    }
}

/// Why it is not accepted. What is to be known of a valid one is a warning, and of one that is not
/// checked nothing.
fn reason(delivery: &Delivery) -> Option<String> {
    let verdict = delivery.verdict.as_ref();
    let verdict = verdict.filter(|verdict| verdict.is_failure());
    verdict.and_then(Verdict::reason)
}

/// What else is worth a line of its own.
fn remarks(delivery: &Delivery) -> Vec<String> {
    let mut remarks = Vec::new();
    remarks.extend(delivery.refusal());
    if let Some(id) = &delivery.attempt.webhook_id {
        remarks.push(format!("id {}", Safe::line(id).truncated(100)));
    }
    if let Some(secret) = delivery.secret {
        remarks.push(format!("signed with secret {secret} of those given"));
    }
    if let Some(first) = delivery.duplicate_of {
        remarks.push(match delivery.number {
            Some(number) if number == first => "duplicate: accepted before".to_owned(),
            _ => format!("duplicate of #{first}"),
        });
    }
    if !delivery.exchange.exact {
        remarks.push("headers: normalised".to_owned());
    }
    remarks
}

fn headers(text: &mut String, human: &Human, delivery: &Delivery, paint: Paint) {
    for (name, value) in delivery.exchange.request.headers.iter() {
        let shown = human.header_value(name, value);
        let _ = writeln!(
            text,
            "{INDENT}{} {shown}",
            paint.dim(format!("{}:", Safe::line(name)))
        );
    }
}

/// The status that went out, or what did in its place.
fn answer_status(delivery: &Delivery, paint: Paint) -> Painted<String> {
    match (delivery.status, &delivery.attempt.fault) {
        (Some(status @ 200..=299), _) => paint.good(status.to_string()),
        (Some(status), _) => paint.bad(status.to_string()),
        (None, Some(fault)) => paint.bad(Safe::line(&fault.kind).to_string()),
        (None, None) => paint.bad("no answer".to_owned()),
    }
}

/// What made the answer, where it was not the verdict.
fn made_by(delivery: &Delivery, paint: Paint) -> String {
    let told = if delivery.is_unforwarded {
        Some("not forwarded: no target takes this event".to_owned())
    } else {
        delivery.answered().map(answered)
    };
    told.map_or_else(String::new, |told| format!("   {}", paint.dim(told)))
}
