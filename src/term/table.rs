//! Tables: columns that line up, wrapped to the width of the terminal.

use std::iter;

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, TableStyle,
    Width,
};

use super::safe::Safe;
use super::style::{Paint, Painted, Style};

#[cfg(test)]
mod tests;

/// The spaces behind a column; together with the separator, the gap to the next one is two.
const PADDING: u16 = 1;

/// The columns that one cell may take in all; what is longer is cut. One value from outside must
/// not make every other row of a piped table a megabyte wide.
const MAX_CELL: usize = 2_048;

/// The columns below which no column is wrapped unless it says otherwise: times, statuses and most numbers stay whole. A
/// terminal too narrow for that wraps the lines itself.
const MIN_WRAPPED: u16 = 8;

/// Stands between two cells of a line as the layout comes from `comfy-table`. ASCII calls it the
/// unit separator; no cell holds it, as cells are [`Safe`].
const UNIT: char = '\x1f';

/// Fills the line between two rows: ASCII's record separator.
const RECORD: char = '\x1e';

/// Rows of `N` cells under a header, without borders.
///
/// The cells are text without escape sequences. Each is passed through [`Safe::line`], so that none
/// can break out of its place, but what is not UTF-8 must come as a [`Safe`] in the first place.
pub(crate) struct Table<const N: usize> {
    header: [Cell; N],
    rows: Vec<[Cell; N]>,
    right: [bool; N],
    whole: [bool; N],
    least: [u16; N],
    cut: bool,
}

/// One cell: a text of one line, and what it means.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A cell that means something; `From` makes plain ones.
    pub(crate) fn styled(style: Style, text: impl Into<Cell>) -> Self {
        let text = text.into().text;
        Self { text, style }
    }

    /// Its text as it stands outside a table.
    pub(crate) fn painted(&self, paint: Paint) -> Painted<&str> {
        paint.styled(self.style, &self.text)
    }
}

impl<T: AsRef<[u8]>> From<Safe<T>> for Cell {
    fn from(text: Safe<T>) -> Self {
        Self::from(text.to_string())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        let safe = Safe::line(text);
        let text = if text.len() > MAX_CELL {
            safe.truncated(MAX_CELL)
        } else {
            safe.to_string()
        };
        Self {
            text,
            style: Style::Plain,
        }
    }
}

impl<const N: usize> Table<N> {
    /// A table without rows.
    pub(crate) fn new(header: [&str; N]) -> Self {
        Self {
            header: header.map(|name| Cell::styled(Style::Strong, name)),
            rows: Vec::new(),
            right: [false; N],
            whole: [false; N],
            least: [MIN_WRAPPED; N],
            cut: false,
        }
    }

    /// Aligns a column, counted from 0, to the right: numbers.
    pub(crate) fn right(&mut self, column: usize) -> &mut Self {
        self.right[column] = true;
        self
    }

    /// Never wraps a column, counted from 0: what is copied from the screen, such as an id. The
    /// others give way.
    pub(crate) fn whole(&mut self, column: usize) -> &mut Self {
        self.whole[column] = true;
        self
    }

    /// Wraps a column, counted from 0, to no fewer columns of the screen than these.
    pub(crate) fn at_least(&mut self, column: usize, columns: u16) -> &mut Self {
        self.least[column] = columns;
        self
    }

    /// Cuts what does not fit, with a `…` at its end, where it would be wrapped: each row is a line.
    pub(crate) fn cut(&mut self) -> &mut Self {
        self.cut = true;
        self
    }

    /// Appends a row.
    pub(crate) fn row(&mut self, cells: [impl Into<Cell>; N]) -> &mut Self {
        self.rows.push(cells.map(Into::into));
        self
    }

    /// The table as lines without trailing spaces, each with its line end.
    ///
    /// The widest columns are wrapped, at spaces where there are some, so that the lines take at
    /// most `width` columns of the screen (more where there are so many cells that none could be
    /// read); `None`: nothing is wrapped. See [`Streams::wrap`](super::Streams::wrap).
    pub(crate) fn render(&self, paint: Paint, width: Option<usize>) -> String {
        let mut rendered = String::new();
        let mut rows = iter::once(&self.header).chain(&self.rows);
        let mut row = rows.next();
        for line in self.layout(width).lines() {
            if line.starts_with(RECORD) {
                row = rows.next();
            } else if let Some(cells) = row {
                push_line(&mut rendered, cells, &line, paint);
            }
        }
        rendered
    }

    /// The laid-out table with [`UNIT`] between its cells and lines of [`RECORD`] between its rows.
    fn layout(&self, width: Option<usize>) -> comfy_table::Table {
        let between_rows = LineStyle::none().fill(RECORD).junction(RECORD);
        let between_cells = ContentLineStyle::none().junction(UNIT);
        let style = TableStyle::new()
            .header_lines(between_cells)
            .header_separator(between_rows)
            .content_lines(between_cells)
            .row_separator(between_rows);
        let mut table = comfy_table::Table::new();
        table
            .load_style(style)
            .set_header(self.header.each_ref().map(|cell| &cell.text))
            .add_rows(
                self.rows
                    .iter()
                    .map(|row| row.each_ref().map(|cell| &cell.text)),
            );
        if let Some(width) = width {
            table
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(u16::try_from(width).unwrap_or(u16::MAX));
        }
        if self.cut {
            table.set_truncation_indicator("…");
            table.row_iter_mut().for_each(|row| {
                row.max_height(1);
            });
        }
        self.shape_columns(&mut table);
        table
    }

    fn shape_columns(&self, table: &mut comfy_table::Table) {
        let widest = table.column_max_content_widths();
        for (at, column) in table.column_iter_mut().enumerate() {
            let padding = if at + 1 == N { 0 } else { PADDING };
            let least = Width::Fixed(widest[at].min(self.least[at]) + padding);
            column.set_padding((0, padding));
            column.set_constraint(if self.whole[at] {
                ColumnConstraint::ContentWidth
            } else {
                ColumnConstraint::LowerBoundary(least)
            });
            if self.right[at] {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
}

/// Appends one laid-out line: its texts painted, its separators and padding as spaces, but none at
/// its end.
fn push_line(rendered: &mut String, cells: &[Cell], line: &str, paint: Paint) {
    let mut blanks = 0;
    for (cell, part) in cells.iter().zip(line.split(UNIT)) {
        let from_text = part.trim_start_matches(' ');
        let text = from_text.trim_end_matches(' ');
        blanks += part.len() - from_text.len();
        if !text.is_empty() {
            rendered.extend(iter::repeat_n(' ', blanks));
            rendered.push_str(&paint.styled(cell.style, text).to_string());
            blanks = 0;
        }
        blanks += from_text.len() - text.len() + 1;
    }
    rendered.push('\n');
}
