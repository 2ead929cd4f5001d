//! Troubles that may come thick, told at most once a period.

use std::future::pending;
use std::io;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::connection::NoHandshake;
use super::{Handler, Trouble};

/// The least time between two reports.
const PERIOD: Duration = Duration::from_secs(1);

/// What has gone wrong since the last report.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    turned_away: u64,
    failed: u64,
    error: Option<io::Error>,
    handshakes: u64,
    handshake: Option<NoHandshake>,
    quiet_until: Option<Instant>,
}

impl Troubles {
    /// Counts a connection that was turned away.
    pub(super) fn note_turned_away(&mut self) {
        self.turned_away += 1;
    }

    /// Counts an accept that failed.
    pub(super) fn note_failed(&mut self, error: io::Error) {
        self.failed += 1;
        self.error = Some(error);
    }

    /// Counts a handshake that failed.
    pub(super) fn note_handshake(&mut self, failed: NoHandshake) {
        self.handshakes += 1;
        self.handshake = Some(failed);
    }

    /// Waits until there is something to report and it is time to.
    pub(super) async fn due(&self) {
        if self.turned_away + self.failed + self.handshakes == 0 {
            pending::<()>().await;
        }
        if let Some(until) = self.quiet_until {
            sleep_until(until).await;
        }
    }

    /// Reports what there is, if anything, and is quiet for a period.
    pub(super) fn report<H: Handler>(&mut self, handler: &H) {
        if let Some(error) = self.error.take() {
            handler.trouble(Trouble::Accept {
                error,
                times: self.failed,
            });
        }
        if let Some(NoHandshake { peer, cause }) = self.handshake.take() {
            handler.trouble(Trouble::Handshake {
                peer,
                cause,
                times: self.handshakes,
            });
        }
        if self.turned_away > 0 {
            handler.trouble(Trouble::TurnedAway {
                connections: self.turned_away,
            });
        }
        *self = Self {
            quiet_until: Some(Instant::now() + PERIOD),
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};
    use std::pin::pin;
    use std::sync::Mutex;
    use std::task::{Context, Waker};

    use super::super::{Answer, Arrival, Handler, Trouble};
    use super::{NoHandshake, Troubles};

    #[derive(Default)]
    struct Told(Mutex<Vec<String>>);

    impl Handler for Told {
        async fn answer(&self, _: Arrival) -> Answer {
            unreachable!("no request comes")
        }

        fn trouble(&self, trouble: Trouble) {
            self.0
                .lock()
                .expect("one thread")
                .push(format!("{trouble:?}"));
        }
    }

    fn is_due(troubles: &Troubles) -> bool {
        pin!(troubles.due())
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    }

    #[tokio::test]
    async fn troubles_are_told_at_once_and_then_once_a_period() {
        let told = Told::default();
        let mut troubles = Troubles::default();
        assert!(!is_due(&troubles), "there is none");
        troubles.note_turned_away();
        assert!(is_due(&troubles));
        troubles.report(&told);
        for times in 1..=5 {
            troubles.note_handshake(NoHandshake {
                peer: ([127, 0, 0, 1], times).into(),
                cause: "no TLS".to_owned(),
            });
            troubles.note_failed(Error::from(ErrorKind::OutOfMemory));
            troubles.note_turned_away();
        }
        assert!(!is_due(&troubles), "the period has just begun");
        troubles.due().await;
        troubles.report(&told);
        assert!(!is_due(&troubles), "all is told");
        let expected = [
            "TurnedAway { connections: 1 }",
            "Accept { error: Kind(OutOfMemory), times: 5 }",
            "Handshake { peer: 127.0.0.1:5, cause: \"no TLS\", times: 5 }",
            "TurnedAway { connections: 5 }",
        ];
        assert_eq!(*told.0.lock().expect("one thread"), expected);
    }
}
