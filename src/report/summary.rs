//! What a run came to, in words.

use std::fmt::Write as _;
use std::time::Duration;

use crate::delivery::{Ended, Tally, Times};
use crate::term::{count, duration, latency};

use super::{Detail, Prospect};

#[cfg(test)]
mod tests;

/// The attempts that make a histogram worth its lines.
const FEWEST: u64 = 20;

/// The most lines of a histogram.
const MOST_ROWS: usize = 10;

/// The longest bar of a histogram, in columns.
const LONGEST_BAR: usize = 40;

/// The columns beside a bar.
const BESIDE: usize = 22;

/// The lines that end a run; none where there was one attempt and nothing is left to say of it.
pub(super) fn lines(
    ended: &Ended,
    prospect: &Prospect,
    elapsed: Option<Duration>,
    width: Option<usize>,
) -> Vec<String> {
    let tally = &ended.tally;
    let all = tally.attempts + tally.unknown;
    let is_plain = all <= 1 && prospect.deliveries.is_none_or(|deliveries| deliveries <= 1);
    if is_plain && ended.unfinished == 0 && prospect.detail == Detail::Each {
        return Vec::new();
    }
    let mut lines = vec![deliveries(ended, prospect)];
    lines.extend(attempts(
        tally,
        elapsed.filter(|_| prospect.detail == Detail::Summary),
    ));
    lines.extend(answers(tally));
    let times = [
        ("response times", Some(&tally.latency)),
        ("from the time it was due", tally.from_intended.as_ref()),
    ];
    for (name, times) in times {
        let Some(times) = times else { continue };
        lines.extend(percentiles(times).map(|text| format!("{name}: {text}")));
        lines.extend(histogram(times, width));
    }
    lines
}

/// `3 deliveries: 2 delivered, 1 failed`.
fn deliveries(ended: &Ended, prospect: &Prospect) -> String {
    let tally = &ended.tally;
    let unfinished = ended.unfinished as u64;
    let seen = tally.delivered + tally.failed + tally.stopped + unfinished;
    let of = match prospect
        .deliveries
        .filter(|&all| all > seen + tally.elsewhere)
    {
        Some(all) => format!(
            "{} of {}",
            count(seen),
            number(all, "delivery", "deliveries")
        ),
        None => number(seen, "delivery", "deliveries"),
    };
    let parts = [
        (tally.delivered, "delivered"),
        (tally.failed, "failed"),
        (tally.stopped, "stopped by the receiver"),
        (unfinished.saturating_sub(tally.held), "unfinished"),
        (tally.held, "held back from a disabled endpoint"),
        (tally.elsewhere, "left to another wh"),
    ];
    let parts = some_of(&parts);
    let interrupted = if ended.interrupted {
        "interrupted: "
    } else {
        ""
    };
    if parts.is_empty() {
        return format!("{interrupted}{of}");
    }
    format!("{interrupted}{of}: {parts}")
}

/// `9 attempts, 6 of them retries`; with the time that they took, how many there were in a second.
fn attempts(tally: &Tally, elapsed: Option<Duration>) -> Option<String> {
    let mut text = number(tally.attempts, "attempt", "attempts");
    if let Some(elapsed) = elapsed {
        let rate = u128::from(tally.attempts) * 1_000_000;
        let rate = rate.checked_div(elapsed.as_micros()).unwrap_or_default();
        let rate = u64::try_from(rate).unwrap_or(u64::MAX);
        let _ = write!(text, " in {}, {} a second", duration(elapsed), count(rate));
    }
    if tally.retried > 0 {
        let _ = write!(text, ", {} retried", count(tally.retried));
    }
    if tally.unknown > 0 {
        let _ = write!(
            text,
            ", {} more with an unknown outcome",
            count(tally.unknown)
        );
    }
    let says_something = tally.retried > 0 || tally.unknown > 0 || elapsed.is_some();
    says_something.then_some(text)
}

/// `200 ×512, 500 ×3, refused ×2`.
fn answers(tally: &Tally) -> Option<String> {
    let statuses = tally.statuses.iter();
    let statuses = statuses.map(|(status, times)| format!("{status} ×{}", count(*times)));
    let failures = tally.failures.iter();
    let failures = failures.map(|(kind, times)| format!("{} ×{}", kind.name(), count(*times)));
    let all: Vec<_> = statuses.chain(failures).collect();
    (!all.is_empty()).then(|| format!("answers: {}", all.join(", ")))
}

fn percentiles(times: &Times) -> Option<String> {
    let at = |percent| times.percentile(percent).map(latency);
    let (p50, p95, p99, most) = (at(50.0)?, at(95.0)?, at(99.0)?, at(100.0)?);
    Some(format!("p50 {p50}, p95 {p95}, p99 {p99}, max {most}"))
}

/// How many there are of each length, a line for each step of 1, 2, 5 and 10; of 1 and 10 where those
/// are too many. None where there are too few times to be spread.
fn histogram(times: &Times, width: Option<usize>) -> Vec<String> {
    let (all, least, most) = times.extent();
    if all < FEWEST {
        return Vec::new();
    }
    let fine = steps(&[1, 2, 5], least, most);
    let steps = if fine.len() > MOST_ROWS {
        steps(&[1], least, most)
    } else {
        fine
    };
    let rows: Vec<_> = steps
        .iter()
        .map(|&(from, to)| (to, times.between(from, to)))
        .collect();
    let highest = rows.iter().map(|row| row.1).max().unwrap_or_default();
    let longest = width.unwrap_or(LONGEST_BAR + BESIDE).saturating_sub(BESIDE);
    let longest = longest.min(LONGEST_BAR) as u64;
    rows.into_iter()
        .map(|(to, times)| {
            let length = (times * longest).div_ceil(highest.max(1));
            let bar = "█".repeat(usize::try_from(length).unwrap_or_default());
            let space = if bar.is_empty() { "" } else { " " };
            format!("  ≤ {:>6}  {bar}{space}{}", latency(to), count(times))
        })
        .collect()
}

/// The lengths of 100 µs and more that lie between the least and the most, each with the one before.
fn steps(of_ten: &[u64], least: Duration, most: Duration) -> Vec<(Duration, Duration)> {
    let powers = (2..).map_while(|power| 10_u64.checked_pow(power));
    let all = powers.flat_map(|power| of_ten.iter().map_while(move |nth| power.checked_mul(*nth)));
    let mut from = Duration::ZERO;
    let mut steps = Vec::new();
    for to in all.map(Duration::from_micros) {
        if to >= least {
            steps.push((from, to));
        }
        if to >= most {
            break;
        }
        from = to;
    }
    steps
}

/// Those of the numbers that are not 0, each with its word.
fn some_of(parts: &[(u64, &str)]) -> String {
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<_> = parts
        .map(|(number, what)| format!("{} {what}", count(*number)))
        .collect();
    parts.join(", ")
}

fn number(number: u64, one: &str, more: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{} {more}", count(number)),
    }
}
