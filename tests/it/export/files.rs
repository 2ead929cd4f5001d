//! Where an export goes.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use tempfile::TempDir;

use crate::import::{file, import, line};
use crate::support::{folder, sh, wh};

/// A home whose store holds so many attempts.
fn home(count: u32) -> TempDir {
    let home = folder([("old", "old")]);
    let lines: Vec<_> = (1..=count).map(|number| line(number, b"{}")).collect();
    let output = import(home.path(), file(&lines)).capture();
    assert_eq!(output.code, 0, "{output:?}");
    home
}

#[test]
fn a_file_is_the_owners_alone_whatever_the_umask() {
    let home = home(2);
    for umask in ["000", "022", "077"] {
        let script = format!("umask {umask} && \"$WH\" export -o {umask}.jsonl");
        sh(&script)
            .home(home.path())
            .dir(home.path())
            .stderr("note: 2 attempts written\n")
            .run();
        let path = home.path().join(format!("{umask}.jsonl"));
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3);
    }
}

#[test]
fn what_is_there_stays_unless_forced() {
    let home = home(1);
    let export = |args: &[&str]| {
        wh(["export", "-q", "-o"].iter().chain(args))
            .home(home.path())
            .dir(home.path())
    };
    symlink("old", home.path().join("link")).unwrap();
    symlink("nothing", home.path().join("dangling")).unwrap();
    for name in ["old", "link", "dangling"] {
        export(&[name])
            .stderr(format!(
                "error: `{name}` is there already\nhint: --force puts a new one in its place\n"
            ))
            .exit(7)
            .run();
    }
    assert!(!home.path().join("nothing").exists());
    // Neither followed nor taken away: `/dev/stdout` is a link, to a plain file where that is redirected.
    for name in ["link", "dangling"] {
        export(&[name, "--force"])
            .stderr(refusal(name))
            .exit(7)
            .run();
        let kept = fs::symlink_metadata(home.path().join(name)).unwrap();
        assert!(kept.is_symlink(), "{name}");
    }
    assert_eq!(fs::read(home.path().join("old")).unwrap(), b"old");
    for name in ["old", "new"] {
        export(&[name, "--force"]).run();
    }
    assert_ne!(fs::read(home.path().join("old")).unwrap(), b"old");
}

fn refusal(name: &str) -> String {
    format!(
        "error: `{name}` is not a plain file\n\
         hint: name another, or leave --output out to write to standard output\n"
    )
}

#[test]
fn nothing_is_left_of_what_failed() {
    let home = home(1);
    let export = |args: &[&str]| {
        wh(["export", "-o"].iter().chain(args))
            .home(home.path())
            .dir(home.path())
            .exit(7)
    };
    export(&["none/x"])
        .stderr("error: cannot write `none/x`: No such file or directory (os error 2)\n")
        .run();
    fs::create_dir(home.path().join("folder")).unwrap();
    export(&["folder", "--force"])
        .stderr(refusal("folder"))
        .run();
    // Root could take it away.
    symlink("/dev/null", home.path().join("device")).unwrap();
    export(&["device", "--force"])
        .stderr(refusal("device"))
        .run();
    let names: Vec<_> = home
        .path()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| !name.to_string_lossy().starts_with(".local"))
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn a_full_disk_is_told() {
    if !std::path::Path::new("/dev/full").exists() {
        return crate::support::skipped("/dev/full");
    }
    let home = home(1);
    sh("\"$WH\" export >/dev/full")
        .home(home.path())
        .stderr("error: cannot write the output: No space left on device (os error 28)\n")
        .exit(1)
        .run();
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let home = home(3000);
    for format in ["jsonl", "har", "csv", "curl"] {
        let output = wh(["export", "-q", "--format", format])
            .home(home.path())
            .reader_leaves()
            .capture();
        assert_eq!((output.code, &*output.stderr), (0, &b""[..]), "{format}");
    }
}

#[test]
fn nothing_recorded_is_an_empty_export() {
    for (format, written) in [
        (
            "jsonl",
            concat!(
                r#"{"type":"export","schema":1,"redacted":true,"wh":""#,
                env!("CARGO_PKG_VERSION"),
                "\"}\n"
            ),
        ),
        (
            "har",
            concat!(
                r#"{"log":{"version":"1.2","creator":{"name":"wh","version":""#,
                env!("CARGO_PKG_VERSION"),
                r#""},"comment":"credentials are taken out: their values read (redacted)","entries":["#,
                "\n\n]}}\n"
            ),
        ),
        ("curl", ""),
    ] {
        wh(["export", "--format", format])
            .stdout(written)
            .stderr("note: nothing is recorded yet\nnote: 0 attempts written\n")
            .run();
    }
}

#[test]
fn flags_that_do_not_go_together_are_told() {
    for (args, message) in [
        (
            &["export", "--store", "none"][..],
            "error: with `--store none` there is nothing to read\n",
        ),
        (
            &["export", "--bodies"],
            "error: --bodies goes with --format csv\nhint: the other formats have the bodies in any case\n",
        ),
        (
            &["export", "--url", "3000"],
            "error: --url goes with --format curl\n",
        ),
    ] {
        wh(args).stderr(message).exit(2).run();
    }
}
