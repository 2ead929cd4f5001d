//! When a run ends; the clock stands still, and goes on where all wait for it.

use std::future::{pending, ready};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

use super::{AFTERWARDS, By, Course, Ending, GRACE, Work};
use crate::cli::listen::expectations::Standing;
use crate::cli::runtime::Caught;

const OPEN: Standing = Standing {
    open: true,
    broken: false,
};
const MET: Standing = Standing {
    open: false,
    broken: false,
};
const BROKEN: Standing = Standing {
    open: true,
    broken: true,
};

/// A command that ends after so many seconds, or when it is asked to, or when it is killed.
struct Command {
    ends: Option<u64>,
    code: u8,
    /// Whether it does what it is asked.
    obeys: bool,
    asked: watch::Sender<bool>,
    killed: bool,
    began: Instant,
}

impl Command {
    fn ending(ends: Option<u64>, code: u8) -> Self {
        Self {
            ends,
            code,
            obeys: true,
            asked: watch::channel(false).0,
            killed: false,
            began: Instant::now(),
        }
    }

    fn stubborn() -> Self {
        Self {
            obeys: false,
            ..Self::ending(None, 0)
        }
    }
}

impl Work for Command {
    async fn ended(&mut self) -> u8 {
        if self.killed {
            return 137;
        }
        let mut asked = self.asked.subscribe();
        let ends = self.ends.map(Duration::from_secs);
        tokio::select! {
            () = async {
                match ends {
                    Some(ends) => tokio::time::sleep_until(self.began + ends).await,
                    None => pending().await,
                }
            } => self.code,
            _ = asked.wait_for(|asked| *asked), if self.obeys => 143,
        }
    }

    fn interrupt(&self) {}

    fn ask(&self) {
        self.asked.send_replace(true);
    }

    fn kill(&mut self) {
        self.killed = true;
    }
}

/// What happens at which second.
#[derive(Clone, Copy)]
enum Happens {
    Stands(Standing),
    Caught(Caught),
}

/// Runs a course, and tells how it ended and after how many seconds.
async fn run(course: Course, script: &[(u64, Happens)], command: Option<Command>) -> (Ending, u64) {
    let began = Instant::now();
    let (standing, told) = watch::channel(OPEN);
    let (signals, mut caught) = mpsc::unbounded_channel();
    let play = async {
        for (second, happens) in script {
            tokio::time::sleep_until(began + Duration::from_secs(*second)).await;
            match happens {
                Happens::Stands(now) => {
                    standing.send_replace(*now);
                }
                Happens::Caught(signal) => signals.send(*signal).expect("somebody listens"),
            }
        }
        pending::<()>().await;
    };
    let mut command = command;
    let mut signal = async || caught.recv().await.expect("signals go on");
    let ending = tokio::select! {
        ending = course.run(&told, &mut signal, command.as_mut(), ready(())) => ending,
        () = play => unreachable!("it goes on for ever"),
    };
    (ending, began.elapsed().as_secs())
}

fn course(timeout: Option<u64>, ends_when_met: bool) -> Course {
    Course {
        timeout: timeout.map(Duration::from_secs),
        ends_when_met,
    }
}

const CUT: By = By::Time { cut: true };
const LATE: By = By::Time { cut: false };
const INTERRUPT: Happens = Happens::Caught(Caught::Interrupt);
const TERMINATE: Happens = Happens::Caught(Caught::Terminate);

