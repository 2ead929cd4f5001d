//! Two bodies beside each other.

use crate::message::json;
use crate::term::{Safe, bytes};

use super::lines::{Line, Mark, Place, around};
use super::values::{Change, Changes, changes, is_json};

/// The longest body whose lines are compared, in bytes.
const LAID_OUT: usize = 1024 * 1024;

/// The lines that are shown.
const SHOWN: usize = 1_000;

/// The columns that a path or a value may take.
const WIDEST: usize = 80;

/// What differs between two bodies: their sizes and ends, the values by their paths, the lines.
pub(super) fn body(old: &[u8], new: &[u8]) -> Vec<Line> {
    if old == new {
        return vec![Line::remark(format!("body: equal ({})", size(old)))];
    }
    let title = format!("body: {} -> {}", size(old), size(new));
    let (Ok(old), Ok(new)) = (std::str::from_utf8(old), std::str::from_utf8(new)) else {
        let first = first_difference(old, new);
        return vec![Line::remark(format!("{title}, not text; {first}"))];
    };
    let mut lines = vec![Line::remark(title)];
    lines.extend(ends(old, new));
    let changes = changes(old, new);
    match &changes {
        Some(changes) => lines.extend(values(changes)),
        None if is_json(old) => lines.push(Line::remark("  only the old one is JSON")),
        None if is_json(new) => lines.push(Line::remark("  only the new one is JSON")),
        None => {}
    }
    if old.len().max(new.len()) > LAID_OUT {
        let first = first_difference(old.as_bytes(), new.as_bytes());
        lines.push(Line::remark(format!(
            "  too long to be shown by lines; {first}"
        )));
    } else if changes.is_some() {
        lines.extend(laid_out(old, new));
    } else {
        lines.extend(by_lines(old, new));
    }
    lines
}

fn size(body: &[u8]) -> String {
    bytes(body.len() as u64)
}

/// Where the first byte stands that is another.
fn first_difference(old: &[u8], new: &[u8]) -> String {
    let pairs = old.iter().zip(new);
    let at = pairs.take_while(|(old, new)| old == new).count();
    format!("first difference at offset {at}")
}

/// What is said of the values of two JSON texts.
fn values(changes: &Changes<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = changes.told.iter().map(value).collect();
    if lines.is_empty() {
        lines.push(Line::remark("  no value differs"));
    }
    if changes.more > 0 {
        lines.push(Line::remark(format!("  … {} more values", changes.more)));
    }
    lines
}

/// What is said of a value that differs.
fn value(change: &Change<'_>) -> Line {
    let shown = |value: Option<&str>| match value {
        Some(value) => Safe::line(value).truncated(WIDEST),
        None => "(none)".to_owned(),
    };
    let path = match change.path.as_str() {
        "" => "(the whole)".to_owned(),
        path => Safe::line(path).truncated(WIDEST),
    };
    let (old, new) = (shown(change.old), shown(change.new));
    Line::remark(format!("  {path}: {old} -> {new}"))
}

/// What differs in line ends, and in what stands before and behind the text.
fn ends(old: &str, new: &str) -> Vec<Line> {
    type Look = fn(&str) -> &'static str;
    let looks: [(&str, Look); 3] = [
        ("byte order mark", byte_order_mark),
        ("line ends", line_ends),
        ("newline at the end", newline_at_end),
    ];
    looks
        .iter()
        .map(|(name, look)| (name, look(old), look(new)))
        .filter(|(_, old, new)| old != new)
        .map(|(name, old, new)| Line::remark(format!("  {name}: {old} -> {new}")))
        .collect()
}

fn byte_order_mark(text: &str) -> &'static str {
    if text.starts_with('\u{feff}') {
        "there"
    } else {
        "none"
    }
}

/// The ends of every line but the last.
fn line_ends(text: &str) -> &'static str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let all = text.matches('\n').count();
    match text.matches("\r\n").count() {
        _ if all == 0 => "none",
        0 => "LF",
        count if count == all => "CRLF",
        _ => "LF and CRLF",
    }
}

fn newline_at_end(text: &str) -> &'static str {
    if text.ends_with("\r\n") {
        "CRLF"
    } else if text.ends_with('\n') {
        "LF"
    } else {
        "none"
    }
}

/// Two JSON texts, line by line as [`json::pretty`] lays them out.
fn laid_out(old: &str, new: &str) -> Vec<Line> {
    let pretty = |text: &str| json::pretty(text.as_bytes()).unwrap_or_default();
    let (old_pretty, new_pretty) = (pretty(old), pretty(new));
    if old_pretty == new_pretty {
        let first = first_difference(old.as_bytes(), new.as_bytes());
        return vec![Line::remark(format!("  only space differs; {first}"))];
    }
    by_lines(&old_pretty, &new_pretty)
}

