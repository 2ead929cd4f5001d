//! Who is checked, by the flags.

use std::str::FromStr;

use url::Url;

use crate::cli::args::{TargetUrl, given_url, headers_of, no_secret};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::plan::{refuse_reserved, refuse_unsendable};
use crate::cli::signing::Signing;
use crate::conformance::check::{Effects, Info, Options, Receiver, infos};
use crate::message::Headers;
use crate::provider::Provider;

use super::Args;
use super::listing::some_key;

/// What counts the side effects: what begins as a URL is one, anything else a command.
#[derive(Clone, Debug)]
pub(super) struct EffectsArg(pub(super) Effects);

impl FromStr for EffectsArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_url = ["http://", "https://"]
            .iter()
            .any(|begin| text.starts_with(begin));
        if is_url {
            let url =
                Url::parse(text).map_err(|error| format!("`{text}` is not a URL: {error}"))?;
            return Ok(Self(Effects::Url(url)));
        }
        if text.trim().is_empty() {
            return Err("there is no command in it".to_owned());
        }
        Ok(Self(Effects::Command(text.to_owned())))
    }
}

impl Args {
    /// The receiver that the flags name, with what signs for it.
    pub(super) fn receiver(&self, context: &mut Context) -> Result<Receiver, Error> {
        let destination = self.endpoint.resolve(context)?;
        let provider = context.provider()?;
        let url = match &destination {
            Some(destination) => destination.url.clone(),
            None => self.named_url(context)?,
        };
        let extra = headers_of(&self.header);
        refuse_reserved(&extra)?;
        refuse_unsendable(&extra)?;
        refuse_made(&provider, &extra)?;
        let own = destination.as_ref().and_then(|named| named.secret.as_ref());
        let signing = Signing::find(context, &self.secret, &provider, own)?;
        Ok(Receiver {
            key: signing.ok_or_else(no_secret)?.key,
            provider,
            url: url.0,
            extra,
        })
    }

    fn named_url(&self, context: &Context) -> Result<TargetUrl, Error> {
        let hint = "wh check http://localhost:3000/hooks, or WH_URL";
        given_url(self.url.clone(), context, "check", hint)
    }
}

/// Refuses header lines that would stand in the place of what is right or wrong on purpose.
fn refuse_made(provider: &Provider, extra: &Headers) -> Result<(), Error> {
    let made = provider.made_headers();
    let mut made = made.iter().chain(&["Content-Type"]);
    match made.find(|name| extra.first(name).is_some()) {
        Some(name) => Err(Error::usage(format!(
            "`{name}` is what the check itself writes, right and wrong"
        ))
        .hint("-H is for what stands before the receiver, such as a login")),
        None => Ok(()),
    }
}

/// What falls away because there is no secret, in a sentence; `None`: there is one.
pub(super) fn unsigned(
    receiver: &Receiver,
    options: &Options,
    infos_now: &[Info],
) -> Option<String> {
    if receiver.key.is_some() {
        return None;
    }
    let signed = Receiver {
        key: some_key(&receiver.provider),
        ..receiver.clone()
    };
    let signed = infos(&signed, options);
    let pairs = infos_now.iter().zip(&signed);
    let lost = pairs
        .filter(|(now, signed)| now.wanted && now.requests.is_err() && signed.requests.is_ok());
    let lost: Vec<_> = lost.map(|(now, _)| now.rule.id).collect();
    let nothing = "no secret is given, so nothing is signed";
    Some(match lost.len() {
        0 => nothing.to_owned(),
        1 => format!("{nothing}; a rule falls away: {}", lost[0]),
        many => format!("{nothing}; {many} rules fall away: {}", lost.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::{EffectsArg, refuse_made};
    use crate::conformance::check::Effects;
    use crate::provider::builtin;

    #[test]
    fn what_begins_as_a_url_counts_by_http() {
        for (text, is_url) in [
            ("http://localhost:3000/count", Some(true)),
            ("https://h", Some(true)),
            ("wc -l < orders.log", Some(false)),
            ("curl http://h", Some(false)),
            ("http://", None),
            (" ", None),
        ] {
            let read = text.parse::<EffectsArg>().ok();
            let found = read.map(|EffectsArg(effects)| matches!(effects, Effects::Url(_)));
            assert_eq!(found, is_url, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_on_purpose_stays_so() {
        let provider = builtin("cepro").expect("it is built in");
        for (name, taken) in [
            ("Authorization", true),
            ("x-webhook-signature", false),
            ("content-type", false),
        ] {
            let lines = [(name, "a")].into_iter().collect();
            assert_eq!(refuse_made(&provider, &lines).is_ok(), taken, "{name}");
        }
    }
}
