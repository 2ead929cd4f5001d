//! Receiving: a request becomes a message, is verified, recorded, told apart from its repeats, and
//! answered.

mod delivery;
mod event_filter;
mod ledger;
mod listener;
mod seen;
mod serve;

pub(crate) use delivery::{Delivery, Update};
pub(crate) use event_filter::EventFilter;
pub(crate) use ledger::{Health, Ledger};
pub(crate) use listener::{Dedupe, Listener, ListenerOptions};
pub(crate) use serve::serve;
