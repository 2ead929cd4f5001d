//! The check against models of receivers.

mod counting;
mod diagnosing;
mod faults;
mod lapses;
mod matrix;
mod model;
mod plans;
mod platforms;
mod refusing;
mod running;
mod scripted;
mod timing;
