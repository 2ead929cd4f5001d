//! `wh events`: the catalogue of a provider.

use jiff::Timestamp;

use crate::provider::{Event, PrepareError, Provider, Wish, nearest, prepare};
use crate::report::Typed;
use crate::term::{Cell, Safe, Style, Table};

use super::context::Context;
use super::error::Error;
use super::exit::Exit;

/// List the events of a provider, or show one with its sample
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh events
  wh events estimate.created
  wh events -P wlcro --json")]
pub(crate) struct Args {
    /// Event to show
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

impl Args {
    /// The arguments that list every event.
    pub(crate) fn all() -> Self {
        Self { name: None }
    }

    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        let provider = context.provider()?;
        match &self.name {
            Some(name) => show(context, &provider, name)?,
            None if context.global.json => {
                for event in &provider.events {
                    Typed::new("event", json(&provider, event, None))
                        .write(context.streams.out())?;
                }
            }
            None => list(context, &provider)?,
        }
        Ok(Exit::Done)
    }
}

fn list(context: &mut Context, provider: &Provider) -> Result<(), Error> {
    if provider.events.is_empty() {
        context.note(format!(
            "`{}` has no catalogue: `wh send` takes any event name",
            provider.id
        ))?;
        return Ok(());
    }
    let mut table = Table::new(["EVENT", "DESCRIPTION", "REMARKS"]);
    table.whole(0);
    for event in &provider.events {
        let style = if event.legacy {
            Style::Dim
        } else {
            Style::Name
        };
        let description = event.description.clone().unwrap_or_default();
        table.row([
            Cell::styled(style, event.name.as_str()),
            description.into(),
            remarks(event).into(),
        ]);
    }
    let text = table.render(context.streams.paint_out(), context.streams.wrap());
    Ok(context.streams.out().write_all(text.as_bytes())?)
}

fn remarks(event: &Event) -> String {
    let legacy = match &event.replaced_by {
        Some(twin) => Some(format!("legacy, now {twin}")),
        None => event.legacy.then(|| "legacy".to_owned()),
    };
    let assumed = event.assumed.then(|| "sample (assumed)".to_owned());
    legacy
        .into_iter()
        .chain(assumed)
        .collect::<Vec<_>>()
        .join("; ")
}

fn show(context: &mut Context, provider: &Provider, name: &str) -> Result<(), Error> {
    if provider.events.is_empty() {
        return Err(Error::input(format!("`{}` has no catalogue", provider.id))
            .hint("`wh send` takes any event name"));
    }
    let event = provider.event(name).ok_or_else(|| PrepareError::Unknown {
        provider: provider.id.clone(),
        event: name.to_owned(),
        nearest: nearest(name, provider.events.iter().map(|e| e.name.as_str())).map(str::to_owned),
    })?;
    let wish = Wish {
        event: Some(name),
        ..Wish::default()
    };
    let sample = prepare(
        provider,
        &wish,
        Timestamp::now(),
        uuid::Uuid::new_v4().as_u128(),
    )?;
    let sample = String::from_utf8_lossy(&sample.body).into_owned();
    if context.global.json {
        return Ok(Typed::new("event", json(provider, event, Some(&sample)))
            .write(context.streams.out())?);
    }
    let paint = context.streams.paint_out();
    let out = context.streams.out();
    writeln!(out, "{}", paint.name(Safe::line(&event.name)))?;
    for line in event
        .description
        .iter()
        .map(String::as_str)
        .chain([remarks(event).as_str()])
    {
        if !line.is_empty() {
            writeln!(out, "{}", Safe::line(line))?;
        }
    }
    Ok(writeln!(out, "\n{}", Safe::block(&sample))?)
}

fn json(provider: &Provider, event: &Event, sample: Option<&str>) -> serde_json::Value {
    serde_json::json!({
        "provider": provider.id,
        "name": event.name,
        "description": event.description,
        "legacy": event.legacy,
        "replaced_by": event.replaced_by,
        "assumed": event.assumed,
        "sample": sample,
    })
}
