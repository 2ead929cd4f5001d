//! The reporter itself.

use std::io;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::capture::{Delivery, Health, Reach, TargetNews};
use crate::delivery::{Attempt, Ended, Next, Outgoing};
use crate::message::{Shown, redact};
use crate::report::hint::fault_hint;
use crate::report::trouble::words;
use crate::report::{
    CommandEnd, Diagnosis, DryRun, Expectation, Expected, Prospect, Ready, Reporter, Tally, summary,
};
use crate::server::Trouble;
use crate::term::{Progress, Safe, Streams, clock, duration};

use super::run::Run;
use super::{received, sent};

/// The columns that a header's value may take.
const LONGEST_VALUE: usize = 400;

/// Writes lines for people: what happens on standard output, remarks on standard error.
pub(crate) struct Human {
    pub(super) streams: Streams,
    pub(super) zone: TimeZone,
    /// Whether header lines are shown too.
    pub(super) verbose: bool,
    /// Whether bodies are left out.
    pub(super) quiet: bool,
    /// The headers in which a secret travels.
    pub(super) token_headers: Vec<String>,
    /// The columns of a provider's id, so that what stands behind it is aligned.
    pub(super) provider_width: usize,
    /// The run that is told of.
    pub(super) run: Run,
}

impl Human {
    /// A reporter in the local time zone.
    pub(crate) fn new(
        streams: Streams,
        token_headers: Vec<String>,
        verbose: bool,
        quiet: bool,
    ) -> Self {
        Self {
            streams,
            zone: TimeZone::system(),
            verbose,
            quiet,
            token_headers,
            provider_width: 0,
            run: Run::default(),
        }
    }

    /// A header's value on one line; credentials are not shown.
    pub(super) fn header_value(&self, name: &str, value: &[u8]) -> String {
        let token_headers: Vec<&str> = self.token_headers.iter().map(String::as_str).collect();
        match redact(name, value, &token_headers) {
            Shown::Value(value) => Safe::line(value).truncated(LONGEST_VALUE),
            Shown::Redacted => "(redacted)".to_owned(),
        }
    }

    /// Writes above what moves on the screen, if anything does.
    fn above(&mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        let Some(progress) = self.run.progress.take() else {
            return write(self);
        };
        let written = progress.above(|| write(self));
        self.run.progress = Some(progress);
        written
    }

    pub(super) fn time(&self, at: Timestamp) -> String {
        clock(at, &self.zone)
    }
}

impl Reporter for Human {
    fn ready(&mut self, ready: &Ready) -> io::Result<()> {
        let ids = ready.providers.iter().map(String::len);
        // What fits none of several is told of as `unknown`.
        let width = ids.max().unwrap_or_default().max("unknown".len());
        self.provider_width = if ready.is_one() { 0 } else { width };
        let err = self.streams.err();
        writeln!(
            err,
            "listening on {} as {}",
            ready.url,
            ready.providers.join(",")
        )?;
        if let Some(shown) = &ready.tls {
            let path = Safe::line(shown.path.as_os_str().as_encoded_bytes());
            writeln!(err, "certificate: {path}, SHA-256 {}", shown.fingerprint)?;
        }
        for (path, provider) in &ready.routes {
            writeln!(err, "note: {} is for {provider}", Safe::line(path))?;
        }
        let (all, one) = match (&ready.script, ready.forwards.is_empty()) {
            (Some(_), _) => ("is accepted", "the delivery is accepted"),
            (None, true) => ("is answered 200", "the answer is 200"),
            (None, false) => ("goes on to its target", "it goes on to its target"),
        };
        if ready.unchecked {
            writeln!(
                err,
                "note: no secret given, so nothing is verified and everything {all} (`unchecked`)"
            )?;
        }
        if ready.accepts_invalid {
            writeln!(err, "note: --accept-invalid: whatever the verdict, {one}")?;
        }
        for to in &ready.forwards {
            let events = to.events.as_ref().map(|events| format!("{events} "));
            let line = format!("{}to {}", events.unwrap_or_default(), to.url);
            writeln!(err, "forwarding {}", Safe::line(line))?;
        }
        if let Some(script) = &ready.script {
            let text = Safe::line(&script.text);
            writeln!(
                err,
                "note: what is accepted is answered by the script {text}"
            )?;
            if let Some(seed) = script.drawn {
                writeln!(err, "note: seed={seed} makes the same draws again")?;
            }
        }
        err.flush()
    }

    fn received(&mut self, delivery: &Delivery, diagnosis: Option<&Diagnosis>) -> io::Result<()> {
        received::write(self, delivery, diagnosis)
    }

    fn left(&mut self, number: i64, after: Duration) -> io::Result<()> {
        let at = self.time(Timestamp::now());
        let paint = self.streams.paint_out();
        let line = format!(
            "{}  <-- the client left after {}  [#{number}]",
            paint.dim(at),
            duration(after)
        );
        writeln!(self.streams.out(), "{line}")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.streams.flush()
    }

    fn health(&mut self, health: &Health) -> io::Result<()> {
        let err = self.streams.err();
        match health {
            Health::Degraded { reason } => {
                let reason = Safe::line(reason);
                writeln!(
                    err,
                    "warning: nothing is recorded, so nothing is accepted: {reason}"
                )
            }
            Health::Restored => writeln!(err, "note: deliveries are recorded again"),
        }
    }

