//! When a sender gives an endpoint up.

/// The rule by which a sender stops sending to an endpoint that keeps failing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// How many failures in a row it takes; any success starts the count anew.
    pub failures: u32,
    /// What is counted.
    pub unit: BreakerUnit,
    /// What happens then.
    pub action: BreakerAction,
}

/// What a breaker counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerUnit {
    /// Every attempt.
    Attempt,
    /// Deliveries whose last attempt failed.
    Delivery,
}

/// What a breaker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerAction {
    /// The endpoint stays off until it is enabled by hand.
    Disable,
    /// The endpoint rests for a time.
    Pause,
    /// The endpoint is removed.
    Delete,
}

impl Breaker {
    /// Whether so many failures in a row are enough.
    ///
    /// ```
    /// use wh::retry::{Breaker, BreakerAction, BreakerUnit};
    /// let breaker = Breaker {
    ///     failures: 20, unit: BreakerUnit::Attempt, action: BreakerAction::Disable,
    /// };
    /// assert!(!breaker.trips(19) && breaker.trips(20) && breaker.trips(21));
    /// ```
    #[must_use]
    pub fn trips(self, failures: u32) -> bool {
        failures >= self.failures
    }
}

impl BreakerUnit {
    /// The name used in provider files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Attempt => "attempt",
            Self::Delivery => "delivery",
        }
    }
}

impl BreakerAction {
    /// The name used in provider files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Pause => "pause",
            Self::Delete => "delete",
        }
    }
}
