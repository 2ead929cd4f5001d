//! Whether output is coloured.

use std::ffi::OsString;

/// What the user said about colour (`--color`, `WH_COLOR`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ColourChoice {
    /// As the environment and the stream suggest.
    #[default]
    Auto,
    /// Coloured, wherever it goes.
    Always,
    /// Not coloured.
    Never,
}

impl ColourChoice {
    /// Whether a stream is coloured.
    ///
    /// `Always` and `Never` decide alone. `Auto` looks, in this order, at `NO_COLOR` (any value but
    /// the empty one: no, see no-color.org), `CLICOLOR_FORCE` (any value but empty and `0`: yes,
    /// see bixense.com/clicolors), `CLICOLOR=0` and `TERM=dumb` (no), and then whether the stream
    /// is a terminal. `env` looks up a variable.
    pub(crate) fn decide(self, env: impl Fn(&str) -> Option<OsString>, is_tty: bool) -> bool {
        let value = |name: &str| env(name).filter(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if value("NO_COLOR").is_some() => false,
            Self::Auto if value("CLICOLOR_FORCE").is_some_and(|force| force != "0") => true,
            Self::Auto if value("CLICOLOR").is_some_and(|wanted| wanted == "0") => false,
            Self::Auto if value("TERM").is_some_and(|term| term == "dumb") => false,
            Self::Auto => is_tty,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ColourChoice::{self, Always, Auto, Never};

    /// `env` is a shell's: `NAME=value` with spaces between.
    fn decide(choice: ColourChoice, env: &str, is_tty: bool) -> bool {
        let look_up = |name: &str| {
            let mut variables = env.split(' ').filter_map(|set| set.split_once('='));
            let found = variables.find(|(key, _)| *key == name);
            found.map(|(_, value)| value.into())
        };
        choice.decide(look_up, is_tty)
    }

    #[test]
    fn flag_then_variables_then_terminal() {
        for (choice, env, is_tty, expected) in [
            (Auto, "", true, true),
            (Auto, "", false, false),
            (Auto, "TERM=xterm-256color", true, true),
            (Auto, "TERM=dumb", true, false),
            (Auto, "NO_COLOR=1", true, false),
            (Auto, "NO_COLOR=0", true, false),
            (Auto, "NO_COLOR=", true, true),
            (Auto, "CLICOLOR=0", true, false),
            (Auto, "CLICOLOR=1", true, true),
            (Auto, "CLICOLOR=1", false, false),
            (Auto, "CLICOLOR_FORCE=1", false, true),
            (Auto, "CLICOLOR_FORCE=0", false, false),
            (Auto, "CLICOLOR_FORCE=0", true, true),
            (Auto, "CLICOLOR_FORCE=", false, false),
            (Auto, "CLICOLOR_FORCE=1 TERM=dumb", false, true),
            (Auto, "CLICOLOR_FORCE=1 CLICOLOR=0", false, true),
            (Auto, "NO_COLOR=1 CLICOLOR_FORCE=1", true, false),
            (Always, "NO_COLOR=1 TERM=dumb", false, true),
            (Never, "CLICOLOR_FORCE=1", true, false),
        ] {
            let decided = decide(choice, env, is_tty);
            assert_eq!(decided, expected, "{choice:?} {env} {is_tty}");
        }
    }
}
