//! The stop: one side says it, any number of others wait for it.

use tokio::sync::watch;

/// Waits for the stop. Clones wait for the same one.
#[derive(Clone, Debug)]
pub(crate) struct Shutdown(watch::Receiver<Said>);

/// Says the stop. Dropping it says it too: nothing runs on that nobody could stop.
#[derive(Debug)]
pub(crate) struct Trigger(watch::Sender<Said>);

/// How much of a stop was said; the later holds the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Nothing,
    /// Nothing new begins.
    Close,
    /// And what is held back on purpose is let go.
    Stop,
}

impl Shutdown {
    /// A stop that has not been said, and the means to say it.
    pub(crate) fn new() -> (Trigger, Self) {
        let (said, heard) = watch::channel(Said::Nothing);
        (Trigger(said), Self(heard))
    }

    /// Waits until nothing new is to begin; returns at once where that has been said.
    pub(crate) async fn closed(&self) {
        self.said(Said::Close).await;
    }

    /// Waits until the stop is said in full; returns at once where it has been.
    pub(crate) async fn stopped(&self) {
        self.said(Said::Stop).await;
    }

    async fn said(&self, least: Said) {
        let mut heard = self.0.clone();
        // The error says that the trigger was dropped, which is a stop as well.
        let _ = heard.wait_for(|said| *said >= least).await;
    }

    /// Whether the stop has been said in full.
    pub(crate) fn is_said(&self) -> bool {
        *self.0.borrow() == Said::Stop || self.0.has_changed().is_err()
    }
}

impl Trigger {
    /// Says that nothing new is to begin; what has begun goes on in its own time. Changes nothing
    /// once the stop is said.
    pub(crate) fn close(&self) {
        self.say(Said::Close);
    }

    /// Says the stop. Saying it again changes nothing.
    pub(crate) fn stop(&self) {
        self.say(Said::Stop);
    }

    fn say(&self, more: Said) {
        self.0.send_if_modified(|said| {
            let is_news = *said < more;
            *said = more.max(*said);
            is_news
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Shutdown;

    #[tokio::test]
    async fn a_stop_reaches_every_clone_early_or_late() {
        let (trigger, shutdown) = Shutdown::new();
        let early = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { shutdown.stopped().await }
        });
        assert!(!shutdown.is_said());
        trigger.stop();
        assert!(shutdown.is_said());
        early.await.expect("the waiting task ends");
        shutdown.stopped().await;
        shutdown.closed().await;
    }

    #[tokio::test]
    async fn a_close_is_less_than_a_stop_and_takes_none_back() {
        let (trigger, shutdown) = Shutdown::new();
        trigger.close();
        shutdown.closed().await;
        assert!(!shutdown.is_said());
        trigger.stop();
        trigger.close();
        assert!(shutdown.is_said());
        shutdown.stopped().await;
    }

    #[tokio::test]
    async fn a_dropped_trigger_is_a_stop() {
        let (trigger, shutdown) = Shutdown::new();
        drop(trigger);
        shutdown.stopped().await;
        assert!(shutdown.is_said());
    }
}
