//! Why something that was to hold is to hold, and what to do where it does not.

use std::fmt::Write as _;

use crate::conformance::Rule;
use crate::term::{Paint, Safe, Style};

/// A rule by id and title with what became of it, and below it line by line what there is to say, each
/// with its name; empty lines are left out.
pub(super) fn reasons(
    rule: &Rule,
    (style, word): (Style, &str),
    lines: &[(&str, &str)],
    paint: Paint,
) -> String {
    let id = paint.styled(style, rule.id);
    let mut text = format!("\n{id}: {} ({word})\n", rule.title);
    for (name, line) in lines.iter().filter(|(_, line)| !line.is_empty()) {
        let name = paint.dim(format!("{name:>6}"));
        let _ = writeln!(text, "{name}  {}", Safe::line(line));
    }
    text
}
