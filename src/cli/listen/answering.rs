//! How `wh listen` answers what it accepts.

use std::path::Path;

use crate::capture::{ByForward, ByVerdict, Player, Responder, Script};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::report::ScriptTold;

/// What `--help` says of a script.
const SCRIPT: &str = "\
Answer what is accepted as this script says: 500x2,429;retry-after=5,200

Entries stand between commas. Each delivery gets them in their order, one at each attempt; `500x2` \
is two, and the last one repeats. What is not accepted is answered by its verdict and takes no turn.

  STATUS, redirect=URL         an answer
  truncate, drip=10B/s         an answer that is cut short, or slow
  reset, hang, close, garbage  no answer: what happens instead
  own, forward                 by the verdict; by the target of -f

Options stand behind semicolons: delay=2s, body=TEXT or body=@FILE, header=NAME:VALUE, \
retry-after=5, redirect=URL, truncate, drip=10B/s. With p=0.3 an entry has no turn of its own: in \
30 % of the turns of the entry that follows it comes first, and seed=7 makes the same draws again. \
A value with commas, semicolons or blanks is put in double quotes. `per=request,` in front counts \
all requests together.

  --respond '500x2,200'                 fails twice, then takes it
  --respond '503;p=0.3;seed=7,200'      fails now and then
  --respond '200;delay=10s,reset,200'   is late, then breaks, then takes it";

/// How accepted deliveries are answered.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Answers")]
pub(super) struct AnsweringArgs {
    /// Answer what is accepted as this script says: 500x2,429;retry-after=5,200
    #[arg(long, value_name = "SCRIPT", long_help = SCRIPT)]
    respond: Option<String>,
}

/// Who chooses the answers, and what is said of that.
pub(super) struct Answering {
    pub(super) responder: Box<dyn Responder>,
    pub(super) told: Option<ScriptTold>,
}

impl Answering {
    /// By somebody of whom nothing is said.
    pub(super) fn by(responder: Box<dyn Responder>) -> Self {
        Self {
            responder,
            told: None,
        }
    }
}

/// Where a script is said.
#[derive(Clone, Copy)]
enum Source<'s> {
    Flag,
    /// A settings file in this folder.
    Setting(&'s Path),
}

impl AnsweringArgs {
    /// Who chooses the answers: a script, or else the forwarder, where there is one.
    pub(super) fn answering(&self, context: &Context, forwards: bool) -> Result<Answering, Error> {
        let settings = &context.config.listen;
        let (text, source) = match (&self.respond, &settings.respond) {
            (Some(text), _) => (text, Source::Flag),
            (None, Some(text)) => (text, Source::Setting(&settings.respond_folder)),
            (None, None) => {
                return Ok(Answering::by(if forwards {
                    Box::new(ByForward)
                } else {
                    Box::new(ByVerdict)
                }));
            }
        };
        scripted(text, source, forwards)
    }
}

/// The player of a script.
fn scripted(text: &str, source: Source<'_>, forwards: bool) -> Result<Answering, Error> {
    let script = Script::parse(text).map_err(|misread| {
        source
            .misread(&misread.to_string())
            .pointing(&misread, text)
            .hint("`wh listen --help` shows what a script can say")
    })?;
    agree(script.forwards(), forwards, source)?;
    let drawn = script.wants_seed().then(|| u64::from(fastrand::u32(..)));
    let script = match drawn {
        Some(seed) => script.with_seed(seed),
        None => script,
    };
    let folder = match source {
        Source::Flag => Path::new(""),
        Source::Setting(folder) => folder,
    };
    Ok(Answering {
        responder: Box::new(Player::new(&script, folder)?),
        told: Some(ScriptTold {
            text: script.to_string(),
            drawn,
        }),
    })
}

/// Refuses a script that forwards where there is no target, and a target that the script never asks.
fn agree(asks: bool, has_target: bool, source: Source<'_>) -> Result<(), Error> {
    let (wrong, hint) = match (asks, has_target) {
        (true, false) => (
            "`forward` in the script has no target",
            "-f 3000 says where to forward to",
        ),
        (false, true) => (
            "nothing is forwarded, because the script has no `forward`",
            "add it to the script: --respond '500,forward'",
        ),
        _ => return Ok(()),
    };
    Err(Error::usage(source.about(wrong)).hint(hint))
}

impl Source<'_> {
    /// A message, with the name of the setting where that is what it is about.
    fn about(self, message: &str) -> String {
        match self {
            Self::Flag => message.to_owned(),
            Self::Setting(_) => format!("the setting `listen.respond`: {message}"),
        }
    }

    /// The error for a script that cannot be read.
    fn misread(self, message: &str) -> Error {
        let message = self.about(message);
        match self {
            Self::Flag => Error::usage(message),
            Self::Setting(_) => Error::input(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Source, agree};

    #[test]
    fn a_script_and_a_target_want_each_other() {
        let refused = |asks, has_target, source| {
            let error = agree(asks, has_target, source).expect_err("they do not agree");
            (error.code(), error.message().to_owned())
        };
        for (asks, has_target) in [(false, false), (true, true)] {
            assert!(agree(asks, has_target, Source::Flag).is_ok());
        }
        let without = "nothing is forwarded, because the script has no `forward`";
        assert_eq!(refused(false, true, Source::Flag), (2, without.to_owned()));
        let setting = format!("the setting `listen.respond`: {without}");
        let source = Source::Setting(Path::new(""));
        assert_eq!(refused(false, true, source), (2, setting));
        let without = "`forward` in the script has no target";
        assert_eq!(refused(true, false, Source::Flag), (2, without.to_owned()));
    }
}
