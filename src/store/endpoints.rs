//! Destinations: what is set of them, and whether they are given deliveries.

/// A destination, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Its number in the store, from 1.
    pub(crate) number: i64,
    /// Its settings.
    pub(crate) settings: EndpointSettings,
    /// Whether it is given deliveries.
    pub(crate) active: bool,
    /// The failures in a row, as its breaker counts them.
    pub(crate) failures: u32,
    /// Why it is given none, where that was not done by hand.
    pub(crate) disabled_because: Option<String>,
}

/// What is set of a destination.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EndpointSettings {
    /// Its name; `None` of a bare URL, which is known by provider and URL.
    pub(crate) name: Option<String>,
    /// The provider's id.
    pub(crate) provider: String,
    /// Where it is, without credentials.
    pub(crate) url: String,
    /// Where its secret is found, never the secret: `file:/path`, `env:NAME`.
    pub(crate) secret: Option<String>,
    /// The events that it takes, as globs; none means all.
    pub(crate) events: Vec<String>,
    /// After how many failures in a row it is disabled, where that is not the provider's rule.
    pub(crate) disable_after: Option<u32>,
}

/// What a failure or a success did to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The failures in a row.
    pub(crate) failures: u32,
    /// Whether it is given deliveries still.
    pub(crate) active: bool,
}
