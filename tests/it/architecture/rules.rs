//! The rules: each takes a tree and returns the faults it finds, one line each.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{File, TestModule, has_extension};
use super::{ALLOWED, ASYNC, COMMON, OWNED, TOP_LEVEL};

type Rule = fn(&[File]) -> Vec<String>;

/// Every rule by the name it is known by in messages.
pub(super) const RULES: &[(&str, Rule)] = &[
    ("imports", imports),
    ("cycles", cycles),
    ("owners", owners),
    ("manifest", manifest),
    ("rooms", rooms),
    ("file size", file_size),
    ("function size", function_size),
    ("entry size", entry_size),
    ("mod files", mod_files),
    ("async", asynchronous),
    ("words", words),
    ("exit", exit),
    ("drawers", drawers),
    ("marks", marks),
    ("sleeps", sleeps),
    ("orphans", orphans),
    ("top level", top_level),
];

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 80;
const ENTRY_LINES: usize = 15;

fn in_src(tree: &[File]) -> impl Iterator<Item = &File> {
    tree.iter().filter(|file| file.path.starts_with("src/"))
}

fn in_tests(tree: &[File]) -> impl Iterator<Item = &File> {
    tree.iter()
        .filter(|file| file.path.starts_with("tests/it/"))
}

fn row<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| *value)
}

/// Where a path of `file` leads outside its own module: the place, and the name at the crate root
/// (`*` if it is the root itself).
fn outward(file: &File) -> impl Iterator<Item = (String, &str)> {
    file.paths.iter().filter_map(|path| {
        let found = path.resolved()?;
        let name = found.first().copied().unwrap_or("*");
        (Some(name) != file.room()).then(|| (file.at(path.line), name))
    })
}

/// A module uses only what its row in the table names. The crate roots may name everything.
fn imports(tree: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in in_src(tree) {
        let Some(room) = file.room() else { continue };
        let allowed = row(ALLOWED, room).unwrap_or_default();
        for (at, name) in outward(file) {
            if name == "*" {
                faults.push(format!("{at}: `{room}` names the whole crate"));
            } else if row(ALLOWED, name).is_none() {
                faults.push(format!(
                    "{at}: `{room}` uses `{name}`, which is no module of the house"
                ));
            } else if !allowed.split(' ').any(|known| known == name) {
                faults.push(format!("{at}: `{room}` may not use `{name}`"));
            }
        }
    }
    faults
}

/// The modules use each other in one direction only.
fn cycles(tree: &[File]) -> Vec<String> {
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in in_src(tree) {
        let Some(room) = file.room() else { continue };
        let names = outward(file).map(|(_, name)| name);
        uses.entry(room).or_default().extend(names);
    }
    // A cycle is found once from each of its modules and told by the first of them.
    uses.keys()
        .filter_map(|start| way_back(&uses, start))
        .filter(|way| way.iter().min() == way.first())
        .map(|way| way.join(" -> "))
        .collect()
}

