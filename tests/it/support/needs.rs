//! What a machine may lack, said by name.

use std::env;
use std::io::{self, Write as _};
use std::path::PathBuf;

/// Whether a program is on the `PATH`. Where it is not, says so: the caller returns.
///
/// Panics instead where `WH_TEST_REQUIRE=1` says that nothing may be missing.
pub(crate) fn needs(tool: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).find(|folder| folder.join(tool).is_file());
    required(tool, found).is_some()
}

/// The folder of a corpus below `$WH_CORPORA`. Where it is missing, says so: the caller returns.
pub(crate) fn corpus(name: &str) -> Option<PathBuf> {
    let folder = env::var_os("WH_CORPORA").map(|root| PathBuf::from(root).join(name));
    let found = folder.filter(|folder| folder.is_dir());
    if found.is_none() {
        skipped(&format!("the corpus {name}"));
    }
    found
}

/// The folder that `tests/receivers/install` fills. Where it is missing, says so: the caller returns.
///
/// Panics instead where `WH_TEST_REQUIRE=1` says that nothing may be missing.
pub(crate) fn receivers() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/receivers"));
    let found = folder.join("stamp").is_file().then_some(folder);
    required("tests/receivers/install", found)
}

/// The binary with crash points, which `tests/run` builds. Where it is missing, says so: the caller
/// returns.
///
/// Panics instead where `WH_TEST_REQUIRE=1` says that nothing may be missing.
pub(crate) fn crash_points() -> Option<PathBuf> {
    let path = env::var_os("WH_FAILPOINTS_BIN").map(PathBuf::from);
    let found = path.filter(|path| path.is_file());
    required("the build with crash points", found)
}

fn required<T>(what: &str, found: Option<T>) -> Option<T> {
    if found.is_none() {
        let is_required = env::var_os("WH_TEST_REQUIRE").is_some_and(|value| value == "1");
        assert!(!is_required, "needs {what}, and WH_TEST_REQUIRE is set");
        skipped(what);
    }
    found
}

/// Whether tests may take minutes: `WH_TEST_LONG=1`.
pub(crate) fn is_long() -> bool {
    env::var_os("WH_TEST_LONG").is_some_and(|value| value == "1")
}

/// Says that a test is skipped for want of something.
pub(crate) fn skipped(what: &str) {
    // Written to the stream itself: what the printing macros write is shown for failed tests only.
    let line = format!("skipped: needs {what}\n");
    io::stderr().write_all(line.as_bytes()).unwrap();
}

mod tests {
    use crate::support::{corpus, needs};

    #[test]
    fn finds_what_is_there() {
        assert!(needs("sh"));
    }

    #[test]
    fn finds_a_corpus() {
        let Some(folder) = corpus("blns") else {
            return;
        };
        assert!(folder.ends_with("blns"));
    }
}
