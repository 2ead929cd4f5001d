//! Targets by which a delivery would come back to the listener that forwards it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use tempfile::TempDir;

use super::{answer, delivery, deserted, listen, status};
use crate::listen::{SECRET, told};
use crate::support::{Listener, Wh, wh};

/// A call of a listener on this address that forwards to that.
fn from_to(home: &Path, own: SocketAddr, target: &str) -> Wh {
    let (host, port) = (own.ip().to_string(), own.port().to_string());
    let words = [
        "listen", "--json", "--host", &host, "--port", &port, "-f", target,
    ];
    wh(words).env("WH_SECRET", SECRET).home(home)
}

#[test]
fn it_does_not_forward_to_itself_however_that_is_spelt() {
    let home = TempDir::new().unwrap();
    let own = deserted();
    let port = own.port();
    for target in [
        format!("{port}"),
        format!("127.0.0.1:{port}/hooks"),
        format!("http://LOCALHOST:{port}"),
        format!("http://2130706433:{port}"),
        format!("http://0x7f.1:{port}"),
        format!("http://0.0.0.0:{port}"),
        format!("https://[::ffff:127.0.0.1]:{port}"),
        format!("http://user:word@127.0.0.1:{port}"),
    ] {
        let output = from_to(home.path(), own, &target).capture();
        let told = String::from_utf8(output.stderr).unwrap();
        let expected = format!(
            " leads back to this listener, on {own}\n\
             hint: -f wants the program that handles deliveries, for example -f 3000\n"
        );
        assert!(told.ends_with(&expected), "{target}\n{told}");
        assert!(!told.contains("word"), "{told}");
        assert_eq!(output.code, 2);
    }
}

#[test]
fn one_on_every_interface_knows_itself_too() {
    let home = TempDir::new().unwrap();
    let own = SocketAddr::from((Ipv4Addr::UNSPECIFIED, deserted().port()));
    from_to(home.path(), own, &format!("127.0.0.2:{}", own.port()))
        .stderr_has("leads back to this listener")
        .exit(2)
        .run();
}

#[test]
fn another_listener_is_a_target_like_any_until_it_would_close_a_circle() {
    let home = TempDir::new().unwrap();
    let home = home.path();
    let [first, second, third] = [deserted(), deserted(), deserted()];
    // Each forwards to one that does not run yet.
    let first_of_all = from_to(home, first, &second.to_string()).start();
    let _second = from_to(home, second, &third.to_string()).start();
    from_to(home, third, &format!("http://{first}/back"))
        .stderr(format!(
            "error: `http://{first}/back` leads back to this listener, on {third}\n  \
             by way of the `wh listen` on {first}\n\
             hint: -f wants the program that handles deliveries, for example -f 3000\n"
        ))
        .exit(2)
        .run();
    // The last of the row takes what comes.
    let last = listen("cepro", &["--json"]).home(home).start();
    let third = from_to(home, third, last.addr()).start();
    let text = answer(&first_of_all, delivery("/", "{}"));
    assert_eq!(status(&text), 200);
    assert_eq!(count(last), 1);
    assert_eq!(count(third), 1);
}

/// How many deliveries came in.
fn count(listener: Listener) -> u64 {
    let output = listener.stop();
    let lines = told(&output.stdout);
    lines.last().unwrap()["received"].as_u64().unwrap()
}

#[test]
fn a_circle_that_nobody_could_see_comes_to_an_end() {
    // Each has a register of its own.
    let homes = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let (first, second) = (deserted(), deserted());
    let start = |home: &TempDir, own, target: SocketAddr| {
        from_to(home.path(), own, &target.to_string()).start()
    };
    let one = start(&homes[0], first, second);
    let other = start(&homes[1], second, first);
    let text = answer(&one, delivery("/", "{}"));
    assert_eq!(status(&text), 503);
    // Each forwards as much as may be under way, and refuses one.
    assert_eq!(count(one) + count(other), 2 * 64 + 1);
}
