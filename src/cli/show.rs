//! `wh show`: one delivery, with every byte of it.

use clap::ArgGroup;
use jiff::tz::TimeZone;

use crate::config::find;
use crate::export::{CurlBody, curl, end_to_end, onto};
use crate::report::{
    DeliveryJson, Look, Part, Redaction, Shown, Typed, diff, half, show, unkept, without,
};
use crate::store::{Direction, Listed, Place, Reader, Recorded};

use super::args::TargetUrl;
use super::context::Context;
use super::error::{Error, NOTHING_YET};
use super::exit::Exit;

/// Where a curl line sends what came to nobody knows where.
const NEAR: &str = "http://localhost:3000";

/// Show one delivery: its attempts, request and answer
///
/// A delivery is named by its number, or by the beginning of its id or of its webhook id, as `wh
/// log` shows them. Credentials are left out, unless `--no-redact`.
#[derive(Debug, clap::Args)]
#[command(
    group(ArgGroup::new("part").args(["body", "headers", "raw"]).multiple(true)),
    before_help = "Examples:
  wh show '#1042'
  wh show 1042 --body > body.json
  wh show msg_2Lml --diff"
)]
pub(crate) struct Args {
    /// Delivery: its number, or the beginning of an id
    #[arg(value_name = "ID")]
    id: String,
    /// Attempt to show, from 1 in the order of recording [default: the last]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), conflicts_with = "json")]
    attempt: Option<u32>,
    /// Print the body, byte for byte
    #[arg(long, conflicts_with_all = ["headers", "raw", "curl", "diff", "json"])]
    body: bool,
    /// Print the header lines; with `--raw`, byte for byte
    #[arg(long, conflicts_with_all = ["curl", "diff", "json"])]
    headers: bool,
    /// Print the request as on the wire, byte for byte
    #[arg(long, conflicts_with_all = ["curl", "diff", "json"])]
    raw: bool,
    /// The answer instead of the request
    #[arg(long, requires = "part")]
    answer: bool,
    /// Print a curl line that sends the request
    #[arg(long, conflicts_with_all = ["diff", "json"])]
    curl: bool,
    /// URL for the curl line [default: where it was sent; of what was received, its path on port 3000
    /// of this machine]
    #[arg(long, value_name = "URL", requires = "curl")]
    url: Option<TargetUrl>,
    /// Compare with another delivery [default: the attempt before, or the delivery before with the
    /// same webhook id]
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "",
        conflicts_with = "json")]
    diff: Option<String>,
    /// Write credentials in headers out
    #[arg(long)]
    no_redact: bool,
}

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let reader = context
            .reader()?
            .ok_or_else(|| Error::input("nothing is recorded yet").hint(NOTHING_YET))?;
        let attempts = reader.timeline(reader.find(&self.id)?)?;
        let listed = self.chosen(&attempts)?;
        let redaction = self.redaction(context, &listed.attempt.provider)?;
        if context.global.json {
            let delivery = DeliveryJson::new(&reader, &attempts, listed, &redaction);
            let written = Typed::new("delivery", &delivery).write(context.streams.out());
            return match delivery.failed() {
                Some(error) => Err(error.into()),
                None => Ok(written.map(|()| Exit::Done)?),
            };
        }
        let recorded = read(&reader, listed.place.row)?;
        if self.curl {
            self.print_curl(context, &recorded, &redaction)?;
        } else if let Some(part) = self.part() {
            self.print_part(context, part, &recorded, &redaction)?;
        } else {
            let look = Look {
                redaction: &redaction,
                zone: &TimeZone::system(),
                paint: context.streams.paint_out(),
            };
            let text = if let Some(named) = &self.diff {
                let old = other(&reader, listed, named)?;
                diff(&read(&reader, old)?, &recorded, look)
            } else {
                let shown = Shown {
                    attempts: &attempts,
                    recorded: &recorded,
                    bodies: !context.global.quiet,
                    width: context.streams.wrap(),
                };
                show(shown, look)
            };
            context.streams.out().write_all(text.as_bytes())?;
        }
        Ok(Exit::Done)
    }

    fn part(&self) -> Option<Part> {
        match (self.body, self.headers, self.raw) {
            (true, ..) => Some(Part::Body),
            (_, true, false) => Some(Part::Headers),
            (_, true, true) => Some(Part::RawHeaders),
            (_, _, true) => Some(Part::Raw),
            _ => None,
        }
    }

    /// The attempt that the flags name.
    fn chosen<'l>(&self, attempts: &'l [Listed]) -> Result<&'l Listed, Error> {
        let last = attempts.last().ok_or_else(|| pruned(&self.id))?;
        let Some(nth) = self.attempt else {
            return Ok(last);
        };
        let named = attempts.iter().find(|listed| listed.place.nth == nth);
        named.ok_or_else(|| {
            let (number, count) = (last.place.delivery, last.place.nth);
            Error::input(format!("#{number} has no attempt {nth}"))
                .hint(format!("its last attempt is {count}"))
        })
    }

    /// What is left out; with flags that name a provider, what that one says.
    fn redaction(&self, context: &mut Context, provider: &str) -> Result<Redaction, Error> {
        if self.no_redact {
            return Ok(Redaction::off());
        }
        if !context.global.provider.is_empty() || context.global.provider_file.is_some() {
            return Ok(Redaction::of(Some(&context.provider()?)));
        }
        let known = find(&context.paths, provider).ok();
        if known.is_none() && !self.body {
            context.note(format!(
                "`{provider}` is not known here: a secret that travels in a header of its own is \
                 shown; --provider-file names its file"
            ))?;
        }
        Ok(Redaction::of(known.as_ref()))
    }

    fn print_curl(
        &self,
        context: &mut Context,
        recorded: &Recorded,
        redaction: &Redaction,
    ) -> Result<(), Error> {
        let request = &recorded.exchange.request;
        let headers = end_to_end(&request.headers);
        let hidden = redaction.hidden(&headers);
        if !hidden.is_empty() {
            context.note(without(&hidden))?;
        }
        let url = match &self.url {
            Some(url) => onto(url.0.as_str(), &redaction.target(&request.target)),
            None if recorded.attempt.direction == Direction::Sent => {
                recorded.attempt.endpoint.clone()
            }
            None => {
                context.note(format!(
                    "{NEAR} stands for where it shall go: --url names it"
                ))?;
                // `*` and whole URLs are targets too; they are no paths.
                let target = redaction.target(&request.target);
                format!(
                    "{NEAR}{}",
                    target.strip_prefix('/').map_or("/", |_| &target)
                )
            }
        };
        let shown = redaction.headers(&headers);
        let body = CurlBody::Bytes(&request.body);
        let line = curl(&request.method, &url, &shown, body);
        Ok(writeln!(context.streams.out(), "{line}")?)
    }

    fn print_part(
        &self,
        context: &mut Context,
        part: Part,
        recorded: &Recorded,
        redaction: &Redaction,
    ) -> Result<(), Error> {
        let half = half(recorded, self.answer, redaction).ok_or_else(|| {
            let Place { delivery, nth, .. } = recorded.place;
            let why = unkept(&recorded.attempt);
            Error::input(format!(
                "attempt {nth} of #{delivery} has no answer to print: {why}"
            ))
        })?;
        for remark in part.remarks(recorded, self.answer, redaction) {
            context.note(remark)?;
        }
        Ok(part.write(&half, context.streams.out())?)
    }
}

fn pruned(name: &str) -> Error {
    Error::input(format!("no attempt of `{name}` is recorded"))
        .hint("it was pruned, or `wh send` ended before it could be recorded")
}

/// An attempt with its bytes.
fn read(reader: &Reader, row: i64) -> Result<Recorded, Error> {
    reader.recorded(row)?.ok_or_else(|| pruned("the attempt"))
}

/// The row of the attempt to compare with; with an empty name, of the one before.
fn other(reader: &Reader, listed: &Listed, name: &str) -> Result<i64, Error> {
    if !name.is_empty() {
        let last = reader.timeline(reader.find(name)?)?.pop();
        return Ok(last.ok_or_else(|| pruned(name))?.place.row);
    }
    reader.before(listed)?.ok_or_else(|| {
        let Place { delivery, nth, .. } = listed.place;
        Error::input(format!(
            "attempt {nth} of #{delivery} has nothing before it to compare with"
        ))
        .detail("it is the first, and no delivery before has its webhook id")
        .hint(format!(
            "name another delivery: wh show {delivery} --diff ID"
        ))
    })
}
