//! Request and answer of one attempt.

use crate::message::{Headers, Message};
use crate::report::{Look, Redaction, answered, hex_dump, preview};
use crate::store::{Attempt, Recorded};
use crate::term::{Paint, Safe, bytes, duration};

/// The longest body that is shown whole, in bytes.
const SHOWN: usize = 256 * 1024;

/// The request: who sent it, its first line, its header lines, its body.
pub(super) fn request(recorded: &Recorded, bodies: bool, look: Look<'_>) -> Vec<String> {
    let exchange = &recorded.exchange;
    let Message {
        method,
        target,
        headers,
        body,
    } = &exchange.request;
    let peer = exchange.peer.map(|peer| format!("from {peer}"));
    let normalised = (!exchange.exact).then(|| "headers: normalised".to_owned());
    let at = look.moment(recorded.attempt.at);
    let remarks: Vec<String> = [Some(at), peer, normalised].into_iter().flatten().collect();
    let mut lines = vec![title("request", &remarks.join(", "), look.paint)];
    let target = look.redaction.target(target);
    let first = format!("{method} {target} {}", exchange.http);
    lines.push(format!("  {}", Safe::line(first)));
    lines.extend(header_lines(headers, look.redaction, look.paint));
    lines.extend(body_lines(body, bodies, look));
    lines
}

/// The answer, or why there is none to show.
pub(super) fn answer(recorded: &Recorded, bodies: bool, look: Look<'_>) -> Vec<String> {
    let attempt = &recorded.attempt;
    let by = attempt.answered.as_ref().map(answered);
    let by = by.map(|by| format!("  {}", look.paint.dim(by)));
    let Some(response) = &recorded.exchange.response else {
        let title = title("answer", &unkept(attempt), look.paint);
        return std::iter::once(title).chain(by).collect();
    };
    let mut lines = vec![title("answer", &summary(attempt), look.paint)];
    lines.extend(by);
    lines.extend(header_lines(&response.headers, look.redaction, look.paint));
    lines.extend(body_lines(&response.body, bodies, look));
    if response.truncated {
        let kept = bytes(response.body.len() as u64);
        let remark = format!("(truncated: the answer is longer; its first {kept} are kept)");
        lines.push(format!("  {}", look.paint.dim(remark)));
    }
    lines
}

/// What is known of an answer whose bytes are not kept, or of why there was none.
pub(crate) fn unkept(attempt: &Attempt) -> String {
    match (attempt.status, &attempt.fault) {
        (Some(_), Some(fault)) => format!("{}, {}", summary(attempt), fault.message),
        (Some(_), None) => format!("{}, no more of it is kept", summary(attempt)),
        (None, Some(fault)) => {
            let took = duration(attempt.took);
            format!("none after {took}: {}", fault.message)
        }
        (None, None) => "none".to_owned(),
    }
}

fn summary(attempt: &Attempt) -> String {
    let status = attempt.status.map(|status| status.to_string());
    let took = duration(attempt.took);
    format!("{} in {took}", status.unwrap_or_default())
}

fn title(name: &str, remark: &str, paint: Paint) -> String {
    let line = format!("{}  {}", paint.strong(name), Safe::line(remark));
    line.trim_end().to_owned()
}

/// Header lines without credentials, two blanks before each.
pub(in crate::report) fn header_lines(
    headers: &Headers,
    redaction: &Redaction,
    paint: Paint,
) -> Vec<String> {
    let line = |(name, value): (&str, &[u8])| {
        let value = Safe::line(redaction.value(name, value));
        let name = format!("{}:", Safe::line(name));
        format!("  {} {value}", paint.dim(name))
            .trim_end()
            .to_owned()
    };
    headers.iter().map(line).collect()
}

fn body_lines(body: &[u8], bodies: bool, look: Look<'_>) -> Vec<String> {
    if body.is_empty() {
        return Vec::new();
    }
    if !bodies {
        let remark = format!("(a body of {})", bytes(body.len() as u64));
        return vec![format!("  {}", look.paint.dim(remark))];
    }
    let lines = match std::str::from_utf8(body) {
        Ok(_) => preview(body, SHOWN),
        Err(_) => hex_dump(body),
    };
    let indented = lines
        .iter()
        .map(|line| format!("  {line}").trim_end().to_owned());
    std::iter::once(String::new()).chain(indented).collect()
}
