use super::{Cell, Table};
use crate::term::{Paint, Safe, Style};

const PLAIN: Paint = Paint::new(false);

fn log() -> Table<4> {
    let mut table = Table::new(["ID", "EVENT", "TIME", "URL"]);
    table
        .right(2)
        .row(["#1042", "a.created", "3ms", "http://localhost:3000/hooks"])
        .row([
            "#1043",
            "a.approved",
            "1.2s",
            "http://localhost:3000/hooks?with=a&query=too",
        ]);
    table
}

#[test]
fn columns_line_up_without_borders_or_trailing_spaces() {
    let expected = "\
ID     EVENT       TIME  URL
#1042  a.created    3ms  http://localhost:3000/hooks
#1043  a.approved  1.2s  http://localhost:3000/hooks?with=a&query=too
";
    assert_eq!(log().render(PLAIN, None), expected);
    assert_eq!(log().render(PLAIN, Some(80)), expected);
}

#[test]
fn the_widest_column_is_wrapped_to_the_width() {
    let expected = "\
ID     EVENT       TIME  URL
#1042  a.created    3ms  http://localhost:3000/hooks
#1043  a.approved  1.2s  http://localhost:3000/hooks?wit
                         h=a&query=too
";
    assert_eq!(log().render(PLAIN, Some(56)), expected);
}

#[test]
fn what_does_not_fit_is_cut_where_rows_are_lines() {
    let expected = "\
ID     EVENT       TIME  URL
#1042  a.created    3ms  http://localhost:3000/hooks
#1043  a.approved  1.2s  http://localhost:3000/hooks?wi…
";
    assert_eq!(log().cut().render(PLAIN, Some(56)), expected);
    assert!(!log().cut().render(PLAIN, None).contains('…'));
}

#[test]
fn a_whole_column_is_never_wrapped() {
    let mut table = Table::new(["ID", "WHY"]);
    table.whole(0).row([
        "01890a5d-ac96-774b-bcce-b302099a8057",
        "the route is likely protected, or the secret differs",
    ]);
    let expected = "\
ID                                    WHY
01890a5d-ac96-774b-bcce-b302099a8057  the route is
                                      likely protected,
                                      or the secret
                                      differs
";
    assert_eq!(table.render(PLAIN, Some(56)), expected);
}

#[test]
fn one_column_gives_way_before_another() {
    let shown = log().cut().at_least(3, 27).render(PLAIN, Some(48));
    assert!(
        shown.contains("\n#1043  a.appro…  1.2s  http://localhost:3000/hook…\n"),
        "{shown}"
    );
}

#[test]
fn a_narrow_terminal_does_not_shred_short_cells() {
    let shown = log().render(PLAIN, Some(1));
    assert!(
        shown.contains("\n#1043  a.approv  1.2s  http://l\n"),
        "{shown}"
    );
}

#[test]
fn colour_changes_nothing_but_colour() {
    let mut table = Table::new(["EVENT", "VERDICT", ""]);
    table.row([
        Cell::from("a.paid"),
        Cell::styled(Style::Bad, "invalid (form)"),
        Cell::from(""),
    ]);
    table.row(["", "unchecked", "x"]);
    assert_eq!(
        table.render(Paint::new(true), Some(20)),
        "\
\x1b[1mEVENT\x1b[0m   \x1b[1mVERDICT\x1b[0m
a.paid  \x1b[31minvalid\x1b[0m
        \x1b[31m(form)\x1b[0m
        unchecked  x
"
    );
}

#[test]
fn a_hostile_cell_stays_in_its_place() {
    let mut table = Table::new(["EVENT", "VERDICT"]);
    table
        .row(["x\n#1  valid", "\x1f\x1evalid\x1b[2J"])
        .row([Cell::from(Safe::line(b"\x9b2J")), "日本\u{202e}".into()]);
    let expected = r"
EVENT         VERDICT
x\n#1  valid  \x1f\x1evalid\x1b[2J
\x9b2J        日本\u{202e}
";
    assert_eq!(table.render(PLAIN, None), expected[1..]);
}

#[test]
fn an_endless_cell_is_cut_and_breaks_no_layout() {
    for unit in ["x", "日", "a b ", "\u{301}", "\x1f"] {
        let endless = unit.repeat(70_000);
        let mut table = Table::new([endless.as_str(), "B", "C"]);
        table
            .row([endless.as_str(), "b", &endless])
            .row(["", "", ""]);
        for width in [None, Some(0), Some(80), Some(usize::MAX)] {
            let shown = table.render(PLAIN, width);
            assert!(shown.len() < 400_000, "{unit:?} {width:?} {}", shown.len());
            assert!(!shown.contains(['\x1e', '\x1f']), "{unit:?} {width:?}");
        }
    }
}
