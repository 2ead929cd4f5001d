//! The check against models of receivers.

mod counting;
mod diagnosing;
mod model;
mod running;
mod scripted;
mod timing;
