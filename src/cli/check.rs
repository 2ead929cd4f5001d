//! `wh check`: is this receiver right?

use crate::conformance::Ruling;
use crate::conformance::check::{CheckError, Options, Receiver, run};
use crate::message::Headers;
use crate::report::{write_check, write_check_json};

use super::args::{SecretArgs, TargetUrl};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::runtime::block_on;
use super::signing::Signing;

/// Check whether a receiver is right: what it takes, what it refuses, how often, how fast
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh check 3000/hooks --secret-file secret.txt
  wh check 3000/hooks --only refuses
  wh check 3000/hooks --junit check.xml")]
pub(crate) struct Args {
    /// URL of the receiver, or a port with a path
    #[arg(value_name = "URL")]
    url: TargetUrl,
    #[command(flatten)]
    secret: SecretArgs,
}

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let provider = context.provider()?;
        let signing = Signing::find(context, &self.secret, &provider, None)?;
        let receiver = Receiver {
            provider,
            url: self.url.0,
            key: signing.and_then(|signing| signing.key),
            extra: Headers::new(),
        };
        let report = block_on(async {
            Ok(run(
                &receiver,
                &Options::default(),
                |_| {},
                std::future::pending(),
            )
            .await?)
        })?;
        let streams = &mut context.streams;
        if context.global.json {
            write_check_json(&report, streams)?;
        } else {
            write_check(&report, streams)?;
        }
        Ok(match report.count(Ruling::Fail) {
            _ if report.answered == 0 => Exit::NoAnswer,
            0 => Exit::Done,
            _ => Exit::Unmet,
        })
    }
}

impl From<CheckError> for Error {
    fn from(error: CheckError) -> Self {
        Self::input(error.to_string())
    }
}
