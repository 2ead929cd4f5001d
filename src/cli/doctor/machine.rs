//! The programs, the clock, the port and the terminal.

use std::io::ErrorKind;
use std::net::TcpListener;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::capture::running_listeners;
use crate::cli::args::or_variable;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::config::Paths;
use crate::message::TimestampForm;
use crate::report::Check;
use crate::store::sqlite_version;

use super::failed;

/// A clock that shows less is wrong: it is the year of this version.
const BUILT: &str = "2026-01-01T00:00:00Z";

/// This program and what it runs on.
pub(super) fn programs() -> [Check; 2] {
    let version = format!(
        "wh {}, SQLite {}",
        env!("CARGO_PKG_VERSION"),
        sqlite_version()
    );
    [Check::ok("version", version), Check::ok("system", system())]
}

#[cfg(unix)]
fn system() -> String {
    let name = rustix::system::uname();
    format!(
        "{} {} ({})",
        name.sysname().to_string_lossy(),
        name.release().to_string_lossy(),
        std::env::consts::ARCH
    )
}

#[cfg(not(unix))]
fn system() -> String {
    format!("{} ({})", std::env::consts::OS, std::env::consts::ARCH)
}

/// The clock, which every signed timestamp goes by.
pub(super) fn clock() -> Check {
    let now = Timestamp::now();
    let zone = TimeZone::system();
    let zone = zone.iana_name().unwrap_or("a zone without a name");
    let found = format!("{}, in {zone}", TimestampForm::Rfc3339Ms.write(now));
    let built = BUILT.parse().unwrap_or(Timestamp::MIN);
    if now < built {
        Check::fail("clock", format!("{found}: it is behind"))
            .fix("set the clock: receivers refuse what is signed at a wrong time")
    } else {
        Check::ok("clock", found)
    }
}

/// Whether `listen` finds its port free.
pub(super) fn port(context: &Context) -> Check {
    let settings = &context.config.listen;
    let address = || -> Result<(String, u16), Error> {
        let host = or_variable(None, "WH_HOST")?.or_else(|| settings.host.clone());
        let port = or_variable(None, "WH_PORT")?.or(settings.port);
        Ok((host.unwrap_or_default(), port.unwrap_or_default()))
    };
    let (host, port) = match address() {
        Ok(address) => address,
        Err(error) => return failed("port", error),
    };
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    let Err(error) = TcpListener::bind((literal, port)) else {
        return Check::ok("port", format!("{host} port {port} is free"));
    };
    match error.kind() {
        ErrorKind::AddrInUse => Check::warn(
            "port",
            format!("{host} port {port} is taken"),
            format!(
                "who has it: {}; `wh listen --port 0` picks a free one",
                who(port)
            ),
        ),
        ErrorKind::PermissionDenied => Check::fail("port", format!("{host} port {port}: {error}"))
            .fix("ports below 1024 want root: `wh listen --port 4600`"),
        _ => Check::fail("port", format!("{host} port {port}: {error}"))
            .fix("`listen.host` is an address of this machine, for example 127.0.0.1"),
    }
}

/// The command that tells who listens on a port.
fn who(port: u16) -> String {
    if cfg!(target_os = "linux") {
        format!("`ss -ltnp 'sport = :{port}'`")
    } else {
        format!("`lsof -nP -iTCP:{port} -sTCP:LISTEN`")
    }
}

/// Where the user's own listeners are.
pub(super) fn listening() -> Check {
    let found = Paths::of_process().map(|paths| running_listeners(&paths.listeners()));
    let addresses = found.unwrap_or_default();
    if addresses.is_empty() {
        return Check::ok("listening", "no `wh listen` is running");
    }
    let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    Check::ok("listening", addresses.join(", "))
}

/// What is known of standard output.
pub(super) fn terminal(context: &Context) -> Check {
    let streams = &context.streams;
    let kind = if streams.ttys().stdout {
        "a terminal"
    } else {
        "no terminal"
    };
    let colour = if streams.paint_out().is_coloured() {
        "colour"
    } else {
        "no colour"
    };
    let width = match streams.wrap() {
        Some(columns) => format!("{columns} columns"),
        None => "lines are not wrapped".to_owned(),
    };
    Check::ok(
        "terminal",
        format!("standard output is {kind}; {colour}; {width}"),
    )
}
