//! Schemes that send the secret itself.

use super::{Delivery, SECRET, VALID};

#[test]
fn a_token_is_taken_from_its_header_and_from_nowhere_else() {
    const ELSEWHERE: &str = "valid: a secret stands in the query string too";
    const QUERY_ONLY: &str = "invalid: the secret is in the query string only";
    const WRONG: &str = "invalid: the token does not match";
    const NOT_BEARER: &str = "invalid: the signature is not of the form `Bearer {secret}`";
    const FOLDED: &str = "valid: the word before the token is in another letter case, which strict \
                          receivers refuse";
    const ABSENT: &str = "unsigned: no `Authorization` header";
    let encoded = SECRET.replace('_', "%5F").replace('=', "%3D");
    let twice = encoded.replace('%', "%25");
    for (query, value, found) in [
        ("", Some("Bearer {secret}"), VALID),
        ("?page=2", Some("Bearer {secret}"), VALID),
        ("", Some("Bearer wrong"), WRONG),
        ("", Some("Bearer {secret} "), WRONG),
        ("", Some("Bearer  {secret}"), WRONG),
        ("", Some("Bearer "), WRONG),
        ("", Some("bearer {secret}"), FOLDED),
        ("", Some("BEARER {secret}"), FOLDED),
        ("", Some("bearer wrong"), WRONG),
        ("", Some("Bearer{secret}"), NOT_BEARER),
        ("", Some("Basic {secret}"), NOT_BEARER),
        ("", Some("{secret}"), NOT_BEARER),
        ("", Some(""), NOT_BEARER),
        ("", None, ABSENT),
        ("?page=2", None, ABSENT),
        ("?secret={secret}", None, QUERY_ONLY),
        ("?s={secret}", None, QUERY_ONLY),
        ("?s={encoded}", None, QUERY_ONLY),
        ("?s={twice}", None, QUERY_ONLY),
        ("?{encoded}", None, QUERY_ONLY), // as a name
        ("?TOKEN=wrong", None, QUERY_ONLY),
        ("?page=2&api_key=", None, QUERY_ONLY),
        ("?secret={secret}", Some("Bearer {secret}"), ELSEWHERE),
        ("?s={encoded}", Some("Bearer {secret}"), ELSEWHERE),
        ("?access_token=x", Some("Bearer {secret}"), ELSEWHERE),
        ("?secret={secret}", Some("Bearer wrong"), WRONG),
        ("?secret={secret}", Some("{secret}"), NOT_BEARER),
    ] {
        let fill = |text: &str| {
            text.replace("{secret}", SECRET)
                .replace("{encoded}", &encoded)
                .replace("{twice}", &twice)
        };
        let delivery = Delivery::of("cepro-inbound").to(&format!("/hooks{}", fill(query)));
        let delivery = match value {
            Some(value) => delivery.presenting(fill(value)),
            None => delivery.without("Authorization"),
        };
        assert_eq!(delivery.judge().to_string(), found, "{query:?} {value:?}");
    }
}

/// Only a provider that refuses secrets in the query string looks for them there.
#[test]
fn other_providers_do_not_look_into_the_query() {
    let target = format!("/hooks?secret={SECRET}");
    for provider in ["cepro", "gitlab"] {
        let verdict = Delivery::of(provider).to(&target).judge();
        assert_eq!(verdict.to_string(), VALID, "{provider}");
    }
}
