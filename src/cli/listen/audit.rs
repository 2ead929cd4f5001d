//! How `wh listen` judges who sends.

use std::io;

use clap::builder::PossibleValuesParser;

use crate::capture::{Delivery, Responder};
use crate::cli::args::{Speed, or_variable};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::conformance::{Audit, Findings, Options, rules};
use crate::provider::AUTO;
use crate::report::{write_findings, write_findings_json};

use super::forwarding::ForwardArgs;

/// Whether the sender is judged, and by what.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Audit")]
pub(super) struct AuditArgs {
    /// Judge the sender by a platform's rules: fail on purpose, watch, and say what held [default: -P]
    #[arg(long, value_name = "PROVIDER", num_args = 0..=1, default_missing_value = "",
        conflicts_with_all = ["respond", "forward_to"])]
    audit: Option<String>,
    /// The sender's waits are so many times shorter, as with `wh send --speed 60x` [default: 1x]
    #[arg(long, value_name = "FACTOR", requires = "audit")]
    speed: Option<Speed>,
    /// Leave a rule out, and the deliveries that only it needs; repeat, or separate by commas
    #[arg(long, value_name = "RULE", requires = "audit", value_delimiter = ',',
        value_parser = PossibleValuesParser::new(rules().map(|rule| rule.id)))]
    skip: Vec<String>,
}

/// What to type where more than one platform is named.
const NAME_ONE: &str = "name one, for example --audit cepro";

/// An audit under way; copies are the same one.
#[derive(Clone)]
pub(super) struct Watch(Audit);

impl AuditArgs {
    /// Makes the platform whose rules count the only one whose deliveries come in: the one that is
    /// named here, else by the flags, the environment or the settings. So no route holds beside it.
    pub(super) fn name_provider(&self, context: &mut Context) -> Result<(), Error> {
        let Some(named) = self.audit.as_deref() else {
            return Ok(());
        };
        let global = &context.global;
        if global.provider_file.is_some() {
            return if named.is_empty() {
                Ok(())
            } else {
                Err(Error::usage("name a provider or a file, not both")
                    .hint("with --provider-file, --audit stands alone"))
            };
        }
        let flag = one_of(named, &global.provider)?;
        let name = or_variable(flag, "WH_PROVIDER")?
            .or_else(|| context.config.provider.clone())
            .unwrap_or_default();
        if name == AUTO {
            return Err(Error::usage(
                "an audit goes by the rules of one platform, and `auto` is all of them",
            )
            .hint(NAME_ONE));
        }
        context.global.provider = vec![name];
        Ok(())
    }

    /// Begins an audit, where one is asked for.
    pub(super) fn watch(self, context: &Context) -> Result<Option<Watch>, Error> {
        if self.audit.is_none() {
            return Ok(None);
        }
        let options = Options {
            speed: self.speed.map_or(1.0, Speed::factor),
            left_out: self.skip,
        };
        Ok(Some(Watch(Audit::new(context.provider()?, options))))
    }
}

impl Watch {
    /// The one who chooses the answers.
    pub(super) fn responder(&self) -> Box<dyn Responder> {
        Box::new(self.0.clone())
    }

    /// Says what is still to be sent, until all was seen; without an audit that is at once.
    pub(super) async fn all_seen(watch: Option<&Self>, context: &mut Context) {
        if let Some(Self(audit)) = watch {
            remind(audit, context).await;
        }
    }

    /// Takes note of why a delivery did not verify.
    pub(super) fn explained(&self, delivery: &Delivery, why: String) {
        self.0.explained(delivery.request, why);
    }

    /// It is over: that nothing comes while the listener stops proves nothing.
    pub(super) fn end(&self) {
        self.0.end();
    }

    /// What was found.
    pub(super) fn findings(self) -> Findings {
        self.0.findings()
    }
}

/// The platform that the flags name: `named` by `--audit`, which is empty where it names none, and the
/// `others` by `-P`.
fn one_of(named: &str, others: &[String]) -> Result<Option<String>, Error> {
    if named.is_empty() {
        return match others {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            several => Err(Error::usage(format!(
                "an audit goes by the rules of one platform, and `-P` names {}",
                several.len()
            ))
            .hint(NAME_ONE)),
        };
    }
    match others.iter().find(|other| *other != named) {
        None => Ok(Some(named.to_owned())),
        Some(other) => Err(Error::usage(format!(
            "`--audit {named}` and `-P {other}` are two platforms"
        ))
        .hint(format!("name one: --audit {named}"))),
    }
}

/// Writes what was found; aside, where standard output is somebody else's.
pub(super) fn write(findings: &Findings, context: &Context, is_aside: bool) -> io::Result<()> {
    let mut streams = if is_aside {
        context.streams_aside()
    } else {
        context.more_streams()
    };
    if context.global.json {
        write_findings_json(findings, &mut streams)
    } else {
        write_findings(findings, &mut streams)
    }
}

/// Says what does not hold of the environment and the settings, because an audit chooses every answer.
pub(super) fn answers_alone(context: &mut Context, forward: &ForwardArgs) -> Result<(), Error> {
    if context.config.listen.respond.is_some() {
        context.note("the setting `listen.respond` does not hold: the audit answers")?;
    }
    if forward.set_aside(context)? {
        context.note("nothing is forwarded: the audit answers")?;
    }
    Ok(())
}

/// Says what is still to be sent, until all was seen.
async fn remind(audit: &Audit, context: &mut Context) {
    let wanted = match audit.progress().wanted {
        1 => "1 delivery".to_owned(),
        many => format!("{many} deliveries"),
    };
    // A remark that cannot be written changes nothing.
    let _ = context.note(format!(
        "the audit takes {wanted}; most of their attempts are answered with failures"
    ));
    let mut settled = 0;
    loop {
        let progress = audit.settled_beyond(settled).await;
        if progress.is_complete() {
            return;
        }
        settled = progress.settled;
        if progress.come == settled {
            let wanted = progress.wanted;
            let _ = context.note(format!(
                "{settled} of {wanted} deliveries have shown what they can: send another"
            ));
        }
    }
}
