//! What platforms ask of an endpoint before they send to it.

use std::str::FromStr;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::message::Message;
use crate::signature::Key;

use super::nearest;

/// How a platform asks an endpoint whether it is what it should be. A closed set: each is a
/// behaviour, which no file can describe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handshake {
    /// `{"type":"url_verification","challenge":…}` is answered with the challenge (Slack, "Events
    /// API").
    SlackChallenge,
    /// `{"event":"endpoint.url_validation","payload":{"plainToken":…}}` is answered with the token
    /// and its HMAC-SHA256 under the secret (Zoom, "Using webhooks").
    ZoomCrc,
    /// `{"type":0}` is answered 204 (Discord, "Webhook Events").
    DiscordPing,
}

/// The answer to a handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shaken {
    /// The status.
    pub status: u16,
    /// The value of `Content-Type`; `None`: there is no body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: Bytes,
}

/// The longest challenge that is answered, in bytes: what is longer is no challenge of a platform's.
const LONGEST: usize = 1024;

/// The longest body that is looked at, in bytes: a challenge whose every byte is escaped, and the rest.
const LONGEST_BODY: usize = 16 * 1024;

impl Handshake {
    /// Every handshake.
    pub const ALL: [Self; 3] = [Self::SlackChallenge, Self::ZoomCrc, Self::DiscordPing];

    /// The name used in provider files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SlackChallenge => "slack-challenge",
            Self::ZoomCrc => "zoom-crc",
            Self::DiscordPing => "discord-ping",
        }
    }

    /// What it is, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::SlackChallenge => "`url_verification` is answered with its challenge",
            Self::ZoomCrc => "`endpoint.url_validation` is answered with its token, signed",
            Self::DiscordPing => "`type` 0 is answered 204",
        }
    }

    /// The answer to a message that is the platform's question; `None`: it is an ordinary delivery.
    ///
    /// A challenge is a text of 1 to 1,024 bytes: what only nearly looks like a question is none.
    /// `key` is the one whose signature the message carries. Zoom's question has no answer without:
    /// whoever is given one without having signed could have anything signed.
    ///
    /// ```
    /// use wh::message::{Headers, Message};
    /// use wh::provider::Handshake;
    ///
    /// let body = r#"{"type":"url_verification","challenge":"3eZb"}"#.into();
    /// let message = Message { method: "POST".into(), target: "/".into(), headers: Headers::new(), body };
    /// assert_eq!(Handshake::SlackChallenge.answer(&message, None).unwrap().body, "3eZb");
    /// ```
    #[must_use]
    pub fn answer(self, message: &Message, key: Option<&Key>) -> Option<Shaken> {
        if message.body.len() > LONGEST_BODY {
            return None;
        }
        let asked: Value = serde_json::from_slice(&message.body).ok()?;
        match self {
            Self::SlackChallenge => {
                let challenge = token(&asked, "/challenge")?;
                (asked["type"] == "url_verification").then(|| Shaken {
                    status: 200,
                    content_type: Some("text/plain"),
                    body: challenge.to_owned().into(),
                })
            }
            Self::ZoomCrc => {
                let token = token(&asked, "/payload/plainToken")?;
                let is_question = asked["event"] == "endpoint.url_validation";
                let code = key.filter(|_| is_question)?.vouch_for(token.as_bytes());
                let answer = json!({"plainToken": token, "encryptedToken": code});
                Some(Shaken {
                    status: 200,
                    content_type: Some("application/json"),
                    body: answer.to_string().into(),
                })
            }
            Self::DiscordPing => (asked["type"].as_u64() == Some(0)).then(|| Shaken {
                status: 204,
                content_type: None,
                body: Bytes::new(),
            }),
        }
    }
}

/// The text that a platform wants back.
fn token<'a>(asked: &'a Value, pointer: &str) -> Option<&'a str> {
    let token = asked.pointer(pointer)?.as_str()?;
    (1..=LONGEST).contains(&token.len()).then_some(token)
}