/// Two texts, line by line. What is no LF at the end of a line is shown as what it is.
fn by_lines(old: &str, new: &str) -> Vec<Line> {
    let lines = |text: &'_ str| -> Vec<String> {
        let whole = text.strip_suffix('\n').unwrap_or(text);
        whole.split('\n').map(str::to_owned).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let line = |place: &Place| {
        let (mark, text) = match *place {
            Place::Same(at) => (Mark::Same, old[at].as_str()),
            Place::Old(at) => (Mark::Old, old[at].as_str()),
            Place::New(at) => (Mark::New, new[at].as_str()),
            Place::Gap => (Mark::Gap, ""),
        };
        Line::new(mark, Safe::line(text).to_string())
    };
    let places = around(&old, &new);
    let mut shown: Vec<Line> = places.iter().take(SHOWN).map(line).collect();
    if places.len() > SHOWN {
        let more = places.len() - SHOWN;
        shown.push(Line::remark(format!("… {more} more lines")));
    }
    shown
}

#[cfg(test)]
mod tests {
    use crate::term::Paint;

    use super::super::lines::render;
    use super::body;

    /// The comparison without colour.
    fn shown(old: impl AsRef<[u8]>, new: impl AsRef<[u8]>) -> String {
        render(&body(old.as_ref(), new.as_ref()), Paint::new(false))
    }

    #[test]
    fn equal_bodies_have_no_lines() {
        assert_eq!(shown("{}", "{}"), "body: equal (2 B)\n");
        assert_eq!(shown([0xff], [0xff]), "body: equal (1 B)\n");
        assert_eq!(shown("", ""), "body: equal (0 B)\n");
    }

    #[test]
    fn json_is_compared_by_values_and_by_lines() {
        let old = r#"{"id":"a","data":{"total":2500.00,"x":1,"y":2,"z":3,"t":[]}}"#;
        let new = r#"{"id":"a","data":{"total":300.00,"x":1,"y":2,"z":3,"t":[]}}"#;
        let want = "body: 60 B -> 59 B
  data.total: 2500.00 -> 300.00
 {
   \"id\": \"a\",
   \"data\": {
-    \"total\": 2500.00,
+    \"total\": 300.00,
     \"x\": 1,
     \"y\": 2,
     \"z\": 3,
…
";
        assert_eq!(shown(old, new), want);
    }

    #[test]
    fn what_cannot_be_seen_is_said() {
        for (old, new, want) in [
            (
                "{}",
                "{}\n",
                "body: 2 B -> 3 B\n  newline at the end: none -> LF\n  no value differs\n  \
                 only space differs; first difference at offset 2\n",
            ),
            (
                "[1,\n2]\n",
                "[1,\r\n2]\r\n",
                "body: 7 B -> 9 B\n  line ends: LF -> CRLF\n  newline at the end: LF -> CRLF\n  \
                 no value differs\n  only space differs; first difference at offset 3\n",
            ),
            (
                "a=1\nb=2\n",
                "a=1\r\nb=2\n",
                "body: 8 B -> 9 B\n  line ends: LF -> CRLF\n\
                 -a=1\n+a=1\\r\n b=2\n",
            ),
            (
                "{}",
                "\u{feff}{}",
                "body: 2 B -> 5 B\n  byte order mark: none -> there\n  only the old one is JSON\n\
                 -{}\n+\\u{feff}{}\n",
            ),
            (
                r#"{"a":1,"b":2}"#,
                r#"{"b":2,"a":1}"#,
                "body: 13 B -> 13 B\n  no value differs\n {\n-  \"a\": 1,\n-  \"b\": 2\n\
                 +  \"b\": 2,\n+  \"a\": 1\n }\n",
            ),
            ("", "x", "body: 0 B -> 1 B\n-\n+x\n"),
        ] {
            assert_eq!(shown(old, new), want, "{old:?} {new:?}");
        }
    }

    #[test]
    fn what_is_no_text_or_too_long_is_told_by_its_first_difference() {
        assert_eq!(
            shown([1, 0xff, 2], [1, 0xff, 3, 4]),
            "body: 3 B -> 4 B, not text; first difference at offset 2\n"
        );
        let long = format!("[{}1]", "1,".repeat(600_000));
        let other = long.replacen("[1,", "[2,", 1);
        assert_eq!(
            shown(&long, &other),
            "body: 1.1 MiB -> 1.1 MiB\n  0: 1 -> 2\n  too long to be shown by lines; first \
             difference at offset 1\n"
        );
    }

    #[test]
    fn bodies_without_a_line_in_common_come_to_an_end() {
        let lines = |from: u32| -> String {
            let lines: Vec<String> = (from..from + 60_000).map(|n| n.to_string()).collect();
            lines.join("\n")
        };
        let shown = shown(lines(0), lines(100_000));
        assert_eq!(shown.lines().count(), 1_002);
        assert!(
            shown.ends_with("\n… 119000 more lines\n"),
            "{}",
            &shown[shown.len() - 80..]
        );
    }

    #[test]
    fn hostile_bodies_do_nothing() {
        let shown = shown("{\"\x7f\":\"\u{202e}\"}", "\x1b[2J");
        assert!(!shown.contains(['\x1b', '\x7f', '\u{202e}']), "{shown:?}");
    }
}
