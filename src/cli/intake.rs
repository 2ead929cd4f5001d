//! Attempts from a file on their way into the store.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;
use uuid::{Builder, Uuid};

use crate::config::{Paths, find};
use crate::export::{ImportError, Imported, Item, Origin};
use crate::provider::Provider;
use crate::signature::{Unchecked, Verdict};
use crate::store::{
    Direction, Elsewhere, Entry, Judgement, Outcome, Place, Reader, Sameness, VerdictKind,
    WriteError, Writer,
};

use super::error::Error;
use super::import::bad;

/// The bytes that may wait for the disk.
const MOST_WAITING: usize = 32 * 1024 * 1024;

/// What an attempt takes beside its bodies, about.
const ENTRY: usize = 1024;

/// The faults that are told one by one.
const MOST_TOLD: usize = 10;

/// Whose requests a file of somebody else's holds.
pub(crate) struct Foreign {
    /// The provider that they are read as.
    pub(crate) provider: Provider,
    /// Who made them.
    pub(crate) direction: Direction,
}

/// A store that takes in what a file holds.
pub(crate) struct Intake {
    writer: Writer,
    foreign: Option<Foreign>,
    paths: Paths,
    skips: bool,
    /// What cannot be read, where nothing is skipped.
    fault: Option<ImportError>,
    failed: Option<WriteError>,
    /// How many attempts the providers make at most.
    most: HashMap<String, u32>,
    /// Our ids of the deliveries, by the numbers that they have in the file.
    ids: HashMap<i64, Uuid>,
    waiting: usize,
    done: (Sender<Done>, Receiver<Done>),
    /// Rows up to this one were there before.
    last_row: i64,
    tally: Tally,
}

/// The bytes that are written, and where.
type Done = (usize, Result<Place, WriteError>);

/// What was taken in.
#[derive(Default)]
pub(crate) struct Tally {
    attempts: u64,
    deliveries: HashSet<i64>,
    already: u64,
    invalid: u64,
    told: Vec<String>,
    not_http: u64,
    left_out: usize,
}

impl Intake {
    /// Opens the store; `skips` whether what cannot be read is passed over.
    pub(crate) fn open(
        store: &Path,
        foreign: Option<Foreign>,
        paths: Paths,
        skips: bool,
    ) -> Result<Self, Error> {
        let last_row = match Reader::open(store)? {
            Some(reader) => reader.last_row()?,
            None => 0,
        };
        Ok(Self {
            writer: Writer::open(store)?,
            foreign,
            paths,
            skips,
            fault: None,
            failed: None,
            most: HashMap::new(),
            ids: HashMap::new(),
            waiting: 0,
            done: mpsc::channel(),
            last_row,
            tally: Tally::default(),
        })
    }

