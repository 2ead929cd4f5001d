//! What a check says of each rule.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::Wh;

use super::lines;

/// One rule's verdict.
#[derive(Debug)]
pub(super) struct Verdict {
    /// The rule.
    pub(super) id: String,
    /// `pass`, `warn`, `fail` or `skip`.
    word: String,
    /// Whether its requests went out.
    is_sent: bool,
    /// What came back, in words.
    pub(super) came: String,
    /// The answers that show that it does not hold, each once: the status, and the name of what was
    /// thrown where there is one.
    pub(super) answers: Vec<String>,
}

impl Verdict {
    fn of(line: &Value) -> Self {
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let exchanges = line["evidence"].as_array().unwrap();
        let mut answers: Vec<_> = exchanges.iter().map(answer).collect();
        answers.dedup();
        Self {
            id: text("id"),
            word: text("verdict"),
            is_sent: !text("sent").is_empty(),
            came: text("came"),
            answers,
        }
    }

    /// Whether it holds, or is of no concern. What was sent and came to nothing is neither.
    fn holds(&self) -> bool {
        match self.word.as_str() {
            "pass" => true,
            "skip" => !self.is_sent,
            _ => false,
        }
    }
}

/// What answered one request.
fn answer(exchange: &Value) -> String {
    let response = &exchange["response"];
    let Some(status) = response["status"].as_u64() else {
        return "no answer".to_owned();
    };
    let body = STANDARD.decode(response["body_b64"].as_str().unwrap_or_default());
    let body = String::from_utf8(body.unwrap()).unwrap_or_default();
    match body.split_once(": ") {
        Some((thrown, _)) if status == 500 => format!("500 {thrown}"),
        _ => status.to_string(),
    }
}

/// The rules that do not hold, of a call of a check.
///
/// Panics where none holds.
#[track_caller]
pub(super) fn broken(call: Wh, secret: &str) -> Vec<Verdict> {
    // What a check waits for is in it, and other tests want their share of the machine.
    let call = call.limit(Duration::from_secs(180));
    let output = call.arg("--json").env("WH_SECRET", secret).capture();
    let lines = lines(&output);
    let rules = lines.iter().filter(|line| line["type"] == "rule");
    let mut rules: Vec<_> = rules.map(Verdict::of).collect();
    assert!(rules.iter().any(Verdict::holds), "{output:?}");
    rules.retain(|rule| !rule.holds());
    rules
}
