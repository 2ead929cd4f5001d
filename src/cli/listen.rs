//! `wh listen`: an inspector for what comes in.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use clap::ValueEnum;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::capture::{Dedupe, EventFilter, Ledger, ListenerOptions, Registered, serve};
use crate::report::Ready;
use crate::server::Shutdown;
use crate::signature::{Field, Scheme};
use crate::store::Writer;

use super::args::{SecretArgs, TargetUrl, ToleranceArg, keys_of, or_variable};
use super::context::Context;
use super::error::Error;
use super::exit::Exit;
use super::printer::Printer;
use super::runtime::{Signals, block_on};

/// Receive deliveries: verify, show and answer them
///
/// Valid deliveries are answered 200, and so are repeats; invalid, stale, ambiguous and unsigned
/// ones 401. Without a secret nothing is verified and everything is answered 200.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  wh listen --secret-file secret.txt
  wh listen -P wlcro --port 0 --json --secret-env WLCRO_SECRET
  wh listen -e 'invoice.*,!invoice.created'")]
pub(crate) struct Args {
    /// Port; 0 picks a free one [default: 4600]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Address to bind [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    host: Option<String>,
    /// Show these events only: globs with commas, `!` takes some out again
    #[arg(short, long, value_name = "GLOBS")]
    events: Vec<EventFilter>,
    /// How far a timestamp may lie from now, or `off` [default: the provider's rule]
    #[arg(long, value_name = "DURATION")]
    tolerance: Option<ToleranceArg>,
    /// Answer 200 whatever the verdict
    #[arg(long)]
    accept_invalid: bool,
    /// How repeats are known: by the provider's id, or by equal bodies
    #[arg(long, value_name = "HOW", default_value = "provider")]
    dedupe: DedupeArg,
    /// URL that senders call, where the provider signs it
    #[arg(long, value_name = "URL")]
    public_url: Option<TargetUrl>,
    /// Write credentials in headers out, in JSON
    #[arg(long)]
    no_redact: bool,
    #[command(flatten)]
    secret: SecretArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DedupeArg {
    /// By the provider's id
    Provider,
    /// By equal bodies
    Body,
}

/// Updates that may wait for the reporter.
const WAITING: usize = 1024;

impl Args {
    pub(crate) fn run(self: Box<Self>, context: &mut Context) -> Result<Exit, Error> {
        let provider = context.provider_with(self.tolerance)?;
        let signs_url = |scheme: &Scheme| scheme.signs.has(&Field::Url);
        if self.public_url.is_none() && provider.schemes.iter().any(signs_url) {
            return Err(
                Error::usage(format!("`{}` signs the URL that is called", provider.id))
                    .hint("--public-url says which one that is"),
            );
        }
        let secrets = self.secret.given(context)?;
        let keys = keys_of(&provider, &secrets)?;
        let mut reporter = context.reporter(&provider, !self.no_redact);
        let (host, port) = self.address(context)?;
        let mut ready = Ready {
            url: String::new(),
            provider: provider.id.clone(),
            unchecked: secrets.is_empty(),
            accepts_invalid: self.accept_invalid,
        };
        let options = ListenerOptions {
            provider,
            keys,
            public_url: self.public_url.map(|url| url.0.into()),
            accept_invalid: self.accept_invalid,
            dedupe: match self.dedupe {
                DedupeArg::Provider => Dedupe::Provider,
                DedupeArg::Body => Dedupe::Body,
            },
            events: self
                .events
                .into_iter()
                .reduce(EventFilter::merge)
                .unwrap_or_default(),
            ledger: match context.store()? {
                Some(path) => Ledger::stored(Writer::open(&path)?),
                None => Ledger::memory(),
            },
        };
        block_on(async {
            let mut signals = Signals::catch()?;
            let socket = bind(&host, port).await?;
            let _registered = register(&socket, context)?;
            ready.url = url_of(&socket)?;
            reporter.ready(&ready)?;
            let (trigger, shutdown) = Shutdown::new();
            let trigger = Arc::new(trigger);
            let (updates, told) = mpsc::channel(WAITING);
            let printer = Printer::start(reporter, told, Arc::clone(&trigger));
            let served = async {
                let drained = serve(socket, options, updates, shutdown).await;
                printer.end(drained.running).await
            };
            let stop = async {
                signals.next().await;
                trigger.stop();
                signals.next().await;
            };
            tokio::select! {
                result = served => result.map(|()| Exit::Done),
                () = stop => Ok(Exit::Interrupted),
            }
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

async fn bind(host: &str, port: u16) -> Result<TcpListener, Error> {
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    TcpListener::bind((literal, port)).await.map_err(|error| {
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

/// The URL of a socket; a wildcard address is reached by the loopback one.
fn url_of(socket: &TcpListener) -> Result<String, Error> {
    let address = socket.local_addr()?;
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from(std::net::Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    Ok(format!("http://{}", SocketAddr::new(ip, address.port())))
}
