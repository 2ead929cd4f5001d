//! Which rules are looked at, before anything is sent.

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::conformance::check::{Info, Options, Receiver, infos};
use crate::message::Headers;
use crate::provider::Provider;
use crate::report::{write_infos, write_infos_json};
use crate::signature::Key;

use super::Args;

/// Where a receiver is that nothing is sent to.
const NOWHERE: &str = "http://localhost/";

/// The bytes of a secret that nothing is sent with.
const NO_SECRET: [u8; 24] = [0; 24];

impl Args {
    /// Lists the rules that are wanted, as they are for a receiver that has a secret.
    pub(super) fn list(&self, context: &mut Context, options: &Options) -> Result<Exit, Error> {
        self.endpoint.resolve(context)?;
        let provider = context.provider()?;
        let url = self.url.as_ref().map(|url| url.0.clone());
        let url = url.or_else(|| NOWHERE.parse().ok());
        let receiver = Receiver {
            key: some_key(&provider),
            provider,
            url: url.ok_or_else(|| Error::unexpected("no URL to list the rules for"))?,
            extra: Headers::new(),
        };
        let infos = infos(&receiver, options);
        if context.global.json {
            write_infos_json(&infos, &mut context.streams)?;
        } else {
            write_infos(&infos, context.global.verbose, &mut context.streams)?;
        }
        Ok(Exit::Done)
    }
}

/// A key that a receiver of a provider's deliveries might have.
pub(super) fn some_key(provider: &Provider) -> Option<Key> {
    let scheme = provider.signing_scheme();
    Key::new(scheme, &scheme.secret_of(&NO_SECRET)).ok()
}

/// Refuses names that name no rule.
pub(super) fn refuse_unknown(options: &Options) -> Result<(), Error> {
    let Some(unknown) = options.unknown() else {
        return Ok(());
    };
    let plain = Error::usage(format!("there is no rule `{}`", unknown.name));
    Err(match unknown.nearest {
        Some(near) => plain.hint(format!("did you mean `{near}`?")),
        None => plain.hint("`wh check --list` shows those there are"),
    })
}

/// Refuses to look at nothing: it would hold whatever the receiver is.
pub(super) fn refuse_nothing(infos: &[Info], provider: &Provider) -> Result<(), Error> {
    let wanted: Vec<_> = infos.iter().filter(|info| info.wanted).collect();
    if wanted.is_empty() {
        return Err(Error::usage("no rule is left to look at")
            .hint("`wh check --list` shows those there are"));
    }
    if wanted.iter().any(|info| info.requests.is_ok()) {
        return Ok(());
    }
    let none = Error::input(format!("`{}` has none of these rules", provider.id));
    let reasons = wanted.iter().filter_map(|info| {
        let reason = info.requests.as_ref().err()?;
        Some(format!("{}: {reason}", info.rule.id))
    });
    Err(reasons.fold(none, Error::detail))
}
