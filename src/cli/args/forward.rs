//! `-f GLOBS=TARGET`.

use std::str::FromStr;

use crate::capture::EventFilter;

use super::TargetUrl;

/// A target of forwards: a URL or what stands for one, for all events or for some.
#[derive(Clone, Debug)]
pub(crate) struct ForwardArg {
    /// The events, as they are written; `None`: all.
    pub(crate) globs: Option<String>,
    /// The same, to be asked.
    pub(crate) events: EventFilter,
    /// Where they go.
    pub(crate) url: TargetUrl,
}

/// Several targets, with blanks between them, as a variable holds them.
#[derive(Clone, Debug)]
pub(crate) struct ForwardTargets(pub(crate) Vec<ForwardArg>);

impl FromStr for ForwardArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A URL has these before the first `=` that it may have; globs have none of them.
        let is_glob = |globs: &str| !globs.contains(['/', '?', ':', '#', '@']);
        let (globs, target) = match text.split_once('=') {
            Some((globs, target)) if is_glob(globs) => (Some(globs), target),
            _ => (None, text),
        };
        let events = globs.map(str::parse::<EventFilter>).transpose();
        let url = if target.starts_with('/') {
            format!("localhost{target}").parse()
        } else {
            target.parse()
        };
        Ok(Self {
            globs: globs.map(str::to_owned),
            events: events
                .map_err(|error| error.to_string())?
                .unwrap_or_default(),
            url: url?,
        })
    }
}

impl ForwardTargets {
    /// All of them on one line, without user and password.
    pub(crate) fn shown(&self) -> String {
        let one = |target: &ForwardArg| {
            let globs = target.globs.as_ref().map(|globs| format!("{globs}="));
            format!("{}{}", globs.unwrap_or_default(), target.url.shown())
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(" ")
    }
}

impl FromStr for ForwardTargets {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let targets = text.split_whitespace().map(str::parse);
        targets.collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::{ForwardArg, ForwardTargets};

    #[test]
    fn targets_are_read_as_they_are_typed() {
        for (text, globs, url) in [
            ("3000", None, "http://localhost:3000/"),
            ("3000/hooks?a=b", None, "http://localhost:3000/hooks?a=b"),
            ("/hooks", None, "http://localhost/hooks"),
            ("example.com:80/x", None, "http://example.com/x"),
            ("https://h/?a=b", None, "https://h/?a=b"),
            ("h?a=b", None, "http://h/?a=b"),
            ("*=4000/hooks", Some("*"), "http://localhost:4000/hooks"),
            (
                "a.*,!a.b=/x?c=d",
                Some("a.*,!a.b"),
                "http://localhost/x?c=d",
            ),
            ("a=http://u:p@h/=", Some("a"), "http://h/="),
        ] {
            let read: ForwardArg = text.parse().expect(text);
            assert_eq!((read.globs.as_deref(), &*read.url.shown()), (globs, url));
        }
        for text in [
            "",
            "=3000",
            "a,,b=3000",
            "a=",
            "ftp://h",
            "a=ftp://h",
            "!=1",
        ] {
            assert!(text.parse::<ForwardArg>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_variable_holds_several() {
        let read: ForwardTargets = " a.*=3000  *=4000 ".parse().expect("two targets");
        let urls: Vec<_> = read.0.iter().map(|one| one.url.shown()).collect();
        assert_eq!(urls, ["http://localhost:3000/", "http://localhost:4000/"]);
    }
}
