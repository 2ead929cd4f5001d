//! Troubles of the server, in words.

use crate::server::Trouble;

/// What went wrong, on one line.
pub(super) fn words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Accept { error, times } => {
            format!(
                "connections cannot be accepted: {error} ({times} times); raise the limit of open files"
            )
        }
        Trouble::TurnedAway { connections } => {
            format!("{connections} connections turned away with 503: too many at once")
        }
        Trouble::Handshake { peer, cause, times } => {
            let others = match times - 1 {
                0 => String::new(),
                others => format!("; so did {others} more"),
            };
            format!("the TLS handshake with {peer} failed: {cause}{others}")
        }
        Trouble::Unreadable {
            peer,
            status,
            cause,
        } => {
            let answer = status.map_or("and not answered".to_owned(), |status| {
                format!("and answered {status}")
            });
            format!("what {peer} sent is no HTTP request ({cause}), {answer}")
        }
        Trouble::Unsendable { name } => {
            format!("the header `{name}` of an answer is not allowed, and was left out")
        }
    }
}
