//! Sentences as lines.

use super::columns::columns;
use super::safe::Safe;

/// A text as safe lines of at most so many columns, broken at blanks; a longer word has a line of its
/// own. `None`: one line.
pub(crate) fn wrapped(text: &str, width: Option<usize>) -> Vec<String> {
    let safe = Safe::line(text).to_string();
    let Some(width) = width else {
        return vec![safe];
    };
    let mut lines = vec![String::new()];
    for word in safe.split(' ') {
        if let Some(line) = lines.last_mut()
            && (line.is_empty() || columns(line) + 1 + columns(word) <= width)
        {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_broken_at_blanks_and_act_on_nothing() {
        for (text, width, lines) in [
            ("one two three", Some(7), &["one two", "three"][..]),
            ("one two three", Some(8), &["one two", "three"]),
            ("one two three", None, &["one two three"]),
            ("one two", Some(1), &["one", "two"]),
            ("日本 日本", Some(8), &["日本", "日本"]),
            ("日本 日本", Some(9), &["日本 日本"]),
            ("a\n\u{1b}[2J", Some(80), &["a\\n\\x1b[2J"]),
            ("", Some(80), &[""]),
        ] {
            assert_eq!(wrapped(text, width), lines, "{text} {width:?}");
        }
    }
}
