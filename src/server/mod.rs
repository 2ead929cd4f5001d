//! The HTTP server: reads each request whole and bounded, hands it to a [`Handler`], writes the [`Answer`].
//!
//! ```text
//! accept      the listener: connection cap, accept errors, the stop and its drain; tells troubles
//! tls         the certificate, read or made, and the handshake
//! connection  one connection: hyper's state machine, watched by its deadlines (watch)
//! streams     the same for HTTP/2, which is spoken over TLS alone: many requests at once
//! wire        the stream as hyper sees it: copies the next head's bytes, notes what is waited for
//! exchange    one request: head and body to an Arrival, the Answer to a response
//! head        the copy against hyper's view: header lines as they stood on the wire
//! content     an answer's body on its way out: whole, in drops, or the half of it
//! cut         the end of a connection whose answer is that it breaks
//! body        the bytes (buffer), under a size, two deadlines and one budget for all connections
//! ```
//!
//! hyper folds the letter case of names and groups equal names, so the head is read twice: once by
//! hyper, which decides, and once from the copy, which is believed only where it says the same.

mod accept;
mod arrival;
mod body;
mod budget;
mod buffer;
mod connection;
mod content;
mod cut;
mod exchange;
mod handler;
mod head;
mod limits;
mod shutdown;
mod streams;
#[cfg(test)]
mod tests;
mod tls;
mod troubles;
mod watch;
mod wire;

pub(crate) use accept::{Drained, Entrance, accept};
pub(crate) use arrival::{Arrival, Fidelity, Refusal};
pub(crate) use handler::{Answer, Handler, Manner, Trouble};
pub(crate) use limits::{Limits, open_files};
pub(crate) use shutdown::{Shutdown, Trigger};
pub(crate) use tls::{Identity, IdentityError, Made, make_identity};
