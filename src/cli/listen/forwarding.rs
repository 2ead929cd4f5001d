//! Where `wh listen` forwards to.

use std::net::SocketAddr;

use url::Url;

use crate::capture::{Circle, ForwardOptions, Forwarder, TargetOptions, circle};
use crate::cli::args::{
    DurationArg, ForwardArg, ForwardTargets, HeaderArg, TargetUrl, headers_of, or_variable,
};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::plan::{refuse_reserved, refuse_unsendable};
use crate::delivery::{hop_by_hop, socket_addresses};
use crate::message::Headers;
use crate::report::Forwards;

use super::place::Place;

/// Where accepted deliveries go.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Answers")]
pub(super) struct ForwardArgs {
    /// Forward what is accepted, and answer as the target does: 3000, localhost:3000/hooks, /hooks, a
    /// URL, or for some events only 'invoice.*,!invoice.draft=3000'; the first that fits gets it
    #[arg(short, long, value_name = "TARGET")]
    forward_to: Vec<ForwardArg>,
    /// Header line 'Name: value' for what is forwarded, in place of those of that name
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    header: Vec<HeaderArg>,
    /// Take any TLS certificate of a target
    #[arg(short = 'k', long)]
    insecure: bool,
    /// How long a target may take to answer [default: as long as the provider waits]
    #[arg(long, value_name = "DURATION")]
    forward_timeout: Option<DurationArg>,
}

/// What is forwarded, and where to.
#[derive(Default)]
pub(super) struct Forwarding {
    pub(super) forwarder: Option<Forwarder>,
    /// The same for people and programs.
    pub(super) told: Vec<Forwards>,
}

impl ForwardArgs {
    /// What the flags, the environment or the settings say.
    pub(super) fn forwarding(&self, context: &Context) -> Result<Forwarding, Error> {
        let targets = self.targets(context)?;
        if targets.is_empty() {
            return if self.says_how() {
                Err(nothing_forwarded().hint("-f says where to, for example -f 3000"))
            } else {
                Ok(Forwarding::default())
            };
        }
        let headers = headers_of(&self.header);
        check(&headers)?;
        if self
            .forward_timeout
            .is_some_and(|timeout| timeout.0.is_zero())
        {
            return Err(
                Error::usage("with --forward-timeout 0 no target could answer")
                    .hint("--forward-timeout 5s, for example"),
            );
        }
        let told = targets.iter().map(|target| Forwards {
            events: target.globs.clone(),
            url: target.url.shown(),
        });
        let told = told.collect();
        let options = ForwardOptions {
            targets: targets
                .into_iter()
                .map(|target| TargetOptions {
                    events: target.events,
                    url: target.url.0,
                })
                .collect(),
            headers,
            timeout: self.forward_timeout.map(|timeout| timeout.0),
            insecure: self.insecure,
        };
        Ok(Forwarding {
            forwarder: Some(Forwarder::new(options)?),
            told,
        })
    }

    /// For something else that answers: whether the environment or the settings would forward. Flags that
    /// say how are refused.
    pub(super) fn set_aside(&self, context: &Context) -> Result<bool, Error> {
        if self.says_how() {
            return Err(nothing_forwarded().hint("leave out -H, -k and --forward-timeout"));
        }
        Ok(!self.targets(context)?.is_empty())
    }

    /// Whether a flag says how to forward.
    fn says_how(&self) -> bool {
        !self.header.is_empty() || self.insecure || self.forward_timeout.is_some()
    }

    fn targets(&self, context: &Context) -> Result<Vec<ForwardArg>, Error> {
        if !self.forward_to.is_empty() {
            return Ok(self.forward_to.clone());
        }
        if let Some(ForwardTargets(targets)) = or_variable(None, "WH_FORWARD_TO")? {
            return Ok(targets);
        }
        let settings = context.config.listen.forward_to.iter().flatten();
        settings
            .map(|text| text.parse())
            .collect::<Result<_, String>>()
            .map_err(|error| Error::input(format!("the setting `listen.forward-to`: {error}")))
    }
}

fn nothing_forwarded() -> Error {
    Error::usage("nothing is forwarded, so nothing can be said of how")
}

/// Refuses header lines that cannot be set.
fn check(headers: &Headers) -> Result<(), Error> {
    refuse_reserved(headers)?;
    refuse_unsendable(headers)?;
    match headers.iter().find(|(name, _)| hop_by_hop(name)) {
        Some((name, _)) => Err(Error::usage(format!(
            "`{name}` concerns one connection and cannot be set"
        ))),
        None => Ok(()),
    }
}

impl Forwarding {
    /// Refuses targets by which a delivery would come back here, and tells other listeners where this
    /// one forwards to, so that they can do the same.
    pub(super) async fn guard(&self, place: &mut Place, context: &Context) -> Result<(), Error> {
        let Some(forwarder) = &self.forwarder else {
            return Ok(());
        };
        let urls: Vec<&Url> = forwarder.urls().collect();
        let mut addresses: Vec<SocketAddr> = Vec::new();
        for url in &urls {
            addresses.extend(socket_addresses(url).await);
        }
        if let Some(registered) = &mut place.registered {
            // Told before it is asked, so that of two that begin at once one sees the other. What cannot
            // be told ends by the number of forwards that may be under way.
            let _ = registered.forwards_to(&addresses);
        }
        let own = place.entrance.listener.local_addr()?;
        match circle(own, &context.paths.listeners(), urls.into_iter()).await {
            None => Ok(()),
            Some(found) => Err(refusal(&found, own)),
        }
    }
}

fn refusal(circle: &Circle, own: SocketAddr) -> Error {
    let url = TargetUrl(circle.url.clone()).shown();
    let error = Error::usage(format!("`{url}` leads back to this listener, on {own}"));
    let error = match circle.by_way_of {
        None => error,
        Some(other) => error.detail(format!("by way of the `wh listen` on {other}")),
    };
    error.hint("-f wants the program that handles deliveries, for example -f 3000")
}
