//! The rules that a check has.

use std::io;

use serde_json::json;

use crate::conformance::check::{Info, Weight, requests};
use crate::report::Typed;
use crate::term::{Cell, Streams, Style, Table, count};

use super::human::in_requests;

/// Writes a table of the rules that are wanted, and how many they are; with `reasons`, why each is one.
pub(crate) fn write_infos(infos: &[Info], reasons: bool, streams: &mut Streams) -> io::Result<()> {
    let (paint, width) = (streams.paint_out(), streams.wrap());
    let mut text = if reasons {
        let mut table = Table::new(["RULE", "REQUESTS", "WHAT", "WHY"]);
        table.whole(0).right(1).at_least(2, 20).at_least(3, 20);
        for info in wanted(infos) {
            let [id, requests, what] = row(info);
            table.row([id, requests, what, info.rule.why.into()]);
        }
        table.render(paint, width)
    } else {
        let mut table = Table::new(["RULE", "REQUESTS", "WHAT"]);
        table.whole(0).right(1);
        for info in wanted(infos) {
            table.row(row(info));
        }
        table.render(paint, width)
    };
    text += &planned(infos);
    text.push('\n');
    streams.out().write_all(text.as_bytes())
}

/// Writes each of the rules that are wanted as a line of JSON.
pub(crate) fn write_infos_json(infos: &[Info], streams: &mut Streams) -> io::Result<()> {
    for info in wanted(infos) {
        let body = json!({
            "id": info.rule.id,
            "group": info.group.name(),
            "title": info.rule.title,
            "why": info.rule.why,
            "page": info.rule.page,
            "fix": info.rule.fix,
            "fails": info.weight == Weight::Must,
            "requests": info.requests.as_ref().ok(),
            "reason": info.requests.as_ref().err(),
        });
        Typed::new("rule", body).write(streams.out())?;
    }
    Ok(())
}

/// How many rules are wanted, and how many requests that takes.
pub(crate) fn planned(infos: &[Info]) -> String {
    let rules = match wanted(infos).filter(|info| info.requests.is_ok()).count() {
        1 => "1 rule".to_owned(),
        many => format!("{} rules", count(many as u64)),
    };
    format!("{rules}, {}", in_requests(requests(infos)))
}

fn wanted(infos: &[Info]) -> impl Iterator<Item = &Info> {
    infos.iter().filter(|info| info.wanted)
}

/// Its id, its requests and what it is; where the platform has no such rule, why.
fn row(info: &Info) -> [Cell; 3] {
    let id = Cell::from(info.rule.id);
    match &info.requests {
        Ok(requests) => [id, requests.to_string().into(), info.rule.title.into()],
        Err(reason) => [
            id,
            Cell::styled(Style::Dim, "-"),
            Cell::styled(Style::Dim, format!("no rule: {reason}")),
        ],
    }
}
