//! Where deliveries go again, and by whose rules.

use std::collections::{HashMap, HashSet};

use crate::cli::args::{Destination, TargetUrl};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::config::find;
use crate::provider::Provider;
use crate::store::{Attempt, Direction, Reader};

/// A provider's id and a URL without user and password: what an endpoint is known by.
pub(super) type Place = (String, String);

/// What the flags say of where deliveries go.
pub(super) struct Goal {
    /// The URL, where it is not the one that they went to.
    pub(super) url: Option<TargetUrl>,
    /// The endpoint whose URL that is.
    pub(super) named: Option<Destination>,
    /// The provider, where it is not the one that they are of.
    pub(super) provider: Option<Provider>,
}

impl Goal {
    /// What these flags say.
    pub(super) fn new(
        context: &Context,
        named: Option<Destination>,
        url: Option<TargetUrl>,
    ) -> Result<Self, Error> {
        let global = &context.global;
        // The variable and the setting name what new deliveries are of.
        let is_named = !global.provider.is_empty() || global.provider_file.is_some();
        Ok(Self {
            url: named.as_ref().map(|named| named.url.clone()).or(url),
            provider: is_named.then(|| context.provider()).transpose()?,
            named,
        })
    }

    /// Where a delivery goes; `None`: it was received, and nothing says where it shall go.
    fn place(&self, attempt: &Attempt) -> Option<Place> {
        let url = match (&self.url, attempt.direction) {
            (Some(url), _) => url.shown(),
            (None, Direction::Sent) => attempt.endpoint.clone(),
            (None, Direction::Received) => return None,
        };
        let provider = self.provider.as_ref();
        let provider = provider.map_or(&attempt.provider, |provider| &provider.id);
        Some((provider.clone(), url))
    }

    /// As [`place`](Self::place), where the delivery must have one.
    pub(super) fn place_of(&self, number: i64, attempt: &Attempt) -> Result<Place, Error> {
        self.place(attempt).ok_or_else(|| {
            Error::usage(format!("#{number} was received, so it has no URL to go to"))
                .hint("--url http://localhost:3000/hooks, or --endpoint NAME")
        })
    }
}

/// The providers of what is sent again: `None` for an id that no provider has here.
#[derive(Default)]
pub(super) struct Providers(HashMap<String, Option<Provider>>);

impl Providers {
    /// Those that a flag names, if any.
    pub(super) fn new(goal: &Goal) -> Self {
        let named = goal.provider.iter();
        let named = named.map(|one| (one.id.clone(), Some(one.clone())));
        Self(named.collect())
    }

    /// The provider with an id.
    fn get(&mut self, context: &Context, id: &str) -> Result<&Provider, Error> {
        self.meet(context, id);
        self.known(id)
            .ok_or_else(|| match find(&context.paths, id) {
                Ok(_) => Error::unexpected(format!("`{id}` has come just now")),
                Err(error) => Error::from(error)
                    .hint("--provider-file FILE names its file, -P ID another to sign as"),
            })
    }

    /// Looks a provider up, if it was not before.
    fn meet(&mut self, context: &Context, id: &str) {
        if !self.0.contains_key(id) {
            let found = find(&context.paths, id).ok();
            self.0.insert(id.to_owned(), found);
        }
    }

    /// The provider with an id that was met before, if there is one.
    pub(super) fn known(&self, id: &str) -> Option<&Provider> {
        self.0.get(id)?.as_ref()
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Provider> {
        self.0.values().flatten()
    }
}

/// What is to be sent again.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The deliveries, in their order.
    pub(super) numbers: Vec<i64>,
    /// Where they go, each place once.
    pub(super) places: Vec<Place>,
    /// The test deliveries that are left out.
    pub(super) tests: Vec<i64>,
}

impl Survey {
    /// Looks at the deliveries with these numbers; `tests` takes those in that are none of live ones.
    pub(super) fn of(
        context: &Context,
        reader: &Reader,
        (goal, providers): (&Goal, &mut Providers),
        numbers: Vec<i64>,
        tests: bool,
    ) -> Result<Self, Error> {
        let mut survey = Self::default();
        let mut seen = HashSet::new();
        for number in numbers {
            let line = reader.last_line(number)?.ok_or_else(|| gone(number))?;
            let place = goal.place_of(number, &line.attempt)?;
            // Its own lines stay behind, whoever signs.
            providers.meet(context, &line.attempt.provider);
            let provider = providers.get(context, &place.0)?;
            if provider.delivery.live_only && !tests {
                let recorded = reader.last_attempt(number)?.ok_or_else(|| gone(number))?;
                if provider.is_test(&recorded.exchange.request) {
                    survey.tests.push(number);
                    continue;
                }
            }
            survey.numbers.push(number);
            if seen.insert(place.clone()) {
                survey.places.push(place);
            }
        }
        Ok(survey)
    }
}

/// The error for a delivery without an attempt.
pub(super) fn gone(number: i64) -> Error {
    Error::input(format!("no attempt of #{number} is recorded"))
        .hint("one that has not gone out yet is sent by `wh replay --resume`")
}
