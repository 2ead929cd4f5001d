//! `wh man`: the manual page.

use std::io::Write;

use clap::CommandFactory;
use clap_mangen::Man;

use super::command::Cli;
use super::context::Context;
use super::error::Error;
use super::exit::Exit;

/// Print the manual page
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh man | man -l -
  wh man > ~/.local/share/man/man1/wh.1
  wh man | groff -man -Tutf8 | less -R")]
pub(crate) struct Args {}

/// Prints the page.
pub(crate) fn run(context: &mut Context) -> Result<Exit, Error> {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    // The list of subcommands names pages that there are none of: they are sections of this one.
    let text = String::from_utf8_lossy(&page);
    let text = text.lines().map(|line| match line.strip_suffix("(1)") {
        Some(name) if name.starts_with("wh\\-") => name.replacen("\\-", " ", 1),
        _ => line.to_owned(),
    });
    let mut page = (text.collect::<Vec<_>>().join("\n") + "\n").into_bytes();
    for subcommand in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        section(subcommand, "wh", &mut page)?;
    }
    context.streams.out().write_all(&page)?;
    Ok(Exit::Done)
}

/// The sections of one subcommand, and of those below it, under a heading of its name.
fn section(command: &clap::Command, above: &str, page: &mut Vec<u8>) -> std::io::Result<()> {
    let name = format!("{above} {}", command.get_name());
    writeln!(page, ".SH \"{}\"", name.to_uppercase())?;
    let man = Man::new(command.clone());
    let mut text = Vec::new();
    man.render_description_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_options_section(&mut text)?;
    // Sections of a subcommand are subsections of the page.
    let text = String::from_utf8_lossy(&text).replace(".SH ", ".SS ");
    page.write_all(text.as_bytes())?;
    command
        .get_subcommands()
        .try_for_each(|below| section(below, &name, page))
}
