//! How the deliveries of a run are made.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What the deliveries of a run have in common beside provider, URL and key: kept with the queue, so
/// that another process can go on by the same terms. It never holds a secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Terms {
    /// When it is tried again.
    pub(crate) timings: Timings,
    /// How many attempts are made at most.
    pub(crate) max_attempts: Option<u32>,
    /// By how much of itself a delay varies, in percent; `None`: as the provider has it.
    pub(crate) jitter: Option<u32>,
    /// How many times faster than the platform's the waits are.
    pub(crate) speed: f64,
    /// How the message of an attempt is made.
    pub(crate) make: Make,
    /// Whether it is signed.
    pub(crate) signed: bool,
    /// Where the secret is found; `None`: it was given by value, or there is none.
    pub(crate) secret: Option<String>,
    /// A timestamp to write, as it is.
    pub(crate) timestamp: Option<String>,
    /// Damage to do, by its name.
    pub(crate) tamper: Option<String>,
    /// Whether certificates go unchecked.
    pub(crate) insecure: bool,
    /// After how many failures in a row the endpoint is disabled, where that is not the provider's
    /// rule.
    pub(crate) disable_after: Option<u32>,
    /// The provider file, where the provider is none of those known by name.
    pub(crate) provider_file: Option<PathBuf>,
    /// Whether the URL has user and password, which are not kept.
    pub(crate) credentials: bool,
    /// The number of the endpoint that it goes to; `None`: that of the bare URL.
    #[serde(default)]
    pub(crate) endpoint: Option<i64>,
    /// What holds in place of this for one provider and URL of several.
    #[serde(default)]
    pub(crate) places: Vec<PlaceTerms>,
}

/// What of the terms is another for one provider and URL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PlaceTerms {
    /// The provider's id.
    pub(crate) provider: String,
    /// The URL, without user and password.
    pub(crate) url: String,
    /// Whether it is signed.
    pub(crate) signed: bool,
    /// Where the secret is found.
    pub(crate) secret: Option<String>,
    /// The number of the endpoint.
    pub(crate) endpoint: Option<i64>,
}

impl Terms {
    /// The terms for one provider and URL.
    pub(crate) fn of_place(&self, provider: &str, url: &str) -> Self {
        let mut terms = Self {
            places: Vec::new(),
            ..self.clone()
        };
        let place = |place: &&PlaceTerms| place.provider == provider && place.url == url;
        if let Some(place) = self.places.iter().find(place) {
            terms.signed = place.signed;
            terms.secret.clone_from(&place.secret);
            terms.endpoint = place.endpoint;
        }
        terms
    }
}

/// When a failed delivery is tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Timings {
    /// By the platform's schedule.
    #[default]
    Production,
    /// Not at all.
    Once,
}

/// How the message of an attempt is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Make {
    /// With the provider's header lines, timestamp and signature made anew.
    #[default]
    Afresh,
    /// As it was: its lines, signature and timestamp among them.
    Kept,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            timings: Timings::Production,
            max_attempts: None,
            jitter: None,
            speed: 1.0,
            make: Make::Afresh,
            signed: true,
            secret: None,
            timestamp: None,
            tamper: None,
            insecure: false,
            disable_after: None,
            provider_file: None,
            credentials: false,
            endpoint: None,
            places: Vec::new(),
        }
    }
}
