//! Targets that speak TLS.

use tempfile::TempDir;

use super::{answer, delivery, forwarding, next, status};
use crate::send::tls::server;
use crate::support::needs;

#[test]
fn a_certificate_is_checked_unless_told_otherwise() {
    if !needs("openssl") || !needs("python3") {
        return;
    }
    let dir = TempDir::new().unwrap();
    let (_server, url) = server(dir.path());
    for (words, to) in [(&[][..], 502), (&["-k"], 200)] {
        let mut listener = forwarding(&url, words).start();
        assert_eq!(status(&answer(&listener, delivery("/", "{}"))), to);
        if to == 200 {
            assert_eq!(next(&mut listener, "delivery")["forward"]["status"], 204);
            continue;
        }
        let news = next(&mut listener, "target");
        assert_eq!(
            news["reason"],
            "TLS handshake failed: invalid peer certificate: UnknownIssuer"
        );
        let line = next(&mut listener, "delivery");
        assert_eq!(line["forward"]["error"]["kind"], "tls");
    }
}
