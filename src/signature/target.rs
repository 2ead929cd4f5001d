//! Secrets in path and query, where logs keep them: found, and not shown.

use super::algorithm::same_secret;
use super::{Key, Scheme};

/// Parameter names under which people put secrets.
const SECRET_NAMES: [&str; 8] = [
    "secret",
    "token",
    "key",
    "api_key",
    "apikey",
    "access_token",
    "auth",
    "authorization",
];

/// What stands in the place of a secret.
const REDACTED: &str = "(redacted)";

/// How often a text is decoded: a proxy on the way may have encoded what was encoded already.
const MOST_DECODED: usize = 3;

/// A secret of fewer bytes is told from a text that only has these letters in it by standing alone.
const SHORT: usize = 8;

/// Whether the query has a parameter that is named like a secret.
pub(crate) fn names_secret(target: &str) -> bool {
    in_query(target, &[])
}

/// Whether the query carries one of the secrets, or a parameter named like one.
pub(super) fn in_query(target: &str, keys: &[Key]) -> bool {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    query.split('&').any(|pair| {
        let (name, value) = halves(pair);
        is_named(name) || is_one_of(keys, name) || is_one_of(keys, value)
    })
}

/// Path and query as they may be shown and kept: without what [`Scheme::refuses_query`] takes for a
/// secret, however it is encoded, and without the secrets themselves wherever they stand.
pub(crate) fn shown_target(scheme: &Scheme, keys: &[Key], target: &str) -> String {
    shown(scheme, keys, target, is_named)
}

/// The same for a delivery of somebody else's: a parameter of any name is none of the scheme's, a
/// secret is one wherever it stands.
pub(crate) fn without_secrets(scheme: &Scheme, keys: &[Key], target: &str) -> String {
    shown(scheme, keys, target, |_| false)
}

fn shown(scheme: &Scheme, keys: &[Key], target: &str, is_named: fn(&str) -> bool) -> String {
    if !scheme.refuses_query {
        return target.to_owned();
    }
    match target.split_once('?') {
        Some((path, query)) => {
            let query = shown_query(keys, query, is_named);
            format!("{}?{query}", shown_path(keys, path))
        }
        None => shown_path(keys, target),
    }
}

fn shown_path(keys: &[Key], path: &str) -> String {
    let shown = |segment| {
        if holds_one_of(keys, segment) {
            REDACTED
        } else {
            segment
        }
    };
    let shown = path.split('/').map(shown).collect::<Vec<_>>().join("/");
    // A secret with a slash in it stands in no segment.
    if holds_one_of(keys, &shown) {
        format!("/{REDACTED}")
    } else {
        shown
    }
}

fn shown_query(keys: &[Key], query: &str, is_named: fn(&str) -> bool) -> String {
    let shown = |pair| match halves(pair) {
        (name, _) if holds_one_of(keys, name) => REDACTED.to_owned(),
        (name, value) if is_named(name) || holds_one_of(keys, value) => {
            if pair.contains('=') {
                format!("{name}={REDACTED}")
            } else {
                REDACTED.to_owned()
            }
        }
        _ => pair.to_owned(),
    };
    let shown = query.split('&').map(shown).collect::<Vec<_>>().join("&");
    // As does one with an ampersand.
    if holds_one_of(keys, &shown) {
        REDACTED.to_owned()
    } else {
        shown
    }
}

