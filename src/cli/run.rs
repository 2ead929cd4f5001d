//! From arguments to an exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::term::{ColourChoice, Streams};

use super::command::Cli;
use super::context::Context;
use super::error::Error;
use super::exit::Exit;

/// Runs `wh` with these arguments, the program's name among them.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are "errors" for the parser, with the code 0. Nobody is left to tell
            // of an error in telling.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match work(cli) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) => {
            if !error.is_quiet() {
                let _ = error.write(&mut Streams::of_process(ColourChoice::Auto));
            }
            ExitCode::from(error.code())
        }
    }
}

fn work(cli: Cli) -> Result<Exit, Error> {
    let Cli { global, command } = cli;
    let mut context = Context::of_process(global)?;
    let exit = command.run(&mut context)?;
    context.streams.flush()?;
    Ok(exit)
}
