//! Nothing that was answered 2xx is ever lost: not by a kill, a power cut, a full or failing disk, a
//! stop, or a want of files.
//!
//! Each test loads a listener with deliveries of their own ids and bodies, does its worst, and then
//! looks for each one that was answered 2xx: with the `sqlite3` tool, which is not our reader.

mod ends;
mod faults;
mod full;
mod kills;
mod load;
mod mount;
mod power;
mod senders;
mod store;

use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;
use std::path::Path;
use std::process::Command;

use crate::support::{Wh, is_long, needs, skipped, wh};

/// The connections of a load.
const CONNECTIONS: usize = 16;

/// A call of `wh listen` that verifies nothing, records in this store, and tells people little.
fn listen(store: &Path) -> Wh {
    wh(["listen", "--port", "0", "-q", "--store"]).arg(store)
}

/// How often a test does what it does: so often on each change, or in the long form.
fn cycles(short: usize, long: usize) -> usize {
    if is_long() { long } else { short }
}

/// Whether system calls can be made to fail. Where they cannot, says so: the caller returns.
fn has_strace() -> bool {
    if !needs("strace") {
        return false;
    }
    let tried = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .output();
    let has = tried.is_ok_and(|tried| tried.status.success());
    if !has {
        skipped("the right to trace a process");
    }
    has
}

/// Any number of a range.
fn any(range: Range<usize>) -> usize {
    let random = RandomState::new().hash_one(());
    range.start + usize::try_from(random % range.len() as u64).unwrap()
}
