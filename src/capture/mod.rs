//! Receiving: a request becomes a message, is verified, recorded, told apart from its repeats, and
//! answered.
//!
//! ```text
//! listener    one request, from its arrival to its answer; the record comes before any 2xx
//! parties     whose it is: one provider's, one of several, by route; what verification finds (judged)
//! responder   who chooses the answer to what is accepted: the verdict, a script, an audit, a forward
//! script      the language of scripted answers, and how they are played
//! forward     handing a delivery on, and the answer back
//! reply       the answer before it is recorded
//! ledger      the record: a store, or a memory that knows repeats (seen)
//! explainer   why a delivery did not verify, for whoever listens and never for who sends
//! register    the listeners that run, for those that must not send to one of them (own)
//! ```

mod delivery;
mod event_filter;
mod explainer;
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
pub(crate) use explainer::{Explainer, Unexplained};
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
