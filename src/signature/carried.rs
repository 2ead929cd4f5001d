//! How a delivery carries a signature, before anybody verifies it.

use crate::message::Headers;

use super::{Algorithm, Scheme};

/// How a delivery carries a scheme's signature; what comes later says more for the scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carried {
    /// Its header is not there.
    Nowhere,
    /// Its header is there, with a value of another form.
    Otherwise,
    /// As the scheme writes it: literals, letter case, encoding and length.
    AsWritten,
}

impl Scheme {
    /// How these header lines carry the scheme's signature; nothing is verified.
    ///
    /// ```
    /// use wh::provider::builtin;
    /// use wh::signature::Carried;
    ///
    /// let digits = "0f".repeat(32);
    /// let headers = [("x-webhook-signature", format!("sha256={digits}"))].into_iter().collect();
    /// let carried = |id| builtin(id).unwrap().schemes[0].carried_by(&headers);
    /// assert_eq!(carried("wlcro"), Carried::AsWritten);
    /// assert_eq!(carried("cepro"), Carried::Otherwise);
    /// assert_eq!(carried("cepro-inbound"), Carried::Nowhere);
    /// ```
    #[must_use]
    pub fn carried_by(&self, headers: &Headers) -> Carried {
        let names = std::iter::once(&self.header).chain(&self.aliases);
        let values = names.flat_map(|name| headers.all(name));
        let carried = values.map(|value| {
            if self.writes(value) {
                Carried::AsWritten
            } else {
                Carried::Otherwise
            }
        });
        carried.max().unwrap_or(Carried::Nowhere)
    }

    /// Whether a header's value has an entry that the scheme may have written.
    fn writes(&self, value: &[u8]) -> bool {
        let found = self.value.read(value).unwrap_or_default();
        let Some(length) = self.algorithm.length() else {
            return found.signatures.iter().any(|token| !token.is_empty());
        };
        let decoded = found.signatures.iter();
        let mut decoded = decoded.filter_map(|text| self.encoding.decode(text));
        decoded.any(|bytes| bytes.len() == length)
    }
}

impl Algorithm {
    /// The bytes of a signature; `None` for a token, which has any length.
    pub(super) fn length(self) -> Option<usize> {
        match self {
            Self::HmacSha1 => Some(20),
            Self::HmacSha256 => Some(32),
            Self::HmacSha512 => Some(64),
            Self::Token => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Carried::{self, AsWritten, Nowhere, Otherwise};
    use crate::signature::{Algorithm, Encoding, KeyRule, Scheme, Template, ValueForm};

    fn scheme(algorithm: Algorithm, header: &str, value: &str) -> Scheme {
        Scheme {
            algorithm,
            key: KeyRule::default(),
            signs: Template::empty(),
            encoding: Encoding::Hex,
            header: header.to_owned(),
            aliases: Vec::new(),
            value: ValueForm::parse(value, None).expect("a form"),
            refuses_query: false,
            timestamp: None,
            id: None,
        }
    }

    fn carried(value: &str, lines: &[(&str, &str)]) -> Carried {
        let scheme = scheme(Algorithm::HmacSha256, "X-Webhook-Signature", value);
        scheme.carried_by(&lines.iter().copied().collect())
    }

    #[test]
    fn the_form_is_literals_encoding_and_length() {
        let digits = "0123456789abcdef".repeat(4);
        let name = "X-Webhook-Signature";
        for (value, bare, prefixed) in [
            (digits.clone(), AsWritten, Otherwise),
            (format!("sha256={digits}"), Otherwise, AsWritten),
            (format!("SHA256={digits}"), Otherwise, Otherwise),
            (digits.to_uppercase(), Otherwise, Otherwise),
            (digits[2..].to_owned(), Otherwise, Otherwise),
            (format!("{digits}00"), Otherwise, Otherwise),
            (String::new(), Otherwise, Otherwise),
        ] {
            let lines = [(name, value.as_str())];
            assert_eq!(carried("{sig}", &lines), bare, "{value}");
            assert_eq!(carried("sha256={sig}", &lines), prefixed, "{value}");
        }
        assert_eq!(carried("{sig}", &[("X-Signature", &digits)]), Nowhere);
        let lines = [(name, "x"), ("x-webhook-signature", digits.as_str())];
        assert_eq!(carried("{sig}", &lines), AsWritten);
    }

    #[test]
    fn another_name_of_the_header_is_one_of_its_own() {
        let mut scheme = scheme(Algorithm::HmacSha1, "X-New", "{sig}");
        scheme.aliases.push("X-Old".to_owned());
        let headers = [("x-old", "0f".repeat(20))].into_iter().collect();
        assert_eq!(scheme.carried_by(&headers), AsWritten);
    }

    #[test]
    fn a_token_has_any_length_but_none() {
        let scheme = scheme(Algorithm::Token, "Authorization", "Bearer {secret}");
        for (value, expected) in [
            ("Bearer x", AsWritten),
            ("Bearer ", Otherwise),
            ("Basic eDp5", Otherwise),
        ] {
            let headers = [("authorization", value)].into_iter().collect();
            assert_eq!(scheme.carried_by(&headers), expected, "{value}");
        }
    }
}
