//! Fills the placeholders of a sample body; every other byte stays.

use jiff::Timestamp;
use uuid::Builder;

use crate::message::TimestampForm;

/// What the placeholders stand for.
#[derive(Clone, Copy, Debug)]
pub struct Filling<'f> {
    /// `{event}`: the event's name.
    pub event: &'f str,
    /// `{id}`: the webhook id.
    pub id: &'f str,
    /// `{now}` in RFC 3339 with milliseconds, or `{now:FORM}` in one of the forms of a timestamp.
    pub now: Timestamp,
    /// What `{uuid:NAME}` and `{digits:NAME}` are derived from: the same name gives the same value
    /// within one sample, another seed another value.
    pub seed: u64,
}

/// Fills the placeholders in. Braces that hold no placeholder stay, as JSON needs them.
///
/// ```
/// use wh::provider::{Filling, render};
/// let filling = Filling { event: "a.b", id: "7", now: "2026-03-08T14:30:00Z".parse()?, seed: 1 };
/// assert_eq!(render(r#"{"type":"{event}","id":{id},"at":"{now:unix}"}"#, &filling), r#"{"type":"a.b","id":7,"at":"1772980200"}"#);
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn render(sample: &str, filling: &Filling<'_>) -> String {
    let mut out = String::with_capacity(sample.len() + 64);
    let mut rest = sample;
    while let Some(at) = rest.find('{') {
        let (before, braced) = rest.split_at(at);
        out.push_str(before);
        let named = braced[1..]
            .split_once('}')
            .and_then(|(name, after)| Some((fill(name, filling)?, after)));
        if let Some((value, after)) = named {
            out.push_str(&value);
            rest = after;
        } else {
            out.push('{');
            rest = &braced[1..];
        }
    }
    out + rest
}

fn fill(name: &str, filling: &Filling<'_>) -> Option<String> {
    Some(match name.split_once(':') {
        None if name == "event" => escaped(filling.event),
        None if name == "id" => escaped(filling.id),
        None if name == "now" => TimestampForm::Rfc3339Ms.write(filling.now),
        Some(("now", form)) => form.parse::<TimestampForm>().ok()?.write(filling.now),
        Some(("uuid", label)) => {
            let bits =
                u128::from(mix(filling.seed, label)) << 64 | u128::from(mix(!filling.seed, label));
            Builder::from_random_bytes(bits.to_be_bytes())
                .into_uuid()
                .to_string()
        }
        Some(("digits", label)) => (1000 + mix(filling.seed, label) % 9000).to_string(),
        _ => return None,
    })
}

/// A text as it stands between the quotes of a JSON string.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// FNV-1a over the label, started from the seed: samples need variety, not secrecy.
fn mix(seed: u64, label: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    seed.to_le_bytes()
        .into_iter()
        .chain(label.bytes())
        .fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Filling, render};

    #[test]
    fn a_label_gives_one_value_a_sample_and_another_the_next_time() {
        let with = |seed| {
            let filling = Filling {
                event: "e",
                id: "i",
                now: Timestamp::UNIX_EPOCH,
                seed,
            };
            render("{uuid:a} {uuid:a} {uuid:b} {digits:a}", &filling)
        };
        let parts: Vec<String> = with(1).split(' ').map(str::to_owned).collect();
        assert_eq!(parts[0], parts[1]);
        assert_ne!(parts[0], parts[2]);
        assert_eq!(parts[3].len(), 4);
        assert_ne!(with(1), with(2));
    }

    #[test]
    fn a_name_cannot_break_out_of_its_string() {
        let filling = Filling {
            event: r#"a","evil":"\"#,
            id: "é",
            now: Timestamp::UNIX_EPOCH,
            seed: 0,
        };
        assert_eq!(
            render(r#"{"event":"{event}","id":"{id}"}"#, &filling),
            r#"{"event":"a\",\"evil\":\"\\","id":"é"}"#
        );
    }

    #[test]
    fn braces_of_the_body_stay() {
        let filling = Filling {
            event: "e",
            id: "i",
            now: Timestamp::UNIX_EPOCH,
            seed: 0,
        };
        for text in [
            "{}",
            "{\"a\":{\"b\":{}}}",
            "{nope}",
            "{",
            "}{",
            "{now:never}",
        ] {
            assert_eq!(render(text, &filling), text);
        }
    }
}
