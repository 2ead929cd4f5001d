//! When a platform tries again: the delays of its schedule, the answers that count as success, and
//! the failures after which it gives an endpoint up.

mod breaker;
mod schedule;
mod status;

pub use breaker::{Breaker, BreakerAction, BreakerUnit};
pub use schedule::{Delays, Schedule};
pub use status::{StatusError, StatusSet};
