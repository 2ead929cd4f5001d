//! The reporter itself.

use std::io;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::json;

use crate::capture::{Delivery, Health, Reach, TargetNews};
use crate::delivery::{Attempt, Ended, Next, Outgoing};
use crate::report::trouble::words;
use crate::report::{
    CommandEnd, Diagnosis, DryRun, Expectation, Expected, Forwards, Prospect, Ready, Reporter,
    Tally,
};
use crate::server::Trouble;
use crate::term::Streams;

use super::typed::Typed;
use super::{received, sent};

/// Lines beyond so many bytes are written out before the batch ends.
pub(super) const MOST_WAITING: usize = 256 * 1024;

/// Writes JSON lines on standard output.
pub(crate) struct Json {
    pub(super) streams: Streams,
    pub(super) token_headers: Vec<String>,
    pub(super) redacting: bool,
    /// When the run began.
    began: Option<Instant>,
    attempts: u64,
    succeeded: u64,
    /// Lines that are not written yet.
    lines: Vec<u8>,
}

impl Json {
    /// A reporter whose deliveries show the value of a `token_headers` header only where
    /// `redacting` is off.
    pub(crate) fn new(streams: Streams, token_headers: Vec<String>, redacting: bool) -> Self {
        Self {
            streams,
            token_headers,
            redacting,
            began: None,
            attempts: 0,
            succeeded: 0,
            lines: Vec::new(),
        }
    }

    fn write(&mut self, r#type: &'static str, body: impl Serialize) -> io::Result<()> {
        self.append(r#type, body)?;
        self.flush()
    }

    /// Adds a line to those that wait to be written together.
    pub(super) fn append(&mut self, r#type: &'static str, body: impl Serialize) -> io::Result<()> {
        Typed::new(r#type, body).write_to(&mut self.lines)?;
        if self.lines.len() > MOST_WAITING {
            self.flush()
        } else {
            Ok(())
        }
    }
}

impl Reporter for Json {
    fn ready(&mut self, ready: &Ready) -> io::Result<()> {
        let provider = ready
            .providers
            .first()
            .filter(|_| ready.providers.len() == 1);
        let routes = ready.routes.iter();
        let routes: Vec<_> = routes
            .map(|(path, provider)| json!({"path": path, "provider": provider}))
            .collect();
        let tls = ready.tls.as_ref();
        let mut body = json!({
            "url": ready.url,
            "ui": null,
            "tls": tls.map(|shown| json!({
                "cert": shown.path.to_string_lossy(),
                "fingerprint": shown.fingerprint,
            })),
            "provider": provider,
            "providers": ready.providers,
            "routes": routes,
            "pid": std::process::id(),
        });
        if let Some(script) = &ready.script {
            body["script"] = json!(script.text);
        }
        if !ready.forwards.is_empty() {
            let line = |to: &Forwards| json!({"events": to.events, "url": to.url});
            body["forward"] = ready.forwards.iter().map(line).collect();
        }
        self.write("ready", body)
    }

    fn received(&mut self, delivery: &Delivery, diagnosis: Option<&Diagnosis>) -> io::Result<()> {
        received::write(self, delivery, diagnosis)
    }

    fn left(&mut self, number: i64, after: Duration) -> io::Result<()> {
        let after = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
        self.write("left", json!({"number": number, "after_ms": after}))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.streams.out().write_all(&self.lines)?;
        self.lines.clear();
        self.streams.flush()
    }

    fn health(&mut self, health: &Health) -> io::Result<()> {
        let (state, reason) = match health {
            Health::Degraded { reason } => ("degraded", Some(reason)),
            Health::Restored => ("restored", None),
        };
        self.write("store", json!({"state": state, "reason": reason}))
    }

    fn target(&mut self, news: &TargetNews) -> io::Result<()> {
        let (state, reason) = match &news.reach {
            Reach::Unreachable(fault) => ("unreachable", Some(&fault.message)),
            Reach::Reachable => ("reachable", None),
        };
        let body = json!({"url": news.url, "state": state, "reason": reason});
        self.write("target", body)
    }

    fn trouble(&mut self, trouble: &Trouble) -> io::Result<()> {
        self.write("trouble", json!({"message": words(trouble)}))
    }

    fn expected(
        &mut self,
        expectations: &[Expectation],
        command: Option<&CommandEnd>,
    ) -> io::Result<()> {
        for one in expectations {
            let token_headers: Vec<&str> = self.token_headers.iter().map(String::as_str).collect();
            let body = one.json(&token_headers, self.redacting);
            self.append("expectation", body)?;
        }
        if let Some(end) = command {
            self.append("command", end.json())?;
        }
        Ok(())
    }

    fn stopped(&mut self, tally: &Tally) -> io::Result<()> {
        let mut body = json!({
            "received": tally.received,
            "valid": tally.valid,
            "refused": tally.refused,
            "hidden": tally.hidden,
            "duplicates": tally.duplicates,
            "dropped": tally.dropped,
            "turned_away": tally.turned_away,
        });
        if let Some(Expected { all, met }) = tally.expected {
            body["expectations"] = json!({"all": all, "met": met});
        }
        self.write("summary", body)
    }

    fn begin(&mut self, _: &Prospect) -> io::Result<()> {
        self.began = Some(Instant::now());
        Ok(())
    }

    fn sending(&mut self, _: &Outgoing) -> io::Result<()> {
        Ok(())
    }

    fn attempted(&mut self, outgoing: &Outgoing, attempt: &Attempt, next: &Next) -> io::Result<()> {
        self.attempts += 1;
        self.succeeded += u64::from(outgoing.succeeded(attempt));
        self.write("attempt", sent::attempt(outgoing, attempt, next))
    }

    fn unmet(&mut self, expected: &str, status: u16) -> io::Result<()> {
        let body = json!({"met": false, "expected": expected, "status": status});
        self.write("expectation", body)
    }

    fn disabled(
        &mut self,
        (provider, url): (&str, &str),
        _: Option<&str>,
        failures: Option<u32>,
    ) -> io::Result<()> {
        let body = json!({"url": url, "provider": provider, "failures": failures});
        self.write("disabled", body)
    }

    fn elsewhere(&mut self, number: i64) -> io::Result<()> {
        self.write("elsewhere", json!({"number": number}))
    }

    fn sent(&mut self, ended: &Ended) -> io::Result<()> {
        let elapsed = self.began.map(|began| began.elapsed());
        let body = sent::summary(ended, (self.attempts, self.succeeded), elapsed);
        self.write("summary", body)
    }

    fn dry_run(&mut self, dry_run: &DryRun<'_>) -> io::Result<()> {
        let token_headers: Vec<&str> = self.token_headers.iter().map(String::as_str).collect();
        let body = sent::dry_run(dry_run, &token_headers, self.redacting);
        self.write("request", body)
    }
}
