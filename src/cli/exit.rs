//! The exit codes: what a script may rely on.

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, and what was asked holds.
    Done,
    /// Somebody was asked, and said no: nothing was done, as where nobody can be asked.
    Declined,
    /// A signature is not valid, or stale, unsigned or ambiguous.
    NotValid,
    /// The receiver answered and refused.
    Refused,
    /// No answer: DNS, connect, TLS, reset, timeout.
    NoAnswer,
    /// An expectation was not met.
    Unmet,
    /// The command that `listen` ran beside itself ended with this code, which is not 0.
    Command(u8),
    /// A second signal, or a signal where nothing drains.
    Interrupted,
}

impl Exit {
    /// The code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Declined => 2,
            Self::NotValid => 4,
            Self::Refused => 5,
            Self::NoAnswer => 6,
            Self::Unmet => 8,
            Self::Command(code) => code,
            Self::Interrupted => 130,
        }
    }
}
