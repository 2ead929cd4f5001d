//! The terminal: streams, colour, width, safe text, tables, hidden prompts, what moves, and how sizes
//! and times read.
//!
//! It knows nothing of webhooks, decides nothing, and prints only to the writers it holds. The one
//! promise others build on is [`Safe`]: no string from outside reaches a terminal or a file except
//! through it.

mod colour;
mod columns;
mod picker;
mod progress;
mod prompt;
mod safe;
mod sparkline;
mod streams;
mod style;
mod table;
mod units;
mod wrapped;

pub(crate) use colour::ColourChoice;
pub(crate) use picker::{Screen, pick};
pub(crate) use progress::{Bar, Goal, Line, Moment, Progress};
pub(crate) use prompt::{confirm, hidden};
pub(crate) use safe::{Safe, acts};
pub(crate) use sparkline::sparkline;
pub(crate) use streams::Streams;
pub(crate) use style::{Paint, Painted, Style};
pub(crate) use table::{Cell, Table};
pub(crate) use units::{bytes, clock, count, duration, latency};
pub(crate) use wrapped::wrapped;
