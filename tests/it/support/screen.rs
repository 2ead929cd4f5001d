//! What a terminal shows: rows of characters, as the bytes that came have left them.

use vte::{Params, Parser, Perform};

/// A screen that has as many rows as it takes, so that nothing scrolls away.
pub(crate) struct Screen {
    parser: Parser,
    grid: Grid,
}

#[derive(Default)]
struct Grid {
    columns: usize,
    rows: Vec<Vec<char>>,
    row: usize,
    /// Beyond the last column where the next character begins a new row.
    column: usize,
}

impl Screen {
    /// An empty screen of so many columns.
    pub(crate) fn new(columns: u16) -> Self {
        let grid = Grid {
            columns: columns.into(),
            ..Grid::default()
        };
        Self {
            parser: Parser::new(),
            grid,
        }
    }

    /// Shows what came.
    pub(crate) fn show(&mut self, bytes: &[u8]) {
        self.parser.advance(&mut self.grid, bytes);
    }

    /// The rows, without the blanks at their ends; the last ones are not empty.
    pub(crate) fn rows(&self) -> Vec<String> {
        let text = |row: &Vec<char>| row.iter().collect::<String>().trim_end().to_owned();
        let mut rows: Vec<String> = self.grid.rows.iter().map(text).collect();
        while rows.last().is_some_and(String::is_empty) {
            rows.pop();
        }
        rows
    }
}

impl Grid {
    fn row(&mut self) -> &mut Vec<char> {
        if self.rows.len() <= self.row {
            self.rows.resize(self.row + 1, Vec::new());
        }
        &mut self.rows[self.row]
    }
}

impl Perform for Grid {
    fn print(&mut self, c: char) {
        if self.column == self.columns {
            (self.row, self.column) = (self.row + 1, 0);
        }
        let column = self.column;
        let row = self.row();
        if row.len() <= column {
            row.resize(column + 1, ' ');
        }
        row[column] = c;
        self.column += 1;
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\n' => self.row += 1,
            b'\r' => self.column = 0,
            other => panic!("executed {other:#x}"),
        }
    }

    fn csi_dispatch(&mut self, params: &Params, _: &[u8], _: bool, action: char) {
        let first = params
            .iter()
            .next()
            .and_then(|param| param.first().copied());
        let by = usize::from(first.unwrap_or(0).max(1));
        match (action, first) {
            ('A', _) => self.row = self.row.checked_sub(by).expect("went above the screen"),
            ('B', _) => self.row += by,
            ('K', Some(2)) => self.row().clear(),
            ('m', _) => {}
            other => panic!("did {other:?}"),
        }
    }
}

#[test]
fn lines_wrap_are_wiped_and_written_anew() {
    let mut screen = Screen::new(4);
    screen.show("one\r\nfives".as_bytes());
    assert_eq!(screen.rows(), ["one", "five", "s"]);
    screen.show(b"\r\x1b[2K\x1b[1A\r\x1b[2Ktwo");
    assert_eq!(screen.rows(), ["one", "two"]);
}
