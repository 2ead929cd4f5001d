//! The side effects of a receiver, counted by what its user exposes.

use std::process::Stdio;
use std::time::Duration;

use thiserror::Error;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
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
    /// How many there have been so far.
    pub(super) async fn count(&self) -> Result<i64, EffectsError> {
        match self {
            Self::Url(url) => answered(url).await,
            Self::Command(command) => printed(command).await,
        }
    }
}

/// What a URL answers.
async fn answered(url: &Url) -> Result<i64, EffectsError> {
    let client = Client::new(&ClientOptions {
        timeout: LIMIT,
        connect_timeout: LIMIT,
        insecure: false,
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

/// What a command prints.
async fn printed(command: &str) -> Result<i64, EffectsError> {
    let problem = |told: String| EffectsError::Command {
        command: command.to_owned(),
        told,
    };
    let counting = async {
        let mut child = Command::new("sh")
            .args(["-c", command])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
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
            let counted = Effects::Command(command.to_owned()).count().await;
            let counted = counted.map_err(|error| error.to_string());
            assert_eq!(counted, expected.map_err(str::to_owned), "{command}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn no_more_of_a_command_is_read_than_a_count_needs() {
        // It would print for ever; the pipe it prints to is closed.
        let counted = Effects::Command("yes 1".to_owned()).count().await;
        let error = counted.expect_err("no count").to_string();
        assert!(error.contains("it ends with"), "{error}");
    }
}
