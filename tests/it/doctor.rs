//! `wh doctor`: what it looks at, what it finds amiss, and what it leaves alone.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{CONFIG, Output, Wh, folder, sh, wh};

/// The checks of a call by name, state, found and fix; the summary's numbers; the exit code.
struct Seen {
    checks: Vec<Value>,
    code: i32,
    text: String,
}

impl Seen {
    fn of(call: &Wh) -> Self {
        let Output {
            stdout,
            stderr,
            code,
        } = call.capture();
        let text = String::from_utf8(stdout).unwrap();
        let mut checks: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let summary = checks.pop().unwrap();
        let number = |state: &str| {
            checks
                .iter()
                .filter(|check| check["state"] == state)
                .count()
        };
        assert_eq!(summary["type"], "summary");
        assert_eq!(summary["ok"], number("ok"));
        assert_eq!(summary["warnings"], number("warn"));
        assert_eq!(summary["failures"], number("fail"));
        let stderr = String::from_utf8(stderr).unwrap();
        let expected = match number("fail") {
            0 => String::new(),
            1 => "error: 1 check failed\n".to_owned(),
            number => format!("error: {number} checks failed\n"),
        };
        assert_eq!(stderr, expected);
        assert_eq!(code, if number("fail") == 0 { 0 } else { 7 });
        Self { checks, code, text }
    }

    /// Asserts that a check of this name has this state, and these words in what it found.
    #[track_caller]
    fn has(&self, name: &str, state: &str, found: &str) -> &Value {
        let fits = |check: &&Value| {
            check["name"] == name
                && check["state"] == state
                && check["found"].as_str().unwrap().contains(found)
        };
        let fitting = self.checks.iter().find(fits);
        fitting.unwrap_or_else(|| panic!("no {name} that is {state}: {found}\n{}", self.text))
    }
}

/// A call in this home, which is its folder too.
fn doctor(home: &TempDir, args: &[&str]) -> Wh {
    wh(["doctor", "--json"].iter().chain(args))
        .home(home.path())
        .dir(home.path())
        .env("WH_PORT", "0")
}

fn see(home: &TempDir, args: &[&str]) -> Seen {
    Seen::of(&doctor(home, args))
}

