//! `wh retry`: one more attempt.

use crate::delivery::{Limits, Terms, Timings};

use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::replay::{Order, OrderArgs, recorded};

/// Make one more attempt of a delivery, at once
///
/// It has the next number, and none follows by itself: `wh replay --timings once` of one delivery.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh retry '#1042' --secret-file secret.txt
  wh retry 1042 --expect 2xx
  wh retry msg_2Lml --url 3000/hooks --secret-env HOOK_SECRET")]
pub(crate) struct Args {
    /// Delivery: its number, or the beginning of an id
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    order: OrderArgs,
}

impl Args {
    pub(crate) fn run(self: Box<Self>, context: &mut Context) -> Result<Exit, Error> {
        let reader = recorded(context)?;
        let number = reader.find(&self.id)?;
        let order = Order {
            terms: Terms {
                timings: Timings::Once,
                ..Terms::default()
            },
            limits: Limits {
                concurrency: 1,
                ordered: true,
            },
            new_id: false,
            edit: false,
            yes: true,
        };
        self.order.send(context, &reader, vec![number], order)
    }
}
