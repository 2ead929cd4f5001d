//! A receiver that does as its script says, faults included.

use std::collections::HashMap;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Weak};
use std::thread;

use super::raw::header;
use super::running::LIMIT;

/// What the receiver does with one request.
#[derive(Clone)]
pub(crate) enum Answer {
    /// Answers, and keeps the connection.
    Reply(Reply),
    /// Writes these bytes as they are and closes the connection.
    Raw(Vec<u8>),
    /// Closes the connection without an answer.
    Close,
    /// Resets the connection.
    Reset,
    /// Says nothing for as long as the receiver stands.
    Hang,
}

/// A well-formed response; its length is stated for it.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A request as it came: the bytes of its head, with the empty line, and of its body.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) head: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

/// An HTTP/1.1 server on a port of its own that plays a list of answers, the last one for ever.
///
/// Dropping it panics if no request ever came: a test that means so says [`unused`](Self::unused).
pub(crate) struct Receiver {
    addr: SocketAddr,
    stage: Arc<Stage>,
    is_unused: bool,
}

/// What is answered to a request, of which so many came with the same webhook id before.
type Script = dyn Fn(&Request, usize) -> Answer + Send + Sync;

#[derive(Default)]
struct Stage {
    script: Vec<Answer>,
    /// Answers in the place of the list.
    by_request: Option<Box<Script>>,
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    requests: Vec<Request>,
    /// How many came with each webhook id.
    by_id: HashMap<String, usize>,
    /// To be shut at the end; a connection that is done with is gone from here by itself.
    connections: Vec<Weak<TcpStream>>,
    has_ended: bool,
}

impl Reply {
    /// A response with this status, no header lines and no body.
    pub(crate) fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Adds a header line.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        write!(bytes, "HTTP/1.1 {} \r\n", self.status).unwrap();
        for (name, value) in &self.headers {
            write!(bytes, "{name}: {value}\r\n").unwrap();
        }
        if self.status != 204 && self.status != 304 {
            write!(bytes, "content-length: {}\r\n", self.body.len()).unwrap();
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

impl From<u16> for Answer {
    fn from(status: u16) -> Self {
        Reply::new(status).into()
    }
}

impl Request {
    /// The value of the first header line of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }
}

impl Receiver {
    /// Starts to answer, request after request whichever connection they come on.
    pub(crate) fn start(script: impl IntoIterator<Item = impl Into<Answer>>) -> Self {
        let script: Vec<Answer> = script.into_iter().map(Into::into).collect();
        assert!(!script.is_empty(), "a receiver needs an answer");
        Self::play(Stage {
            script,
            ..Stage::default()
        })
    }

    /// As [`start`](Self::start), with an answer to each request by what it is and by how many came with
    /// its webhook id before.
    pub(crate) fn start_by(
        script: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::play(Stage {
            by_request: Some(Box::new(script)),
            ..Stage::default()
        })
    }

    /// As [`start`](Self::start), where somebody else has listened before.
    pub(crate) fn start_at(addr: SocketAddr, status: u16) -> Self {
        let script = vec![status.into()];
        let stage = Stage {
            script,
            ..Stage::default()
        };
        Self::play_on(TcpListener::bind(addr).unwrap(), stage)
    }

    fn play(stage: Stage) -> Self {
        Self::play_on(TcpListener::bind("127.0.0.1:0").unwrap(), stage)
    }

    fn play_on(listener: TcpListener, stage: Stage) -> Self {
        let addr = listener.local_addr().unwrap();
        let stage = Arc::new(stage);
        let theirs = Arc::clone(&stage);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = Arc::new(stream.unwrap());
                if !theirs.admit(&stream) {
                    return;
                }
                let stage = Arc::clone(&theirs);
                thread::spawn(move || stage.serve(&stream));
            }
        });
        Self {
            addr,
            stage,
            is_unused: false,
        }
    }

    /// Expects that no request comes: dropping it panics if one did.
    pub(crate) fn unused(mut self) -> Self {
        self.is_unused = true;
        self
    }

    /// Its address, with no path: `http://127.0.0.1:4711`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The requests that have come whole so far, in the order in which they were answered.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.stage.lock().requests.clone()
    }

    /// Waits until so many requests have come, and returns all there are.
    ///
    /// Panics where they do not come within the limit.
    #[track_caller]
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Request> {
        let state = self.stage.lock();
        let (state, _) = self
            .stage
            .news
            .wait_timeout_while(state, LIMIT, |state| state.requests.len() < count)
            .unwrap();
        let come = state.requests.len();
        assert!(come >= count, "{come} of {count} requests came");
        state.requests.clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stage.end();
        // The accepting thread looks up when something comes.
        let _ = TcpStream::connect(self.addr);
        if !thread::panicking() {
            let came = self.stage.lock().requests.len();
            assert!(self.is_unused || came > 0, "the receiver was never called");
            assert!(
                !self.is_unused || came == 0,
                "the receiver was called {came} times"
            );
        }
    }
}

impl Stage {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Takes a connection on, unless the play is over.
    fn admit(&self, stream: &Arc<TcpStream>) -> bool {
        let mut state = self.lock();
        state.connections.push(Arc::downgrade(stream));
        !state.has_ended
    }

