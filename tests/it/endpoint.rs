//! `wh endpoint`, and `--endpoint`: destinations that are kept.

mod add;
mod hostile;
mod listed;
mod removed;
mod secrets;
mod sent;
mod switched;

use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Output, Wh, folder, wh};

/// What is said of a local URL where the platform would not take it.
const NOTE: &str =
    "note: cepro would say: Webhook URL must be an external HTTPS endpoint (it is not HTTPS)\n";

/// A folder that is a home, with a secret file and a store.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(folder([("secret", "s3cret")]))
    }

    /// With `shop` of cepro and `office` of wlcro.
    fn furnished() -> Self {
        let desk = Self::new();
        desk.add("shop --url 3000/hooks --secret-file secret");
        desk.add("office -P wlcro --url 3000/wlcro");
        desk
    }

    fn path(&self) -> PathBuf {
        self.0.path().canonicalize().unwrap()
    }

    fn wh(&self, args: &str) -> Wh {
        let call = wh(args.split_whitespace()).dir(self.path());
        call.home(self.path()).env("WH_STORE", "store.db")
    }

    fn endpoint(&self, args: &str) -> Wh {
        self.wh(&format!("endpoint {args}"))
    }

    #[track_caller]
    fn add(&self, args: &str) {
        let output = self.endpoint(&format!("add -q {args}")).capture();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.code, &*errors), (0, ""), "{args}");
    }

    /// What a call writes as JSON, a value a line.
    #[track_caller]
    fn json(&self, args: &str) -> Vec<Value> {
        let Output {
            stdout,
            stderr,
            code,
        } = self.endpoint(&format!("{args} --json")).capture();
        let errors = String::from_utf8_lossy(&stderr);
        assert_eq!((code, &*errors), (0, ""), "{args}");
        let text = String::from_utf8(stdout).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        lines.collect()
    }

    fn database(&self) -> Connection {
        Connection::open(self.path().join("store.db")).unwrap()
    }

    /// Does what only deliveries do, or what nobody does.
    fn sql(&self, statement: &str) {
        self.database().execute_batch(statement).unwrap();
    }

    /// Enters the endpoint of a bare URL.
    fn bare(&self, provider: &str, url: &str) {
        self.sql(&format!(
            "INSERT INTO endpoints (provider, url, events, active, failures)
             VALUES ('{provider}', '{url}', '[]', 1, 0)"
        ));
    }

    /// Does to an endpoint what so many failures do.
    fn trip(&self, name: &str) {
        self.sql(&format!(
            "UPDATE endpoints SET active = 0, failures = 20,
             disabled_because = '20 failed attempts in a row' WHERE name = '{name}'"
        ));
    }
}
