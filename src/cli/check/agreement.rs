//! Whether a receiver on another machine may be checked.

use url::{Host, Url};

use crate::cli::agreed::agreed;
use crate::cli::context::Context;
use crate::cli::error::Error;

/// Whether somebody agrees that all that is `planned` goes to a receiver; one on this machine needs
/// nobody's leave.
pub(super) fn is_given(context: &Context, url: &Url, planned: &str) -> Result<bool, Error> {
    if is_here(url) {
        return Ok(true);
    }
    let host = url.host_str().unwrap_or_default();
    let what = format!("check {host} ({planned})");
    agreed(
        context,
        &what,
        "--yes checks another machine without asking",
    )
}

/// Whether a URL is of this machine by its letters alone: what any other name stands for may change
/// between a look at it and the first request.
fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_here;

    #[test]
    fn this_machine_is_known_by_its_letters_alone() {
        for (url, here) in [
            ("http://localhost:3000/hooks", true),
            ("http://LOCALHOST/", true),
            ("http://127.0.0.1/", true),
            ("http://127.9.8.7/", true),
            ("http://2130706433/", true),
            ("http://[::1]:80/", true),
            ("http://[::ffff:127.0.0.1]/", true),
            ("http://localhost./", false),
            ("http://localhost.example.com/", false),
            ("http://a.localhost/", false),
            ("http://localtest.me/", false),
            ("http://0.0.0.0/", false),
            ("http://[::]/", false),
            ("http://10.0.0.1/", false),
            ("http://[::2]/", false),
            ("https://127.0.0.1@example.com/", false),
            ("https://example.com/127.0.0.1", false),
        ] {
            assert_eq!(is_here(&url.parse().expect(url)), here, "{url}");
        }
    }
}
