//! What moves at the lower end of the screen: lines that count down, and a bar over all.
//!
//! A thread of its own draws ten times a second, so that a countdown moves while nothing else
//! happens and whoever reports waits for no terminal. What is written meanwhile goes
//! [above](Progress::above). Nothing is drawn for what is over in a fifth of a second.

mod picture;
mod screen;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::streams::Streams;
use picture::Picture;
use screen::Screen;

pub(crate) use picture::{Bar, Goal, Line, Moment};

/// How long a picture stands.
const TICK: Duration = Duration::from_millis(100);

/// The moving part of a terminal; it is gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    shared: Arc<Shared>,
    ticking: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    picture: Mutex<Picture>,
    /// Told of the end.
    ended: Condvar,
    /// What draws, and knows what is drawn.
    canvas: ProgressBar,
    /// The columns that the user named.
    columns: Option<usize>,
}

impl Progress {
    /// Nothing yet; `None` where these streams are no terminal on which something may move.
    pub(crate) fn new(streams: &Streams) -> Option<Self> {
        if !streams.can_move() {
            return None;
        }
        let columns = streams.named_columns();
        let screen = Screen::new(Box::new(std::io::stderr()), columns);
        let target = ProgressDrawTarget::term_like(Box::new(screen));
        let style = ProgressStyle::with_template("{msg}").ok()?;
        let shared = Arc::new(Shared {
            picture: Mutex::new(Picture::new(Instant::now())),
            ended: Condvar::new(),
            canvas: ProgressBar::with_draw_target(None, target).with_style(style),
            columns,
        });
        let theirs = Arc::clone(&shared);
        // Where there are no threads left nothing moves, and all else goes on.
        let ticking = thread::Builder::new()
            .name("progress".to_owned())
            .spawn(move || theirs.tick())
            .ok()?;
        Some(Self {
            shared,
            ticking: Some(ticking),
        })
    }

    /// Shows a line under a key of the caller's, in place of the one that it had.
    pub(crate) fn line(&self, key: u128, line: Line) {
        self.shared.picture().line(key, line, Instant::now());
    }

    /// Takes a line away.
    pub(crate) fn end(&self, key: u128) {
        self.shared.picture().end(key);
    }

    /// Shows the bar, or another state of it.
    pub(crate) fn bar(&self, bar: Bar) {
        self.shared.picture().bar(bar);
    }

    /// Has something written above: the moving part makes room for it.
    pub(crate) fn above<T>(&self, write: impl FnOnce() -> T) -> T {
        self.shared.canvas.suspend(write)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shared.picture().is_ended = true;
        self.shared.ended.notify_all();
        if let Some(ticking) = self.ticking.take() {
            // It has nothing to say.
            let _ = ticking.join();
        }
        self.shared.canvas.finish_and_clear();
    }
}

impl Shared {
    fn picture(&self) -> MutexGuard<'_, Picture> {
        self.picture.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws until the end.
    fn tick(&self) {
        let mut picture = self.picture();
        while !picture.is_ended {
            let size = screen::size(self.columns);
            let text = picture.draw(Instant::now(), size);
            // Nobody waits for the terminal with the picture in hand.
            drop(picture);
            if let Some(text) = text {
                self.canvas.set_message(text);
            }
            picture = self.picture();
            if !picture.is_ended {
                let woken = self.ended.wait_timeout(picture, TICK);
                (picture, _) = woken.unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}
