//! The register of the listeners that run, for the commands that must not send to one of them.

use std::fs::{self, DirEntry, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::store::{private_directory, private_file};

/// The most that is read of an entry, in bytes.
const MOST: u64 = 4096;

/// What stands before an address that a listener forwards to.
const FORWARDS: &str = "> ";

/// How often an entry is made anew when somebody looks at it before it is locked.
const TRIES: usize = 16;

/// An entry of the register; it is taken out on drop.
///
/// It is a file with an address on each line, those that it forwards to last, under an exclusive lock for as long as its process
/// lives. Who is killed leaves a file that nobody has locked: it counts for nothing, and the next
/// listener removes it. Whoever only looks locks for sharing, so that those who look never take
/// each other for a listener.
pub(crate) struct Registered {
    path: PathBuf,
    file: File,
}

impl Registered {
    /// Enters the addresses that a listener is bound to, and removes what the dead have left.
    ///
    /// The directory is made where it is missing, for its owner alone; a link in its place is an
    /// error.
    pub(crate) fn enter(directory: &Path, addresses: &[SocketAddr]) -> io::Result<Self> {
        private_directory(directory)?;
        remove_leftovers(directory);
        let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
        let lines = addresses.join("\n") + "\n";
        for _ in 0..TRIES {
            if let Some(entry) = Self::add(directory, &lines)? {
                return Ok(entry);
            }
        }
        Err(io::Error::other("no entry could be locked"))
    }

    /// Adds the addresses that the listener forwards to.
    pub(crate) fn forwards_to(&mut self, addresses: &[SocketAddr]) -> io::Result<()> {
        let lines = addresses
            .iter()
            .map(|address| format!("{FORWARDS}{address}\n"));
        self.file.write_all(lines.collect::<String>().as_bytes())
    }

    /// Makes an entry; `None` where another listener took it for a leftover before it was locked.
    fn add(directory: &Path, lines: &str) -> io::Result<Option<Self>> {
        let path = directory.join(Uuid::new_v4().simple().to_string());
        let file = private_file(&path)?;
        let mut entry = Self { path, file };
        // An entry is whole before its lock makes it count.
        entry.file.write_all(lines.as_bytes())?;
        match entry.file.try_lock() {
            Ok(()) => Ok(entry.path.exists().then_some(entry)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        // What stays is a leftover as soon as the lock goes, right after this.
        let _ = fs::remove_file(&self.path);
    }
}

/// The addresses of this user's listeners that run now, in order.
///
/// None where the register cannot be read.
pub(crate) fn running_listeners(directory: &Path) -> Vec<SocketAddr> {
    let entries = running_entries(directory).into_iter();
    let mut addresses: Vec<_> = entries.flat_map(|entry| entry.bound).collect();
    addresses.sort_unstable();
    addresses
}

/// What an entry says of a listener.
pub(super) struct Running {
    /// The addresses that it is bound to.
    pub(super) bound: Vec<SocketAddr>,
    /// Those that it forwards to.
    pub(super) forwards: Vec<SocketAddr>,
}

/// This user's listeners that run now; none where the register cannot be read.
pub(super) fn running_entries(directory: &Path) -> Vec<Running> {
    let running = entries(directory).filter(|(_, file)| is_held(file));
    running.map(|(_, file)| read(file)).collect()
}

fn remove_leftovers(directory: &Path) {
    for (path, file) in entries(directory) {
        if !is_held(&file) {
            // The share of the lock is kept until the file is gone, so that nobody enters by it.
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether the process that made an entry lives. Where that cannot be told, it does.
///
/// If not, the file is locked for sharing until it is closed.
fn is_held(file: &File) -> bool {
    file.try_lock_shared().is_err()
}

/// The files that have the name of an entry; nothing else in the directory is touched.
fn entries(directory: &Path) -> impl Iterator<Item = (PathBuf, File)> {
    let is_entry = |found: &DirEntry| {
        let name = found.file_name();
        let is_named = name
            .to_str()
            .is_some_and(|name| Uuid::try_parse(name).is_ok());
        is_named && found.file_type().is_ok_and(|kind| kind.is_file())
    };
    let is_directory = fs::symlink_metadata(directory).is_ok_and(|found| found.is_dir());
    let found = is_directory.then(|| fs::read_dir(directory).ok()).flatten();
    found
        .into_iter()
        .flatten()
        .flatten()
        .filter(is_entry)
        .filter_map(|found| Some((found.path(), File::open(found.path()).ok()?)))
}

/// What stands in an entry; a line that is no address is passed over.
fn read(file: File) -> Running {
    let mut lines = String::new();
    // What could be read counts.
    let _ = file.take(MOST).read_to_string(&mut lines);
    let (forwards, bound): (Vec<_>, Vec<_>) =
        lines.lines().partition(|line| line.starts_with(FORWARDS));
    let address = |line: &str| line.trim_start_matches(FORWARDS).parse().ok();
    Running {
        bound: bound.into_iter().filter_map(address).collect(),
        forwards: forwards.into_iter().filter_map(address).collect(),
    }
}

#[cfg(test)]
mod tests;