    /// Takes the next thing in a file; ends with the first that cannot be read or recorded.
    pub(crate) fn take(&mut self, item: Result<Item, ImportError>) -> ControlFlow<()> {
        match item {
            Ok(Item::Attempt(imported)) => self.record(*imported),
            Ok(Item::NotHttp) => self.tally.not_http += 1,
            Err(error) if self.skips => {
                self.tally.invalid += 1;
                if self.tally.told.len() < MOST_TOLD {
                    self.tally.told.push(error.to_string());
                }
            }
            Err(error) => {
                self.fault = Some(error);
                return ControlFlow::Break(());
            }
        }
        self.settle(MOST_WAITING);
        match self.failed {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }

    /// Waits for what is still to be written, and tells what came of it all.
    pub(crate) fn end(mut self, read: Result<(), Error>) -> Result<Tally, Error> {
        self.settle(0);
        let wrong = match (self.failed, &self.fault) {
            (Some(error), _) => Error::from(error),
            (None, Some(fault)) => {
                bad(fault).hint("--skip-invalid goes on after what cannot be read")
            }
            (None, None) => match read {
                Ok(()) => return Ok(self.tally),
                Err(error) => error,
            },
        };
        Err(match self.tally.attempts {
            0 => wrong,
            _ => wrong.detail(format!("before that: {}", self.tally)),
        })
    }

    fn record(&mut self, imported: Imported) {
        self.tally.left_out += imported.left_out;
        let entry = self.entry(imported);
        let response = entry.exchange.response.as_ref();
        let body = response.map_or(0, |response| response.body.len());
        let bytes = ENTRY + entry.exchange.request.body.len() + body;
        self.waiting += bytes;
        let done = self.done.0.clone();
        self.writer.append(Box::new(entry), move |(_, result)| {
            // Whoever asked waits below.
            let _ = done.send((bytes, result));
        });
    }

    /// Counts what was written, and waits until at most so many bytes are not.
    fn settle(&mut self, most: usize) {
        while let Ok((bytes, result)) = self.done.1.try_recv() {
            self.count(bytes, result);
        }
        while self.waiting > most {
            let Ok((bytes, result)) = self.done.1.recv() else {
                break;
            };
            self.count(bytes, result);
        }
    }

    fn count(&mut self, bytes: usize, result: Result<Place, WriteError>) {
        self.waiting -= bytes;
        match result {
            // Rows only grow.
            Ok(place) if place.row > self.last_row => {
                self.last_row = place.row;
                self.tally.attempts += 1;
                self.tally.deliveries.insert(place.delivery);
            }
            Ok(_) => self.tally.already += 1,
            Err(error) => self.failed = self.failed.take().or(Some(error)),
        }
    }

    fn entry(&mut self, mut imported: Imported) -> Entry {
        let (id, elsewhere) = match (&imported.origin, &self.foreign) {
            (Origin::Foreign { url }, Some(foreign)) => {
                let id = id_of(&imported, url);
                foreign.complete(&mut imported);
                (id, Elsewhere::default())
            }
            (Origin::Foreign { url }, None) => (id_of(&imported, url), Elsewhere::default()),
            (
                &Origin::Wh {
                    id,
                    number,
                    nth,
                    duplicate_of,
                },
                _,
            ) => {
                if let Some(number) = number {
                    self.ids.insert(number, id);
                }
                let repeats = |number| self.ids.get(&number).copied().unwrap_or_default();
                let duplicate_of = duplicate_of.map(repeats);
                (id, Elsewhere { nth, duplicate_of })
            }
        };
        if imported.attempt.of == 0 {
            imported.attempt.of = self.most(&imported.attempt.provider);
        }
        Entry {
            id,
            delivery: None,
            attempt: imported.attempt,
            exchange: imported.exchange,
            sameness: Sameness::Imported(elsewhere),
            window: Duration::ZERO,
        }
    }

    fn most(&mut self, provider: &str) -> u32 {
        if let Some(most) = self.most.get(provider) {
            return *most;
        }
        let known = find(&self.paths, provider);
        let most = known.map_or(1, |known| known.delivery.retry.attempts());
        self.most.insert(provider.to_owned(), most);
        most
    }
}

impl Foreign {
    /// Adds what the provider makes of a request.
    fn complete(&self, imported: &mut Imported) {
        let Imported {
            attempt, exchange, ..
        } = imported;
        let provider = &self.provider;
        attempt.direction = self.direction;
        attempt.provider.clone_from(&provider.id);
        attempt.event = provider.event_of(&exchange.request);
        attempt.webhook_id = provider.webhook_id_of(&exchange.request);
        attempt.number = provider.attempt_of(&exchange.request);
        attempt.of = provider.delivery.retry.attempts();
        let Origin::Foreign { url } = &imported.origin else {
            return;
        };
        match self.direction {
            Direction::Sent => {
                attempt.endpoint = endpoint(url);
                let success = &provider.delivery.rules.success;
                attempt.outcome = match attempt.status {
                    Some(status) if success.contains(status) => Outcome::Success,
                    _ => Outcome::Failed,
                };
            }
            Direction::Received => {
                attempt.verdict = Some(Judgement {
                    kind: VerdictKind::Unchecked,
                    reason: Verdict::Unchecked(Unchecked::NoSecret).reason(),
                });
            }
        }
    }
}

/// A URL without credentials.
fn endpoint(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    // Fails for URLs that cannot have them.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.into()
}

/// An id for what has none: the same whenever the file is read.
fn id_of(imported: &Imported, url: &Url) -> Uuid {
    let request = &imported.exchange.request;
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update(bytes.len().to_be_bytes());
        hash.update(bytes);
    };
    add(request.method.as_bytes());
    add(url.as_str().as_bytes());
    for (name, value) in request.headers.iter() {
        add(name.as_bytes());
        add(value);
    }
    add(&request.body);
    let bytes: [u8; 32] = hash.finalize().into();
    let random = bytes.first_chunk().copied().unwrap_or_default();
    let at = u64::try_from(imported.attempt.at.as_millisecond()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(at, &random).into_uuid()
}

impl Tally {
    /// What else there is to say.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<String> = self
            .told
            .iter()
            .map(|fault| format!("left out: {fault}"))
            .collect();
        let untold = self.invalid - self.told.len() as u64;
        if untold > 0 {
            remarks.push(format!("left out: {untold} more"));
        }
        if self.not_http > 0 {
            let requests = counted(self.not_http, "request");
            remarks.push(format!("left out: {requests} by other schemes than HTTP"));
        }
        if self.left_out > 0 {
            let lines = counted(self.left_out as u64, "header line");
            remarks.push(format!("left out: {lines} that no message can have"));
        }
        remarks
    }

    /// As JSON.
    pub(crate) fn json(&self) -> Value {
        json!({
            "attempts": self.attempts,
            "deliveries": self.deliveries.len(),
            "already": self.already,
            "invalid": self.invalid,
            "not_http": self.not_http,
            "header_lines_left_out": self.left_out,
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attempts = counted(self.attempts, "attempt");
        let deliveries = match self.deliveries.len() {
            1 => "1 delivery".to_owned(),
            count => format!("{count} deliveries"),
        };
        write!(f, "imported {attempts} of {deliveries}")?;
        match self.already {
            0 => {}
            1 => f.write_str(", 1 was there already")?,
            count => write!(f, ", {count} were there already")?,
        }
        match self.invalid {
            0 => Ok(()),
            count => write!(f, ", {count} could not be read"),
        }
    }
}

fn counted(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}
