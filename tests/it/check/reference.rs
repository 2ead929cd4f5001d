//! The receivers to start from, `tests/receivers/{node,python}/reference.*`: they are right by every
//! rule, on every platform, and by what no request alone can show.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use tempfile::TempDir;
use uuid::Uuid;

use crate::support::{Process, Wh, needs, raw, sh, wh};

use super::rules::broken;

const SECRET: &str = "whsec_test";

/// Every built-in platform.
const PROVIDERS: [&str; 5] = ["cepro", "cepro-inbound", "wlcro", "tenant", "orgjobs"];

/// The language of a receiver.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Language {
    Node,
    Python,
}

/// A receiver that runs, in a folder where it keeps what it has taken.
struct Reference {
    language: Language,
    provider: &'static str,
    folder: TempDir,
    process: Process,
}

impl Language {
    /// Both, where the machine has them.
    fn all() -> impl Iterator<Item = Self> {
        let all = [(Self::Node, "node"), (Self::Python, "python3")];
        let there = all.into_iter().filter(|(_, tool)| needs(tool));
        there.map(|(language, _)| language)
    }

    /// Its program, below `tests/receivers`.
    fn path(self) -> &'static str {
        match self {
            Self::Node => "node/reference.mjs",
            Self::Python => "python/reference.py",
        }
    }

    /// Shell words that run it.
    fn words(self) -> String {
        let program = match self {
            Self::Node => "node",
            Self::Python => "python3",
        };
        let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/receivers");
        format!("{program} '{sources}/{}'", self.path())
    }

    /// The shell command that counts what it has worked on.
    fn effects(self) -> &'static str {
        match self {
            Self::Node => "grep -c ^..done webhooks.jsonl || :",
            Self::Python => "sqlite3 webhooks.db 'SELECT coalesce(sum(worked), 0) FROM deliveries'",
        }
    }

    /// The shell command that makes it forget that it has worked on anything.
    fn forgets(self) -> &'static str {
        match self {
            Self::Node => "sed -i.old /^..done/d webhooks.jsonl",
            Self::Python => "sqlite3 webhooks.db 'UPDATE deliveries SET worked = 0'",
        }
    }

    /// Starts it.
    fn start(self, provider: &'static str) -> Reference {
        let folder = TempDir::new().unwrap();
        Reference {
            process: self.process(provider, folder.path(), ""),
            language: self,
            provider,
            folder,
        }
    }

    /// Its process in a folder, by words before its own.
    fn process(self, provider: &str, folder: &Path, before: &str) -> Process {
        let script = format!("exec {before} {}", self.words());
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir(folder);
        command.env("SECRET", SECRET).env("PORT", "0");
        Process::listening(command.env("PLATFORM", provider))
    }
}

impl Reference {
    /// Kills it and starts it again, by words before its own.
    fn again(self, before: &str) -> Self {
        let Self {
            language,
            provider,
            folder,
            process,
        } = self;
        drop(process);
        Self {
            process: language.process(provider, folder.path(), before),
            language,
            provider,
            folder,
        }
    }

    fn url(&self) -> &str {
        self.process.ready()["url"].as_str().unwrap()
    }

    /// A call of `wh` with its platform and its secret.
    fn call(&self, words: &[&str]) -> Wh {
        wh([words, &["-P", self.provider]].concat())
            .env("WH_SECRET", SECRET)
            .dir(self.folder.path())
    }

    /// Sends an event of this id, which must be answered so.
    #[track_caller]
    fn answers(&self, id: &str, status: &str, more: &[&str]) {
        let to = self.url();
        let words = [
            "send",
            "job.created",
            "--url",
            to,
            "--id",
            id,
            "--expect",
            status,
        ];
        let output = self.call(&[&words, more].concat()).capture();
        assert_eq!(output.code, 0, "{:?} {id}: {output:?}", self.language);
    }

    /// Waits until it works on a delivery, which must be the one of this id.
    #[track_caller]
    fn works_on(&mut self, id: &str) {
        let line = self.process.line();
        let begin = format!("working on \"{id}\": ");
        assert!(line.starts_with(&begin), "{:?} {line}", self.language);
    }

    /// As [`works_on`](Self::works_on), but for one that was perhaps under way when it was killed.
    #[track_caller]
    fn works_on_after(&mut self, before: &str, id: &str) {
        let line = self.process.line();
        if !line.contains(before) {
            assert!(line.contains(id), "{:?} {line}", self.language);
            return;
        }
        self.works_on(id);
    }
}

fn id() -> String {
    Uuid::new_v4().to_string()
}

/// Checks a receiver on every platform: no rule is broken, and some hold.
///
/// All at once, as most of a check is waiting.
#[track_caller]
fn every_rule_holds(language: Language, effects: &[&str]) {
    let check = |provider| {
        let receiver = language.start(provider);
        let call = receiver.call(&[&["check", receiver.url()], effects].concat());
        let broken = broken(call, SECRET);
        assert!(broken.is_empty(), "{language:?} {provider}: {broken:#?}");
    };
    thread::scope(|scope| {
        for provider in PROVIDERS {
            scope.spawn(move || check(provider));
        }
    });
}

