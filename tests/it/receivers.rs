//! The platforms' own sample code as receivers, in Node and Python, under what `wh send` sends them.
//!
//! Each sample takes every event of its platform and refuses every damage. How it refuses is the
//! samples' affair, faults included: where one throws, the table says what.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use wh::provider::builtin;

use crate::support::{Process, receivers, wh};

/// What every receiver verifies with.
pub(crate) const SECRET: &str = "whsec_test";

/// The receiver, the platform and the path of each program.
const RECEIVERS: &[(Program, &str, &str)] = &[
    (Program::Node("cepro"), "cepro", "/"),
    (Program::Node("cepro-001"), "cepro", "/"),
    (Program::Node("cepro-inbound"), "cepro-inbound", "/"),
    (Program::Node("wlcro"), "wlcro", "/webhooks/wlcro"),
    (Program::Node("tenant"), "tenant", "/"),
    (Program::Node("orgjobs"), "orgjobs", "/"),
    (Program::Python("cepro"), "cepro", "/"),
    (Program::Python("cepro-001"), "cepro", "/"),
    (Program::Python("wlcro"), "wlcro", "/webhooks/wlcro"),
];

/// What one damage comes to: the status, and the name of what was thrown.
type Refusal = (&'static str, u16, Option<&'static str>);

const REFUSED: u16 = 401;
const THROWN: u16 = 500;

/// How each receiver refuses. Damage that its platform does not cover is not in its rows.
const REFUSALS: &[(Program, &[Refusal])] = &[
    (
        Program::Node("cepro"),
        &[
            ("body", REFUSED, None),
            ("signature", REFUSED, None),
            ("secret", REFUSED, None),
            ("no-signature", REFUSED, None),
        ],
    ),
    (
        Program::Node("cepro-001"),
        &[
            ("body", REFUSED, None),
            ("signature", REFUSED, None),
            ("secret", REFUSED, None),
            ("no-signature", THROWN, Some("TypeError")),
        ],
    ),
    (
        Program::Node("cepro-inbound"),
        &[
            ("signature", REFUSED, None),
            ("secret", REFUSED, None),
            ("no-signature", REFUSED, None),
        ],
    ),
    (
        Program::Node("wlcro"),
        &[
            ("body", REFUSED, None),
            ("signature", REFUSED, None),
            ("timestamp", REFUSED, None),
            ("secret", REFUSED, None),
            ("no-signature", THROWN, Some("TypeError")),
        ],
    ),
    (
        Program::Node("tenant"),
        &[
            ("body", REFUSED, None),
            ("signature", REFUSED, None),
            ("secret", REFUSED, None),
            ("no-signature", THROWN, Some("TypeError")),
        ],
    ),
    (
        Program::Node("orgjobs"),
        &[
            ("body", REFUSED, None),
            ("signature", REFUSED, None),
            ("secret", REFUSED, None),
            ("no-signature", REFUSED, None),
        ],
    ),
    (
        Program::Python("cepro"),
        &[
            ("body", REFUSED, None),
            ("signature", REFUSED, None),
            ("secret", REFUSED, None),
            ("no-signature", REFUSED, None),
        ],
    ),
    (
        Program::Python("cepro-001"),
        &[
            ("body", REFUSED, None),
            ("signature", REFUSED, None),
            ("secret", REFUSED, None),
            ("no-signature", THROWN, Some("TypeError")),
        ],
    ),
    (
        Program::Python("wlcro"),
        &[
            ("body", REFUSED, None),
            ("signature", REFUSED, None),
            ("timestamp", REFUSED, None),
            ("secret", REFUSED, None),
            ("no-signature", THROWN, Some("TypeError")),
        ],
    ),
];

/// A receiver by its language, and by the name that its server knows it by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Program {
    Node(&'static str),
    Python(&'static str),
}

/// A receiver that runs.
pub(crate) struct Running {
    pub(crate) program: Program,
    pub(crate) provider: &'static str,
    pub(crate) url: String,
    process: Process,
}

impl Program {
    /// Starts it; the first `failing` requests are answered 500.
    fn start(self, installed: &Path, failing: u32) -> Process {
        let mut command = self.command(installed);
        Process::start(command.env("FAIL_FIRST", failing.to_string()))
    }

    /// The command that starts it.
    pub(crate) fn command(self, installed: &Path) -> Command {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/receivers");
        let mut command = match self {
            Self::Node(name) => {
                let mut command = Command::new("node");
                command.arg(sources.join("node/serve.mjs")).arg(name);
                command
            }
            Self::Python(name) => {
                let mut command = Command::new(installed.join("venv/bin/python"));
                command.arg(sources.join("python/serve.py")).arg(name);
                command
            }
        };
        let modules = installed.join("node_modules");
        command.env("NODE_PATH", modules).env("SECRET", SECRET);
        command
    }
}

impl Running {
    /// Every receiver, running; none where they are not installed.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Self::failing(0)
    }

    /// The same, each of which answers 500 to its first requests.
    fn failing(requests: u32) -> impl Iterator<Item = Self> {
        let installed = receivers();
        let programs = RECEIVERS.iter().copied();
        programs.filter_map(move |(program, provider, path)| {
            let process = program.start(installed.as_deref()?, requests);
            let url = format!("http://127.0.0.1:{}{path}", process.ready()["port"]);
            Some(Self {
                program,
                provider,
                url,
                process,
            })
        })
    }

    /// Sends, asserts the exit code, and returns what the receiver found.
    #[track_caller]
    fn take(&mut self, words: &[&str], code: i32) -> Value {
        let call = ["send", "-P", self.provider, "--url", &self.url, "--json"];
        let output = wh([&call[..], words].concat())
            .env("WH_SECRET", SECRET)
            .capture();
        assert_eq!(
            output.code, code,
            "{:?} {words:?}: {output:?}",
            self.program
        );
        serde_json::from_str(&self.process.line()).unwrap()
    }
}

