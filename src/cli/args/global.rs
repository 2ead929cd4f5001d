//! Flags of every command.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::term::ColourChoice;

use super::StoreArg;

/// Flags of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]
    // `WH_PROVIDER` is looked up where it counts: to the parser it would be a second flag, in
    // conflict with `--provider-file`.
    #[arg(short = 'P', long, global = true, value_name = "ID")]
    pub(crate) provider: Vec<String>,
    /// Provider file to use instead
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "provider")]
    pub(crate) provider_file: Option<PathBuf>,
    /// File in which deliveries are kept, or `none` [default: in your data directory]
    #[arg(long, global = true, value_name = "PATH|none")]
    pub(crate) store: Option<StoreArg>,
    /// JSON on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Colour: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", hide_possible_values = true)]
    pub(crate) color: Option<ColorArg>,
    /// Fewer words: no remarks, no bodies
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// More words: header lines too
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Settings file to use instead of ./wh.toml and the user's
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ColorArg {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl std::str::FromStr for ColorArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ValueEnum::from_str(text, false)
            .map_err(|_| format!("`{text}` is none of auto, always and never"))
    }
}

impl From<ColorArg> for ColourChoice {
    fn from(choice: ColorArg) -> Self {
        match choice {
            ColorArg::Auto => Self::Auto,
            ColorArg::Always => Self::Always,
            ColorArg::Never => Self::Never,
        }
    }
}
