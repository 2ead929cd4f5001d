//! What differs from run to run, made equal.

use serde_json::Value;

/// Output for people with each time of day as `TIME` and each length of time as `TOOK`.
///
/// The time begins a line or stands behind `due`; the length stands before the number of a delivery,
/// with which the line ends or what follows begins.
pub(crate) fn masked(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    text.split_inclusive('\n').map(line).collect()
}

fn line(line: &str) -> String {
    let (text, end) = line
        .strip_suffix('\n')
        .map_or((line, ""), |text| (text, "\n"));
    let text = match text.get(..8).filter(|start| is_clock(start)) {
        Some(_) => format!("TIME{}", &text[8..]),
        None => text.to_owned(),
    };
    let took = text.rsplit_once("  [#").and_then(|(before, number)| {
        let (before, took) = before.rsplit_once(' ')?;
        let is_number = number.ends_with(']') || number.contains("]   ");
        (is_number && is_length(took)).then(|| format!("{before} TOOK  [#{number}"))
    });
    due(&took.unwrap_or(text)) + end
}

/// A line with the time at which something is due, if it names one, as `TIME`.
fn due(line: &str) -> String {
    match line.split_once("due ") {
        Some((before, rest)) if rest.get(..8).is_some_and(is_clock) => {
            format!("{before}due TIME{}", &rest[8..])
        }
        _ => line.to_owned(),
    }
}

fn is_clock(text: &str) -> bool {
    let shape = |byte: u8| if byte.is_ascii_digit() { b'0' } else { byte };
    text.bytes().map(shape).eq(*b"00:00:00")
}

fn is_length(text: &str) -> bool {
    text.starts_with(|c: char| c == '<' || c.is_ascii_digit()) && text.ends_with('s')
}

/// A JSON line with the values at these pointers as `null`.
///
/// Panics where there is nothing at one of them, or a `null` already.
#[track_caller]
pub(crate) fn masked_json(mut line: Value, pointers: &[&str]) -> Value {
    for pointer in pointers {
        let place = line
            .pointer_mut(pointer)
            .unwrap_or_else(|| panic!("there is no {pointer}"));
        assert!(!place.take().is_null(), "nothing is at {pointer}");
    }
    line
}

mod tests {
    use serde_json::json;

    use super::{masked, masked_json};

    #[test]
    fn times_and_lengths_are_made_equal() {
        let output = "14:02:11  <-- 200 POST http://h/ <1ms  [#1]\n\
                      14:02:11  --> a 1s  [#2]  attempt 1/4\nb 14:02:11 2s\n1.2s  [#3] x\n\
                      14:02:11  <-- 500 POST http://h/ 2ms  [#1]   in 10s (due 14:02:21)\n";
        let expected = "TIME  <-- 200 POST http://h/ TOOK  [#1]\n\
                        TIME  --> a 1s  [#2]  attempt 1/4\nb 14:02:11 2s\n1.2s  [#3] x\n\
                        TIME  <-- 500 POST http://h/ TOOK  [#1]   in 10s (due TIME)\n";
        assert_eq!(masked(output.as_bytes()), expected);
    }

    #[test]
    fn values_are_made_equal() {
        let line = json!({"a": 1, "b": {"c": "d", "e": []}});
        let expected = json!({"a": null, "b": {"c": null, "e": []}});
        assert_eq!(masked_json(line, &["/a", "/b/c"]), expected);
    }

    #[test]
    #[should_panic(expected = "nothing is at /a")]
    fn a_value_that_is_missing_is_told() {
        masked_json(json!({"a": null}), &["/a"]);
    }
}
