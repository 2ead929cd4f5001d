//! Which endpoint URLs a platform takes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use thiserror::Error;
use url::{Host, Url};

/// A platform's rule for endpoint URLs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlPolicy {
    /// Whether it wants HTTPS.
    pub https: Https,
    /// Whether it refuses internal hosts.
    pub rejects_private: bool,
    /// What it says when it refuses a URL.
    pub message: Option<String>,
}

/// Whether a platform wants HTTPS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Https {
    /// Always.
    Required,
    /// For every host that is not internal.
    ExceptDev,
    /// No.
    Any,
}

/// Why a platform would refuse a URL, in its own words where they are known.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub struct UrlProblem {
    /// What the platform says, or says in effect.
    pub message: String,
    /// What in the URL it refuses.
    pub because: String,
}

impl Default for UrlPolicy {
    fn default() -> Self {
        Self {
            https: Https::Any,
            rejects_private: false,
            message: None,
        }
    }
}

impl UrlPolicy {
    /// Checks a URL, and the addresses its name has, against the rule.
    pub fn check(&self, url: &Url, addresses: &[IpAddr]) -> Result<(), UrlProblem> {
        let internal = internal_host(url).or_else(|| {
            let address = addresses
                .iter()
                .find(|address| is_internal_address(**address))?;
            Some(format!(
                "its name resolves to {address}, which is not external"
            ))
        });
        let plain = url.scheme() != "https";
        let because = match (self.https, &internal) {
            (Https::Required, _) | (Https::ExceptDev, None) if plain => {
                "it is not HTTPS".to_owned()
            }
            (_, Some(because)) if self.rejects_private => because.clone(),
            _ => return Ok(()),
        };
        let message = self
            .message
            .clone()
            .unwrap_or_else(|| "the platform refuses this URL".to_owned());
        Err(UrlProblem { message, because })
    }
}

fn internal_host(url: &Url) -> Option<String> {
    let internal = match url.host()? {
        Host::Domain(name) => is_internal_name(name),
        Host::Ipv4(address) => is_internal_address(address.into()),
        Host::Ipv6(address) => is_internal_address(address.into()),
    };
    internal.then(|| {
        format!(
            "`{}` is not an external host",
            url.host_str().unwrap_or_default()
        )
    })
}

/// Whether a host name can only be internal: `localhost`, `.local`, `.internal`, a single label.
#[must_use]
pub fn is_internal_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.contains('.')
        || [".localhost", ".local", ".internal"]
            .iter()
            .any(|suffix| name.ends_with(suffix))
}

/// Whether an address is not a public unicast one: the special ranges of the IANA registries,
/// and the IPv6 forms that carry an IPv4 address.
#[must_use]
pub fn is_internal_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_internal_v4(v4),
        IpAddr::V6(v6) => is_internal_v6(v6),
    }
}

fn is_internal_v4(address: Ipv4Addr) -> bool {
    const RANGES: [([u8; 4], u32); 16] = [
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        ([224, 0, 0, 0], 4),
        ([240, 0, 0, 0], 4),
        ([255, 255, 255, 255], 32),
    ];
    let bits = u32::from(address);
    RANGES
        .iter()
        .any(|(base, length)| (bits ^ u32::from_be_bytes(*base)) >> (32 - length) == 0)
}

fn is_internal_v6(address: Ipv6Addr) -> bool {
    const RANGES: [([u16; 8], u32); 15] = [
        ([0, 0, 0, 0, 0, 0, 0, 0], 96), // unspecified, loopback, IPv4-compatible
        ([0, 0, 0, 0, 0, 0xffff, 0, 0], 96), // IPv4-mapped
        ([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96), // NAT64
        ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48), // local NAT64
        ([0x100, 0, 0, 0, 0, 0, 0, 0], 64), // discard
        ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), // Teredo, ORCHID and other protocol assignments
        ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), // documentation
        ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), // 6to4
        ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), // documentation
        ([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16), // SRv6
        ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), // unique local
        ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), // link local
        ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), // site local
        ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), // multicast
        ([0, 0, 0, 0, 0xffff, 0, 0, 0], 96), // IPv4-translated
    ];
    let bits = u128::from(address);
    let base = |groups: [u16; 8]| u128::from(Ipv6Addr::from(groups));
    RANGES
        .iter()
        .any(|(groups, length)| (bits ^ base(*groups)) >> (128 - length) == 0)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Https, UrlPolicy};

    const MESSAGE: &str = "Webhook URL must be an external HTTPS endpoint";

    fn cepro() -> UrlPolicy {
        UrlPolicy {
            https: Https::Required,
            rejects_private: true,
            message: Some(MESSAGE.into()),
        }
    }

    #[test]
    fn internal_hosts_are_refused_in_every_spelling() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "printer.local",
            "db.internal",
            "intranet",
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "2130706433",
            "017700000001",
            "0",
            "10.1.2.3",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[::ffff:8.8.8.8]",
            "[::127.0.0.1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fdff::1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[5f00::1]",
            "[ff02::1]",
            "[2001:db8::1]",
        ] {
            let url = Url::parse(&format!("https://{host}/hooks")).expect("a URL");
            let refused = cepro().check(&url, &[]).expect_err(host);
            assert_eq!(refused.to_string(), MESSAGE);
        }
    }

    #[test]
    fn external_https_is_taken() {
        for host in [
            "example.com",
            "abc123.ngrok.io",
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "[2606:4700::1111]",
            "192.0.1.1",
        ] {
            let url = Url::parse(&format!("https://{host}/hooks")).expect("a URL");
            assert_eq!(
                cepro().check(&url, &["1.1.1.1".parse().expect("an address")]),
                Ok(()),
                "{host}"
            );
        }
    }

    #[test]
    fn a_name_that_resolves_inside_is_refused() {
        let url = Url::parse("https://example.com/hooks").expect("a URL");
        let addresses = ["1.1.1.1", "10.0.0.1"].map(|a| a.parse().expect("an address"));
        assert!(cepro().check(&url, &addresses).is_err());
    }

    #[test]
    fn plain_http_is_for_development_only() {
        let policy = UrlPolicy {
            https: Https::ExceptDev,
            rejects_private: false,
            message: None,
        };
        let check = |url: &str| policy.check(&Url::parse(url).expect("a URL"), &[]).is_ok();
        assert!(check("http://localhost:3000/") && check("https://example.com/"));
        assert!(!check("http://example.com/"));
    }
}
