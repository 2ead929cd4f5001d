//! What a look at the installation found.

use std::io;

use serde::Serialize;
use serde_json::json;

use crate::term::{Cell, Streams, Style, Table};

use super::Typed;

/// How one thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// As it should.
    Ok,
    /// It works, and could do better.
    Warn,
    /// Something will not work.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Check {
    name: &'static str,
    state: State,
    found: String,
    fix: Option<String>,
}

/// All that was looked at, in its order.
#[derive(Debug, Default)]
pub(crate) struct Checkup(Vec<Check>);

impl Check {
    /// A thing that is as it should be.
    pub(crate) fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self {
            name,
            state: State::Ok,
            found: found.into(),
            fix: None,
        }
    }

    /// A thing that could be better, and how.
    pub(crate) fn warn(
        name: &'static str,
        found: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            state: State::Warn,
            ..Self::ok(name, found).fix(fix)
        }
    }

    /// A thing that will not work.
    pub(crate) fn fail(name: &'static str, found: impl Into<String>) -> Self {
        Self {
            state: State::Fail,
            ..Self::ok(name, found)
        }
    }

    /// With what to do about it.
    pub(crate) fn fix(self, fix: impl Into<String>) -> Self {
        Self {
            fix: Some(fix.into()),
            ..self
        }
    }
}

impl Extend<Check> for Checkup {
    fn extend<T: IntoIterator<Item = Check>>(&mut self, checks: T) {
        self.0.extend(checks);
    }
}

impl Checkup {
    /// How many things stand so.
    pub(crate) fn count(&self, state: State) -> usize {
        self.0.iter().filter(|check| check.state == state).count()
    }

    /// Writes a table.
    pub(crate) fn write(&self, streams: &mut Streams) -> io::Result<()> {
        let mut table = Table::new(["CHECK", "STATE", "FOUND", "FIX"]);
        table.whole(0).whole(1);
        for check in &self.0 {
            let (style, word) = match check.state {
                State::Ok => (Style::Good, "ok"),
                State::Warn => (Style::Warn, "warn"),
                State::Fail => (Style::Bad, "fail"),
            };
            table.row([
                Cell::from(check.name),
                Cell::styled(style, word),
                Cell::from(check.found.as_str()),
                Cell::from(check.fix.as_deref().unwrap_or_default()),
            ]);
        }
        let text = table.render(streams.paint_out(), streams.wrap());
        streams.out().write_all(text.as_bytes())
    }

    /// Writes each check as a line of JSON, and then their numbers.
    pub(crate) fn write_json(&self, streams: &mut Streams) -> io::Result<()> {
        for check in &self.0 {
            Typed::new("check", check).write(streams.out())?;
        }
        let body = json!({
            "ok": self.count(State::Ok),
            "warnings": self.count(State::Warn),
            "failures": self.count(State::Fail),
        });
        Typed::new("summary", body).write(streams.out())
    }
}
