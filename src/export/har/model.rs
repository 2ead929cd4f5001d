//! The fields of an archive, as far as they are read.

use serde::Deserialize;

use super::super::raw_line::RawLine;

/// An entry. Whatever a program may leave out is optional.
#[derive(Deserialize)]
pub(super) struct Entry {
    #[serde(rename = "startedDateTime")]
    pub(super) started: Option<String>,
    pub(super) time: Option<f64>,
    pub(super) request: Request,
    #[serde(default)]
    pub(super) response: Option<Answer>,
    #[serde(rename = "_error")]
    pub(super) error: Option<String>,
    /// Our own fields, in the archives that we write.
    #[serde(rename = "_wh")]
    pub(super) ours: Option<RawLine>,
    /// How the store keeps the request and the answer.
    #[serde(rename = "_wh_message")]
    pub(super) message: Option<Ours>,
}

/// What an archive has no field for.
#[derive(Deserialize)]
pub(super) struct Ours {
    pub(super) target: String,
    pub(super) answered: bool,
    pub(super) truncated: bool,
}

#[derive(Deserialize)]
pub(super) struct Request {
    pub(super) method: Option<String>,
    pub(super) url: Option<String>,
    #[serde(rename = "httpVersion")]
    pub(super) http: Option<String>,
    pub(super) headers: Option<Vec<Header>>,
    #[serde(rename = "postData")]
    pub(super) post: Option<Post>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    pub(super) status: Option<f64>,
    pub(super) headers: Option<Vec<Header>>,
    pub(super) content: Option<Content>,
    #[serde(rename = "_error")]
    pub(super) error: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) name: Option<String>,
    pub(super) value: Option<String>,
    /// The value, where it is not text.
    #[serde(rename = "_b64")]
    pub(super) bytes: Option<String>,
}

/// A request's body.
#[derive(Deserialize)]
pub(super) struct Post {
    #[serde(rename = "mimeType")]
    pub(super) mime: Option<String>,
    pub(super) text: Option<String>,
    pub(super) params: Option<Vec<Param>>,
    /// The format has this of answers only.
    #[serde(alias = "_encoding")]
    pub(super) encoding: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Param {
    pub(super) name: Option<String>,
    pub(super) value: Option<String>,
}

/// An answer's body.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Content {
    pub(super) text: Option<String>,
    pub(super) encoding: Option<String>,
}
