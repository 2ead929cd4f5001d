//! What comes from outside does nothing to a terminal, and a store of somebody else's is doubted.

use crate::support::{Output, folder, needs, sh, skipped, wh};

use super::Desk;

const ESCAPE: &str = "\x1b]0;canary\x07\u{202e}";

#[test]
fn no_escape_reaches_the_terminal() {
    let desk = Desk::new();
    desk.add("shop --url 3000");
    let update = "UPDATE endpoints SET name = ?1, provider = ?1, url = 'http://h/' || ?1,
        secret = ?1, events = json_array(?1), active = 0, disabled_because = ?1";
    desk.database().execute(update, [ESCAPE]).unwrap();
    let calls: &[&[&str]] = &[
        &["list"],
        &["list", "--json"],
        &["show", ESCAPE],
        &["show", ESCAPE, "--json"],
        &["show", "http://h/\u{1b}"],
        &["disable", ESCAPE],
        &["enable", ESCAPE],
        &["remove", ESCAPE],
        &["remove", ESCAPE, "--yes"],
        &["add", ESCAPE, "--url", "3000"],
        &["add", "x", "--url", ESCAPE],
        &["add", "x", "--url", "3000", "--events", ESCAPE],
        &["add", "x", "--url", "3000", "--secret-file", ESCAPE],
        &["add", "x", "--url", "3000", "--secret-env", ESCAPE],
    ];
    for args in calls {
        let call = wh([&["endpoint"], *args].concat());
        let output = call.dir(desk.path()).env("WH_STORE", "store.db").capture();
        let written = [output.stdout, output.stderr].concat();
        assert!(!written.is_empty(), "{args:?}");
        let text = String::from_utf8(written).unwrap();
        let acts = text.contains(['\x1b', '\x07', '\u{202e}']);
        assert!(!acts, "{args:?}\n{text:?}");
    }
}

/// A store may come from somebody else: what its endpoints say is read as anything else is.
#[test]
fn an_endpoint_that_nobody_could_have_added_is_told() {
    for (set, what) in [
        (
            "url = 'ftp://h/'",
            "the URL of the endpoint `shop`: `ftp` URLs cannot be sent to",
        ),
        ("url = ''", "the URL of the endpoint `shop`: "),
        (
            "secret = 'canary'",
            "the secret of the endpoint `shop`: neither ",
        ),
        (
            "secret = 'file:relative'",
            "the secret of the endpoint `shop`: neither ",
        ),
        (
            "events = '[\"a b\"]'",
            "the events of the endpoint `shop`: `a b` names no event",
        ),
        ("events = 'x'", "the store `store.db` fails: "),
        ("provider = 'gone'", "there is no provider `gone`\n"),
    ] {
        let desk = Desk::furnished();
        desk.sql(&format!("UPDATE endpoints SET {set} WHERE name = 'shop'"));
        let output = desk.wh("send estimate.created --endpoint shop").capture();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.code, 7, "{errors}");
        assert!(errors.starts_with(&format!("error: {what}")), "{errors}");
        assert!(!errors.contains("canary"), "{errors}");
    }
}

#[test]
fn what_is_no_store_is_left_as_it_is() {
    let text = "not a database, but longer than the head of one. ".repeat(9);
    let home = folder([("other.db", text)]);
    for args in ["list", "add a --url 3000 -q", "remove a --yes"] {
        wh(format!("endpoint {args} --store other.db").split(' '))
            .dir(home.path())
            .stderr(
                "error: `other.db` is not a store of wh\n\
                 hint: it is left as it is; --store FILE names another\n",
            )
            .exit(7)
            .run();
    }
}

#[test]
fn a_store_that_may_only_be_read_is_not_written_to() {
    if !needs("setpriv") {
        return;
    }
    let desk = Desk::furnished();
    let drop = "setpriv --reuid 65534 --regid 65534 --clear-groups";
    let call = |script: &str| -> Output {
        let script = format!("chmod 755 . && chmod 644 store.db && exec {drop} $WH {script}");
        sh(&script).dir(desk.path()).capture()
    };
    if call("--version").code != 0 {
        skipped("setpriv as root");
        return;
    }
    for args in ["add x --url 3000 -q", "disable shop", "remove shop --yes"] {
        let Output { stderr, code, .. } = call(&format!("endpoint {args} --store store.db"));
        let errors = String::from_utf8(stderr).unwrap();
        let expected = "error: the store `store.db` cannot be written: it is read-only\n";
        assert!(errors.starts_with(expected), "{args}: {errors}");
        assert_eq!(code, 7);
    }
    assert_eq!(desk.json("list").len(), 2);
}
