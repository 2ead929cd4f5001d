//! The store and the disk that it is on.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::context::Context;
use crate::config::Paths;
use crate::report::{Check, deliveries};
use crate::store::{Health, Reader, files, free_space, measure_commits};
use crate::term::{bytes, count};

use super::{failed, is_open_to_others};

const NAME: &str = "store.content";

/// A store that is larger is read as a whole on demand only.
const LARGE: u64 = 1 << 30;

/// Commits that take longer hold deliveries up noticeably.
const SLOW: Duration = Duration::from_millis(20);

/// A disk with less is soon full.
const LITTLE: u64 = 256 << 20;

/// The store, where there is one, and its directory.
pub(super) fn checks(context: &Context, full: bool) -> Vec<Check> {
    let path = match context.store() {
        Ok(Some(path)) if path != context.paths.store() => path,
        Ok(Some(path)) => match Paths::of_process() {
            Ok(_) => path,
            Err(error) => return vec![failed(NAME, error)],
        },
        Ok(None) => return vec![Check::ok(NAME, "none: nothing is recorded")],
        Err(error) => return vec![failed(NAME, error)],
    };
    let mut checks = vec![Check::ok("store.file", format!("`{}`", path.display()))];
    match Reader::open(&path) {
        Ok(None) => checks.extend([
            Check::ok(NAME, "nothing was recorded yet"),
            permissions(&path),
        ]),
        Ok(Some(reader)) => {
            checks.extend(of_reader(&reader, full));
            // Of what is no store nobody should change the permissions.
            checks.push(permissions(&path));
        }
        Err(error) => checks.push(failed(NAME, error)),
    }
    checks.extend(of_disk(&directory(&path)));
    checks
}

fn of_reader(reader: &Reader, full: bool) -> Vec<Check> {
    let health = match reader.health() {
        Ok(health) => health,
        Err(error) => return vec![failed(NAME, error)],
    };
    vec![
        Check::ok(NAME, words(&health)),
        integrity(reader, &health, full),
    ]
}

fn words(health: &Health) -> String {
    let number = |number: i64| count(number.unsigned_abs());
    format!(
        "schema {}; {}, {} attempts; {}, and {} in its log",
        health.schema,
        deliveries(health.deliveries.unsigned_abs()),
        number(health.attempts),
        bytes(health.size),
        bytes(health.log)
    )
}

fn integrity(reader: &Reader, health: &Health, full: bool) -> Check {
    const NAME: &str = "store.integrity";
    if health.size > LARGE && !full {
        let found = format!("not looked at: the store has {}", bytes(health.size));
        return Check::ok(NAME, found).fix("wh doctor --full");
    }
    match reader.fault() {
        Ok(None) => Check::ok(NAME, "every page is sound"),
        Ok(Some(fault)) => {
            Check::fail(NAME, fault).fix("copy the file; what can be read: sqlite3 FILE .recover")
        }
        Err(error) => failed(NAME, error),
    }
}

/// Whether only the owner may read what is recorded.
fn permissions(path: &Path) -> Check {
    const NAME: &str = "store.permissions";
    let open: Vec<String> = files(path)
        .iter()
        .filter(|file| is_open_to_others(file))
        .map(|file| file.display().to_string())
        .collect();
    if open.is_empty() {
        return Check::ok(NAME, "only you may read the store");
    }
    let found = format!("others may read `{}`", open.join("`, `"));
    Check::warn(NAME, found, format!("chmod 600 {}", open.join(" ")))
}

/// The directory that the store is in, or the nearest that is there.
fn directory(path: &Path) -> PathBuf {
    let above = path.ancestors().skip(1);
    let named = above.map(|one| {
        if one.as_os_str().is_empty() {
            Path::new(".")
        } else {
            one
        }
    });
    named
        .into_iter()
        .find(|one| one.is_dir())
        .unwrap_or(Path::new("."))
        .to_owned()
}

fn of_disk(directory: &Path) -> [Check; 2] {
    [commits(directory), space(directory)]
}

fn commits(directory: &Path) -> Check {
    const NAME: &str = "store.commits";
    let times = match measure_commits(directory) {
        Ok(times) => times,
        Err(error) => return failed(NAME, error),
    };
    let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
    let found = format!("median {}, slowest {}", ms(times.median), ms(times.max));
    if times.median > SLOW {
        let fix = "the disk is slow to write: --store on a local disk is faster";
        Check::warn(NAME, found, fix)
    } else {
        Check::ok(NAME, found)
    }
}

fn space(directory: &Path) -> Check {
    const NAME: &str = "store.disk";
    match free_space(directory) {
        Ok(Some(free)) if free < LITTLE => Check::warn(
            NAME,
            format!("{} are free at `{}`", bytes(free), directory.display()),
            "make room, or take old deliveries out: wh prune --older-than 30d",
        ),
        Ok(Some(free)) => Check::ok(
            NAME,
            format!("{} are free at `{}`", bytes(free), directory.display()),
        ),
        Ok(None) => Check::ok(NAME, "not known on this system"),
        Err(error) => Check::fail(NAME, format!("`{}`: {error}", directory.display())),
    }
}
