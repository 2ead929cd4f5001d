//! The side effects of a receiver, counted by what its user exposes.

use std::process::Stdio;
use std::time::Duration;

use thiserror::Error;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::time::timeout;
use url::Url;

use crate::delivery::{Client, ClientError, ClientOptions};
use crate::message::{Headers, Message, json};

use super::receiver::shown;

/// How long one count may take.
const LIMIT: Duration = Duration::from_secs(5);

/// The most of a command's output that is read, in bytes.
const READ: u64 = 4096;

/// What counts the side effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effects {
    /// A URL that answers a number.
    Url(Url),
    /// A shell command that prints one.
    Command(String),
}

/// Why the side effects cannot be counted.
#[derive(Debug, Error)]
pub(crate) enum EffectsError {
    /// What came is no number.
    #[error("`{0}` is no count of side effects")]
    NoCount(String),
    /// The URL answers something else.
    #[error("`{url}` counts no side effects: {told}")]
    Url {
        /// Where the count should be.
        url: String,
        /// What it answers, or why it does not.
        told: String,
    },
    /// The command came to no good end.
    #[error("`{command}` counts no side effects: {told}")]
    Command {
        /// What should count.
        command: String,
        /// How it ended.
        told: String,
    },
    /// No client can be made.
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl Effects {
    /// How many there have been so far; `insecure`: any certificate will do.
    pub(super) async fn count(&self, insecure: bool) -> Result<i64, EffectsError> {
        match self {
            Self::Url(url) => answered(url, insecure).await,
            Self::Command(command) => printed(command).await,
        }
    }
}

/// What a URL answers.
async fn answered(url: &Url, insecure: bool) -> Result<i64, EffectsError> {
    let client = Client::new(&ClientOptions {
        timeout: LIMIT,
        connect_timeout: LIMIT,
        insecure,
        tls: url.scheme() == "https",
        lower_case: false,
        fresh: true,
    })?;
    let message = Message {
        method: "GET".to_owned(),
        target: url.path().to_owned(),
        headers: Headers::new(),
        body: bytes::Bytes::new(),
    };
    let problem = |told: String| EffectsError::Url {
        url: shown(url),
        told,
    };
    let response = client.attempt(url, &message).await.outcome;
    let response = response.map_err(|failure| problem(failure.to_string()))?;
    if !(200..300).contains(&response.status) {
        return Err(problem(format!("it answers {}", response.status)));
    }
    number(&response.body)
}

/// A shell command at work, in a group of processes of its own: what it has started ends with it when
/// this is dropped.
struct Running(Child);

impl Running {
    fn start(command: &str) -> std::io::Result<Self> {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", command])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        #[cfg(unix)]
        shell.process_group(0);
        shell.spawn().map(Self)
    }
}

impl Drop for Running {
    /// Ends the group; not once the end of the shell is known, when its number may be somebody else's.
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, Signal, kill_process_group};

            let id = self.0.id().and_then(|id| i32::try_from(id).ok());
            if let Some(group) = id.and_then(Pid::from_raw) {
                // It may have ended just now.
                let _ = kill_process_group(group, Signal::KILL);
            }
        }
    }
}

/// What a command prints.
async fn printed(command: &str) -> Result<i64, EffectsError> {
    let problem = |told: String| EffectsError::Command {
        command: command.to_owned(),
        told,
    };
    let counting = async {
        let Running(child) = &mut Running::start(command)?;
        let mut text = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            stdout.take(READ).read_to_end(&mut text).await?;
        }
        Ok::<_, std::io::Error>((child.wait().await?, text))
    };
    let counted = timeout(LIMIT, counting).await;
    let ended = counted.map_err(|_| problem("it takes too long".to_owned()))?;
    let (status, text) = ended.map_err(|error| problem(error.to_string()))?;
    if !status.success() {
        return Err(problem(format!("it ends with {status}")));
    }
    number(&text)
}

/// A number as text or as JSON, alone or as the `count` of an object.
fn number(text: &[u8]) -> Result<i64, EffectsError> {
    let plain = std::str::from_utf8(text).ok();
    let plain = plain.and_then(|text| text.trim().parse().ok());
    let count = plain.or_else(|| json::scalar(text, "/count")?.parse().ok());
    // Differences of these are numbers too.
    let count = count.filter(|count| (0..=i64::MAX / 2).contains(count));
    count.ok_or_else(|| EffectsError::NoCount(shortened(text)))
}

/// The beginning of a text.
fn shortened(text: &[u8]) -> String {
    const SHOWN: usize = 60;
    let text = String::from_utf8_lossy(text);
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Effects, number};

    #[test]
    fn a_count_is_a_number_or_an_objects_count() {
        for (text, expected) in [
            ("7", Some(7)),
            (" 12\n", Some(12)),
            ("0", Some(0)),
            (r#"{"count": 3}"#, Some(3)),
            (r#"{"count":"3","x":1}"#, Some(3)),
            ("", None),
            ("seven", None),
            ("1.5", None),
            (r#"{"n":3}"#, None),
            ("[3]", None),
            ("99999999999999999999", None),
            ("9223372036854775807", None),
            ("-1", None),
        ] {
            assert_eq!(number(text.as_bytes()).ok(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_count_is_told_in_part() {
        let told = |text: &[u8]| number(text).expect_err("no count").to_string();
        assert_eq!(told(b"no rows\n"), "`no rows` is no count of side effects");
        assert!(told(&[b'x'; 5000]).len() < 150);
        assert!(told(b"\xff\x00").contains("no count"));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_command_counts_what_it_prints() {
        for (command, expected) in [
            ("echo 5", Ok(5)),
            ("printf 6; echo noise >&2", Ok(6)),
            (
                "echo 5; exit 3",
                Err("`echo 5; exit 3` counts no side effects: it ends with exit status: 3"),
            ),
            ("echo five", Err("`five` is no count of side effects")),
            ("true", Err("`` is no count of side effects")),
        ] {
            let counted = Effects::Command(command.to_owned()).count(false).await;
            let counted = counted.map_err(|error| error.to_string());
            assert_eq!(counted, expected.map_err(str::to_owned), "{command}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_a_command_has_started_ends_with_the_count() {
        use std::io::Read as _;
        use std::time::Duration;

        let dir = tempfile::tempdir().expect("a folder");
        let pipe = dir.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo").success());
        // Whatever the shell starts has the pipe open until it ends.
        let command = format!("exec 3>{}; echo up >&3; sleep 4242; echo 1", pipe.display());
        let counting = tokio::spawn(async move { Effects::Command(command).count(false).await });
        let (up, is_up) = tokio::sync::oneshot::channel();
        let (end, has_ended) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let mut pipe = std::fs::File::open(pipe).expect("a pipe");
            let mut text = [0; 3];
            pipe.read_exact(&mut text).expect("a line");
            up.send(()).expect("somebody waits");
            let end = pipe.read_to_end(&mut Vec::new()).map(|_| end.send(()));
            end.expect("an end").expect("somebody waits");
        });
        is_up.await.expect("it is up");
        counting.abort();
        let ended = tokio::time::timeout(Duration::from_secs(20), has_ended).await;
        ended.expect("nothing is left").expect("an end");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn no_more_of_a_command_is_read_than_a_count_needs() {
        // It would print for ever; the pipe it prints to is closed.
        let counted = Effects::Command("yes 1".to_owned()).count(false).await;
        let error = counted.expect_err("no count").to_string();
        assert!(error.contains("it ends with"), "{error}");
    }
}
