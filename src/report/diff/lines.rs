//! The lines of a comparison, and which of two lists of lines stand in it.

use std::fmt::Write as _;
use std::hash::Hash;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline, group_diff_ops};

use crate::term::Paint;

/// After how long the shortest list of changes is looked for no longer: any that is right will do.
const PATIENCE: Duration = Duration::from_secs(1);

/// The lines around a change that are shown with it.
const CONTEXT: usize = 3;

/// What a line says of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is about both, and in words.
    Remark,
    /// It stands on both sides.
    Same,
    /// It stands on the old side only.
    Old,
    /// It stands on the new side only.
    New,
    /// Equal lines are left out here.
    Gap,
}

/// A line of a comparison. Its text is safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    mark: Mark,
    text: String,
}

impl Line {
    pub(super) fn new(mark: Mark, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { mark, text }
    }

    pub(super) fn remark(text: impl Into<String>) -> Self {
        Self::new(Mark::Remark, text)
    }
}

/// The lines as they are shown.
pub(super) fn render(lines: &[Line], paint: Paint) -> String {
    let mut shown = String::new();
    for Line { mark, text } in lines {
        // A string takes everything.
        let _ = match mark {
            Mark::Remark => writeln!(shown, "{text}"),
            Mark::Same if text.is_empty() => writeln!(shown),
            Mark::Same => writeln!(shown, " {text}"),
            Mark::Old => writeln!(shown, "{}", paint.bad(format_args!("-{text}"))),
            Mark::New => writeln!(shown, "{}", paint.good(format_args!("+{text}"))),
            Mark::Gap => writeln!(shown, "{}", paint.dim("…")),
        };
    }
    shown
}

/// A place in the list of old lines, of new ones, or in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Same(usize),
    Old(usize),
    New(usize),
    Gap,
}

/// Every line of both lists, in the order in which they are compared.
pub(super) fn all<T: Hash + Eq>(old: &[T], new: &[T]) -> Vec<Place> {
    changes(old, new).iter().flat_map(places).collect()
}

/// The lines that differ, and those around them.
pub(super) fn around<T: Hash + Eq>(old: &[T], new: &[T]) -> Vec<Place> {
    if old == new {
        return Vec::new();
    }
    let groups = group_diff_ops(changes(old, new), CONTEXT);
    let end = (old.len(), new.len());
    let mut shown = Vec::new();
    let mut seen = (0, 0);
    for group in &groups {
        let begins = group.first().map_or(end, start);
        if begins != seen {
            shown.push(Place::Gap);
        }
        shown.extend(group.iter().flat_map(places));
        seen = group
            .last()
            .map_or(end, |last| (last.old_range().end, last.new_range().end));
    }
    if seen != end {
        shown.push(Place::Gap);
    }
    shown
}

fn changes<T: Hash + Eq>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let deadline = Instant::now().checked_add(PATIENCE);
    capture_diff_slices_deadline(Algorithm::Myers, old, new, deadline)
}

fn start(change: &DiffOp) -> (usize, usize) {
    (change.old_range().start, change.new_range().start)
}

fn places(change: &DiffOp) -> Vec<Place> {
    if let DiffOp::Equal { .. } = change {
        return change.old_range().map(Place::Same).collect();
    }
    let new = change.new_range().map(Place::New);
    change.old_range().map(Place::Old).chain(new).collect()
}

#[cfg(test)]
mod tests {
    use super::{Place, all, around};

    #[test]
    fn what_is_far_from_every_change_is_left_out() {
        let old: Vec<u32> = (0..20).collect();
        let mut new = old.clone();
        new[10] = 99;
        let shown = around(&old, &new);
        assert_eq!(shown.len(), 10);
        assert_eq!((shown[0], shown[9]), (Place::Gap, Place::Gap));
        assert_eq!(shown[1..4], [7, 8, 9].map(Place::Same));
        assert_eq!(shown[4..6], [Place::Old(10), Place::New(10)]);
        assert_eq!(all(&old, &new).len(), 21);
        assert_eq!(around(&old, &old), []);
        assert_eq!(around::<u32>(&[], &[]), []);
    }
}