/// The shortest way from a module to itself.
fn way_back<'a>(
    uses: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    start: &'a str,
) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![start]];
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for &next in uses.get(way.last()?).into_iter().flatten() {
                let way = [way.as_slice(), &[next]].concat();
                if next == start {
                    return Some(way);
                }
                if seen.insert(next) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

/// An owned outside crate stays with its owners.
fn owners(tree: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in in_src(tree) {
        for path in &file.paths {
            let name = path.segments[0].as_str();
            let Some(owners) = row(OWNED, name) else {
                continue;
            };
            if !file.room().is_some_and(|room| owners.contains(&room)) {
                let at = file.at(path.line);
                let owners = owners.join("` and `");
                faults.push(format!("{at}: `{name}` belongs to `{owners}`"));
            }
        }
    }
    faults
}

/// Every dependency is owned or common, and every common crate is a dependency.
fn manifest(tree: &[File]) -> Vec<String> {
    let Some(file) = tree.iter().find(|file| file.path == "Cargo.toml") else {
        return vec!["Cargo.toml: missing".to_owned()];
    };
    let manifest: toml::Table = file.text.parse().unwrap();
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let dependencies: BTreeSet<_> = targets
        .into_iter()
        .flat_map(|targets| targets.values())
        .chain([&toml::Value::Table(manifest.clone())])
        .filter_map(|holder| holder.get("dependencies")?.as_table())
        .flat_map(|dependencies| dependencies.keys())
        .map(|name| name.replace('-', "_"))
        .collect();

    let unknown = dependencies
        .iter()
        .filter(|name| row(OWNED, name).is_none() && row(COMMON, name).is_none())
        .map(|name| format!("Cargo.toml: `{name}` is neither owned nor common"));
    let gone = COMMON
        .iter()
        .filter(|(name, _)| !dependencies.contains(*name))
        .map(|(name, _)| format!("Cargo.toml: the common crate `{name}` is no dependency"));
    unknown.chain(gone).collect()
}

/// Whatever stands in `src` is a crate root or a module of the house.
fn rooms(tree: &[File]) -> Vec<String> {
    in_src(tree)
        .filter(|file| !["src/lib.rs", "src/main.rs"].contains(&&*file.path))
        .filter(|file| file.room().and_then(|room| row(ALLOWED, room)).is_none())
        .map(|file| format!("{}: belongs to no module of the house", file.path))
        .collect()
}

/// A file has at most so many lines that are neither blank nor in a test module.
fn file_size(tree: &[File]) -> Vec<String> {
    let test_files: BTreeSet<_> = in_src(tree).flat_map(test_files).collect();
    let mut faults = Vec::new();
    for file in in_src(tree) {
        if !has_extension(&file.path, &["rs"]) || test_files.contains(&file.path) {
            continue;
        }
        let tests: Vec<_> = file
            .test_modules()
            .filter_map(|module| match module {
                TestModule::Inline { lines } => Some(lines),
                TestModule::File { .. } => None,
            })
            .collect();
        let lines = (1..)
            .zip(file.text.lines())
            .filter(|(number, line)| {
                !line.trim().is_empty() && !tests.iter().any(|lines| lines.contains(number))
            })
            .count();
        if lines > FILE_LINES {
            let path = &file.path;
            faults.push(format!(
                "{path}: {lines} production lines, at most {FILE_LINES}"
            ));
        }
    }
    faults
}

/// The files that a file declares for tests only.
fn test_files(file: &File) -> impl Iterator<Item = String> {
    let folder = file.children();
    file.test_modules().filter_map(move |module| match module {
        TestModule::File { name } => Some(format!("{folder}/{name}.rs")),
        TestModule::Inline { .. } => None,
    })
}

/// A function has at most so many lines, from its `fn` to its last brace; tests are no exception.
fn function_size(tree: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in in_src(tree) {
        for (start, pair) in file.tokens.windows(2).enumerate() {
            if pair[0].text != "fn" || !pair[1].is_ident {
                continue;
            }
            let mut body = start + 2;
            while body < file.tokens.len() && !["{", ";"].contains(&&*file.tokens[body].text) {
                body = file.tokens[body].end + 1;
            }
            let last = file.tokens.get(body).map(|open| &file.tokens[open.end]);
            let lines = last.map_or(0, |last| last.line - pair[0].line + 1);
            if lines > FUNCTION_LINES {
                let at = file.at(pair[0].line);
                let name = &pair[1].text;
                faults.push(format!(
                    "{at}: `{name}` has {lines} lines, at most {FUNCTION_LINES}"
                ));
            }
        }
    }
    faults
}

/// `main` is a sentence.
fn entry_size(tree: &[File]) -> Vec<String> {
    tree.iter()
        .filter(|file| file.path == "src/main.rs")
        .map(|file| file.text.lines().count())
        .filter(|lines| *lines > ENTRY_LINES)
        .map(|lines| format!("src/main.rs: {lines} lines, at most {ENTRY_LINES}"))
        .collect()
}

/// A `mod.rs` holds its doc, `mod` lines and re-exports. The first thing else is told.
fn mod_files(tree: &[File]) -> Vec<String> {
    in_src(tree)
        .filter(|file| file.path.ends_with("/mod.rs"))
        .filter_map(foreign_item)
        .collect()
}

fn foreign_item(file: &File) -> Option<String> {
    let mut start = 0;
    loop {
        let item = file.after_attributes_and_visibility(start);
        let word = file.tokens.get(item)?;
        let end =
            (item..file.tokens.len()).find(|at| [";", "{"].contains(&&*file.tokens[*at].text));
        let is_line = match word.text.as_str() {
            "mod" => end.is_some_and(|end| file.tokens[end].text == ";"),
            "use" => file.tokens[start..item]
                .iter()
                .any(|token| token.text == "pub"),
            _ => false,
        };
        if !is_line {
            let at = file.at(word.line);
            let word = &word.text;
            return Some(format!(
                "{at}: `{word}` here is neither a `mod` line nor a re-export"
            ));
        }
        start = (item..file.tokens.len()).find(|at| file.tokens[*at].text == ";")? + 1;
    }
}

/// Async is a room, not a climate.
fn asynchronous(tree: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in in_src(tree) {
        if file.room().is_some_and(|room| ASYNC.contains(&room)) {
            continue;
        }
        let keyword = file.tokens.iter().filter(|token| token.text == "async");
        let runtime = file.paths.iter().filter(|path| path.segments[0] == "tokio");
        faults.extend(keyword.map(|token| format!("{}: `async`", file.at(token.line))));
        faults.extend(runtime.map(|path| format!("{}: `tokio`", file.at(path.line))));
    }
    faults
}

/// Nothing prints by macro (what writes, writes to a stream it was given), and nothing is `unsafe`.
fn words(tree: &[File]) -> Vec<String> {
    const PRINTING: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];
    let mut faults = Vec::new();
    for file in in_src(tree) {
        for (at, token) in file.tokens.iter().enumerate() {
            let mut after = file.tokens[at + 1..].iter().map(|token| &*token.text);
            // Not the `!=` of a comparison.
            let is_macro = after.next() == Some("!") && after.next() != Some("=");
            if is_macro && PRINTING.contains(&&*token.text) {
                faults.push(format!("{}: `{}!`", file.at(token.line), token.text));
            }
            if token.text == "unsafe" {
                faults.push(format!("{}: `unsafe`", file.at(token.line)));
            }
        }
    }
    faults
}

