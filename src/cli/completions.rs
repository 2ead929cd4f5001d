//! `wh completions`: scripts for shells.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::command::Cli;
use super::context::Context;
use super::error::Error;
use super::exit::Exit;

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh completions bash > ~/.local/share/bash-completion/completions/wh
  wh completions zsh > \"${fpath[1]}/_wh\"
  wh completions fish > ~/.config/fish/completions/wh.fish")]
pub(crate) struct Args {
    /// bash, zsh, fish, powershell or elvish
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    shell: Shell,
}

impl Args {
    pub(crate) fn run(self, context: &mut Context) -> Result<Exit, Error> {
        // The generator panics where it cannot write; a buffer can always be written to.
        let mut script = Vec::new();
        generate(self.shell, &mut Cli::command(), "wh", &mut script);
        context.streams.out().write_all(&script)?;
        Ok(Exit::Done)
    }
}
