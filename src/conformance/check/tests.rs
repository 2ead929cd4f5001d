//! The check against models of receivers.

mod breaking;
mod counting;
mod diagnosing;
mod faults;
mod hurrying;
mod lapses;
mod matrix;
mod model;
mod plans;
mod platforms;
mod refusing;
mod running;
mod scripted;
mod timing;
