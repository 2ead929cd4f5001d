//! What the tests arrange with: the command, its long-running form, and peers of both directions.
//!
//! Nothing here waits for a time. Whatever waits, waits for a pipe, a socket or a condition, and
//! fails with all that was seen when its limit is reached.

mod command;
mod folder;
mod listener;
mod mask;
mod needs;
mod process;
mod raw;
mod receiver;
mod running;
mod screen;
mod terminal;

pub(crate) use command::{Wh, sh, wh};
pub(crate) use folder::{CONFIG, DATA, folder};
pub(crate) use listener::Listener;
pub(crate) use mask::{masked, masked_json};
pub(crate) use needs::{corpus, crash_points, is_long, needs, receivers, skipped};
pub(crate) use process::Process;
pub(crate) use raw::raw;
pub(crate) use receiver::{Answer, Receiver, Reply, Request};
pub(crate) use running::Output;
pub(crate) use terminal::{Watched, with_terminal};
