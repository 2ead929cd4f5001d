//! Where every module's errors meet: exit code, causes, and a hint that says what to type.

use std::error::Error as StdError;
use std::io;

use crate::capture::BodyError;
use crate::config::{ConfigError, PathsError, ProviderError};
use crate::conformance::check::CheckError;
use crate::delivery::{ClientError, EngineError, RelayError};
use crate::message::json::EditError;
use crate::message::{Misread, RecordError};
use crate::provider::{AUTO, ComposeError, PrepareError, TamperError};
use crate::signature::{Field, KeyError, SignError};
use crate::store::{FindError, StoreError, WriteError};
use crate::term::{Safe, Streams};

/// An error on its way to the user.
#[derive(Debug)]
pub(crate) struct Error {
    kind: Kind,
    message: String,
    details: Vec<String>,
    hints: Vec<String>,
}

/// What kind of error it is, which decides the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something that should not happen.
    Unexpected,
    /// Wrong text on the command line.
    Usage,
    /// What was named is missing or unusable.
    Input,
    /// Nobody answered.
    Silence,
    /// A signal came.
    Interrupted,
    /// Whoever read the output is gone.
    BrokenPipe,
}

/// What to do where nothing is named.
const LISTED: &str = "`wh log` lists what there is";

/// What to do where the store is empty.
pub(crate) const NOTHING_YET: &str = "`wh listen` and `wh send` record what they see";

impl Error {
    /// Wrong text on the command line.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// What was named is missing or unusable.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message)
    }

    /// Nobody answered.
    pub(crate) fn silence(message: impl Into<String>) -> Self {
        Self::new(Kind::Silence, message)
    }

    /// Something that should not happen.
    pub(crate) fn unexpected(message: impl Into<String>) -> Self {
        Self::new(Kind::Unexpected, message)
    }

    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            details: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// With the causes of another error.
    fn of(kind: Kind, error: &dyn StdError) -> Self {
        let causes = std::iter::successors(error.source(), |cause| (*cause).source());
        let message = std::iter::once(error.to_string()).chain(causes.map(ToString::to_string));
        Self::new(kind, message.collect::<Vec<_>>().join(": "))
    }

    /// With a line below the message.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// With a text that cannot be read, and a line that points at the place from below.
    pub(crate) fn pointing(self, misread: &Misread, text: &str) -> Self {
        misread.pointed(text).into_iter().fold(self, Self::detail)
    }

    /// With what to type next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// What is wrong at a place, which is named before.
    pub(crate) fn within(mut self, place: &str) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// What is said in the first line.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// What to type next.
    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The exit code; a broken pipe is a quiet end.
    pub(crate) fn code(&self) -> u8 {
        match self.kind {
            Kind::BrokenPipe => 0,
            Kind::Unexpected => 1,
            Kind::Usage => 2,
            Kind::Silence => 6,
            Kind::Input => 7,
            Kind::Interrupted => 130,
        }
    }

    /// Whether there is anything to say.
    pub(crate) fn is_quiet(&self) -> bool {
        matches!(self.kind, Kind::BrokenPipe | Kind::Interrupted)
    }
}

impl Error {
    /// Writes message, details and hints, each on its line.
    pub(crate) fn write(&self, streams: &mut Streams) -> io::Result<()> {
        let paint = streams.paint_err();
        let err = streams.err();
        writeln!(err, "{} {}", paint.bad("error:"), Safe::line(&self.message))?;
        for detail in &self.details {
            writeln!(err, "  {}", Safe::line(detail))?;
        }
        for hint in &self.hints {
            writeln!(err, "{} {}", paint.name("hint:"), Safe::line(hint))?;
        }
        err.flush()
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Kind::BrokenPipe, ""),
            io::ErrorKind::Interrupted => Self::new(Kind::Interrupted, ""),
            _ => Self::new(
                Kind::Unexpected,
                format!("cannot write the output: {error}"),
            ),
        }
    }
}

impl From<PathsError> for Error {
    fn from(error: PathsError) -> Self {
        Self::of(Kind::Input, &error).hint("set HOME")
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::of(Kind::Input, &error)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let plain = Self::of(Kind::Input, &error);
        match error {
            StoreError::Open { .. } => {
                plain.hint("--store FILE names another, --store none does without")
            }
            StoreError::Foreign { .. } => {
                plain.hint("it is left as it is; --store FILE names another")
            }
            StoreError::Newer { .. } => {
                plain.hint("use the version of wh that wrote it, or --store FILE")
            }
            StoreError::Corrupt { path, .. } => {
                let path = path.display();
                plain
                    .hint(format!(
                        "it is left as it is; what can be read: sqlite3 {path} .recover"
                    ))
                    .hint("--store FILE names another")
            }
            StoreError::Full { .. } => plain.hint(
                "free a few MiB of the disk; then `wh prune --older-than 30d` makes more room",
            ),
            StoreError::ReadOnly { path } => plain.hint(format!(
                "the file and its directory must be writable: chmod u+w {}",
                path.display()
            )),
            StoreError::Busy { .. } => plain.hint("try again when it is done"),
            StoreError::Failed { .. } => plain,
        }
    }
}

