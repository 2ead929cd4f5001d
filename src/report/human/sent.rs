//! A sent attempt on the screen.

use std::io;

use jiff::tz::TimeZone;

use crate::delivery::{Attempt, Next, Outgoing, Response, Retry};
use crate::report::{DryRun, dump, hint, preview};
use crate::term::{Safe, bytes, clock, duration};

use super::Human;

/// The most of a refusal that is shown.
const SHOWN: usize = 500;

/// Where remarks begin, under the text of the first line.
const INDENT: &str = "              ";

/// Writes what goes out.
pub(super) fn request(human: &mut Human, outgoing: &Outgoing) -> io::Result<()> {
    let paint = human.streams.paint_out();
    let at = paint.dim(human.time(jiff::Timestamp::now()));
    let signing = match outgoing.signing.as_str() {
        "signed" => paint.good("✓ signed".to_owned()),
        other => paint.warn(format!("! {other}")),
    };
    let event = match outgoing.event.as_str() {
        "" => "(no event)".to_owned(),
        name => Safe::line(name).truncated(60),
    };
    let (provider, number) = (Safe::line(&outgoing.provider), bracketed(outgoing));
    let attempt = counted(outgoing);
    let out = human.streams.out();
    writeln!(
        out,
        "{at}  --> {provider} {}{number}  {signing}  {attempt}",
        paint.name(event)
    )
}

/// The delivery's name on screen. It is empty while there is none: the deliveries of a load get their
/// numbers when they are recorded, after they are told of.
pub(super) fn number(outgoing: &Outgoing) -> String {
    let number = outgoing.number;
    number.map_or_else(String::new, |number| format!("#{number}"))
}

/// The delivery's name in brackets, with the space before it.
fn bracketed(outgoing: &Outgoing) -> String {
    match number(outgoing).as_str() {
        "" => String::new(),
        number => format!("  [{number}]"),
    }
}

/// `attempt 2/4`; where the numbers have gone on from an earlier schedule, `attempt 5 (1/4)`.
pub(super) fn counted(outgoing: &Outgoing) -> String {
    let (number, nth, of) = (outgoing.attempt, outgoing.nth, outgoing.of);
    if number == nth {
        format!("attempt {number}/{of}")
    } else if of == 1 {
        format!("attempt {number}")
    } else {
        format!("attempt {number} ({nth}/{of})")
    }
}

/// What follows, where something does: `retry 1/3 in 10s (due 14:02:41)`.
fn following(
    zone: &TimeZone,
    outgoing: &Outgoing,
    attempt: &Attempt,
    next: &Next,
) -> Option<String> {
    let text = match next {
        Next::Retry(_) if attempt.is_unknown() => {
            format!("attempt {} is made again", outgoing.attempt)
        }
        Next::Retry(retry) => retrying(zone, retry),
        Next::Failed if outgoing.nth > 1 && outgoing.nth >= outgoing.of => {
            format!("failed after {} attempts", outgoing.nth)
        }
        Next::Stopped(why) => format!("stopped by the receiver: {why}"),
        Next::Delivered | Next::Failed => return None,
    };
    Some(Safe::line(text).truncated(200))
}

fn retrying(zone: &TimeZone, retry: &Retry) -> String {
    let (nth, of, after) = (retry.nth, retry.of, duration(retry.after));
    let why = match (retry.asked, retry.assumed) {
        (true, _) => ", as Retry-After asks",
        (false, true) => " (assumed)",
        (false, false) => "",
    };
    let faster = match retry.speed {
        1.0 => String::new(),
        speed => format!("at {speed}x {}, ", duration(retry.wait)),
    };
    let due = clock(retry.due, zone);
    format!("retry {nth}/{of} in {after}{why} ({faster}due {due})")
}

/// Writes what came back, what follows, and what a failure usually means.
pub(super) fn answer(
    human: &mut Human,
    outgoing: &Outgoing,
    attempt: &Attempt,
    next: &Next,
) -> io::Result<()> {
    let paint = human.streams.paint_out();
    let at = paint.dim(human.time(jiff::Timestamp::now()));
    let url = Safe::line(&outgoing.url);
    let took = if attempt.is_unknown() {
        String::new()
    } else {
        format!(" {}", duration(attempt.elapsed))
    };
    let result = match &attempt.outcome {
        Ok(response) if outgoing.succeeded(attempt) => paint.good(response.status.to_string()),
        Ok(response) => paint.bad(response.status.to_string()),
        Err(failure) => paint.bad(Safe::line(failure.to_string()).truncated(200)),
    };
    let number = bracketed(outgoing);
    let next = following(&human.zone, outgoing, attempt, next)
        .map_or_else(String::new, |next| format!("   {next}"));
    writeln!(
        human.streams.out(),
        "{at}  <-- {result} POST {url}{took}{number}{next}"
    )?;
    let response = attempt
        .outcome
        .as_ref()
        .ok()
        .filter(|_| human.verbose || !human.quiet && !outgoing.succeeded(attempt));
    if let Some(response) = response {
        body(human, response)?;
    }
    match hint(outgoing, attempt).filter(|_| !human.quiet) {
        Some(hint) if human.run.hints(&hint) => {
            writeln!(human.streams.err(), "hint: {}", Safe::line(hint))
        }
        _ => Ok(()),
    }
}

fn body(human: &mut Human, response: &Response) -> io::Result<()> {
    let lines: Vec<_> = response.headers.iter().filter(|_| human.verbose).collect();
    for (name, value) in lines {
        let value = human.header_value(name, value);
        writeln!(human.streams.out(), "{INDENT}{}: {value}", Safe::line(name))?;
    }
    for line in preview(&response.body, SHOWN) {
        writeln!(human.streams.out(), "{INDENT}{line}")?;
    }
    if response.truncated {
        let kept = bytes(response.body.len() as u64);
        let remark = format!("(the answer is longer; its first {kept} are kept)");
        writeln!(human.streams.out(), "{INDENT}{remark}")?;
    }
    Ok(())
}

/// Writes a request as it would stand on the wire, what was signed in it, and a curl line.
pub(super) fn dry_run(human: &mut Human, dry_run: &DryRun<'_>) -> io::Result<()> {
    let paint = human.streams.paint_out();
    let mut lines = vec![Safe::line(&dry_run.request_line).to_string()];
    for (name, value) in dry_run.message.headers.iter() {
        let shown = human.header_value(name, value);
        lines.push(format!(
            "{} {shown}",
            paint.dim(format!("{}:", Safe::line(name)))
        ));
    }
    let body = &dry_run.message.body;
    let text =
        std::str::from_utf8(body).map_or_else(|_| dump(body), |text| Safe::block(text).to_string());
    lines.extend([String::new(), text]);
    if let Some(signed) = dry_run.signed {
        let title = format!("signed bytes ({}), on one line:", signed.len());
        lines.extend([
            String::new(),
            paint.dim(title).to_string(),
            Safe::line(signed).to_string(),
        ]);
    }
    lines.extend([
        String::new(),
        paint.dim("the same by curl:").to_string(),
        dry_run.curl.clone(),
    ]);
    writeln!(human.streams.out(), "{}", lines.join("\n"))
}

#[cfg(test)]
mod tests;
