//! The end of a connection whose answer is that it breaks.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::select;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::server::TlsStream;

use super::connection::Serving;
use super::watch::LINGER;
use super::wire::poll_discard;
use super::{Handler, Manner};

/// A connection that can be reset.
pub(super) trait Resettable {
    /// Makes its end a reset; where that is refused, it is closed all the same.
    fn reset_at_end(&self);
}

impl Resettable for TcpStream {
    fn reset_at_end(&self) {
        let _ = self.set_zero_linger();
    }
}

impl Resettable for TlsStream<TcpStream> {
    fn reset_at_end(&self) {
        self.get_ref().0.reset_at_end();
    }
}

/// What no client takes for an answer, not even for one of HTTP/0.9 by its first bytes.
const GARBAGE: &[u8] = b"\x00\xff\xfe\x80 this is no HTTP \x00\r\n\r\n";

/// Ends a connection in this manner.
pub(super) async fn cut<H, S>(serving: &Serving<H>, mut stream: S, manner: Manner)
where
    H: Handler,
    S: AsyncRead + AsyncWrite + Resettable + Unpin,
{
    match manner {
        Manner::Reset => {
            stream.reset_at_end();
            return;
        }
        Manner::Hung(id) => {
            let since = Instant::now();
            select! {
                _ = poll_fn(|cx| poll_discard(Pin::new(&mut stream), cx)) => {}
                () = serving.stops.let_go.stopped() => {}
                () = sleep(serving.limits.hang) => {}
            }
            serving.handler.left(id, since.elapsed());
            return;
        }
        Manner::Whole | Manner::Drip(_) | Manner::Truncated | Manner::Garbage | Manner::Closed => {}
    }
    let last: &[u8] = match manner {
        Manner::Garbage => GARBAGE,
        _ => &[],
    };
    // A client that does not close its side in time is not waited for.
    let _ = timeout(LINGER, close_gently(stream, last)).await;
}

/// Sends these bytes and closes our side, then reads until the client closes its own: closing with
/// bytes unread makes TCP reset the connection.
pub(super) async fn close_gently<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    last: &[u8],
) -> io::Result<()> {
    stream.write_all(last).await?;
    stream.shutdown().await?;
    poll_fn(|cx| poll_discard(Pin::new(&mut stream), cx)).await
}
