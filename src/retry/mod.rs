//! When a platform tries again: what an answer means to it, the delays of its schedule, the failures
//! after which it gives an endpoint up.

mod breaker;
mod disposition;
mod jitter;
mod schedule;
mod status;

pub use breaker::{Breaker, BreakerAction, BreakerUnit};
pub use disposition::{Disposition, Rules, Stop, StopHeader, StopReason};
pub use jitter::jittered;
pub use schedule::{Delays, Schedule};
pub use status::{StatusError, StatusSet};
