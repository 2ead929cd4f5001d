//! File systems of the tests' own, which take root.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::support::{needs, skipped};

/// A file system that is unmounted when this is dropped.
pub(super) struct Mount {
    dir: TempDir,
    /// What `mount` is told.
    options: Vec<String>,
    is_mounted: bool,
}

impl Mount {
    /// A file system in memory of so many MiB; `None`, and a line that says so, where none can be had.
    pub(super) fn memory(mib: u32) -> Option<Self> {
        is_root()?;
        let options = ["-t", "tmpfs", "-o", &format!("size={mib}m"), "tmpfs"];
        Some(Self::of(TempDir::new().unwrap(), options))
    }

    /// A file system of this kind in an image; `None`, and a line that says so, where none can be had.
    pub(super) fn image(kind: &str) -> Option<Self> {
        is_root()?;
        let make = format!("mkfs.{kind}");
        if !needs(&make) || !has_loop_devices() {
            return None;
        }
        let dir = TempDir::new().unwrap();
        let image = dir.path().join("image").to_str().unwrap().to_owned();
        // The least that XFS takes; nothing of it is there before it is written.
        run("truncate", ["-s", "400M", &image]);
        run(&make, ["-q", &image]);
        let options = ["-o", "loop", &image];
        Some(Self::of(dir, options))
    }

    fn of<const N: usize>(dir: TempDir, options: [&str; N]) -> Self {
        let mut mount = Self {
            dir,
            options: options.map(str::to_owned).into(),
            is_mounted: false,
        };
        std::fs::create_dir(mount.path()).unwrap();
        mount.mount();
        mount
    }

    /// Where its files are.
    pub(super) fn path(&self) -> PathBuf {
        self.dir.path().join("mounted")
    }

    /// What it holds goes on from where the disk stands.
    pub(super) fn again(&mut self) {
        run("umount", [self.path()]);
        self.is_mounted = false;
        self.mount();
    }

    fn mount(&mut self) {
        let path = self.path();
        let options = self.options.iter().map(Path::new);
        run("mount", options.chain([&*path]));
        self.is_mounted = true;
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        if self.is_mounted {
            // Lazily: whoever still works in it is about to be killed.
            let _ = Command::new("umount").arg("-l").arg(self.path()).status();
        }
    }
}

fn is_root() -> Option<()> {
    let is_root = rustix::process::getuid().is_root();
    if !is_root {
        skipped("root");
    }
    is_root.then_some(())
}

fn has_loop_devices() -> bool {
    let free = Command::new("losetup").arg("-f").output();
    let has = free.is_ok_and(|free| free.status.success());
    if !has {
        skipped("loop devices");
    }
    has
}

#[track_caller]
pub(super) fn run(program: &str, args: impl IntoIterator<Item = impl AsRef<std::ffi::OsStr>>) {
    let output = Command::new(program).args(args).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {complaint}");
}
