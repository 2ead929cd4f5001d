//! What an export leaves out.

use std::borrow::Cow;

use crate::message::{Shown, redact};
use crate::signature::{Scheme, shown_target};
use crate::store::{Direction, Recorded};

/// What stands in the place of a credential, where there is no other way to say that it was taken
/// out.
pub(crate) const REDACTED: &str = "(redacted)";

/// Which credentials are taken out.
#[derive(Debug)]
pub(crate) struct Redacting {
    is_on: bool,
    token_headers: Vec<String>,
    /// The schemes of each provider, by its id.
    schemes: Vec<(String, Vec<Scheme>)>,
}

impl Redacting {
    /// Takes out credentials, unless `is_on` is false: those that any sender may give, those in the
    /// `token_headers` of providers, and those that a provider's schemes find in a URL.
    pub(crate) fn new(
        is_on: bool,
        token_headers: Vec<String>,
        schemes: Vec<(String, Vec<Scheme>)>,
    ) -> Self {
        Self {
            is_on,
            token_headers,
            schemes,
        }
    }

    /// Whether credentials are taken out.
    pub(crate) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Whether it is known in which headers the secrets of a provider travel.
    pub(crate) fn knows(&self, provider: &str) -> bool {
        self.schemes.iter().any(|(id, _)| id == provider)
    }

    /// Whether a value is taken out, or was before it was imported.
    pub(crate) fn hides(&self, name: &str, value: &[u8]) -> bool {
        let is_token = |header: &String| name.eq_ignore_ascii_case(header);
        let is_credential =
            redact(name, value, &[]) == Shown::Redacted || self.token_headers.iter().any(is_token);
        is_credential && (self.is_on || value == REDACTED.as_bytes())
    }

    /// Path and query of an attempt. What was sent names them in its URL too, where no credentials
    /// are kept.
    pub(super) fn target<'r>(&self, recorded: &'r Recorded) -> Cow<'r, str> {
        let target = recorded.exchange.request.target.as_str();
        if !self.is_on || recorded.attempt.direction == Direction::Sent {
            return target.into();
        }
        let of_it = |(id, _): &&(String, Vec<Scheme>)| *id == recorded.attempt.provider;
        let schemes = match self.schemes.iter().find(of_it) {
            Some(one) => std::slice::from_ref(one),
            None => &self.schemes,
        };
        schemes
            .iter()
            .flat_map(|(_, schemes)| schemes)
            .fold(target.into(), |target, scheme| {
                shown_target(scheme, &[], &target).into()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::Redacting;

    #[test]
    fn credentials_are_hidden_and_stay_so() {
        let tokens = || vec!["X-Token".to_owned()];
        for (is_on, name, value, hidden) in [
            (true, "Cookie", "a=b", true),
            (true, "x-token", "s3cret", true),
            (true, "X-Signature", "5d2e", false),
            (false, "x-token", "s3cret", false),
            (false, "X-TOKEN", "(redacted)", true),
            (false, "X-A", "(redacted)", false),
        ] {
            let hides = Redacting::new(is_on, tokens(), Vec::new()).hides(name, value.as_bytes());
            assert_eq!(hides, hidden, "{name} {value}");
        }
    }
}
