//! A listener at an entrance.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::server::{Drained, Entrance, Limits, Shutdown, accept};

use super::{Listener, ListenerOptions, Update};

/// Serves until the stop is said, then drains. Dropping the future waits for nothing, the disk included:
/// what is on its way there ends with the process.
pub(crate) async fn serve(
    entrance: impl Into<Entrance>,
    mut options: ListenerOptions,
    updates: mpsc::Sender<Update>,
    shutdown: Shutdown,
) -> Drained {
    let forwarder = options.forwarder.take();
    options.forwarder = forwarder.map(|forwarder| forwarder.until(shutdown.clone()));
    let listener = ManuallyDrop::new(Arc::new(Listener::new(options, updates, shutdown.clone())));
    let drained = tokio::select! {
        drained = accept(entrance, Arc::clone(&listener), Limits::default(), shutdown) => drained,
        never = listener.run() => match never {},
    };
    drop(ManuallyDrop::into_inner(listener));
    drained
}
