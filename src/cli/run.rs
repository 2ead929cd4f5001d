//! From arguments to an exit code.

use std::ffi::OsString;
use std::io::{self, Write};
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
            // Help and version are "errors" for the parser, with the code 0.
            let printed = error.print().and_then(|()| io::stdout().flush());
            return match printed {
                Err(lost) if !error.use_stderr() => end(&lost.into(), ColourChoice::Auto),
                _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
            };
        }
    };
    let colour = cli.global.color.map_or(ColourChoice::Auto, Into::into);
    match work(cli) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) => end(&error, colour),
    }
}

/// Tells of an error, where there is anything to say, and returns its code.
fn end(error: &Error, colour: ColourChoice) -> ExitCode {
    if !error.is_quiet() {
        // Nobody is left to tell of an error in telling.
        let _ = error.write(&mut Streams::of_process(colour));
    }
    ExitCode::from(error.code())
}

fn work(cli: Cli) -> Result<Exit, Error> {
    let Cli { global, command } = cli;
    let mut context = Context::of_process(global, command.reads_settings())?;
    let exit = command.run(&mut context)?;
    context.streams.flush()?;
    Ok(exit)
}