/// Only `main` ends the process, by returning its code.
fn exit(tree: &[File]) -> Vec<String> {
    paths_with(in_src(tree), &["process", "exit"])
}

/// A module is named after what it is about.
fn drawers(tree: &[File]) -> Vec<String> {
    const DRAWERS: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc"];
    let mut faults = Vec::new();
    for file in in_src(tree).chain(in_tests(tree)) {
        let drawers = file.modules().filter(|(name, _)| DRAWERS.contains(name));
        faults.extend(drawers.map(|(name, line)| format!("{}: `mod {name}`", file.at(line))));
    }
    faults
}

/// What is left to do stands in no comment.
fn marks(tree: &[File]) -> Vec<String> {
    // Spelled in two parts, so that this file does not find itself.
    const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];
    const READ: &[&str] = &["rs", "toml", "js", "mjs", "html", "css", "py", "sh", ""];
    let mut faults = Vec::new();
    for file in tree.iter().filter(|file| has_extension(&file.path, READ)) {
        for (number, line) in (1..).zip(file.text.lines()) {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            if let Some(mark) = words.find(|word| MARKS.contains(word)) {
                faults.push(format!("{}: {mark}", file.at(number)));
            }
        }
    }
    faults
}

/// A test waits for the thing, never for a time.
fn sleeps(tree: &[File]) -> Vec<String> {
    let mut faults = paths_with(in_tests(tree), &["thread", "sleep"]);
    faults.extend(paths_with(in_tests(tree), &["time", "sleep"]));
    faults
}

fn paths_with<'a>(files: impl Iterator<Item = &'a File>, part: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        let hits = file.paths.iter().filter(|path| path.names(part));
        faults.extend(hits.map(|path| format!("{}: `{}`", file.at(path.line), part.join("::"))));
    }
    faults
}

/// Every Rust file belongs to the crate: its parent names it.
fn orphans(tree: &[File]) -> Vec<String> {
    const ROOTS: &[&str] = &["src/lib.rs", "src/main.rs", "tests/it/main.rs"];
    let rust = || {
        in_src(tree)
            .chain(in_tests(tree))
            .filter(|file| has_extension(&file.path, &["rs"]))
    };
    rust()
        .filter(|file| !ROOTS.contains(&&*file.path))
        .filter_map(|file| {
            let stem = file
                .path
                .trim_end_matches("/mod.rs")
                .trim_end_matches(".rs");
            let (folder, name) = stem.rsplit_once('/')?;
            let is_named =
                rust().any(|parent| parent.children() == folder && parent.declares(name));
            (!is_named).then(|| format!("{}: no `mod {name};` above it", file.path))
        })
        .collect()
}

/// The top of the repository stays as short as the design says.
fn top_level(tree: &[File]) -> Vec<String> {
    let names: BTreeSet<_> = tree
        .iter()
        .filter_map(|file| file.path.split('/').next())
        .collect();
    names
        .into_iter()
        .filter(|name| !TOP_LEVEL.contains(name))
        .map(|name| format!("{name}: not among the names at the top"))
        .collect()
}
