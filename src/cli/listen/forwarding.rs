//! Where `wh listen` forwards to.

use crate::capture::Forwarder;
use crate::cli::context::Context;
use crate::cli::error::Error;

/// Where accepted deliveries go.
#[derive(Debug, clap::Args)]
pub(super) struct ForwardArgs {}

impl ForwardArgs {
    /// The forwarder, where one is asked for.
    pub(super) fn forwarder(&self, context: &Context) -> Result<Option<Forwarder>, Error> {
        let _ = context;
        Ok(None)
    }
}
