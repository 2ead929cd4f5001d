//! Receiving: a request becomes a message, is verified, recorded, told apart from its repeats, and
//! answered.

mod delivery;
mod event_filter;
mod forward;
mod judged;
mod ledger;
mod listener;
mod own;
mod parties;
mod party;
mod register;
mod reply;
mod responder;
mod script;
mod seen;
mod serve;
mod waiting;

pub(crate) use delivery::{Delivery, Update};
pub(crate) use event_filter::EventFilter;
pub(crate) use forward::{ForwardOptions, Forwarder, Patience, Reach, TargetNews, TargetOptions};
pub(crate) use ledger::{Health, Ledger};
pub(crate) use listener::{Dedupe, Listener, ListenerOptions};
pub(crate) use own::{Circle, circle, own_listener};
pub(crate) use parties::{Parties, Route, Routes, Several};
pub(crate) use party::Party;
pub(crate) use register::{Registered, running_listeners};
pub(crate) use responder::{Asked, ByForward, ByVerdict, Choice, Responder, Scripted};
pub(crate) use script::{BodyError, Player, Script};
pub(crate) use serve::serve;

pub(crate) use crate::server::Manner;
