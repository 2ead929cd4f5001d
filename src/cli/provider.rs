//! `wh provider`: the platforms that wh knows.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::config::{Listed, ProviderError, list, read_file};
use crate::provider::{Problem, Provider, builtin_text, parse, template};
use crate::report::{Typed, in_all, provider_json, rules, schedule};
use crate::term::{Cell, Safe, Style, Table};

use super::args::read_input;
use super::context::Context;
use super::error::Error;
use super::exit::Exit;

/// List, show, check and add providers
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh provider list
  wh provider show wlcro
  wh provider new acme && wh send order.paid -P acme --url 3000")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List every provider
    #[command(before_help = "Examples:
  wh provider list
  wh provider list --json
  wh provider list --color always | less -R")]
    List,
    /// Show the rules of one
    #[command(before_help = "Examples:
  wh provider show
  wh provider show wlcro
  wh provider show cepro --toml > mine.toml")]
    Show {
        /// Its id or alias [default: the one that -P or the settings name]
        #[arg(value_name = "ID")]
        id: Option<String>,
        /// Print its file instead, to start your own from
        #[arg(long)]
        toml: bool,
    },
    /// Check a provider file and tell everything that is wrong with it
    #[command(before_help = "Examples:
  wh provider validate mine.toml
  wh provider validate mine.toml --json
  wh provider show wlcro --toml | wh provider validate -")]
    Validate {
        /// Provider file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Write a new provider file, ready to be filled in
    #[command(before_help = "Examples:
  wh provider new acme
  wh provider new acme --output mine.toml
  wh provider new acme --output - | wh provider validate -")]
    New {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
        /// Where to write it, or `-` for standard output [default: your providers directory]
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        match self.command {
            Command::List => list_all(context)?,
            Command::Show { id, toml } => {
                if let Some(id) = id {
                    if context.global.provider_file.is_some() {
                        return Err(Error::usage("name a provider or a file, not both"));
                    }
                    context.global.provider = vec![id];
                }
                if toml {
                    print_file(context)?;
                } else {
                    show(context)?;
                }
            }
            Command::Validate { file } => validate(context, &file)?,
            Command::New { id, output } => new(context, &id, output)?,
        }
        Ok(Exit::Done)
    }
}

fn list_all(context: &mut Context) -> Result<(), Error> {
    let mut table = Table::new(["ID", "NAME", "SIGNS", "EVENTS", "FROM"]);
    table.whole(0).right(3);
    for Listed { path, provider } in list(&context.paths) {
        let from = path
            .as_ref()
            .map_or("built in".to_owned(), |path| path.display().to_string());
        match provider {
            Ok(provider) if context.global.json => {
                let mut body = provider_json(&provider);
                body["from"] = from.into();
                Typed::new("provider", body).write(context.streams.out())?;
            }
            Ok(provider) => {
                let scheme = provider.signing_scheme();
                let signs = if scheme.signs_body() {
                    scheme.signs.to_string()
                } else {
                    scheme.algorithm.to_string()
                };
                let events = provider.events.len().to_string();
                table.row([
                    Cell::styled(Style::Name, provider.id.as_str()),
                    provider.name.into(),
                    signs.into(),
                    events.into(),
                    from.into(),
                ]);
            }
            Err(error) => context.note(Safe::line(format!(
                "{error}: `wh provider validate` tells more"
            )))?,
        }
    }
    if !context.global.json {
        let text = table.render(context.streams.paint_out(), context.streams.wrap());
        context.streams.out().write_all(text.as_bytes())?;
    }
    Ok(())
}