    fn target(&mut self, news: &TargetNews) -> io::Result<()> {
        let url = Safe::line(&news.url);
        let fault = match &news.reach {
            Reach::Unreachable(fault) => fault,
            Reach::Reachable => return writeln!(self.streams.err(), "note: {url} answers again"),
        };
        let message = Safe::line(&fault.message);
        writeln!(
            self.streams.err(),
            "warning: {url} is unreachable: {message}"
        )?;
        let hint = fault_hint(fault, &news.url).filter(|_| !self.quiet);
        if let Some(hint) = hint {
            writeln!(self.streams.err(), "hint: {}", Safe::line(hint))?;
        }
        Ok(())
    }

    fn trouble(&mut self, trouble: &Trouble) -> io::Result<()> {
        writeln!(
            self.streams.err(),
            "warning: {}",
            Safe::line(words(trouble))
        )
    }

    fn expected(
        &mut self,
        expectations: &[Expectation],
        command: Option<&CommandEnd>,
    ) -> io::Result<()> {
        received::expected(self, expectations, command)
    }

    fn stopped(&mut self, tally: &Tally) -> io::Result<()> {
        let Tally {
            received,
            valid,
            refused,
            hidden,
            duplicates,
            dropped,
            turned_away,
            expected,
        } = tally;
        let err = self.streams.err();
        let noun = if *received == 1 {
            "attempt"
        } else {
            "attempts"
        };
        write!(
            err,
            "stopped: {received} {noun}, {valid} valid, {refused} refused"
        )?;
        if *duplicates > 0 {
            let noun = if *duplicates == 1 {
                "duplicate"
            } else {
                "duplicates"
            };
            write!(err, ", {duplicates} {noun}")?;
        }
        if *hidden > 0 {
            write!(err, ", {hidden} more not shown")?;
        }
        if *dropped > 0 {
            write!(err, ", {dropped} cut off unanswered")?;
        }
        if *turned_away > 0 {
            let noun = if *turned_away == 1 {
                "connection"
            } else {
                "connections"
            };
            write!(err, ", {turned_away} {noun} turned away")?;
        }
        if let Some(Expected { all, met }) = expected {
            write!(err, "; {met} of {all} expectations met")?;
        }
        writeln!(err)?;
        self.streams.flush()
    }

    fn begin(&mut self, prospect: &Prospect) -> io::Result<()> {
        let progress = Progress::new(&self.streams).filter(|_| !self.quiet);
        self.run = Run::new(*prospect, progress);
        Ok(())
    }

    fn sending(&mut self, outgoing: &Outgoing) -> io::Result<()> {
        if self.run.tells_each() {
            self.above(|human| sent::request(human, outgoing))?;
        }
        self.run.goes_out(outgoing);
        Ok(())
    }

    fn attempted(&mut self, outgoing: &Outgoing, attempt: &Attempt, next: &Next) -> io::Result<()> {
        if self.run.tells(outgoing, attempt) {
            self.above(|human| sent::answer(human, outgoing, attempt, next))?;
        }
        self.run.came_back(outgoing, next);
        Ok(())
    }

    fn unmet(&mut self, expected: &str, status: u16) -> io::Result<()> {
        if !self.run.tells_unmet(status) {
            return Ok(());
        }
        self.above(|human| {
            let (err, expected) = (human.streams.err(), Safe::line(expected));
            writeln!(err, "error: expected {expected}, got {status}")
        })
    }

    fn disabled(
        &mut self,
        (provider, url): (&str, &str),
        called: Option<&str>,
        failures: Option<u32>,
    ) -> io::Result<()> {
        self.run.gives_up(url);
        let endpoint = Safe::line(format!("{provider} {url}"));
        let how = match failures {
            Some(1) => "is disabled after 1 failure".to_owned(),
            Some(many) => format!("is disabled after {many} failures in a row"),
            None => "was disabled or removed meanwhile".to_owned(),
        };
        self.above(|human| {
            let err = human.streams.err();
            writeln!(err, "warning: {endpoint} {how}")?;
            let Some(name) = called.filter(|_| !human.quiet).map(Safe::line) else {
                return Ok(());
            };
            writeln!(
                err,
                "hint: wh endpoint enable {name}, then wh replay --resume"
            )
        })
    }

    fn elsewhere(&mut self, number: i64) -> io::Result<()> {
        if !self.run.tells_each() {
            return Ok(());
        }
        self.above(|human| {
            let err = human.streams.err();
            writeln!(err, "note: #{number} is left out: another wh is sending it")
        })
    }

    fn sent(&mut self, ended: &Ended) -> io::Result<()> {
        let mut run = std::mem::take(&mut self.run);
        let elapsed = run.end();
        let width = self.streams.wrap();
        for line in summary::lines(ended, &run.prospect, elapsed, width) {
            writeln!(self.streams.out(), "{line}")?;
        }
        self.streams.flush()
    }

    fn dry_run(&mut self, dry_run: &DryRun<'_>) -> io::Result<()> {
        sent::dry_run(self, dry_run)
    }
}
