//! A listener on a socket.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::server::{Drained, Limits, Shutdown, accept};

use super::{Listener, ListenerOptions, Update};

/// Serves until the stop is said, then drains.
pub(crate) async fn serve(
    socket: TcpListener,
    options: ListenerOptions,
    updates: mpsc::Sender<Update>,
    shutdown: Shutdown,
) -> Drained {
    let listener = Arc::new(Listener::new(options, updates));
    accept(socket, listener, Limits::default(), shutdown).await
}
