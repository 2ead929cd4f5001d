//! Senders that do not stop, and what they were told.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::iter;
use std::net::TcpStream;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// How long anything is waited for.
const LIMIT: Duration = Duration::from_secs(30);

/// A delivery, and what its sender was told.
pub(super) struct Sent {
    /// Its webhook id.
    pub(super) id: String,
    /// SHA-256 of its body.
    pub(super) hash: [u8; 32],
    /// The answer; `None` where the connection ended before there was one.
    pub(super) answer: Option<Answer>,
    /// When the answer had come.
    pub(super) at: Instant,
}

/// What a sender is told.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<String>,
    closes: bool,
}

impl Sent {
    /// Whether the sender may forget it.
    pub(super) fn is_accepted(&self) -> bool {
        let status = self.answer.as_ref().map(|answer| answer.status);
        status.is_some_and(|status| (200..300).contains(&status))
    }

    /// The status of the answer, 0 where there was none.
    pub(super) fn status(&self) -> u16 {
        self.answer.as_ref().map_or(0, |answer| answer.status)
    }
}

/// Makes the body of a delivery.
pub(super) type Body = fn(Uuid) -> Vec<u8>;

/// A body of any kind: empty, the same as others, one that compresses well, or noise.
pub(super) fn mixed(id: Uuid) -> Vec<u8> {
    let [kind, size, ..] = *id.as_bytes();
    match kind % 8 {
        0 => Vec::new(),
        1 => b"{\"event\":\"estimate.created\"}".repeat(4),
        2 | 3 => id.to_string().repeat(size.into()).into(),
        _ => noise(id, usize::from(size) * 4),
    }
}

/// A body of 16 KiB that does not compress.
pub(super) fn heavy(id: Uuid) -> Vec<u8> {
    noise(id, 16 * 1024)
}

fn noise(id: Uuid, length: usize) -> Vec<u8> {
    let first: [u8; 32] = Sha256::digest(id).into();
    iter::successors(Some(first), |hash| Some(Sha256::digest(hash).into()))
        .flatten()
        .take(length)
        .collect()
}

/// Sends one delivery on a connection of its own.
pub(super) fn send(addr: &str, body: Body) -> Sent {
    let mut line = Line::open(addr).unwrap();
    line.send(body)
}

/// Senders at work, each on a connection that is kept.
pub(super) struct Load {
    desk: Arc<Desk>,
    senders: Vec<JoinHandle<Vec<Sent>>>,
}

#[derive(Default)]
struct Desk {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    accepted: usize,
    refused: usize,
    ended: usize,
    is_over: bool,
}

impl Load {
    /// Starts so many senders, each of which sends until its connection ends.
    pub(super) fn start(addr: &str, senders: usize, body: Body) -> Self {
        Self::of(addr, senders, body, false)
    }

    /// As [`start`](Self::start); whose connection ends opens another.
    pub(super) fn start_stubborn(addr: &str, senders: usize, body: Body) -> Self {
        Self::of(addr, senders, body, true)
    }

    fn of(addr: &str, senders: usize, body: Body, is_stubborn: bool) -> Self {
        let desk = Arc::<Desk>::default();
        let senders = (0..senders).map(|_| {
            let (desk, addr) = (Arc::clone(&desk), addr.to_owned());
            thread::spawn(move || desk.work(&addr, body, is_stubborn))
        });
        Self {
            senders: senders.collect(),
            desk,
        }
    }

    /// Waits until so many were accepted, or nobody sends any more.
    pub(super) fn wait_accepted(&self, number: usize) {
        self.wait(|state| state.accepted >= number);
    }

    /// Waits until so many were refused, or nobody sends any more.
    pub(super) fn wait_refused(&self, number: usize) {
        self.wait(|state| state.refused >= number);
    }

    fn wait(&self, is_there: impl Fn(&State) -> bool) {
        let senders = self.senders.len();
        let state = self.desk.state.lock().unwrap();
        let (state, waited) = self
            .desk
            .news
            .wait_timeout_while(state, LIMIT, |state| {
                !is_there(state) && state.ended < senders
            })
            .unwrap();
        let (accepted, refused) = (state.accepted, state.refused);
        drop(state);
        assert!(
            !waited.timed_out(),
            "{accepted} accepted and {refused} refused within {LIMIT:?}"
        );
    }

    /// Lets each sender finish what it sends; returns all that was sent.
    pub(super) fn end(self) -> Vec<Sent> {
        self.desk.state.lock().unwrap().is_over = true;
        let senders = self.senders.into_iter();
        senders.flat_map(|sender| sender.join().unwrap()).collect()
    }
}

impl Desk {
    fn work(&self, addr: &str, body: Body, is_stubborn: bool) -> Vec<Sent> {
        let mut sent = Vec::new();
        // Whoever finds nobody there is done.
        while let Ok(mut line) = Line::open(addr) {
            let is_over = self.keep_sending(&mut line, body, &mut sent);
            if is_over || !is_stubborn {
                break;
            }
        }
        self.state.lock().unwrap().ended += 1;
        self.news.notify_all();
        sent
    }

    /// Sends until the connection ends; `true` where it is the load that does.
    fn keep_sending(&self, line: &mut Line, body: Body, all: &mut Vec<Sent>) -> bool {
        loop {
            if self.state.lock().unwrap().is_over {
                return true;
            }
            let sent = line.send(body);
            let goes_on = sent.answer.as_ref().is_some_and(|answer| !answer.closes);
            self.note(&sent);
            all.push(sent);
            if !goes_on {
                return false;
            }
        }
    }

    fn note(&self, sent: &Sent) {
        let mut state = self.state.lock().unwrap();
        state.accepted += usize::from(sent.is_accepted());
        state.refused += usize::from(!sent.is_accepted());
        self.news.notify_all();
    }
}

/// A connection of a sender.
struct Line(BufReader<TcpStream>);

impl Line {
    fn open(addr: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(LIMIT))?;
        stream.set_write_timeout(Some(LIMIT))?;
        Ok(Self(BufReader::new(stream)))
    }

    fn send(&mut self, body: Body) -> Sent {
        let id = Uuid::new_v4();
        let body = body(id);
        let head = format!(
            "POST / HTTP/1.1\r\nHost: h\r\nX-Webhook-ID: {id}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let written = self
            .0
            .get_mut()
            .write_all(&[head.as_bytes(), &body].concat());
        Sent {
            id: id.to_string(),
            hash: Sha256::digest(&body).into(),
            answer: written.and_then(|()| self.answer()).ok(),
            at: Instant::now(),
        }
    }

    fn answer(&mut self) -> io::Result<Answer> {
        let status = self.line()?;
        let status = status.get(9..12).and_then(|status| status.parse().ok());
        let mut answer = Answer {
            status: status.ok_or(io::ErrorKind::InvalidData)?,
            retry_after: None,
            closes: false,
        };
        let mut length = 0;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap(),
                Some(("retry-after", value)) => answer.retry_after = Some(value.to_owned()),
                Some(("connection", "close")) => answer.closes = true,
                Some(_) => {}
                None => break,
            }
        }
        self.0.read_exact(&mut vec![0; length])?;
        Ok(answer)
    }

    /// A line of a head, without its end.
    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        match line.strip_suffix("\r\n") {
            Some(line) => Ok(line.to_owned()),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}