impl FromStr for Handshake {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|one| one.name() == text);
        found.ok_or_else(|| {
            let names = Self::ALL.map(|one| format!("`{}`", one.name())).join(", ");
            let near = nearest(text, Self::ALL.into_iter().map(Self::name));
            let near = near.map(|near| format!("; did you mean `{near}`?"));
            format!("is `{text}`; it may be {names}{}", near.unwrap_or_default())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Handshake::{self, DiscordPing, SlackChallenge, ZoomCrc};
    use super::Shaken;
    use crate::message::{Headers, Message};
    use crate::provider::builtin;
    use crate::signature::{Key, Secret};

    fn answer(handshake: Handshake, body: &str, signed: bool) -> Option<Shaken> {
        let scheme = &builtin("cepro").expect("built in").schemes[0];
        let key = Key::new(scheme, &Secret::new("secret")).expect("a key");
        let message = Message {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: Headers::new(),
            body: body.to_owned().into(),
        };
        handshake.answer(&message, signed.then_some(&key))
    }

    #[test]
    fn a_question_has_its_answer() {
        let slack = r#"{"token":"a","challenge":"3eZb \"\u00e9","type":"url_verification"}"#;
        let zoom =
            r#"{"payload":{"plainToken":"qgg8"},"event_ts":1,"event":"endpoint.url_validation"}"#;
        let shaken = |status, content_type, body: &str| {
            Some(Shaken {
                status,
                content_type,
                body: body.to_owned().into(),
            })
        };
        let text = shaken(200, Some("text/plain"), "3eZb \"é");
        assert_eq!(answer(SlackChallenge, slack, false), text);
        // printf qgg8 | openssl dgst -sha256 -hmac secret
        let code = "323172f4cbd3d6e3721c2a0afac840e29651c81dfd6a7d9345af3e947c8d5d73";
        let json = format!(r#"{{"plainToken":"qgg8","encryptedToken":"{code}"}}"#);
        let json = shaken(200, Some("application/json"), &json);
        assert_eq!(answer(ZoomCrc, zoom, true), json);
        let ping = r#"{"version":1,"type":0}"#;
        assert_eq!(answer(DiscordPing, ping, false), shaken(204, None, ""));
    }

    #[test]
    fn zoom_is_answered_by_the_key_that_signed_alone() {
        let zoom = r#"{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8"}}"#;
        assert_eq!(answer(ZoomCrc, zoom, false), None);
    }

    #[test]
    fn what_only_nearly_looks_like_a_question_is_none() {
        let slack =
            |challenge: &str| format!(r#"{{"type":"url_verification","challenge":{challenge}}}"#);
        let zoom = |token: &str| {
            format!(r#"{{"event":"endpoint.url_validation","payload":{{"plainToken":{token}}}}}"#)
        };
        let text = |length| format!("\"{}\"", "a".repeat(length));
        for (handshake, body, is_question) in [
            (SlackChallenge, slack(&text(1)), true),
            (SlackChallenge, slack(&text(1024)), true),
            (SlackChallenge, slack(&text(1025)), false),
            (SlackChallenge, slack(&text(0)), false),
            (SlackChallenge, slack("7"), false),
            (SlackChallenge, slack("null"), false),
            (SlackChallenge, slack(&text(1)) + " x", false),
            (SlackChallenge, slack(&text(1)) + &" ".repeat(20_000), false),
            (
                SlackChallenge,
                r#"{"type":"url_verification"}"#.to_owned(),
                false,
            ),
            (
                SlackChallenge,
                slack(&text(1)).replace("url_", "URL_"),
                false,
            ),
            (SlackChallenge, zoom(&text(1)), false),
            (ZoomCrc, zoom(&text(1024)), true),
            (ZoomCrc, zoom(&text(1025)), false),
            (ZoomCrc, zoom("[1]"), false),
            (ZoomCrc, zoom(&text(1)).replace("endpoint.", ""), false),
            (ZoomCrc, slack(&text(1)), false),
            (DiscordPing, r#"{"type":0}"#.to_owned(), true),
            (DiscordPing, r#"{"type":1}"#.to_owned(), false),
            (DiscordPing, r#"{"type":"0"}"#.to_owned(), false),
            (DiscordPing, r#"{"type":0.0}"#.to_owned(), false),
            (DiscordPing, r#"{"type":-0}"#.to_owned(), false),
            (DiscordPing, "[0]".to_owned(), false),
            (DiscordPing, String::new(), false),
        ] {
            let answered = answer(handshake, &body, true).is_some();
            assert_eq!(
                answered,
                is_question,
                "{handshake:?} {}",
                &body[..body.len().min(99)]
            );
        }
    }

    #[test]
    fn an_unknown_name_is_told_with_the_nearest() {
        let wrong = "slack".parse::<Handshake>().expect_err("no handshake");
        assert_eq!(
            wrong,
            "is `slack`; it may be `slack-challenge`, `zoom-crc`, `discord-ping`; did you mean \
             `slack-challenge`?"
        );
        for one in Handshake::ALL {
            assert_eq!(one.name().parse(), Ok(one));
        }
    }
}