/// Words that send every event there is, the documented test delivery among them.
fn events(provider: &str) -> Vec<Vec<String>> {
    let provider = builtin(provider).unwrap();
    let mut calls: Vec<_> = provider
        .events
        .iter()
        .map(|event| vec![event.name.clone()])
        .collect();
    if provider.test.is_some() {
        calls.push(vec!["--test".to_owned()]);
    }
    if provider.any_event.is_some() {
        calls.push(vec!["any.event".to_owned(), "--force".to_owned()]);
    }
    calls
}

#[test]
fn every_event_is_accepted() {
    for mut receiver in Running::all() {
        for words in events(receiver.provider) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let found = receiver.take(&words, 0);
            assert_eq!(
                (&found["status"], &found["thrown"]),
                (&json!(200), &Value::Null),
                "{:?} {words:?}",
                receiver.program
            );
        }
    }
}

#[test]
fn every_damage_is_refused() {
    for mut receiver in Running::all() {
        let rows = REFUSALS.iter();
        let (_, refusals) = rows.clone().find(|row| row.0 == receiver.program).unwrap();
        for (damage, status, thrown) in *refusals {
            let words = match *damage {
                "no-signature" => vec!["--no-signature"],
                kind => vec!["--tamper", kind],
            };
            for (expect, code) in [(&[][..], 5), (&["--expect", "refused"], 0)] {
                let words = [&["job.created", "--force"], &words[..], expect].concat();
                let found = receiver.take(&words, code);
                let name = found["thrown"]
                    .as_str()
                    .and_then(|text| text.split(':').next());
                assert_eq!(
                    (&found["status"], name),
                    (&json!(status), *thrown),
                    "{:?} {words:?}",
                    receiver.program
                );
            }
        }
    }
}

#[test]
fn the_table_has_every_damage_that_a_platform_covers() {
    for (program, provider, _) in RECEIVERS {
        let (_, refusals) = REFUSALS.iter().find(|row| row.0 == *program).unwrap();
        let scheme = builtin(provider).unwrap().schemes.remove(0);
        let mut covered = vec!["signature", "secret", "no-signature"];
        covered.extend(scheme.signs_body().then_some("body"));
        covered.extend(scheme.signs_timestamp().then_some("timestamp"));
        let mut known: Vec<_> = refusals.iter().map(|(damage, ..)| *damage).collect();
        covered.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, covered, "{program:?}");
    }
}

#[test]
fn a_signature_of_another_length_is_refused() {
    const SHORT: &[(Program, u16, Option<&str>)] = &[
        (Program::Node("cepro"), REFUSED, None),
        (Program::Node("cepro-001"), REFUSED, None),
        (Program::Node("wlcro"), THROWN, Some("RangeError")),
        (Program::Node("tenant"), THROWN, Some("RangeError")),
        (Program::Node("orgjobs"), REFUSED, None),
        (Program::Python("cepro"), REFUSED, None),
        (Program::Python("cepro-001"), REFUSED, None),
        (Program::Python("wlcro"), REFUSED, None),
    ];
    for mut receiver in Running::all() {
        let Some((_, status, thrown)) = SHORT.iter().find(|row| row.0 == receiver.program) else {
            continue;
        };
        let words = ["job.created", "--force", "-H", "X-Webhook-Signature: 00"];
        let found = receiver.take(&words, 5);
        let name = found["thrown"]
            .as_str()
            .and_then(|text| text.split(':').next());
        assert_eq!(
            (&found["status"], name),
            (&json!(status), *thrown),
            "{:?}",
            receiver.program
        );
    }
}

#[test]
fn a_later_attempt_is_accepted() {
    for mut receiver in Running::all() {
        let words = ["job.created", "--force", "--attempt", "3"];
        assert_eq!(
            receiver.take(&words, 0)["status"],
            200,
            "{:?}",
            receiver.program
        );
    }
}

#[test]
fn what_a_receiver_fails_to_take_is_taken_at_a_retry() {
    const FAILING: u32 = 2;
    for mut receiver in Running::failing(FAILING) {
        let retries = builtin(receiver.provider)
            .unwrap()
            .delivery
            .retry
            .attempts()
            > 1;
        let words = ["job.created", "--force", "--retry", "--speed", "1000x"];
        let found = receiver.take(&words, if retries { 0 } else { 5 });
        assert_eq!(found["status"], THROWN, "{:?}", receiver.program);
        if !retries {
            continue;
        }
        let later: [Value; 2] =
            [(); 2].map(|()| serde_json::from_str(&receiver.process.line()).unwrap());
        let statuses = later.each_ref().map(|line| line["status"].clone());
        assert_eq!(statuses, [THROWN, 200], "{:?}", receiver.program);
        assert!(
            later
                .iter()
                .all(|line| line["body_b64"] == found["body_b64"])
        );
    }
}