#[test]
fn every_rule_holds_in_node() {
    if needs("node") {
        every_rule_holds(Language::Node, &[]);
    }
}

#[test]
fn every_rule_holds_in_python() {
    if needs("python3") {
        every_rule_holds(Language::Python, &[]);
    }
}

#[test]
fn every_delivery_has_one_side_effect_in_node() {
    if needs("node") {
        every_rule_holds(Language::Node, &["--effects", Language::Node.effects()]);
    }
}

#[test]
fn every_delivery_has_one_side_effect_in_python() {
    if needs("python3") && needs("sqlite3") {
        every_rule_holds(Language::Python, &["--effects", Language::Python.effects()]);
    }
}

#[test]
fn a_delivery_is_worked_on_once_though_the_program_is_killed() {
    for language in Language::all() {
        let mut receiver = language.start("cepro");
        let (first, second, third) = (id(), id(), id());
        receiver.answers(&first, "2xx", &[]);
        receiver.works_on(&first);
        receiver.answers(&second, "2xx", &[]);
        receiver.works_on(&second);
        // Whoever works on the third is done with those before it, and has said so on disk.
        receiver.answers(&third, "2xx", &[]);
        receiver.works_on(&third);
        let mut receiver = receiver.again("");
        let fourth = id();
        receiver.answers(&first, "2xx", &[]);
        receiver.answers(&second, "2xx", &["--attempt", "2"]);
        receiver.answers(&fourth, "2xx", &[]);
        receiver.works_on_after(&third, &fourth);
    }
}

#[test]
fn what_was_not_worked_on_is_at_the_next_start() {
    if !needs("sqlite3") {
        return;
    }
    for language in Language::all() {
        let mut receiver = language.start("cepro");
        let delivery = id();
        receiver.answers(&delivery, "2xx", &[]);
        receiver.works_on(&delivery);
        let folder = receiver.folder;
        drop(receiver.process);
        sh(language.forgets()).dir(folder.path()).run();
        let mut process = language.process("cepro", folder.path(), "");
        let line = process.line();
        assert!(line.contains(&delivery), "{language:?} {line}");
    }
}

/// A limit of the system stands for a disk that is full: what was being written is cut short there.
#[test]
fn what_cannot_be_stored_is_not_answered_with_success() {
    if !needs("prlimit") {
        return;
    }
    for language in Language::all() {
        let receiver = language.start("cepro").again("prlimit --fsize=65536");
        let data = format!("{{\"event\":\"{}\"}}", "x".repeat(1 << 20));
        fs::write(receiver.folder.path().join("large.json"), data).unwrap();
        let large = ["--data", "@large.json"];
        let delivery = id();
        receiver.answers(&delivery, "503", &large);
        let mut receiver = receiver.again("");
        receiver.answers(&delivery, "2xx", &large);
        receiver.works_on(&delivery);
        // Whoever works on another is done with it, and has said so on disk.
        let (another, next) = (id(), id());
        receiver.answers(&another, "2xx", &[]);
        receiver.works_on(&another);
        // What was cut short has not made what came after it unreadable.
        let mut receiver = receiver.again("");
        receiver.answers(&delivery, "2xx", &large);
        receiver.answers(&next, "2xx", &[]);
        receiver.works_on_after(&another, &next);
    }
}

#[test]
fn a_body_that_is_too_large_is_told_so() {
    const LIMIT: usize = 5 * 1024 * 1024;
    for language in Language::all() {
        let mut receiver = language.start("cepro");
        let path = receiver.folder.path().join("body.json");
        for (size, status) in [(LIMIT + 1, "413"), (LIMIT, "2xx")] {
            let delivery = id();
            fs::write(&path, format!("{{{}}}", " ".repeat(size - 2))).unwrap();
            receiver.answers(&delivery, status, &["--data", "@body.json"]);
            if status == "2xx" {
                receiver.works_on(&delivery);
            }
        }
    }
}

/// A check takes any refusal for one; a sender's log should name the reason.
#[test]
fn other_methods_are_told_so() {
    for language in Language::all() {
        let receiver = language.start("cepro");
        let addr = receiver.url().trim_start_matches("http://");
        let answer = raw(
            addr,
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        );
        let answer = String::from_utf8(answer).unwrap();
        let (head, _) = answer.split_once("\r\n\r\n").unwrap();
        let is_told = head.contains(" 405 ") && head.contains("\r\nAllow: POST");
        assert!(is_told, "{language:?} {head}");
    }
}

#[test]
fn the_end_is_asked_for_by_a_signal() {
    for language in Language::all() {
        let mut receiver = language.start("cepro");
        let delivery = id();
        receiver.answers(&delivery, "2xx", &[]);
        receiver.works_on(&delivery);
        assert_eq!(receiver.process.terminate(), 0, "{language:?}");
    }
}

#[test]
fn the_readme_shows_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    for (language, fence) in [
        (Language::Node, "```js\n"),
        (Language::Python, "```python\n"),
    ] {
        let path = root.join("tests/receivers").join(language.path());
        let block = format!("{fence}{}```\n", fs::read_to_string(path).unwrap());
        assert!(
            readme.contains(&block),
            "README.md lacks {}",
            language.path()
        );
    }
}
