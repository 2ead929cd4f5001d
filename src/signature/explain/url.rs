//! The URLs that a sender may have signed in the place of the one that is known.

use url::{Host, Url};

use super::{Cause, Question};

/// Other URLs than the given one, each with what is changed in it; where none is given, those that the
/// header lines speak of.
pub(super) fn urls(question: &Question<'_>) -> Vec<(Cause, String)> {
    let spoken = spoken(question);
    let Some(given) = question.envelope.url else {
        let cause = || {
            Cause::condition(
                "url-not-given",
                "the URL that the sender called is made of `Host` and target",
                "Give the URL with --url, as the sender calls it: the scheme signs it.",
            )
        };
        return spoken.into_iter().map(|url| (cause(), url)).collect();
    };
    let mut urls = parsed(question, given);
    let host = "the URL has the host of the header lines";
    let other_host = spoken
        .into_iter()
        .map(|url| (changed("url-host", host), url));
    urls.extend(other_host);
    let mut distinct: Vec<(Cause, String)> = Vec::new();
    for (cause, url) in urls {
        if url != given && !distinct.iter().any(|(_, other)| *other == url) {
            distinct.push((cause, url));
        }
    }
    distinct
}

fn changed(id: &'static str, words: &str) -> Cause {
    let fix = "Sign and verify the public URL, letter by letter as it stands in the platform's settings: \
               a proxy or a tunnel shows your server another one.";
    Cause::condition(id, words, fix)
}

/// The URLs that `Host` and a proxy's lines make with the target.
fn spoken(question: &Question<'_>) -> Vec<String> {
    let envelope = &question.envelope;
    let hosts = ["X-Forwarded-Host", "Host"];
    let hosts = hosts.iter().filter_map(|name| envelope.headers.text(name));
    let target = envelope.target;
    let urls =
        hosts.flat_map(|host| ["https", "http"].map(|scheme| format!("{scheme}://{host}{target}")));
    urls.filter(|url| url.len() <= 4096).collect()
}

/// What can be changed in a URL, one thing at a time.
fn parsed(question: &Question<'_>, given: &str) -> Vec<(Cause, String)> {
    let Ok(url) = Url::parse(given) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let (scheme, rest) = given.split_once("://").unwrap_or(("", given));
    let other = if scheme == "https" { "http" } else { "https" };
    let words = format!("the URL begins with `{other}://`");
    found.push((changed("url-scheme", &words), format!("{other}://{rest}")));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    found.extend(ports(&url, scheme, authority, path));
    let (before, query) = match path.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (path, None),
    };
    let start = format!("{scheme}://{authority}");
    let after = query.map(|query| format!("?{query}")).unwrap_or_default();
    let (slash, words) = match before.strip_suffix('/') {
        Some(bare) => (bare.to_owned(), "the URL ends without a slash"),
        None => (format!("{before}/"), "the URL ends with a slash"),
    };
    found.push((
        changed("url-slash", words),
        format!("{start}{slash}{after}"),
    ));
    if query.is_some() {
        let words = "the URL is taken without its query";
        found.push((
            changed("url-query-left-out", words),
            format!("{start}{before}"),
        ));
    } else if let Some((_, query)) = question.envelope.target.split_once('?') {
        let words = "the URL is taken with the query that was called";
        let with = format!("{start}{before}?{query}");
        found.push((changed("url-query-added", words), with));
    }
    found.extend(loopback(&url, scheme, authority, path));
    let normal = url.to_string();
    found.push((
        changed("url-normal", "the URL is written in its normal form"),
        normal,
    ));
    found
}

fn ports(url: &Url, scheme: &str, authority: &str, path: &str) -> Option<(Cause, String)> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        _ => (authority, None),
    };
    Some(if port.is_some() {
        let words = "the URL is taken without its port";
        (
            changed("url-port", words),
            format!("{scheme}://{host}{path}"),
        )
    } else {
        let port = url.port_or_known_default()?;
        let words = format!("the URL is taken with its port, {port}");
        (
            changed("url-port", &words),
            format!("{scheme}://{host}:{port}{path}"),
        )
    })
}

fn loopback(url: &Url, scheme: &str, authority: &str, path: &str) -> Option<(Cause, String)> {
    let (from, to) = match url.host()? {
        Host::Domain("localhost") => ("localhost", "127.0.0.1"),
        Host::Ipv4(address) if address.is_loopback() => ("127.0.0.1", "localhost"),
        _ => return None,
    };
    let other = authority.replacen(from, to, 1);
    let words = format!("the URL has the host `{to}`");
    Some((
        changed("url-host", &words),
        format!("{scheme}://{other}{path}"),
    ))
}
