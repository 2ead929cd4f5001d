//! The stop: one side says it, any number of others wait for it.

use tokio::sync::watch;

/// Waits for the stop. Clones wait for the same one.
#[derive(Clone, Debug)]
pub(crate) struct Shutdown(watch::Receiver<bool>);

/// Says the stop. Dropping it says it too: nothing runs on that nobody could stop.
#[derive(Debug)]
pub(crate) struct Trigger(watch::Sender<bool>);

impl Shutdown {
    /// A stop that has not been said, and the means to say it.
    pub(crate) fn new() -> (Trigger, Self) {
        let (said, heard) = watch::channel(false);
        (Trigger(said), Self(heard))
    }

    /// Waits until the stop is said; returns at once where it has been.
    pub(crate) async fn stopped(&self) {
        let mut heard = self.0.clone();
        // The error says that the trigger was dropped, which is a stop as well.
        let _ = heard.wait_for(|stopped| *stopped).await;
    }

    /// Whether the stop has been said.
    pub(crate) fn is_said(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}

impl Trigger {
    /// Says the stop. Saying it again changes nothing.
    pub(crate) fn stop(&self) {
        self.0.send_replace(true);
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
    }

    #[tokio::test]
    async fn a_dropped_trigger_is_a_stop() {
        let (trigger, shutdown) = Shutdown::new();
        drop(trigger);
        shutdown.stopped().await;
        assert!(shutdown.is_said());
    }
}
