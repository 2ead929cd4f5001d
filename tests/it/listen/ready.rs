//! The ready line, and what keeps it from coming.

use std::process;

use serde_json::json;

use super::{SECRET, listen};
use crate::support::{Listener, masked_json, wh};

#[test]
fn for_programs_it_is_one_line_whatever_the_flags() {
    for flags in [
        &[][..],
        &["-q"],
        &["-v"],
        &["--color", "always"],
        &["--accept-invalid"],
        &["--host", "localhost"],
        &["--host", "0.0.0.0"],
    ] {
        let listener = listen("wlcro", &[&["--json"], flags].concat()).start();
        let addr = listener.addr().to_owned();
        assert!(addr.starts_with("127.0.0.1:"), "{addr}");
        let ready = listener.ready().clone();
        assert_ne!(ready["pid"], process::id());
        let expected = json!({
            "type": "ready", "schema": 1, "url": format!("http://{addr}"), "ui": null,
            "tls": null, "provider": "wlcro", "providers": ["wlcro"], "routes": [], "pid": null,
        });
        assert_eq!(masked_json(ready, &["/pid"]), expected);
        let output = listener.stop();
        assert_eq!((output.code, &*output.stderr), (0, &b""[..]), "{flags:?}");
        let keys = r#"{"type":"ready","schema":1,"url":"http://127.0.0.1:"#;
        assert!(output.stdout.starts_with(keys.as_bytes()));
    }
}

const UNCHECKED: &str = "note: no secret given, so nothing is verified and everything is answered \
                         200 (`unchecked`)\n";
const ACCEPTS: &str = "note: --accept-invalid: whatever the verdict, the answer is 200\n";
const STOPPED: &str = "stopped: 0 attempts, 0 valid, 0 refused\n";

#[test]
fn for_people_it_is_one_line_whatever_the_flags() {
    let accept: &[&str] = &["--accept-invalid"];
    for (flags, secret, notes) in [
        (&[][..], SECRET, String::new()),
        (&["-q"], SECRET, String::new()),
        (&["-v"], SECRET, String::new()),
        (&["--color", "always"], SECRET, String::new()),
        (&[], "", UNCHECKED.to_owned()),
        (accept, SECRET, ACCEPTS.to_owned()),
        (accept, "", format!("{UNCHECKED}{ACCEPTS}")),
    ] {
        let listener = listen("wlcro", flags)
            .env("WH_SECRET", secret)
            .start_for_people();
        let url = listener.url().to_owned();
        let output = listener.stop();
        assert_eq!((output.code, &*output.stdout), (0, &b""[..]), "{flags:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            stderr,
            format!("listening on {url} as wlcro\n{notes}{STOPPED}"),
            "{flags:?}"
        );
    }
}

#[test]
fn an_address_of_version_6_stands_in_brackets() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        crate::support::skipped("IPv6 on the loopback interface");
        return;
    }
    for host in ["::1", "[::1]", "::"] {
        let listener = listen("cepro", &["--json", "--host", host]).start();
        assert!(
            listener.url().starts_with("http://[::1]:"),
            "{}",
            listener.url()
        );
    }
}

#[test]
fn a_port_in_use_is_named_with_a_way_out() {
    let first = Listener::start(["-q"]);
    let port = first.addr().rsplit_once(':').unwrap().1;
    for mode in ["--json", "--verbose"] {
        let output = wh(["listen", mode, "--port", port]).capture();
        assert_eq!((output.code, &*output.stdout), (7, &b""[..]));
        let stderr = String::from_utf8(output.stderr).unwrap();
        let (error, hint) = stderr.split_once('\n').unwrap();
        let start =
            format!("error: cannot listen on 127.0.0.1 port {port}: Address already in use");
        assert!(error.starts_with(&start), "{error}");
        assert_eq!(hint, "hint: --port 0 picks a free port\n");
    }
}

#[test]
fn an_address_that_is_not_ours_is_named_with_a_way_out() {
    let no_label = "a".repeat(64);
    for host in ["203.0.113.1", &no_label] {
        let output = listen("cepro", &["--host", host]).capture();
        assert_eq!((output.code, &*output.stdout), (7, &b""[..]));
        let stderr = String::from_utf8(output.stderr).unwrap();
        let (error, hint) = stderr.split_once('\n').unwrap();
        let start = format!("error: cannot listen on {host} port 0: ");
        assert!(error.starts_with(&start), "{error}");
        assert_eq!(
            hint,
            "hint: --host takes an address of this machine, for example 127.0.0.1\n"
        );
    }
}