#[tokio::test(start_paused = true)]
async fn without_a_command_it_ends_by_what_comes_the_time_or_a_signal() {
    let met = (3, Happens::Stands(MET));
    let broken = (3, Happens::Stands(BROKEN));
    for (timeout, ends_when_met, script, by, second) in [
        (None, true, &[met][..], By::Itself, 3),
        (Some(10), true, &[met], By::Itself, 3),
        // Something is forbidden until the time is over.
        (Some(10), false, &[met], LATE, 10),
        (Some(10), true, &[], LATE, 10),
        (Some(10), true, &[broken], By::Broken, 3),
        (
            Some(10),
            false,
            &[met, (5, Happens::Stands(BROKEN))],
            By::Broken,
            5,
        ),
        (None, false, &[met, (7, INTERRUPT)], By::Signal, 7),
        (None, true, &[(7, TERMINATE)], By::Signal, 7),
    ] {
        let (ending, at) = run(course(timeout, ends_when_met), script, None).await;
        assert_eq!((ending, at), (Ending { by, code: None }, second));
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_beyond_all_clocks_is_no_time() {
    let course = Course {
        timeout: Some(Duration::MAX),
        ends_when_met: true,
    };
    let (ending, _) = run(course, &[(3, Happens::Stands(MET))], None).await;
    assert_eq!(ending.by, By::Itself);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_ends_well_is_followed_by_what_is_still_expected() {
    let met = |second| (second, Happens::Stands(MET));
    let afterwards = AFTERWARDS.as_secs();
    for (timeout, script, by, second) in [
        // What is met does not end the command.
        (None, &[met(1)][..], By::Itself, 2),
        (None, &[met(4)], By::Itself, 4),
        (None, &[], LATE, 2 + afterwards),
        (Some(30), &[met(20)], By::Itself, 20),
        (Some(30), &[], LATE, 30),
        (Some(30), &[(9, Happens::Stands(BROKEN))], By::Itself, 9),
        (Some(30), &[(9, INTERRUPT)], By::Signal, 9),
    ] {
        let command = Command::ending(Some(2), 0);
        let ended = run(course(timeout, true), script, Some(command)).await;
        let code = Some(0);
        assert_eq!(ended, (Ending { by, code }, second));
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_that_fails_ends_the_run() {
    let command = Command::ending(Some(2), 3);
    let (ending, second) = run(course(Some(30), true), &[], Some(command)).await;
    let (by, code) = (By::Itself, Some(3));
    assert_eq!((ending, second), (Ending { by, code }, 2));
}

#[tokio::test(start_paused = true)]
async fn a_command_is_made_to_end() {
    let broken = (3, Happens::Stands(BROKEN));
    let grace = GRACE.as_secs();
    for (timeout, script, obeys, ending, second) in [
        (None, &[broken][..], true, (By::Broken, 143), 3),
        (Some(8), &[], true, (CUT, 143), 8),
        (Some(8), &[(3, Happens::Stands(MET))], true, (CUT, 143), 8),
        (None, &[(3, TERMINATE)], true, (By::Signal, 143), 3),
        (None, &[broken], false, (By::Broken, 137), 3 + grace),
        (Some(8), &[], false, (CUT, 137), 8 + grace),
        (None, &[(3, TERMINATE)], false, (By::Signal, 137), 3 + grace),
        // Whoever cannot wait ends it at once.
        (None, &[broken, (4, INTERRUPT)], false, (By::Broken, 137), 4),
    ] {
        let command = if obeys {
            Command::ending(None, 0)
        } else {
            Command::stubborn()
        };
        let ended = run(course(timeout, true), script, Some(command)).await;
        let (by, code) = ending;
        let code = Some(code);
        assert_eq!(ended, (Ending { by, code }, second));
    }
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_lets_the_command_end_in_its_own_way() {
    // It ends in its own time, and is not asked to.
    let command = Command::ending(Some(9), 130);
    let (ending, second) = run(course(None, true), &[(3, INTERRUPT)], Some(command)).await;
    let (by, code) = (By::Signal, Some(130));
    assert_eq!((ending, second), (Ending { by, code }, 9));
    // One that ends well is not waited after.
    let command = Command::ending(Some(9), 0);
    let (ending, second) = run(course(None, true), &[(3, INTERRUPT)], Some(command)).await;
    assert_eq!((ending.by, second), (By::Signal, 9));
    // A second one is for this process.
    let script = &[(3, INTERRUPT), (4, INTERRUPT)];
    let (ending, second) = run(course(None, true), script, Some(Command::stubborn())).await;
    let (by, code) = (By::Impatience, None);
    assert_eq!((ending, second), (Ending { by, code }, 4));
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_tells_no_more_ends_nothing() {
    let (standing, told) = watch::channel(OPEN);
    drop(standing);
    let mut signal = async || {
        sleep(Duration::from_secs(5)).await;
        Caught::Interrupt
    };
    let run = course(None, true).run(&told, &mut signal, None::<&mut Command>, ready(()));
    assert_eq!(run.await.by, By::Signal);
}
