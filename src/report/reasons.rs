//! Why something that was to hold is to hold, and what to do where it does not.

use std::fmt::Write as _;

use crate::conformance::Rule;
use crate::term::{Paint, Style, wrapped};

/// The columns before what there is to say.
const INDENT: usize = 8;

/// A rule by id and title with what became of it, and below it line by line what there is to say, each
/// with its name; empty lines are left out. All of it within `width` columns, where there are so many.
pub(super) fn reasons(
    rule: &Rule,
    (style, word): (Style, &str),
    lines: &[(&str, &str)],
    paint: Paint,
    width: Option<usize>,
) -> String {
    let title = wrapped(&format!("{}: {} ({word})", rule.id, rule.title), width);
    let title = title
        .join("\n")
        .replacen(rule.id, &paint.styled(style, rule.id).to_string(), 1);
    let mut text = format!("\n{title}\n");
    let room = width.map(|width| width.saturating_sub(INDENT));
    for (name, line) in lines.iter().filter(|(_, line)| !line.is_empty()) {
        let name = paint.dim(format!("{name:>6}"));
        let line = wrapped(line, room).join(&format!("\n{:INDENT$}", ""));
        let _ = writeln!(text, "{name}  {line}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::reasons;
    use crate::conformance::Rule;
    use crate::term::{Paint, Style};

    #[test]
    fn what_there_is_to_say_stands_in_a_column_of_its_own() {
        let rule = Rule {
            id: "some-rule",
            title: "Something holds",
            why: "",
            page: None,
            fix: "",
        };
        let lines = [
            ("why", "it does so\u{1b} always"),
            ("page", ""),
            ("fix", "do"),
        ];
        for (width, expected) in [
            (
                None,
                "\nsome-rule: Something holds (fail)\n   why  it does so\\x1b always\n   fix  do\n",
            ),
            (
                Some(21),
                "\nsome-rule: Something\nholds (fail)\n   why  it does\n        so\\x1b always\n   fix  do\n",
            ),
        ] {
            let text = reasons(
                &rule,
                (Style::Bad, "fail"),
                &lines,
                Paint::new(false),
                width,
            );
            assert_eq!(text, expected);
        }
    }
}
