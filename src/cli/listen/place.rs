//! Where `wh listen` listens.

use std::net::{IpAddr, SocketAddr};

use tokio::net::TcpListener;

use crate::capture::Registered;
use crate::cli::args::or_variable;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::report::Certificate;
use crate::server::Entrance;

use super::tls::TlsArgs;

/// The address to listen on.
#[derive(Debug, clap::Args)]
pub(super) struct PlaceArgs {
    /// Port; 0 picks a free one [default: 4600]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Address to bind [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    host: Option<String>,
    #[command(flatten)]
    tls: TlsArgs,
}

/// A socket that is bound.
pub(super) struct Place {
    pub(super) entrance: Entrance,
    /// The certificate that is shown, where TLS is spoken.
    pub(super) shown: Option<Certificate>,
    /// The URL by which it is reached.
    pub(super) url: String,
    /// Tells the other commands that this address is the user's own, for as long as it lives.
    pub(super) registered: Option<Registered>,
}

impl PlaceArgs {
    /// Binds the address that the flags, the environment or the settings name.
    pub(super) async fn open(&self, context: &mut Context) -> Result<Place, Error> {
        let (host, port) = self.address(context)?;
        let secured = self.tls.secured(context, &host)?;
        let (identity, shown) = secured.unzip();
        let listener = bind(&host, port).await?;
        let registered = register(&listener, context)?;
        let scheme = if shown.is_some() { "https" } else { "http" };
        Ok(Place {
            url: format!("{scheme}://{}", reached_by(&listener)?),
            entrance: Entrance { listener, identity },
            shown,
            registered,
        })
    }

    fn address(&self, context: &Context) -> Result<(String, u16), Error> {
        let settings = &context.config.listen;
        let host = or_variable(self.host.clone(), "WH_HOST")?.or_else(|| settings.host.clone());
        let port = or_variable(self.port, "WH_PORT")?.or(settings.port);
        Ok((
            host.unwrap_or_else(|| "127.0.0.1".to_owned()),
            port.unwrap_or_default(),
        ))
    }
}

/// A host without the brackets of an IPv6 address.
pub(super) fn literal(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

async fn bind(host: &str, port: u16) -> Result<TcpListener, Error> {
    TcpListener::bind((literal(host), port))
        .await
        .map_err(|error| {
            let cannot = Error::input(format!("cannot listen on {host} port {port}: {error}"));
            match error.kind() {
                std::io::ErrorKind::AddrInUse => cannot.hint("--port 0 picks a free port"),
                std::io::ErrorKind::PermissionDenied => {
                    cannot.hint("ports below 1024 want root: --port 4600")
                }
                _ => cannot.hint("--host takes an address of this machine, for example 127.0.0.1"),
            }
        })
}

/// Tells the other commands that this address is the user's own, for as long as the entry lives.
///
/// Where that cannot be told, a note says so: a listener is of use without it.
fn register(socket: &TcpListener, context: &mut Context) -> Result<Option<Registered>, Error> {
    let directory = context.paths.listeners();
    match Registered::enter(&directory, &[socket.local_addr()?]) {
        Ok(entry) => Ok(Some(entry)),
        Err(error) => {
            let directory = directory.display();
            context.note(format!(
                "cannot register in `{directory}`: {error}; `wh replay` will not know this listener \
                 for its own"
            ))?;
            Ok(None)
        }
    }
}

/// The address by which a socket is reached: of a wildcard address, the loopback one.
fn reached_by(socket: &TcpListener) -> Result<SocketAddr, Error> {
    let address = socket.local_addr()?;
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from(std::net::Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    Ok(SocketAddr::new(ip, address.port()))
}
