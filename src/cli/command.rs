//! The commands there are.

use clap::{Parser, Subcommand};

use super::args::Global;
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::{
    check, completions, demo, doctor, endpoint, events, export, import, listen, log, man, provider,
    prune, replay, retry, send, show, sign, verify,
};

/// Send, receive, sign and verify webhooks. Offline; signed as the platforms sign.
#[derive(Debug, Parser)]
#[command(
    name = "wh",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    before_help = "Examples:
  wh listen --secret-file secret.txt
  wh send estimate.created --url http://localhost:4600 --secret-file secret.txt
  wh verify body.json --sig 5d2e… --secret-file secret.txt"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(demo::Args),
    Send(Box<send::Args>),
    Listen(Box<listen::Args>),
    Sign(sign::Args),
    Verify(verify::Args),
    Log(Box<log::Args>),
    Show(show::Args),
    Check(Box<check::Args>),
    Replay(Box<replay::Args>),
    Retry(Box<retry::Args>),
    Endpoint(Box<endpoint::Args>),
    Provider(provider::Args),
    Events(events::Args),
    Export(Box<export::Args>),
    Import(import::Args),
    Prune(prune::Args),
    Doctor(doctor::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    /// Whether the command goes by the settings: the others must work whatever is in them.
    pub(crate) fn reads_settings(&self) -> bool {
        !matches!(self, Self::Completions(_) | Self::Doctor(_) | Self::Man(_))
    }

    /// Refuses several providers where one is meant.
    pub(crate) fn refuse_several(&self, providers: &[String]) -> Result<(), Error> {
        match (self, providers) {
            (Self::Listen(_), _) | (_, [] | [_]) => Ok(()),
            (_, [first, ..]) => Err(Error::usage("`--provider` can be given once here")
                .hint(format!("-P {first}; `wh listen` alone takes several"))),
        }
    }

    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        match self {
            Self::Demo(args) => demo::run(&args, context),
            Self::Send(args) => args.run(context),
            Self::Listen(args) => args.run(context),
            Self::Sign(args) => args.run(context),
            Self::Verify(args) => args.run(context),
            Self::Log(args) => args.run(context),
            Self::Show(args) => args.run(context),
            Self::Check(args) => args.run(context),
            Self::Replay(args) => args.run(context),
            Self::Retry(args) => args.run(context),
            Self::Endpoint(args) => args.run(context),
            Self::Provider(args) => args.run(context),
            Self::Events(args) => args.run(context),
            Self::Export(args) => args.run(context),
            Self::Import(args) => args.run(context),
            Self::Prune(args) => args.run(context),
            Self::Doctor(args) => args.run(context),
            Self::Completions(args) => args.run(context),
            Self::Man(_) => man::run(context),
        }
    }
}