fn show(context: &mut Context) -> Result<(), Error> {
    let provider = context.provider()?;
    if context.global.json {
        return Ok(Typed::new("provider", provider_json(&provider)).write(context.streams.out())?);
    }
    let paint = context.streams.paint_out();
    let width = context.streams.wrap().map(|width| width.saturating_sub(2));
    let mut values = Table::new(["", ""]);
    values.whole(0);
    for (rule, value) in rules(&provider) {
        values.row([Cell::styled(Style::Dim, rule), value.into()]);
    }
    let mut text = below_header(&values.render(paint, width));
    text.push('\n');
    if let Some(schedule) = schedule(&provider) {
        text += &schedule.render(paint, width);
    }
    text += &in_all(&provider);
    text.push('\n');
    for note in &provider.notes {
        let mut wrapped = Table::new([""]);
        wrapped.row([note.as_str()]);
        text.push('\n');
        text += &below_header(&wrapped.render(paint, width));
    }
    let out = context.streams.out();
    let (id, name) = (Safe::line(&provider.id), Safe::line(&provider.name));
    writeln!(out, "{}  {name}", paint.name(id))?;
    for line in text.lines() {
        let indent = if line.is_empty() { "" } else { "  " };
        writeln!(out, "{indent}{line}")?;
    }
    Ok(())
}

/// The rows of a rendered table whose columns need no names.
fn below_header(table: &str) -> String {
    table.split_inclusive('\n').skip(1).collect()
}

fn print_file(context: &mut Context) -> Result<(), Error> {
    let provider = context.provider()?;
    let own = list(&context.paths).into_iter().find_map(|listed| {
        let same = listed
            .provider
            .as_ref()
            .is_ok_and(|other| other.id == provider.id);
        listed.path.filter(|_| same)
    });
    let file = context.global.provider_file.clone().or(own);
    let text = match (file, builtin_text(&provider.id)) {
        (Some(path), _) => read_input(&path)?,
        (None, text) => text.unwrap_or_default().into(),
    };
    Ok(context.streams.out().write_all(&text)?)
}

fn validate(context: &mut Context, file: &Path) -> Result<(), Error> {
    let read = if file.as_os_str() == "-" {
        let text = String::from_utf8_lossy(&read_input(file)?).into_owned();
        parse(&text).map_err(|problems| ProviderError::Wrong {
            path: file.to_owned(),
            problems,
        })
    } else {
        read_file(file)
    };
    if let Err(ProviderError::Wrong { problems, .. }) = &read
        && context.global.json
    {
        let problem = |problem: &Problem| {
            let Problem {
                line,
                column,
                message,
            } = problem;
            serde_json::json!({"line": line, "column": column, "message": message})
        };
        let problems: Vec<_> = problems.iter().map(problem).collect();
        let body = serde_json::json!({"ok": false, "problems": problems});
        Typed::new("validation", body).write(context.streams.out())?;
    }
    let Provider { id, events, .. } = read?;
    if context.global.json {
        let body = serde_json::json!({"ok": true, "id": id, "events": events.len()});
        return Ok(Typed::new("validation", body).write(context.streams.out())?);
    }
    let (count, plural) = (events.len(), if events.len() == 1 { "" } else { "s" });
    let line = format!(
        "{}: `{id}` is right, with {count} event{plural}",
        file.display()
    );
    Ok(writeln!(context.streams.out(), "{}", Safe::line(line))?)
}

fn new(context: &mut Context, id: &str, output: Option<PathBuf>) -> Result<(), Error> {
    let text = template(id);
    if let Err(problems) = parse(&text) {
        let reason = problems
            .first()
            .map(|problem| problem.message.as_str())
            .unwrap_or_default();
        return Err(Error::usage(format!("`{id}` cannot be an id: {reason}")));
    }
    let chosen = output.is_some();
    let path = output.unwrap_or_else(|| context.paths.providers().join(format!("{id}.toml")));
    if path.as_os_str() == "-" {
        return Ok(context.streams.out().write_all(text.as_bytes())?);
    }
    if !chosen && builtin_text(id).is_some() {
        let hint = format!(
            "`wh provider show {id} --toml` prints its file; --output FILE writes a new one"
        );
        return Err(Error::input(format!("`{id}` is built in")).hint(hint));
    }
    let cannot = |error: std::io::Error| {
        let plain = Error::input(format!("cannot write `{}`: {error}", path.display()));
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => plain.hint("--output FILE writes another one"),
            _ => plain,
        }
    };
    let directory = path
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty());
    directory
        .map_or(Ok(()), std::fs::create_dir_all)
        .map_err(cannot)?;
    let mut file = std::fs::File::create_new(&path).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    Ok(writeln!(
        context.streams.out(),
        "{}",
        Safe::line(path.display().to_string())
    )?)
}
