//! From arguments to an exit code.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::builder::Styles;
use clap::{CommandFactory, Parser};

use crate::term::{ColourChoice, Safe, Streams};

use super::args::spell_out;
use super::command::Cli;
use super::context::Context;
use super::error::Error;
use super::exit::Exit;

/// Runs `wh` with these arguments, the program's name among them.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    #[cfg(feature = "failpoints")]
    let _points = crash_points();
    let arguments = spell_out(arguments.into_iter().collect());
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => return wrong(&arguments, error),
        Err(help) => {
            // Help and version are "errors" for the parser.
            return match help.print().and_then(|()| io::stdout().flush()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(lost) => end(&lost.into(), ColourChoice::Auto),
            };
        }
    };
    let colour = cli.global.color.map_or(ColourChoice::Auto, Into::into);
    match work(cli) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) => end(&error, colour),
    }
}

/// Arms the crash points that `FAILPOINTS` names. A panic ends the process there and then, as a crash does.
#[cfg(feature = "failpoints")]
fn crash_points() -> fail::FailScenario<'static> {
    std::panic::set_hook(Box::new(|_| std::process::abort()));
    fail::FailScenario::setup()
}

/// Tells what is wrong with the arguments.
///
/// The parser repeats what was typed as it is, so its text goes through [`Safe`]; its own colours,
/// which would not survive that, are left out.
fn wrong(arguments: &[OsString], error: clap::Error) -> ExitCode {
    let mut plain = Cli::command().styles(Styles::plain());
    let again = plain.try_get_matches_from_mut(arguments);
    let error = again.err().unwrap_or(error);
    let text = error.render().ansi().to_string();
    let mut streams = Streams::of_process(ColourChoice::Auto);
    let paint = streams.paint_err();
    // Nobody is left to tell of an error in telling.
    let _ = match text.strip_prefix("error:") {
        Some(rest) => write!(
            streams.err(),
            "{}{}",
            paint.bad("error:"),
            Safe::block(rest)
        ),
        None => write!(streams.err(), "{}", Safe::block(text)),
    };
    let _ = streams.flush();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
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
    command.refuse_several(&global.provider)?;
    let mut context = Context::of_process(global, command.reads_settings())?;
    let exit = command.run(&mut context)?;
    // Whoever is interrupted while nobody reads would wait here for a thread that still writes.
    if exit == Exit::Interrupted {
        return Ok(exit);
    }
    match context.streams.flush() {
        // Whoever reads no further still learns from the code what came of it.
        Err(lost) if lost.kind() == io::ErrorKind::BrokenPipe && exit != Exit::Done => {}
        flushed => flushed?,
    }
    Ok(exit)
}
