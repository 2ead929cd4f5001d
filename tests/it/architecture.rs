//! The guard of the house: who may use whom, who owns which outside crate, how large things get.
//!
//! The tables here are the design's, written down once more as data; [`rules`] holds the tree
//! against them, and [`planted`] shows of each rule that it finds the fault it is there for.

mod planted;
mod rules;
mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support;
use source::File;

/// Each module and the modules it may use. Everything else is a fault, in tests too.
const ALLOWED: &[(&str, &str)] = &[
    // 0, pure
    ("message", ""),
    ("signature", "message"),
    ("provider", "message signature retry"),
    ("retry", "message"),
    // 1, effects
    ("config", "signature provider retry"),
    ("store", "message signature retry"),
    ("export", "message signature store"),
    ("delivery", "message signature provider retry store"),
    ("server", "message"),
    (
        "capture",
        "message signature provider retry store server delivery",
    ),
    (
        "conformance",
        "message signature provider retry store delivery capture",
    ),
    (
        "emulator",
        "message signature provider retry config store export delivery server capture",
    ),
    (
        "inspector",
        "message signature provider retry config store export delivery server capture",
    ),
    // 2, presentation
    ("term", ""),
    (
        "report",
        "message signature provider retry config store export delivery server capture conformance \
         emulator inspector term",
    ),
    // 3, command line
    (
        "cli",
        "message signature provider retry config store export delivery server capture conformance \
         emulator inspector term report",
    ),
];

/// The modules that may be asynchronous.
const ASYNC: &[&str] = &[
    "server",
    "capture",
    "delivery",
    "conformance",
    "inspector",
    "emulator",
    "cli",
];

/// Each owned outside crate, as code spells it, and the modules that own it.
const OWNED: &[(&str, &[&str])] = &[
    ("axum", &["inspector", "emulator"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("colored", &["term"]),
    ("comfy_table", &["term"]),
    ("csv", &["export"]),
    ("dialoguer", &["term"]),
    ("directories", &["config"]),
    // Nothing that is received is decompressed but to explain what was signed.
    ("flate2", &["signature"]),
    // The client that shows frames, in tests of the server.
    ("h2", &["server"]),
    ("hmac", &["signature"]),
    // The server's side of hyper, and the client's for what is passed on as it came: reqwest adds
    // lines to that. Nobody else has a reason to name it or the body types that come with it.
    ("http_body_util", &["delivery", "server"]),
    ("httparse", &["server"]),
    ("hyper", &["delivery", "server"]),
    ("hyper_rustls", &["delivery"]),
    ("hyper_util", &["delivery", "server"]),
    ("indicatif", &["term"]),
    ("jsonc_parser", &["message"]),
    ("quick_junit", &["report"]),
    ("rcgen", &["server"]),
    ("reqwest", &["delivery"]),
    ("rusqlite", &["store"]),
    // The client's half goes with reqwest, the server's with tokio-rustls.
    ("rustls", &["delivery", "server"]),
    ("rustls_platform_verifier", &["delivery"]),
    ("similar", &["report"]),
    ("tokio_rustls", &["server"]),
    ("toml", &["config", "provider"]),
    ("zstd", &["store"]),
];

/// The outside crates that any module may use, with the reason where it is not obvious.
const COMMON: &[(&str, &str)] = &[
    ("base64", ""),
    ("bytes", "bodies pass from layer to layer without a copy"),
    ("fail", "crash points, compiled to nothing in a release"),
    ("fastrand", "chance: jitter, and what a seed can give again"),
    (
        "hdrhistogram",
        "percentiles of response times, in a store and of a load",
    ),
    ("hex", ""),
    (
        "httpdate",
        "a date of an HTTP header has three forms, of which `jiff` reads one",
    ),
    ("jiff", ""),
    (
        "memchr",
        "a search in the bodies of a whole store is as fast as its search for bytes",
    ),
    (
        "percent_encoding",
        "user and password of a URL, bodies that were sent as forms",
    ),
    (
        "rustix",
        "what std offers of Unix only with `unsafe`: signals and the state of a child",
    ),
    ("serde", ""),
    ("serde_json", ""),
    (
        "sha1",
        "a signature algorithm of older platforms; the hash has no key, so it has no owner",
    ),
    ("sha2", "signs in `signature`, names bodies in `store`"),
    (
        "strsim",
        "the nearest known name: of a key, an event, an endpoint, a flag's value",
    ),
    (
        "tempfile",
        "what an editor is given, and the demo; in tests, any folder",
    ),
    ("thiserror", "each module has its own error"),
    (
        "tokio",
        "the rule on asynchronous modules says where it may stand",
    ),
    (
        "unicode_properties",
        "which characters are format characters: shown escaped, and named by diagnoses",
    ),
    (
        "unicode_width",
        "columns of a table, and the place a parse error points at",
    ),
    ("url", ""),
    ("uuid", ""),
    ("wildmatch", "event globs, in filters and in endpoints"),
    ("zeroize", "whoever holds a copy of a secret wipes it"),
];

/// What the repository holds at its top, and nothing else.
const TOP_LEVEL: &[&str] = &[
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "completions",
    "install.sh",
    "src",
    "tests",
];

#[test]
fn the_tree_obeys_every_rule() {
    let tree = tree();
    let faults: Vec<_> = rules::RULES
        .iter()
        .flat_map(|(name, rule)| {
            rule(&tree)
                .into_iter()
                .map(move |fault| format!("{name}: {fault}"))
        })
        .collect();
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// The package as it stands: the manifest, `src`, `tests`, and the other names at its top.
fn tree() -> Vec<File> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec!["Cargo.toml".to_owned()];
    walk(package, "src", &mut paths);
    walk(package, "tests", &mut paths);
    let read = |path: &String| {
        let bytes = fs::read(package.join(path)).unwrap();
        File::new(path, &String::from_utf8(bytes).unwrap_or_default())
    };
    let unread = |name: &String| !["Cargo.toml", "src", "tests"].contains(&name.as_str());
    paths
        .iter()
        .map(read)
        .chain(
            top_names(package)
                .into_iter()
                .filter(unread)
                .map(|name| File::new(&name, "")),
        )
        .collect()
}

/// Adds the files below `folder`, generated and fetched ones left out.
fn walk(package: &Path, folder: &str, paths: &mut Vec<String>) {
    const FOREIGN: &[&str] = &["target", "node_modules", "__pycache__"];
    for entry in fs::read_dir(package.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{folder}/{name}");
        match entry.file_type().unwrap() {
            kind if kind.is_dir() && FOREIGN.contains(&name.as_str()) => {}
            kind if kind.is_dir() => walk(package, &path, paths),
            kind if kind.is_file() => paths.push(path),
            _ => {}
        }
    }
}

/// The top-level names that git tracks; none, and a line that says so, where this is no checkout.
fn top_names(package: &Path) -> BTreeSet<String> {
    if !package.join(".git").exists() {
        support::skipped("a git checkout");
        return BTreeSet::new();
    }
    if !support::needs("git") {
        return BTreeSet::new();
    }
    // The checkout may belong to another user than the one who runs the tests.
    let listing = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z"])
        .current_dir(package)
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&listing.stderr);
    assert!(listing.status.success(), "{complaint}");
    String::from_utf8_lossy(&listing.stdout)
        .split_terminator('\0')
        .filter_map(|path| path.split('/').next())
        .map(str::to_owned)
        .collect()
}
