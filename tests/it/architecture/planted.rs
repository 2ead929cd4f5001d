//! The rules' own proof: a clean tree has no fault, and each planted fault is found as exactly one line.

use super::rules::RULES;
use super::source::File;
use super::{COMMON, TOP_LEVEL};

/// A rule, a tree that breaks it once, and what the rule says of it.
type Planted = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

const PLANTED: &[Planted] = &[
    (
        "imports",
        &[(
            "src/store/rows.rs",
            "use crate::{message::Message, report};",
        )],
        "src/store/rows.rs:1: `store` may not use `report`",
    ),
    (
        "imports",
        &[("src/retry/mod.rs", "\nfn f() { super::store::open() }")],
        "src/retry/mod.rs:2: `retry` may not use `store`",
    ),
    (
        "imports",
        &[(
            "src/term/table.rs",
            "#[cfg(test)] mod tests { use super::super::super::message; }",
        )],
        "src/term/table.rs:1: `term` may not use `message`",
    ),
    (
        "imports",
        &[(
            "src/server/limits.rs",
            "macro_rules! cap { ($x:expr) => { $crate::config::cap($x) } }",
        )],
        "src/server/limits.rs:1: `server` may not use `config`",
    ),
    (
        "imports",
        &[("src/report/human.rs", "use wh::cli::Context;")],
        "src/report/human.rs:1: `report` may not use `cli`",
    ),
    (
        "imports",
        &[("src/retry.rs", "use super::*;")],
        "src/retry.rs:1: `retry` names the whole crate",
    ),
    (
        "imports",
        &[("src/cli/send.rs", "use crate::Everything;")],
        "src/cli/send.rs:1: `cli` uses `Everything`, which is no module of the house",
    ),
    (
        "cycles",
        &[
            ("src/message/mod.rs", "use crate::store::Row;"),
            ("src/signature/mod.rs", "use crate::message::Message;"),
            (
                "src/store/mod.rs",
                "use crate::signature::Verdict; use crate::message;",
            ),
            ("src/export/mod.rs", "use crate::store::Row;"),
        ],
        "message -> store -> message",
    ),
    (
        "owners",
        &[(
            "src/config/mod.rs",
            "fn f() { let _ = ::reqwest::Client::new(); }",
        )],
        "src/config/mod.rs:1: `reqwest` belongs to `delivery`",
    ),
    (
        "owners",
        &[("src/lib.rs", "pub use {axum as web, serde::Serialize};")],
        "src/lib.rs:1: `axum` belongs to `inspector` and `emulator`",
    ),
    (
        "rooms",
        &[("src/cache/mod.rs", "")],
        "src/cache/mod.rs: belongs to no module of the house",
    ),
    (
        "entry size",
        &[("src/main.rs", "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nfn main() {}")],
        "src/main.rs: 16 lines, at most 15",
    ),
    (
        "mod files",
        &[(
            "src/message/mod.rs",
            "//! Doc.\nmod head;\npub(crate) use head::{Head, Line};\n/// Doc.\npub struct Message;",
        )],
        "src/message/mod.rs:5: `struct` here is neither a `mod` line nor a re-export",
    ),
    (
        "mod files",
        &[(
            "src/message/mod.rs",
            "mod head;\n#[cfg(test)]\nmod tests {}",
        )],
        "src/message/mod.rs:3: `mod` here is neither a `mod` line nor a re-export",
    ),
    (
        "mod files",
        &[("src/message/mod.rs", "use bytes::Bytes;")],
        "src/message/mod.rs:1: `use` here is neither a `mod` line nor a re-export",
    ),
    (
        "async",
        &[("src/store/writer.rs", "async fn write() {}")],
        "src/store/writer.rs:1: `async`",
    ),
    (
        "async",
        &[("src/term/progress.rs", "use tokio::sync::mpsc;")],
        "src/term/progress.rs:1: `tokio`",
    ),
    (
        "words",
        &[("src/cli/log.rs", "fn f() { vec![{ println!() }] }")],
        "src/cli/log.rs:1: `println!`",
    ),
    (
        "words",
        &[("src/cli/log.rs", "unsafe impl Send for Log {}")],
        "src/cli/log.rs:1: `unsafe`",
    ),
    (
        "exit",
        &[("src/cli/mod.rs", "use std::process::{self, exit};")],
        "src/cli/mod.rs:1: `process::exit`",
    ),
    (
        "drawers",
        &[("src/term/mod.rs", "mod width;\nmod utils;")],
        "src/term/mod.rs:2: `mod utils`",
    ),
    (
        "marks",
        &[("src/lib.rs", concat!("\n// TO", "DO: everything"))],
        concat!("src/lib.rs:2: TO", "DO"),
    ),
    (
        "marks",
        &[("tests/receivers/node/app.mjs", concat!("// FIX", "ME"))],
        concat!("tests/receivers/node/app.mjs:1: FIX", "ME"),
    ),
    (
        "sleeps",
        &[(
            "tests/it/send.rs",
            concat!("fn f() { std::thread::sl", "eep(Duration::MAX) }"),
        )],
        "tests/it/send.rs:1: `thread::sleep`",
    ),
    (
        "sleeps",
        &[("tests/it/send.rs", "use tokio::time::{self, sleep};")],
        "tests/it/send.rs:1: `time::sleep`",
    ),
    (
        "orphans",
        &[
            ("tests/it/main.rs", "mod send; mod support; // mod sign;"),
            ("tests/it/support.rs", "mod sign;"),
            ("tests/it/support/sign.rs", ""),
            ("tests/it/send.rs", ""),
            ("tests/it/sign.rs", ""),
        ],
        "tests/it/sign.rs: no `mod sign;` above it",
    ),
    (
        "orphans",
        &[
            ("src/lib.rs", "mod store;"),
            ("src/store/mod.rs", "mod rows;"),
            ("src/store/rows.rs", ""),
            ("src/store/sql/mod.rs", ""),
        ],
        "src/store/sql/mod.rs: no `mod sql;` above it",
    ),
    (
        "top level",
        &[("src/lib.rs", ""), ("docs/index.md", "")],
        "docs: not among the names at the top",
    ),
];

