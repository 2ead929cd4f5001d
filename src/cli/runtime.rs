//! The runtime of the commands that need one, and the signals that end them.

use std::future::Future;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::error::Error;
use super::exit::Exit;

/// Runs a future on this thread; a first SIGINT or SIGTERM ends it as interrupted.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    end_on(runtime, work)
}

/// The threads beyond which connections go no faster: one more makes the deliveries.
const MOST: usize = 4;

/// As [`block_on`], with threads of their own for what is spawned: the connections of a load.
pub(crate) fn block_on_beside_threads(
    work: impl Future<Output = Result<Exit, Error>>,
) -> Result<Exit, Error> {
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build();
    end_on(runtime, work)
}

fn end_on<T>(
    runtime: std::io::Result<Runtime>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let runtime =
        runtime.map_err(|error| Error::input(format!("cannot start the runtime: {error}")))?;
    let result = runtime.block_on(work);
    // A name look-up that hangs must not hold the end up.
    runtime.shutdown_timeout(Duration::ZERO);
    result
}

/// A signal that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caught {
    /// SIGINT, which a terminal sends to all that run in its foreground.
    Interrupt,
    /// SIGTERM, which is for this process alone.
    Terminate,
}

/// Waits for SIGINT or SIGTERM (Ctrl-C on Windows).
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// From here on the signals are ours.
    pub(crate) fn catch() -> Result<Self, Error> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let catch = |kind| {
                signal(kind).map_err(|error| Error::input(format!("cannot catch signals: {error}")))
            };
            Ok(Self {
                terminate: catch(SignalKind::terminate())?,
                interrupt: catch(SignalKind::interrupt())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// The next signal.
    pub(crate) async fn next(&mut self) {
        self.caught().await;
    }

    /// The next signal, and which it is.
    pub(crate) async fn caught(&mut self) -> Caught {
        #[cfg(unix)]
        tokio::select! {
            // Of two that are there, the one that can be repeated comes first.
            biased;
            _ = self.interrupt.recv() => Caught::Interrupt,
            _ = self.terminate.recv() => Caught::Terminate,
        }
        #[cfg(not(unix))]
        {
            // An error says that there is nothing to wait for.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            Caught::Interrupt
        }
    }
}
