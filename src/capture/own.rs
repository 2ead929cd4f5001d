//! Whether a URL leads to a listener of the user's own, however it is written.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::Path;

use url::Url;

use crate::delivery::socket_addresses;

use super::register::running_entries;
use super::running_listeners;

/// A way on which a delivery comes back to the listener that forwards it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Circle {
    /// Where it begins.
    pub(crate) url: Url,
    /// The first other listener on it; `None`: the URL is the listener itself.
    pub(crate) by_way_of: Option<SocketAddr>,
}

/// The way on which a delivery would come back to a listener that is bound to `own`, if one of its
/// targets leads there: at once, or by listeners in the register that forward in their turn.
pub(crate) async fn circle(
    own: SocketAddr,
    register: &Path,
    targets: impl Iterator<Item = &Url>,
) -> Option<Circle> {
    let others = running_entries(register);
    for url in targets {
        let found = socket_addresses(url).await;
        let comes_back =
            |from: &[SocketAddr]| from.iter().any(|target| reaches(*target, own, is_local));
        if comes_back(&found) {
            return Some(Circle {
                url: url.clone(),
                by_way_of: None,
            });
        }
        // Every listener that a delivery reaches, and by which of the first ones.
        let mut seen = HashSet::new();
        let mut ways: Vec<_> = found.into_iter().map(|target| (target, None)).collect();
        while let Some((target, first)) = ways.pop() {
            for (nth, other) in others.iter().enumerate() {
                let mut bound = other.bound.iter();
                let Some(bound) = bound.find(|bound| reaches(target, **bound, is_local)) else {
                    continue;
                };
                let first = first.or(Some(*bound));
                if comes_back(&other.forwards) {
                    return Some(Circle {
                        url: url.clone(),
                        by_way_of: first,
                    });
                }
                if seen.insert(nth) {
                    ways.extend(other.forwards.iter().map(|target| (*target, first)));
                }
            }
        }
    }
    None
}

/// The running listener in a register that a request to this URL would reach.
///
/// Addresses are compared, never names: the host is looked up as it is for a request.
pub(crate) async fn own_listener(register: &Path, url: &Url) -> Option<SocketAddr> {
    let listeners = running_listeners(register);
    if listeners.is_empty() {
        // The host's name need not be looked up.
        return None;
    }
    let targets = socket_addresses(url).await;
    listeners.into_iter().find(|listener| {
        let mut targets = targets.iter();
        targets.any(|target| reaches(*target, *listener, is_local))
    })
}

/// Whether a connection to `target` arrives at a listener that is bound to `listener`.
fn reaches(
    target: SocketAddr,
    listener: SocketAddr,
    is_local: impl Fn(SocketAddr) -> bool,
) -> bool {
    if target.port() != listener.port() {
        return false;
    }
    let target = destination(target);
    match listener.ip().to_canonical() {
        bound if bound == target.ip() => true,
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => target.is_ipv4() && is_local(target),
        // IPv4 arrives there too, unless the system is set up otherwise.
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => is_local(target),
        _ => false,
    }
}

/// Where the system connects to: by IPv4 where that is mapped, to itself where the address is none.
fn destination(target: SocketAddr) -> SocketAddr {
    let ip = match target.ip().to_canonical() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    if ip == target.ip() {
        // With the interface that a link-local address is of.
        target
    } else {
        SocketAddr::new(ip, target.port())
    }
}

/// Whether an address is one of this machine's: then a socket can be bound to it.
fn is_local(mut address: SocketAddr) -> bool {
    address.set_port(0);
    UdpSocket::bind(address).is_ok()
}

#[cfg(test)]
mod tests;
