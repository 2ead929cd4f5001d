//! When a run of `wh listen` is over: by what came, by the time, by the command beside it, by signals.

use std::convert::Infallible;
use std::future::pending;
use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::expectations::Standing;
use crate::cli::runtime::Caught;

/// How long the command has to end by itself once it is asked to.
const GRACE: Duration = Duration::from_secs(5);

/// How long is waited for what the command has set off, where no `--timeout` says it.
pub(super) const AFTERWARDS: Duration = Duration::from_secs(5);

/// What a run goes by.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Course {
    /// How long it may take, from the ready line on.
    pub(super) timeout: Option<Duration>,
    /// Whether it is over when nothing is waited for any more.
    pub(super) ends_when_met: bool,
}

/// A command at work beside the listener.
pub(super) trait Work {
    /// Waits for its end: its exit code. May be dropped and asked again.
    async fn ended(&mut self) -> u8;
    /// Passes an interrupt on, unless the terminal does.
    fn interrupt(&self);
    /// Asks it to end.
    fn ask(&self);
    /// Ends it.
    fn kill(&mut self);
}

/// How a run came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    /// What made the end.
    pub(super) by: By,
    /// The exit code of the command, if there was one and it has ended.
    pub(super) code: Option<u8>,
}

/// What makes the end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// There is nothing left to wait for.
    Itself,
    /// Something came that must not; a command was asked to end.
    Broken,
    /// The time was over; a command that still ran was asked to end.
    Time {
        /// Whether the command still ran.
        cut: bool,
    },
    /// A signal.
    Signal,
    /// A second signal, while the command still ran.
    Impatience,
}

impl Course {
    /// Waits until the run is over. Must be called when the listener is ready. `seen` ends when there
    /// is nothing else to wait for than what is expected.
    pub(super) async fn run(
        self,
        standing: &watch::Receiver<Standing>,
        caught: &mut impl AsyncFnMut() -> Caught,
        work: Option<&mut impl Work>,
        seen: impl Future<Output = ()>,
    ) -> Ending {
        let (tell, met) = watch::channel(false);
        let meeting = async {
            tokio::join!(reached(standing, |now| !now.open), seen);
            tell.send_replace(true);
            pending::<Infallible>().await
        };
        tokio::select! {
            // Before the clock: what has come already is no matter of time.
            biased;
            never = meeting => match never {},
            ending = self.follow((standing, &met), caught, work) => ending,
        }
    }

    /// The same, where `met` says that nothing is waited for any more.
    async fn follow(
        self,
        (standing, met): (&watch::Receiver<Standing>, &watch::Receiver<bool>),
        caught: &mut impl AsyncFnMut() -> Caught,
        work: Option<&mut impl Work>,
    ) -> Ending {
        let mut time = pin!(after(self.timeout));
        let Some(work) = work else {
            let by = tokio::select! {
                () = reached(standing, |now| now.broken) => By::Broken,
                () = reached(met, |met| *met), if self.ends_when_met => By::Itself,
                () = &mut time => By::Time { cut: false },
                _ = caught() => By::Signal,
            };
            return Ending { by, code: None };
        };
        let ending = attend(standing, time.as_mut(), caught, work).await;
        if ending
            != (Ending {
                by: By::Itself,
                code: Some(0),
            })
        {
            return ending;
        }
        let afterwards = self.timeout.is_none().then_some(AFTERWARDS);
        let by = tokio::select! {
            biased;
            () = reached(met, |met| *met) => By::Itself,
            () = reached(standing, |now| now.broken) => By::Itself,
            _ = caught() => By::Signal,
            () = &mut time => By::Time { cut: false },
            () = after(afterwards) => By::Time { cut: false },
        };
        Ending { by, ..ending }
    }
}

/// Waits until the command has ended, by itself or because it had to.
async fn attend(
    standing: &watch::Receiver<Standing>,
    mut time: Pin<&mut impl Future<Output = ()>>,
    caught: &mut impl AsyncFnMut() -> Caught,
    work: &mut impl Work,
) -> Ending {
    let mut by = By::Itself;
    loop {
        tokio::select! {
            code = work.ended() => return Ending { by, code: Some(code) },
            () = reached(standing, |now| now.broken) => {
                return dismiss(By::Broken, caught, work).await;
            }
            () = &mut time => return dismiss(By::Time { cut: true }, caught, work).await,
            signal = caught() => match signal {
                _ if by == By::Signal => return Ending { by: By::Impatience, code: None },
                Caught::Interrupt => {
                    work.interrupt();
                    by = By::Signal;
                }
                Caught::Terminate => return dismiss(By::Signal, caught, work).await,
            }
        }
    }
}

/// Has the command end: it is asked, and after a while, or at a signal, it is ended.
async fn dismiss(by: By, caught: &mut impl AsyncFnMut() -> Caught, work: &mut impl Work) -> Ending {
    work.ask();
    let by_itself = tokio::select! {
        code = work.ended() => Some(code),
        () = sleep(GRACE) => None,
        _ = caught() => None,
    };
    let code = if let Some(code) = by_itself {
        code
    } else {
        work.kill();
        work.ended().await
    };
    Ending {
        by,
        code: Some(code),
    }
}

/// Waits until the run stands so; for ever where nobody tells any more.
async fn reached<T>(standing: &watch::Receiver<T>, so: impl Fn(&T) -> bool) {
    if standing.clone().wait_for(|now| so(now)).await.is_err() {
        pending::<()>().await;
    }
}

/// Waits so long; for ever where nothing is said of it.
async fn after(length: Option<Duration>) {
    match length {
        Some(length) => sleep(length).await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests;
