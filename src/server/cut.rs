//! The end of a connection whose answer is that it breaks.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::select;
use tokio::time::{Instant, sleep, timeout};

use super::connection::Serving;
use super::watch::LINGER;
use super::wire::poll_discard;
use super::{Handler, Manner};

/// What no client takes for an answer, not even for one of HTTP/0.9 by its first bytes.
const GARBAGE: &[u8] = b"\x00\xff\xfe\x80 this is no HTTP \x00\r\n\r\n";

/// Ends a connection in this manner.
pub(super) async fn cut<H: Handler>(serving: &Serving<H>, mut stream: TcpStream, manner: Manner) {
    match manner {
        Manner::Reset => {
            // Where it is refused, the connection is closed all the same.
            let _ = stream.set_zero_linger();
            return;
        }
        Manner::Hung(id) => {
            let since = Instant::now();
            select! {
                _ = poll_fn(|cx| poll_discard(Pin::new(&mut stream), cx)) => {}
                () = serving.shutdown.stopped() => {}
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
