//! The addresses of a URL's host.

use std::net::{IpAddr, SocketAddr};

use url::Url;

/// The addresses that a URL's host has; none where it has none.
pub(crate) async fn addresses(url: &Url) -> Vec<IpAddr> {
    let found = socket_addresses(url).await;
    found.iter().map(SocketAddr::ip).collect()
}

/// The addresses that a request to this URL would connect to; none where its host has none.
pub(crate) async fn socket_addresses(url: &Url) -> Vec<SocketAddr> {
    let Some(host) = url.host_str() else {
        return Vec::new();
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default().unwrap_or(443);
    match tokio::net::lookup_host((host, port)).await {
        Ok(found) => found.collect(),
        Err(_) => Vec::new(),
    }
}
