//! The ways in which a sender is broken on purpose.

/// What a sender does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::conformance::audit::tests) enum Broken {
    Method,
    ContentType,
    NoContentType,
    Secret,
    Unsigned,
    /// Each attempt has its own time, and the signature of the first.
    SignedOnce,
    /// The header line of this name is missing.
    No(&'static str),
    Twice(&'static str),
    /// The event's line names another one than the body.
    Event,
    IdForm,
    /// Each attempt has its own.
    Id,
    /// All deliveries have the same.
    OneId,
    NumberStays,
    NumberFromZero,
    Body,
    /// That of the first attempt, and its signature.
    Timestamp,
    TooEarly,
    TooLate,
    NoTimeout,
    Impatient,
    TooPatient,
    FollowsRedirects,
    GivesUpAfter(u32),
    TimeoutIsFinal,
    RedirectIsFinal,
    OneTooMany,
    RepeatsSuccess,
    IgnoresRetryAfter,
    IgnoresStopStatus,
    IgnoresStopHeader,
}