fn halves(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

fn is_named(name: &str) -> bool {
    let is = |reading: &Vec<u8>, known: &&str| reading.eq_ignore_ascii_case(known.as_bytes());
    let readings = readings(name);
    readings
        .iter()
        .any(|reading| SECRET_NAMES.iter().any(|known| is(reading, known)))
}

fn is_one_of(keys: &[Key], text: &str) -> bool {
    !keys.is_empty() && {
        let readings = readings(text);
        let mut secrets = keys.iter().map(|key| key.secret().expose());
        secrets.any(|secret| readings.iter().any(|reading| same_secret(reading, secret)))
    }
}

fn holds_one_of(keys: &[Key], text: &str) -> bool {
    !keys.is_empty() && {
        let readings = readings(text);
        let mut secrets = keys.iter().map(|key| key.secret().expose());
        secrets.any(|secret| readings.iter().any(|reading| holds(reading, secret)))
    }
}

/// Whether a text has the secret in it; the time tells its length at most.
fn holds(text: &[u8], secret: &[u8]) -> bool {
    if secret.len() < SHORT {
        return same_secret(text, secret);
    }
    let difference = |window: &[u8]| {
        let pairs = window.iter().zip(secret);
        pairs.fold(0, |difference, (one, other)| difference | (one ^ other))
    };
    let windows = text.windows(secret.len());
    windows.fold(false, |found, window| found | (difference(window) == 0))
}

/// A text as it stands, and as it reads when it is decoded, each `+` for a blank and for itself.
fn readings(text: &str) -> Vec<Vec<u8>> {
    let mut readings = vec![text.as_bytes().to_vec()];
    let mut last = 0;
    for _ in 0..MOST_DECODED {
        let begin = std::mem::replace(&mut last, readings.len());
        for nth in begin..last {
            let blank = |byte: &u8| if *byte == b'+' { b' ' } else { *byte };
            let blanks: Vec<u8> = readings[nth].iter().map(blank).collect();
            for decoded in [decoded(&readings[nth]), decoded(&blanks)] {
                if !readings.contains(&decoded) {
                    readings.push(decoded);
                }
            }
        }
    }
    readings
}

/// A text with each `%` and two hexadecimal digits as the byte that they are; others stay.
fn decoded(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let byte = after.split_at_checked(2).filter(|_| *first == b'%');
        let byte = byte.and_then(|(digits, after)| Some((hex::decode(digits).ok()?[0], after)));
        let (byte, after) = byte.unwrap_or((*first, after));
        decoded.push(byte);
        rest = after;
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::{in_query, names_secret, shown_target, without_secrets};
    use crate::signature::{
        Algorithm, Encoding, Key, KeyRule, Scheme, Secret, Template, ValueForm,
    };

    fn scheme(refuses_query: bool) -> Scheme {
        Scheme {
            algorithm: Algorithm::Token,
            key: KeyRule::default(),
            signs: Template::empty(),
            encoding: Encoding::Hex,
            header: "Authorization".to_owned(),
            aliases: Vec::new(),
            value: ValueForm::parse("Bearer {secret}", None).expect("a form"),
            refuses_query,
            timestamp: None,
            id: None,
        }
    }

    fn key(secret: &str) -> Key {
        Key::new(&scheme(true), &Secret::new(secret)).expect("a key")
    }

    #[test]
    fn no_form_of_a_secret_is_shown() {
        for (secret, target, expected) in [
            ("s3cret-word", "/?a=s3cret-word", "/?a=(redacted)"),
            ("s3cret-word", "/?a=%733cret%2Dword", "/?a=(redacted)"),
            ("s3cret-word", "/?a=%25733cret-word", "/?a=(redacted)"),
            ("s3cret-word", "/?a=%2525733cret-word", "/?a=(redacted)"),
            (
                "s3cret-word",
                "/?a=Bearer+s3cret-word&b=1",
                "/?a=(redacted)&b=1",
            ),
            ("s3cret-word", "/?x-s3cret-word=1", "/?(redacted)"),
            ("s3cret-word", "/?s3cret-word", "/?(redacted)"),
            ("s3cret-word", "/hooks/s3cret-word", "/hooks/(redacted)"),
            (
                "s3cret-word",
                "/hooks/%73%33cret-word/a?b",
                "/hooks/(redacted)/a?b",
            ),
            (
                "s3cret-word",
                "http://u:s3cret-word@h/a",
                "http://(redacted)/a",
            ),
            ("s3cret word", "/?a=s3cret+word", "/?a=(redacted)"),
            ("s3cret word", "/?a=s3cret%2Bword", "/?a=(redacted)"),
            ("s3+cret/w=", "/?a=s3+cret/w=", "/?a=(redacted)"),
            ("s3+cret/w=", "/?a=s3%2Bcret%2Fw%3D", "/?a=(redacted)"),
            ("s3+cret/w=", "/a/s3+cret/w=/b", "/(redacted)"),
            ("s3cret&word", "/?a=s3cret&word", "/?(redacted)"),
            ("s3cret-word", "/?secret=other", "/?secret=(redacted)"),
            ("s3cret-word", "/?%74oken=other", "/?%74oken=(redacted)"),
            ("s3cret-word", "/?%2574OKEN=other", "/?%2574OKEN=(redacted)"),
            (
                "s3cret-word",
                "/s3cret?a=word&%zz=%",
                "/s3cret?a=word&%zz=%",
            ),
            ("a", "/abc?b=a&c=aa", "/abc?b=(redacted)&c=aa"),
        ] {
            let keys = [key(secret)];
            let shown = shown_target(&scheme(true), &keys, target);
            assert_eq!(shown, expected, "{target}");
            assert_eq!(shown_target(&scheme(false), &keys, target), target);
            let others = without_secrets(&scheme(true), &keys, target);
            let is_by_name = target.ends_with("=other");
            assert_eq!(others, if is_by_name { target } else { expected });
        }
    }

    #[test]
    fn a_secret_is_found_in_the_query_alone() {
        let keys = [key("s3+cret-word")];
        for (target, is_found, is_named) in [
            ("/?a=s3+cret-word", true, false),
            ("/?a=s3%2Bcret-word", true, false),
            ("/?a=s3%252Bcret-word", true, false),
            ("/?s3+cret-word", true, false),
            ("/?a=other&api_KEY=x", true, true),
            ("/?a=near-s3+cret-word", false, false),
            ("/s3+cret-word", false, false),
            ("/token=a", false, false),
            ("/", false, false),
        ] {
            assert_eq!(in_query(target, &keys), is_found, "{target}");
            assert_eq!(names_secret(target), is_named, "{target}");
        }
    }
}