/// The planted faults that are too long, or too much made of our own tables, to be written out.
fn grown() -> Vec<(&'static str, File, &'static str)> {
    let tests = "#[cfg(test)]\nmod tests {\n//\n}\n#[cfg(all(test, unix))]\nmod more {\n//\n}\n";
    let rows = format!("{}\n{tests}", "// line\n".repeat(501));
    let function = format!(
        "trait T {{\nfn f() -> [u8; 4];\nfn g() -> [u8; 4] {{\n{}}}\n}}",
        "//\n".repeat(79)
    );
    let unknown = manifest(0) + "[target.'cfg(unix)'.dependencies]\nleft-pad = \"1\"";
    vec![
        (
            "file size",
            File::new("src/store/rows.rs", &rows),
            "src/store/rows.rs: 501 production lines, at most 500",
        ),
        (
            "function size",
            File::new("src/store/rows.rs", &function),
            "src/store/rows.rs:3: `g` has 81 lines, at most 80",
        ),
        (
            "manifest",
            File::new("Cargo.toml", &unknown),
            "Cargo.toml: `left_pad` is neither owned nor common",
        ),
        (
            "manifest",
            File::new("Cargo.toml", &manifest(1)),
            "Cargo.toml: the common crate `base64` is no dependency",
        ),
    ]
}

/// A manifest with the common crates, the first few left out.
fn manifest(skip: usize) -> String {
    let lines = COMMON.iter().skip(skip).map(|(name, _)| {
        let name = name.replace('_', "-");
        format!("{name} = \"1\"\n")
    });
    "[dependencies]\nclap-complete = \"4\"\n".to_owned() + &lines.collect::<String>()
}

/// A tree that obeys, with what comes near to a fault without being one.
fn clean_tree() -> Vec<File> {
    const SOURCES: &[(&str, &str)] = &[
        (
            "src/lib.rs",
            "//! See [`crate::cli`]; `unsafe`.\npub mod message;\nmod delivery;\nmod retry;\nmod term;\n\
             pub use message::Message;\nuse crate::delivery::run;",
        ),
        ("src/main.rs", "fn main() { wh::run() }"),
        (
            "src/message/mod.rs",
            "//! A webhook as bytes.\n\n#[cfg(test)]\nmod tests;\npub(crate) mod head;\n\
             #[doc(inline)]\npub use self::head::{Head, Line};",
        ),
        (
            "src/message/head.rs",
            "/// Not a [`crate::store`].\npub(crate) struct Head; // println!()\n\
             use super::super::message::head;\n\
             const TEXT: &str = \"crate::cli, unsafe, std::process::exit(1), async\";\n\
             fn f<'a>(print: u8, hyper: u8) -> impl Sized + use<'a> { print != hyper }\n\
             #[cfg(test)] mod tests { use super::*; mod deep { use super::super::*; } }",
        ),
        (
            "src/retry.rs",
            "use crate::{message::Message as M, retry as me}; use M::reqwest;",
        ),
        ("src/delivery/mod.rs", "mod attempt;"),
        (
            "src/delivery/attempt.rs",
            "use reqwest as http; use crate::message as clap; use super::super::retry;\n\
             async fn f() { tokio::join!(); Vec::<crate::store::Row>::clap::new(); x.exit() }",
        ),
        (
            "src/term.rs",
            "//! The terminal.\n#[derive(Clone)] struct Term { unsafe_code: u8 }",
        ),
        ("tests/it/main.rs", "mod send;\nmod support;"),
        (
            "tests/it/send.rs",
            "use crate::support::wh; use super::anything; fn f() { println!() }",
        ),
        ("tests/it/support/mod.rs", "fn f() {}"),
        ("tests/receivers/app.py", "# time.sleep, methods"),
    ];
    let long = "use crate::message::{self, head::{self as h, Head}};\n".repeat(501);
    let named = TOP_LEVEL.iter().map(|name| File::new(name, ""));
    let sources = SOURCES.iter().map(|(path, text)| File::new(path, text));
    [
        File::new("Cargo.toml", &manifest(0)),
        File::new("src/message/tests.rs", &long),
    ]
    .into_iter()
    .chain(named)
    .chain(sources)
    .collect()
}

fn check(name: &str, tree: &[File]) -> Vec<String> {
    let (_, rule) = RULES.iter().find(|(known, _)| *known == name).unwrap();
    rule(tree)
}

#[test]
fn each_planted_fault_is_found() {
    for (name, sources, says) in PLANTED {
        let tree: Vec<_> = sources
            .iter()
            .map(|(path, text)| File::new(path, text))
            .collect();
        assert_eq!(check(name, &tree), [*says], "rule `{name}`");
    }
    for (name, file, says) in grown() {
        assert_eq!(check(name, &[file]), [says], "rule `{name}`");
    }
}

#[test]
fn each_rule_has_a_planted_fault() {
    let planted = PLANTED.iter().map(|(name, ..)| *name);
    let planted: Vec<_> = planted
        .chain(grown().iter().map(|(name, ..)| *name))
        .collect();
    for (name, _) in RULES {
        assert!(planted.contains(name), "rule `{name}`");
    }
}

#[test]
fn a_clean_tree_has_no_fault() {
    let tree = clean_tree();
    for (name, rule) in RULES {
        assert_eq!(rule(&tree), [""; 0], "rule `{name}`");
    }
}
