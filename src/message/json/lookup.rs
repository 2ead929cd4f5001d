//! One scalar out of a JSON text, without building the rest.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The string, number or boolean at `pointer` (RFC 6901), as text; numbers keep their spelling.
///
/// `None` where the body is not JSON, the place does not exist, or holds null, an object or an
/// array. Of repeated keys the last one counts, as in JavaScript and Python.
///
/// ```
/// use wh::message::json;
/// assert_eq!(json::scalar(br#"{"id": 12345, "data": {"total": 2500.00}}"#, "/data/total").as_deref(), Some("2500.00"));
/// ```
#[must_use]
pub fn scalar(body: &[u8], pointer: &str) -> Option<String> {
    let path: Vec<String> = match pointer.strip_prefix('/') {
        Some(rest) => rest
            .split('/')
            .map(|part| part.replace("~1", "/").replace("~0", "~"))
            .collect(),
        None => Vec::new(),
    };
    let mut reader = serde_json::Deserializer::from_slice(body);
    let found = Walk(&path).deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    text_of(found?.get())
}

/// A scalar's raw JSON as text.
fn text_of(raw: &str) -> Option<String> {
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str(raw).ok(),
        b'{' | b'[' | b'n' => None,
        _ => Some(raw.to_owned()),
    }
}

/// Follows the path, skipping everything beside it.
struct Walk<'p>(&'p [String]);

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = Option<Box<RawValue>>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        if self.0.is_empty() {
            return serde::Deserialize::deserialize(reader).map(Some);
        }
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = Option<Box<RawValue>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == self.0[0] {
                found = map.next_value_seed(Walk(&self.0[1..]))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let wanted = self.0[0].parse::<usize>().ok();
        let mut found = None;
        for at in 0.. {
            if Some(at) == wanted {
                match seq.next_element_seed(Walk(&self.0[1..]))? {
                    Some(value) => found = value,
                    None => break,
                }
            } else if seq.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
        }
        Ok(found)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::scalar;

    #[test]
    fn finds_what_is_there_and_nothing_else() {
        let body = br#"{"a":{"b":[1,{"c/d":"x\u0041"}]},"n":null,"t":true,"id":123456789012345678901234567890,"id":7,"s":"x"}"#;
        for (pointer, want) in [
            ("/a/b/0", Some("1")),
            ("/a/b/1/c~1d", Some("xA")),
            ("/a/b/2", None),
            ("/a", None),
            ("/n", None),
            ("/t", Some("true")),
            ("/id", Some("7")),
            ("/s/deeper", None),
            ("/id/deeper", None),
            ("/nope", None),
        ] {
            assert_eq!(scalar(body, pointer).as_deref(), want, "{pointer}");
        }
    }

    #[test]
    fn what_is_not_json_has_nothing() {
        for body in [&b""[..], b"{", b"{\"id\":1} x", b"\xff", b"id=1"] {
            assert_eq!(scalar(body, "/id"), None);
        }
        assert_eq!(scalar("[".repeat(100_000).as_bytes(), "/id"), None);
    }
}
