//! What `wh check` says of the platforms' own samples: every rule that one does not hold, and by which
//! answers. The servers around the samples add no faults of their own.

use std::process::Command;
use std::thread;

use tempfile::TempDir;

use crate::receivers::{Program, Running, SECRET};
use crate::support::{Process, receivers, wh};

use super::rules::broken;

/// A rule that a sample does not hold, and the answers that show it.
type Fault = (&'static str, &'static str);

/// The faults of each sample, in the order of the rules.
const FAULTS: &[(Program, &[Fault])] = &[
    (Program::Node("cepro"), &[]),
    // It has no guard where the header is missing.
    (
        Program::Node("cepro-001"),
        &[
            ("refuses-no-signature", "500 TypeError"),
            ("refuses-query", "500 TypeError"),
            // Of what breaks it cannot be told.
            ("refuses-by-401", ""),
        ],
    ),
    (Program::Node("cepro-inbound"), &[]),
    // Nor here; `timingSafeEqual` throws where lengths differ; the body has the limit of
    // `express.raw`; the timestamp is signed and not looked at; and `JSON.parse` has no guard.
    (
        Program::Node("wlcro"),
        &[
            ("accepts-large", "413"),
            ("refuses-no-signature", "500 TypeError"),
            ("refuses-query", "500 TypeError"),
            // Of what breaks it cannot be told.
            ("refuses-by-401", ""),
            ("refuses-empty", "500 RangeError"),
            ("refuses-truncated", "500 RangeError"),
            ("refuses-longer", "500 RangeError"),
            ("refuses-other-characters", "500 RangeError"),
            ("refuses-other-prefix", "500 RangeError"),
            ("refuses-two-signatures", "500 RangeError"),
            ("refuses-stale", "200"),
            ("refuses-future", "200"),
            ("refuses-timestamp-form", "200"),
            ("refuses-milliseconds", "200"),
            ("robust-empty-body", "500 SyntaxError"),
            ("robust-not-json", "500 SyntaxError"),
            ("robust-not-object", "500 TypeError"),
            ("robust-control-characters", "500 SyntaxError"),
            ("robust-invalid-utf8", "500 SyntaxError"),
        ],
    ),
    // It has neither of the first two guards.
    (
        Program::Node("tenant"),
        &[
            ("refuses-no-signature", "500 TypeError"),
            ("refuses-query", "500 TypeError"),
            // Of what breaks it cannot be told.
            ("refuses-by-401", ""),
            ("refuses-empty", "500 RangeError"),
            ("refuses-truncated", "500 RangeError"),
            ("refuses-longer", "500 RangeError"),
            ("refuses-other-characters", "500 RangeError"),
            ("refuses-other-prefix", "500 RangeError"),
            ("refuses-two-signatures", "500 RangeError"),
        ],
    ),
    (Program::Node("orgjobs"), &[]),
    // `compare_digest` raises on text beyond ASCII.
    (
        Program::Python("cepro"),
        &[("refuses-other-characters", "500 TypeError")],
    ),
    // The same, and on `None`.
    (
        Program::Python("cepro-001"),
        &[
            ("refuses-no-signature", "500 TypeError"),
            ("refuses-query", "500 TypeError"),
            // Of what breaks it cannot be told.
            ("refuses-by-401", ""),
            ("refuses-other-characters", "500 TypeError"),
        ],
    ),
    // The same; the timestamp is not looked at; the body is decoded, and taken for an object with two
    // members, without a guard.
    (
        Program::Python("wlcro"),
        &[
            ("refuses-no-signature", "500 TypeError"),
            ("refuses-query", "500 TypeError"),
            // Of what breaks it cannot be told.
            ("refuses-by-401", ""),
            ("refuses-other-characters", "500 TypeError"),
            ("refuses-stale", "200"),
            ("refuses-future", "200"),
            ("refuses-timestamp-form", "200"),
            ("refuses-milliseconds", "200"),
            ("robust-not-object", "500 TypeError"),
            ("robust-fields", "500 KeyError"),
            ("robust-deep-json", "500 RecursionError"),
            (
                "robust-invalid-utf8",
                "500 UnicodeDecodeError, 500 KeyError",
            ),
        ],
    ),
];

#[test]
fn a_sample_holds_every_rule_but_those_that_it_breaks() {
    // All at once, as most of a check is waiting.
    thread::scope(|scope| {
        for receiver in Running::all() {
            scope.spawn(move || holds_but_its_faults(&receiver));
        }
    });
}

fn holds_but_its_faults(receiver: &Running) {
    let program = receiver.program;
    let (_, faults) = FAULTS.iter().find(|row| row.0 == program).unwrap();
    let call = wh(["check", &receiver.url, "-P", receiver.provider]);
    let found: Vec<_> = broken(call, SECRET)
        .into_iter()
        .map(|rule| (rule.id, rule.answers.join(", ")))
        .collect();
    let found: Vec<_> = found.iter().map(|(id, told)| (&**id, &**told)).collect();
    assert_eq!(found, *faults, "{program:?}");
}

/// What comes back where nothing looks for repeats.
const REPEATED: [(&str, &str); 3] = [
    ("idempotent-twice", "2 × 200; 2 side effects, not 1"),
    ("idempotent-at-once", "10 × 200; 10 side effects, not 1"),
    ("idempotent-later", "5 × 200; 5 side effects, not 4"),
];

/// Two samples do something with a delivery: they write a line. They do so whenever it comes. Lines at
/// once may run together, so their words are counted.
#[test]
fn what_comes_again_happens_again() {
    let Some(installed) = receivers() else {
        return;
    };
    for program in [Program::Node("wlcro"), Program::Python("wlcro")] {
        let folder = TempDir::new().unwrap();
        let mut command = logged(&program.command(&installed));
        let process = Process::start(command.current_dir(folder.path()));
        let url = format!("{}/webhooks/wlcro", process.ready()["port"]);
        let call = wh(["check", &url, "-P", "wlcro", "--only=idempotent"])
            .arg("--effects=grep -o 'Event received' log | wc -l")
            .dir(folder.path());
        let found = broken(call, SECRET);
        let found: Vec<_> = found.iter().map(|rule| (&*rule.id, &*rule.came)).collect();
        assert_eq!(found, REPEATED, "{program:?}");
    }
}

/// The command with its stderr in the file `log`.
fn logged(command: &Command) -> Command {
    let mut logged = Command::new("sh");
    logged.args(["-c", "exec \"$0\" \"$@\" 2>log"]);
    logged.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        logged.env(name, value.unwrap_or_default());
    }
    logged
}