    fn end(&self) {
        let mut state = self.lock();
        state.has_ended = true;
        for stream in state.connections.iter().filter_map(Weak::upgrade) {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        self.news.notify_all();
    }

    /// Answers the requests of one connection until either side has had enough.
    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        loop {
            let request = read(stream)?;
            let answer = self.note(request);
            if matches!(answer, Answer::Reset) {
                // A socket that is closed while it holds an unread byte is reset.
                return Ok(());
            }
            let mut stream = stream;
            stream.read_exact(&mut [0])?;
            match answer {
                Answer::Reply(reply) => stream.write_all(&reply.bytes())?,
                Answer::Raw(bytes) => return stream.write_all(&bytes),
                Answer::Close | Answer::Reset => return Ok(()),
                Answer::Hang => {
                    let state = self.lock();
                    drop(self.news.wait_while(state, |state| !state.has_ended));
                    return Ok(());
                }
            }
        }
    }

    /// Keeps a request and returns what the script has for it.
    fn note(&self, request: Request) -> Answer {
        let mut state = self.lock();
        let answer = match &self.by_request {
            Some(script) => {
                let id = request
                    .header("x-webhook-id")
                    .unwrap_or_default()
                    .to_owned();
                let came = state.by_id.entry(id).or_default();
                *came += 1;
                script(&request, *came - 1)
            }
            None => self.script[state.requests.len().min(self.script.len() - 1)].clone(),
        };
        state.requests.push(request);
        self.news.notify_all();
        answer
    }
}

/// Reads one request whose body has a stated length, and leaves its last byte in the socket.
fn read(mut stream: &TcpStream) -> io::Result<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if !head.is_empty() {
            stream.read_exact(&mut [0])?;
        }
        head.push(peek(stream)?);
    }
    let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    if let Some((last, rest)) = body.split_last_mut() {
        stream.read_exact(&mut [0])?;
        stream.read_exact(rest)?;
        *last = peek(stream)?;
    }
    Ok(Request { head, body })
}

fn peek(stream: &TcpStream) -> io::Result<u8> {
    let mut byte = [0];
    match stream.peek(&mut byte)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(byte[0]),
    }
}

mod tests {
    use std::io::{self, Read as _, Write as _};
    use std::net::TcpStream;

    use crate::support::{Answer, Receiver, Reply, Request, raw};

    const PING: &str = "POST /hooks HTTP/1.1\r\nX-Name: one\r\nContent-Length: 2\r\n\r\n\0\n";

    /// What a sender reads of each of `count` answers over one connection after another.
    fn answers(receiver: &Receiver, count: usize) -> Vec<String> {
        (0..count)
            .map(|_| String::from_utf8(raw(receiver.addr, PING)).unwrap())
            .collect()
    }

    #[test]
    fn plays_its_script_and_repeats_the_last_answer() {
        let late = Reply::new(429).header("Retry-After", "5").body("later");
        let script = [
            500.into(),
            late.into(),
            Answer::Raw(b"no".into()),
            Answer::Close,
        ];
        let receiver = Receiver::start(script);
        let expected = [
            "HTTP/1.1 500 \r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 429 \r\nRetry-After: 5\r\ncontent-length: 5\r\n\r\nlater",
            "no",
            "",
            "",
        ];
        assert_eq!(answers(&receiver, 5), expected);
        assert_eq!(receiver.requests().len(), 5);
    }

    #[test]
    fn keeps_the_bytes_of_each_request() {
        let receiver = Receiver::start([204]);
        assert_eq!(receiver.url(), format!("http://{}", receiver.addr));
        let mut stream = TcpStream::connect(receiver.addr).unwrap();
        stream.write_all(PING.repeat(2).as_bytes()).unwrap();
        let requests = receiver.wait_for(2);
        let bytes = |request: &Request| [&*request.head, &request.body].concat();
        assert_eq!(bytes(&requests[0]), PING.as_bytes());
        assert_eq!(bytes(&requests[1]), PING.as_bytes());
        assert_eq!(requests[1].body, b"\0\n");
        assert_eq!(requests[1].header("x-name"), Some("one"));
    }

    #[test]
    fn resets_a_connection() {
        let receiver = Receiver::start([Answer::Reset]);
        let mut stream = TcpStream::connect(receiver.addr).unwrap();
        stream.write_all(PING.as_bytes()).unwrap();
        let error = stream.read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }

    #[test]
    fn hangs_until_it_is_dropped() {
        let receiver = Receiver::start([Answer::Hang]);
        let mut stream = TcpStream::connect(receiver.addr).unwrap();
        stream.write_all(PING.as_bytes()).unwrap();
        receiver.wait_for(1);
        stream.set_nonblocking(true).unwrap();
        let error = stream.read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
        stream.set_nonblocking(false).unwrap();
        drop(receiver);
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    }

    #[test]
    fn may_expect_no_call() {
        drop(Receiver::start([200]).unused());
    }

    #[test]
    #[should_panic(expected = "the receiver was never called")]
    fn fails_when_nobody_called() {
        drop(Receiver::start([200]));
    }

    #[test]
    #[should_panic(expected = "the receiver was called 1 times")]
    fn fails_when_somebody_called_what_should_be_unused() {
        let receiver = Receiver::start([200]).unused();
        answers(&receiver, 1);
    }
}
