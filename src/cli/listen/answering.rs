//! How `wh listen` answers what it accepts.

use crate::capture::{ByVerdict, Responder};
use crate::cli::context::Context;
use crate::cli::error::Error;

/// How accepted deliveries are answered.
#[derive(Debug, clap::Args)]
pub(super) struct AnsweringArgs {}

impl AnsweringArgs {
    /// Who chooses the answers; whether everything goes to a forwarder is for the caller to know.
    pub(super) fn responder(
        &self,
        context: &Context,
        forwards: bool,
    ) -> Result<Box<dyn Responder>, Error> {
        let _ = (context, forwards);
        Ok(Box::new(ByVerdict))
    }
}
