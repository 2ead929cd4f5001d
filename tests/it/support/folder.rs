//! Folders with files in them.

use std::fs;

use tempfile::TempDir;

/// A fresh folder that holds these files; a name may have folders in front.
pub(crate) fn folder<'f>(files: impl IntoIterator<Item = (&'f str, impl AsRef<[u8]>)>) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// Where `wh` keeps settings and providers, from the home on.
pub(crate) const CONFIG: &str = if cfg!(target_os = "macos") {
    "Library/Application Support/wh"
} else {
    ".config/wh"
};

/// Where `wh` keeps what it records, from the home on.
pub(crate) const DATA: &str = if cfg!(target_os = "macos") {
    "Library/Application Support/wh"
} else {
    ".local/share/wh"
};
