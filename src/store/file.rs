//! The file of a store: only its owner may read it.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// Makes the file and its directories where they are missing, before `SQLite` opens it: what `SQLite`
/// makes beside it then has the same permissions.
pub(super) fn prepare(path: &Path) -> io::Result<()> {
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        make_directory(parent)?;
    }
    match private_file(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a file that only its owner may read and write, whatever the umask.
///
/// A link in its place is not followed: the file must not be there at all.
pub(crate) fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    owner_only(&mut options);
    let file = options.open(path)?;
    restrict(&file)?;
    Ok(file)
}

/// Makes a directory that only its owner may enter, and those above it that are missing.
///
/// One that is there becomes its owner's alone; a link to one is an error.
pub(crate) fn private_directory(path: &Path) -> io::Result<()> {
    make_directory(path)?;
    if !fs::symlink_metadata(path)?.is_dir() {
        return Err(ErrorKind::NotADirectory.into());
    }
    restrict_directory(path)
}

/// What a file is, as far as its first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Empty, or a database without tables: its log may hold the first ones.
    Blank,
    /// A database that says of itself which application it is of, and which version.
    Database {
        /// Which application.
        application: u32,
        /// Which version.
        version: u32,
    },
    /// A database that is shorter than it says.
    Cut,
    /// No database.
    Other,
}

/// Looks at a file before `SQLite` opens it: `SQLite` would write what it finds in the log of a database
/// into it, whoever the database belongs to.
pub(super) fn look(path: &Path) -> io::Result<Found> {
    match look_once(path)? {
        // Another process may have been at work between two looks at it.
        Found::Cut => look_once(path),
        found => Ok(found),
    }
}

/// The header of a database (sqlite.org/fileformat2.html, section 1.3).
const HEADER: usize = 100;

fn look_once(path: &Path) -> io::Result<Found> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let file = fs::File::open(path)?;
    let mut header = Vec::with_capacity(HEADER);
    (&file).take(HEADER as u64).read_to_end(&mut header)?;
    if header.is_empty() {
        return Ok(Found::Blank);
    }
    let Some(header) = header.first_chunk::<HEADER>() else {
        return Ok(Found::Other);
    };
    if !header.starts_with(b"SQLite format 3\0") {
        return Ok(Found::Other);
    }
    let number = |at: usize| {
        u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        page => u64::from(page),
    };
    // The number of pages counts where the change counter is that of the last writer who knew of it.
    let says_length = number(24) == number(92);
    let has_log = fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    if says_length && !has_log && file.metadata()?.len() < u64::from(number(28)) * page {
        return Ok(Found::Cut);
    }
    let (schema, version, application) = (number(40), number(60), number(68));
    if (schema, version, application) == (0, 0, 0) {
        return Ok(Found::Blank);
    }
    Ok(Found::Database {
        application,
        version,
    })
}

/// The bytes of the disk that a store takes: the file's and those of its log.
pub(super) fn taken(path: &Path) -> u64 {
    let length = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    length(path) + length(&beside(path, "-wal"))
}

/// A file beside the store, with its name and an ending.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn make_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        make_directory(parent)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Ok(()) => restrict_directory(path),
        // Another process was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

/// Sets what a strict umask has taken away from the owner.
#[cfg(unix)]
fn restrict(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

#[cfg(unix)]
fn restrict_directory(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn owner_only(_: &mut OpenOptions) {}

#[cfg(not(unix))]
fn restrict(_: &fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn restrict_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
