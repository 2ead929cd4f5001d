//! What is shown of a recorded message: everything but credentials.

use std::borrow::Cow;

use crate::message::{Headers, Shown, redact};
use crate::provider::Provider;
use crate::signature::{Scheme, shown_target};

/// What stands in the place of a credential.
const REDACTED: &str = "(redacted)";

/// Which credentials are left out.
#[derive(Clone, Debug)]
pub(crate) struct Redaction {
    is_off: bool,
    token_headers: Vec<String>,
    schemes: Vec<Scheme>,
}

impl Redaction {
    /// The credentials that any sender may give, and those of a provider where it is known.
    pub(crate) fn of(provider: Option<&Provider>) -> Self {
        let token_headers = provider.map(Provider::token_headers).unwrap_or_default();
        Self {
            is_off: false,
            token_headers: token_headers.into_iter().map(str::to_owned).collect(),
            schemes: provider.map(|p| p.schemes.clone()).unwrap_or_default(),
        }
    }

    /// Nothing is left out.
    pub(crate) fn off() -> Self {
        Self {
            is_off: true,
            token_headers: Vec::new(),
            schemes: Vec::new(),
        }
    }

    /// Whether nothing is left out.
    pub(crate) fn is_off(&self) -> bool {
        self.is_off
    }

    /// The headers in which the provider puts the secret itself.
    pub(crate) fn token_headers(&self) -> Vec<&str> {
        self.token_headers.iter().map(String::as_str).collect()
    }

    /// A header's value as it may be shown.
    pub(crate) fn value<'v>(&self, name: &str, value: &'v [u8]) -> &'v [u8] {
        match redact(name, value, &self.token_headers()) {
            Shown::Redacted if !self.is_off => REDACTED.as_bytes(),
            _ => value,
        }
    }

    /// Path and query as they may be shown.
    pub(crate) fn target<'t>(&self, target: &'t str) -> Cow<'t, str> {
        self.schemes.iter().fold(target.into(), |target, scheme| {
            shown_target(scheme, &[], &target).into()
        })
    }

    /// Header lines as they may be shown.
    pub(crate) fn headers(&self, headers: &Headers) -> Headers {
        let shown = |(name, value)| (name, self.value(name, value));
        headers.iter().map(shown).collect()
    }

    /// The names of the header lines whose values are left out.
    pub(crate) fn hidden<'h>(&self, headers: &'h Headers) -> Vec<&'h str> {
        let is_hidden = |(name, value): &(&str, &[u8])| self.value(name, value) != *value;
        let hidden = headers.iter().filter(is_hidden);
        hidden.map(|(name, _)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::message::Headers;
    use crate::provider::parse;

    use super::Redaction;

    const PROVIDER: &str = r#"
        provider = { id = "own" }
        signature = { algorithm = "token", header = "X-Own-Token", value = "{secret}", query = "refuse" }
        delivery = { timeout = "1s", retry = "none" }
        any_event = { open = true, sample = "{}" }
        "#;

    #[test]
    fn credentials_of_the_provider_are_left_out_too() {
        let provider = parse(PROVIDER).expect("a provider");
        let lines: Headers = [("COOKIE", "a"), ("X-Own-Token", "b"), ("X-A", "c")]
            .into_iter()
            .collect();
        let shown = |redaction: &Redaction| -> Vec<String> {
            let headers = redaction.headers(&lines);
            let value = |(_, value): (&str, &[u8])| String::from_utf8_lossy(value).into_owned();
            headers.iter().map(value).collect()
        };
        let known = Redaction::of(Some(&provider));
        assert_eq!(shown(&known), ["(redacted)", "(redacted)", "c"]);
        assert_eq!(known.hidden(&lines), ["COOKIE", "X-Own-Token"]);
        assert_eq!(known.target("/a?token=b&c=d"), "/a?token=(redacted)&c=d");
        assert_eq!(shown(&Redaction::of(None)), ["(redacted)", "b", "c"]);
        assert_eq!(shown(&Redaction::off()), ["a", "b", "c"]);
        assert_eq!(Redaction::off().target("/a?token=b"), "/a?token=b");
    }
}