impl From<WriteError> for Error {
    fn from(error: WriteError) -> Self {
        let plain = Self::of(Kind::Input, &error);
        if error.is_full {
            plain.hint("make room, or take old deliveries out: wh prune --older-than 30d")
        } else {
            plain.hint("--store none does without")
        }
    }
}

impl From<FindError> for Error {
    fn from(error: FindError) -> Self {
        let plain = Self::of(Kind::Input, &error);
        match error {
            FindError::Store(error) => error.into(),
            FindError::Gone { .. } => plain.hint(LISTED),
            FindError::Unknown { near, .. } if near.is_empty() => plain.hint(LISTED),
            FindError::Unknown { near, .. } => near
                .into_iter()
                .fold(plain, Error::detail)
                .hint("did you mean one of these? `wh log` lists more"),
            FindError::Ambiguous { candidates, .. } => candidates
                .into_iter()
                .fold(plain, Error::detail)
                .hint("give more of the id, or the number"),
        }
    }
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Compose(error) => error.into(),
            EngineError::Write(error) => error.into(),
            EngineError::Store(error) => error.into(),
            EngineError::Tell(error) => error.into(),
        }
    }
}

impl From<ClientError> for Error {
    fn from(error: ClientError) -> Self {
        Self::of(Kind::Unexpected, &error)
    }
}

impl From<BodyError> for Error {
    fn from(error: BodyError) -> Self {
        Self::of(Kind::Input, &error)
    }
}

impl From<RelayError> for Error {
    fn from(error: RelayError) -> Self {
        Self::of(Kind::Unexpected, &error)
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::of(Kind::Input, &error)
    }
}

impl From<RecordError> for Error {
    fn from(error: RecordError) -> Self {
        Self::of(Kind::Input, &error)
    }
}

impl From<SignError> for Error {
    fn from(error: SignError) -> Self {
        let SignError::Missing(field) = &error;
        let flag = match field {
            Field::Id => "--id ID",
            Field::Url => "--url URL",
            Field::Timestamp => "--timestamp TIME",
            Field::Header(name) => &format!("-H '{name}: VALUE'"),
            _ => "-H 'NAME: VALUE'",
        };
        Self::of(Kind::Usage, &error).hint(format!("add {flag}"))
    }
}

impl From<ProviderError> for Error {
    fn from(error: ProviderError) -> Self {
        let plain = Self::of(Kind::Input, &error);
        match error {
            ProviderError::Unknown { name, .. } if name == AUTO => {
                plain.hint("`auto` is for `wh listen` alone: `wh provider list` shows what to name")
            }
            ProviderError::Unknown {
                nearest: Some(near),
                ..
            } => plain.hint(format!("did you mean `{near}`?")),
            ProviderError::Unknown { .. } => plain.hint("`wh provider list` shows those there are"),
            ProviderError::Wrong { path, problems } => {
                let place = path.display();
                problems.iter().fold(plain, |error, problem| {
                    error.detail(format!("{place}:{problem}"))
                })
            }
            ProviderError::Read { .. } => plain,
        }
    }
}

impl From<PrepareError> for Error {
    fn from(error: PrepareError) -> Self {
        let plain = Self::of(Kind::Input, &error);
        match error {
            PrepareError::NoEvent => Self::of(Kind::Usage, &error)
                .hint("`wh events` lists what there is; with --data the body may name it"),
            PrepareError::Unknown { event, nearest, .. } => {
                let near = nearest.map(|near| format!("did you mean `{near}`?"));
                let forced =
                    format!("`wh events` lists them; `wh send {event} --force` sends any name");
                near.into_iter().chain([forced]).fold(plain, Error::hint)
            }
            PrepareError::NoTest(_) => plain.hint("name an event instead: `wh events` lists them"),
            PrepareError::Edit(edit) => edit.into(),
            PrepareError::NotInteger(..) => Self::of(Kind::Usage, &error),
            PrepareError::IdInData(_) => {
                Self::of(Kind::Usage, &error).hint("--override changes a value of the body")
            }
            PrepareError::NotText => plain,
        }
    }
}

impl From<EditError> for Error {
    fn from(error: EditError) -> Self {
        match &error {
            EditError::Missing { near, .. } if !near.is_empty() => Self::of(Kind::Input, &error)
                .hint(format!("it has {}; --add makes a new one", near.join(", "))),
            EditError::Missing { .. } => {
                Self::of(Kind::Input, &error).hint("--add makes a new one")
            }
            EditError::NotJson(_) => Self::of(Kind::Input, &error),
            _ => Self::of(Kind::Usage, &error),
        }
    }
}

impl From<CheckError> for Error {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Client(error) => error.into(),
            CheckError::Prepare(error) => error.into(),
            CheckError::Compose(error) => error.into(),
            CheckError::Effects(error) => Self::of(Kind::Input, &error)
                .hint("--effects takes a URL that answers a number, or a command that prints one"),
        }
    }
}

impl From<ComposeError> for Error {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::Sign(error) => error.into(),
            ComposeError::Tamper(TamperError::Unsigned) => {
                Self::of(Kind::Usage, &error).hint("give a secret, or leave --tamper out")
            }
            ComposeError::Tamper(_) => Self::of(Kind::Usage, &error)
                .hint("--tamper signature and --tamper secret always tell"),
        }
    }
}