fn home(files: &[(&str, &str)]) -> TempDir {
    let home = folder(files.iter().copied().chain([("unused", "")]));
    for (name, _) in files {
        set_mode(&home.path().join(name), 0o600);
    }
    home
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Sends to where nobody listens, so that there is a store.
fn record(home: &TempDir) {
    let send = "send lead.created --url http://127.0.0.1:1/ --no-signature --store store.db";
    let call = wh(send.split(' ')).home(home.path()).dir(home.path());
    assert_eq!(call.capture().code, 6);
}

#[test]
fn a_fresh_machine_is_sound_and_stays_as_it_is() {
    let home = home(&[]);
    let seen = see(&home, &[]);
    let names: Vec<_> = seen
        .checks
        .iter()
        .map(|check| check["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "version",
            "system",
            "settings",
            "settings",
            "provider",
            "url",
            "tolerance",
            "store",
            "color",
            "listen.host",
            "listen.port",
            "listen.forward-to",
            "providers",
            "secret",
            "store.file",
            "store.content",
            "store.permissions",
            "store.commits",
            "store.disk",
            "clock",
            "port",
            "listening",
            "terminal",
        ]
    );
    let version = concat!("wh ", env!("CARGO_PKG_VERSION"), ", SQLite 3.");
    for (name, found) in [
        ("version", version),
        ("settings", "`wh.toml` is not there"),
        ("settings", "config.toml` is not there"),
        ("provider", "`cepro`, from the default"),
        ("url", "not set"),
        ("listen.host", "`127.0.0.1`, from the default"),
        ("listen.port", "`0`, from WH_PORT"),
        ("listen.forward-to", "not set"),
        ("providers", "0 of your own in `"),
        ("secret", "none: "),
        ("store.content", "nothing was recorded yet"),
        ("store.commits", "median "),
        ("store.disk", " are free at `"),
        ("clock", "Z, in UTC"),
        ("port", "127.0.0.1 port 0 is free"),
        ("listening", "no `wh listen` is running"),
        (
            "terminal",
            "standard output is no terminal; no colour; lines are not wrapped",
        ),
    ] {
        seen.has(name, "ok", found);
    }
    let left: Vec<_> = fs::read_dir(home.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn for_people_it_is_a_table() {
    let home = home(&[("wh.toml", "color = 'purple'")]);
    wh(["doctor"])
        .home(home.path())
        .dir(home.path())
        .env("WH_PORT", "0")
        .stdout_has("CHECK              STATE  FOUND ")
        .stdout_has("\nprovider           ok     `cepro`, from the default\n")
        .stdout_has("\ncolor              fail   `purple` is none of auto, always and never, from `wh.toml`\n")
        .stderr("error: 1 check failed\n")
        .exit(7)
        .run();
}

#[test]
fn it_says_who_set_what() {
    let own = format!("{CONFIG}/config.toml");
    let home = home(&[
        (
            &own,
            "provider = 'tenant'\ntolerance = '1m'\nstore = 'own.db'\n[listen]\nhost = '127.0.0.1'",
        ),
        (
            "wh.toml",
            "provider = 'wlcro'\nurl = 'http://user:word@h/p'\n[listen]\nport = 1",
        ),
    ]);
    let seen = see(&home, &[]);
    for (name, found) in [
        ("settings", "`wh.toml`"),
        ("provider", "`wlcro`, from `wh.toml`"),
        ("url", "`http://h/p`, from `wh.toml`"),
        ("tolerance", "`1m`, from `"),
        ("store", "own.db`, from `"),
        ("store", "config.toml`"),
        ("color", "`auto`, from the default"),
        ("listen.host", "config.toml`"),
        ("listen.port", "`0`, from WH_PORT"),
    ] {
        seen.has(name, "ok", found);
    }
    assert!(!seen.text.contains("word"));
    let call = doctor(
        &home,
        &["-P", "orgjobs", "--store", "none", "--color", "never"],
    )
    .env("WH_PROVIDER", "cepro")
    .env("WH_TOLERANCE", "off");
    let seen = Seen::of(&call);
    for (name, found) in [
        ("provider", "`orgjobs`, from the flag"),
        ("tolerance", "`off`, from WH_TOLERANCE"),
        ("store", "`none`, from the flag"),
        ("store.content", "none: nothing is recorded"),
        ("color", "`never`, from the flag"),
    ] {
        seen.has(name, "ok", found);
    }
    let seen = Seen::of(&doctor(&home, &["--config", "wh.toml"]).env("WH_PROVIDER", "cepro"));
    seen.has("settings", "ok", "`wh.toml`, and no other file");
    seen.has("provider", "ok", "`cepro`, from WH_PROVIDER");
}

#[test]
fn settings_that_are_wrong_are_told_of_with_the_rest() {
    let wrong = "provider = 'nope'\ntolerance = 'soon'\nurl = 'ftp://h/'";
    let home = home(&[("wh.toml", wrong), ("broken.toml", "port = 1")]);
    let seen = see(&home, &[]);
    let provider = seen.has(
        "provider",
        "fail",
        "there is no provider `nope`, from `wh.toml`",
    );
    assert_eq!(provider["fix"], "`wh provider list` shows those there are");
    seen.has("tolerance", "fail", "`soon` is not a duration");
    seen.has("url", "fail", "`ftp` URLs cannot be sent to");
    seen.has("store.commits", "ok", "");
    let seen = see(&home, &["--config", "broken.toml"]);
    seen.has(
        "settings",
        "fail",
        "the settings file `broken.toml` is wrong: line 1: unknown field `port`",
    );
    seen.has("provider", "ok", "`cepro`, from the default");
    let seen = see(&home, &["--config", "nope.toml"]);
    seen.has("settings", "fail", "`nope.toml`: No such file");
    let call = doctor(&home, &["--config", "broken.toml"]);
    let seen = Seen::of(&call.env("WH_PORT", "x").env("WH_COLOR", "purple"));
    seen.has(
        "listen.port",
        "fail",
        "the variable `WH_PORT`: invalid digit",
    );
    seen.has("port", "fail", "the variable `WH_PORT`: ");
    seen.has(
        "color",
        "fail",
        "the variable `WH_COLOR`: `purple` is none of ",
    );
}

/// A user that the system does not know, without a home.
#[test]
fn it_works_without_a_home() {
    let script = "chmod 755 . && exec setpriv --reuid 54321 --regid 54321 --clear-groups \
        env -u HOME -u XDG_CONFIG_HOME -u XDG_DATA_HOME \"$WH\" doctor --json";
    let call = sh(script).env("WH_PORT", "0");
    if call.capture().stdout.is_empty() {
        crate::support::skipped("setpriv as root");
        return;
    }
    let seen = Seen::of(&call);
    let check = seen.has("home", "fail", "there is no home directory");
    assert_eq!(check["fix"], "set HOME");
    seen.has("store.content", "fail", "there is no home directory");
    seen.has("provider", "ok", "`cepro`, from the default");
    seen.has("clock", "ok", "");
    seen.has("listening", "ok", "no `wh listen` is running");
}

#[test]
fn a_port_that_is_taken_is_a_warning_and_says_whom_to_ask() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let home = home(&[]);
    let seen = Seen::of(&doctor(&home, &[]).env("WH_PORT", &port));
    let check = seen.has("port", "warn", &format!("127.0.0.1 port {port} is taken"));
    assert!(check["fix"].as_str().unwrap().contains(&port));
    assert_eq!(seen.code, 0);
    let seen = Seen::of(&doctor(&home, &[]).env("WH_HOST", "240.0.0.1"));
    seen.has("port", "fail", "240.0.0.1 port 0: ");
}

#[test]
fn of_a_secret_it_says_where_it_is_and_never_what() {
    let by_file = ("wh.toml", "secret-file = 'secret'");
    let by_variable = ("wh.toml", "secret-env = 'NAME'");
    let variable: &[_] = &[("WH_SECRET", "topsecret")];
    let file: &[_] = &[("WH_SECRET_FILE", "secret")];
    let named: &[_] = &[("NAME", "topsecret")];
    for (settings, secret, variables, mode, state, found) in [
        (None, None, variable, 0, "ok", "the variable `WH_SECRET`"),
        (
            None,
            Some("topsecret"),
            file,
            0o600,
            "ok",
            "the file `secret`, from WH_SECRET_FILE",
        ),
        (
            Some(by_file),
            Some("topsecret"),
            &[],
            0o600,
            "ok",
            "the file `secret`, from `wh.toml`",
        ),
        (
            Some(by_file),
            Some("topsecret"),
            &[],
            0o640,
            "warn",
            "others may read it",
        ),
        (
            Some(by_file),
            Some("topsecret"),
            &[],
            0o604,
            "warn",
            "others may read it",
        ),
        (Some(by_file), Some(""), &[], 0o600, "warn", "is empty"),
        (Some(by_file), None, &[], 0, "warn", "No such file"),
        (
            Some(by_file),
            Some("topsecret"),
            variable,
            0o600,
            "ok",
            "the file `secret`, from `wh.toml`, is not used",
        ),
        (
            Some(by_variable),
            None,
            named,
            0,
            "ok",
            "the variable `NAME`, from `wh.toml`",
        ),
        (
            Some(by_variable),
            None,
            &[],
            0,
            "warn",
            "is not set, or empty",
        ),
    ] {
        let secret = secret.map(|secret| ("secret", secret));
        let files: Vec<_> = settings.into_iter().chain(secret).collect();
        let home = home(&files);
        if secret.is_some() {
            set_mode(&home.path().join("secret"), mode);
        }
        let call = variables
            .iter()
            .fold(doctor(&home, &[]), |call, (name, value)| {
                call.env(name, value)
            });
        let seen = Seen::of(&call);
        let check = seen.has("secret", state, found);
        assert_eq!(check["fix"].is_null(), state == "ok");
        assert!(!seen.text.contains("topsecret"));
        assert_eq!(seen.code, 0);
    }
}

#[test]
fn of_a_store_it_says_what_is_in_it_and_who_may_read_it() {
    let home = home(&[]);
    record(&home);
    let args = ["--store", "store.db"];
    let seen = see(&home, &args);
    seen.has("store.content", "ok", "schema 3; 1 delivery, 1 attempts; ");
    seen.has("store.integrity", "ok", "every page is sound");
    seen.has("store.permissions", "ok", "only you may read the store");
    let path = home.path().join("store.db");
    set_mode(&path, 0o644);
    let seen = see(&home, &args);
    let check = seen.has("store.permissions", "warn", "others may read `store.db`");
    assert!(
        check["fix"]
            .as_str()
            .unwrap()
            .starts_with("chmod 600 store.db")
    );
    assert_eq!(seen.code, 0);
    fs::write(&path, "no store").unwrap();
    let seen = see(&home, &args);
    seen.has("store.content", "fail", "`store.db` is not a store of wh");
}

#[test]
fn a_damaged_page_is_a_failure() {
    let home = home(&[]);
    record(&home);
    let path = home.path().join("store.db");
    let mut bytes = fs::read(&path).unwrap();
    let end = bytes.len() - 8192;
    bytes[end..].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    let seen = see(&home, &["--store", "store.db"]);
    let check = seen.has("store.integrity", "fail", "");
    assert!(check["fix"].as_str().unwrap().contains(".recover"));
    assert!(fs::read(&path).unwrap() == bytes);
}

#[test]
fn a_provider_file_that_is_wrong_is_named() {
    let own = format!("{CONFIG}/providers/mine.toml");
    let seen = see(&home(&[(&own, "prot = 1")]), &[]);
    seen.has("providers", "ok", "0 of your own in `");
    let check = seen.has("providers", "warn", "mine.toml` is wrong");
    assert!(
        check["fix"]
            .as_str()
            .unwrap()
            .starts_with("wh provider validate ")
    );
}
