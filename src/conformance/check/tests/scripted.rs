//! A receiver that answers as a closure says, in a time that stands still.

use std::future::{Future, pending};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use crate::conformance::Ruling;
use crate::conformance::check::catalogue::Entry;
use crate::conformance::check::effects::EffectsError;
use crate::conformance::check::report::{CheckFinding, CheckReport};
use crate::conformance::check::runner::run_over;
use crate::conformance::check::shot::Manner;
use crate::conformance::check::wire::Wire;
use crate::conformance::check::{Options, Receiver};
use crate::delivery::{Attempt, Failure, FailureKind, Response};
use crate::message::{Headers, Message};
use crate::provider::builtin;
use crate::signature::{Key, Secret};

/// The secret of the deliveries.
pub(super) const SECRET: &str = "s3cret";

/// What comes of a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reply {
    /// This status.
    Status(u16),
    /// This status, after so long.
    Late(u16, Duration),
    /// No answer, for this reason.
    No(FailureKind),
    /// No answer, ever.
    Never,
}

type Script = dyn Fn(&Message, usize) -> Reply + Send + Sync;
type Counter = dyn Fn(usize) -> Result<Option<i64>, EffectsError> + Send + Sync;

/// A receiver by two closures: its answer to a request, of which so many came before, and its side
/// effects after so many requests.
#[derive(Clone)]
pub(super) struct Scripted {
    script: Arc<Script>,
    counter: Arc<Counter>,
    came: Arc<Mutex<Vec<(Message, Manner, Instant)>>>,
}

impl Scripted {
    pub(super) fn new(script: impl Fn(&Message, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self {
            script: Arc::new(script),
            counter: Arc::new(|_| Ok(None)),
            came: Arc::default(),
        }
    }

    /// One that verifies as its platform says it should, with this receiver's key.
    pub(super) fn right(receiver: &Receiver) -> Self {
        let verifies = verifier(receiver);
        Self::new(move |message, _| Reply::Status(if verifies(message) { 200 } else { 401 }))
    }

    /// The same with side effects.
    pub(super) fn counting(
        self,
        counter: impl Fn(usize) -> Result<Option<i64>, EffectsError> + Send + Sync + 'static,
    ) -> Self {
        let counter = Arc::new(counter);
        Self { counter, ..self }
    }

    /// What has come.
    pub(super) fn came(&self) -> Vec<(Message, Manner, Instant)> {
        self.came.lock().expect("no panic before").clone()
    }

    /// What a check finds.
    pub(super) async fn checked(&self, receiver: &Receiver, options: &Options) -> CheckReport {
        let report = run_over(self, receiver, options, |_| {}, pending()).await;
        report.expect("a check")
    }
}

impl Wire for Scripted {
    fn exchange(
        &self,
        message: Message,
        manner: Manner,
    ) -> impl Future<Output = Option<Attempt>> + Send + 'static {
        let Self { script, came, .. } = self.clone();
        async move {
            let nth = {
                let mut came = came.lock().expect("no panic before");
                came.push((message.clone(), manner, Instant::now()));
                came.len() - 1
            };
            if manner == Manner::Half {
                return None;
            }
            let begun = Instant::now();
            if let Manner::Slow(pause) = manner {
                sleep(pause).await;
            }
            let outcome = match script(&message, nth) {
                Reply::Status(status) => Ok(status),
                Reply::Late(status, after) => {
                    sleep(after).await;
                    Ok(status)
                }
                Reply::No(kind) => Err(kind),
                Reply::Never => pending().await,
            };
            Some(Attempt {
                at: Timestamp::now(),
                elapsed: begun.elapsed(),
                outcome: outcome.map(response).map_err(|kind| Failure {
                    kind,
                    detail: String::new(),
                }),
            })
        }
    }

    async fn effects(&self) -> Result<Option<i64>, EffectsError> {
        let came = self.came.lock().expect("no panic before").len();
        (self.counter)(came)
    }
}

fn response(status: u16) -> Response {
    Response {
        status,
        headers: Headers::new(),
        body: bytes::Bytes::new(),
        truncated: false,
    }
}

/// A receiver of a built-in platform's deliveries, with the secret.
pub(super) fn receiver(provider: &str) -> Receiver {
    let provider = builtin(provider).expect("a built-in provider");
    let key = Key::new(provider.signing_scheme(), &Secret::new(SECRET)).expect("a key");
    Receiver {
        provider,
        url: "http://127.0.0.1:9/hooks".parse().expect("a URL"),
        key: Some(key),
        extra: Headers::new(),
    }
}

/// Whether a message verifies by the receiver's own provider and key.
pub(super) fn verifier(receiver: &Receiver) -> impl Fn(&Message) -> bool + Send + Sync + 'static {
    let provider = receiver.provider.clone();
    let keys = vec![receiver.key.clone().expect("a key")];
    move |message| {
        let scheme = provider.signing_scheme();
        crate::signature::verify(scheme, &keys, message, Timestamp::now()).is_valid()
    }
}

/// The options that leave these rules.
pub(super) fn only(rules: &[&str]) -> Options {
    Options {
        only: rules.iter().map(|rule| (*rule).to_owned()).collect(),
        ..Options::default()
    }
}

/// The finding of a rule.
#[track_caller]
pub(super) fn of<'f>(report: &'f CheckReport, rule: &str) -> &'f CheckFinding {
    let mut rules = report.rules.iter();
    rules
        .find(|finding| finding.rule.id == rule)
        .expect("a rule of this id")
}

/// The rules that were looked at, with what became of them.
pub(super) fn rulings(report: &CheckReport) -> Vec<(&'static str, Ruling)> {
    let looked = report.rules.iter();
    let looked =
        looked.filter(|finding| !matches!(finding.ruling, Ruling::LeftOut | Ruling::NotApplicable));
    looked
        .map(|finding| (finding.rule.id, finding.ruling))
        .collect()
}

/// The rule of this id.
pub(super) fn entry(id: &str) -> &'static Entry {
    let mut entries = crate::conformance::check::catalogue::entries();
    entries.find(|entry| entry.rule.id == id).expect("a rule")
}
