//! What is never shown: the one place that decides.

/// A header value as it may be shown or stored outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    /// The value itself.
    Value(&'a [u8]),
    /// There is a value, and it is a credential.
    Redacted,
}

/// Headers that carry credentials whoever sends them (RFC 9110 §11, RFC 6265).
const CREDENTIALS: [&str; 4] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
];

/// Decides whether a header's value may be shown.
///
/// `token_headers` names the headers in which a provider puts the secret itself. Signatures are
/// never redacted: they are needed to verify.
#[must_use]
pub fn redact<'a>(name: &str, value: &'a [u8], token_headers: &[&str]) -> Shown<'a> {
    let is = |secret: &&str| name.eq_ignore_ascii_case(secret);
    if CREDENTIALS.iter().any(is) || token_headers.iter().any(is) {
        Shown::Redacted
    } else {
        Shown::Value(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Shown, redact};

    #[test]
    fn credentials_are_redacted_and_signatures_are_not() {
        for name in [
            "Authorization",
            "COOKIE",
            "set-cookie",
            "proxy-authorization",
            "X-Gitlab-Token",
        ] {
            assert_eq!(
                redact(name, b"v", &["x-gitlab-token"]),
                Shown::Redacted,
                "{name}"
            );
        }
        assert_eq!(redact("X-Webhook-Signature", b"v", &[]), Shown::Value(b"v"));
    }
}
