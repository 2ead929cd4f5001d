//! Of a secret, only where it is found is kept.

use std::fs;

use crate::support::{Output, Receiver, sh};

use super::Desk;

const CANARY: &str = "s3cret";

#[test]
fn a_secret_is_in_no_file_and_on_no_screen() {
    let receiver = Receiver::start([200, 200]);
    let desk = Desk::new();
    let url = receiver.url();
    // Whoever holds the store open keeps its log from being taken into the file.
    let held = desk.path().join("store.db");
    desk.add("first --url 3000");
    let reader = rusqlite::Connection::open(&held).unwrap();
    reader
        .execute_batch("BEGIN; SELECT * FROM endpoints")
        .unwrap();
    for args in [
        format!("endpoint add a --url {url} --secret-file secret"),
        format!("endpoint add b --url {url} --secret-env MINE"),
        format!("endpoint add c --url {url} --secret {CANARY}"),
        format!("endpoint add d --url {url} --secret-env {CANARY}!"),
        format!("endpoint add e --url http://user:{CANARY}@127.0.0.1:1/"),
        "send estimate.created --endpoint a".to_owned(),
        "send estimate.created --endpoint b --json".to_owned(),
        "endpoint list".to_owned(),
        "endpoint list --json".to_owned(),
        "endpoint show a -v".to_owned(),
        "endpoint show b --json".to_owned(),
        format!("endpoint show http://user:{CANARY}@127.0.0.1:1/"),
        "endpoint disable a".to_owned(),
        "endpoint enable a --json".to_owned(),
        "endpoint remove b --yes".to_owned(),
    ] {
        let Output { stdout, stderr, .. } = desk.wh(&args).env("MINE", CANARY).capture();
        let written = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
        assert!(!written.contains(CANARY), "{args}\n{written}");
    }
    assert_eq!(receiver.requests().len(), 2);
    for name in ["store.db", "store.db-wal"] {
        let bytes = fs::read(desk.path().join(name)).unwrap();
        assert!(!bytes.is_empty(), "{name}");
        let mut windows = bytes.windows(CANARY.len());
        assert!(!windows.any(|window| window == CANARY.as_bytes()), "{name}");
    }
}

#[test]
fn a_value_is_refused() {
    let desk = Desk::new();
    for given in ["--secret canary", "--secret=canary", "--secret"] {
        desk.endpoint(&format!("add x --url 3000 {given}"))
            .stderr(
                "error: an endpoint keeps where its secret is found, never the secret itself\n\
                 hint: --secret-file FILE or --secret-env NAME\n",
            )
            .exit(2)
            .run();
    }
    desk.endpoint("add x --url 3000 --secret-file secret --secret-env A")
        .stderr_has("cannot be used with")
        .exit(2)
        .run();
}

#[test]
fn what_cannot_be_read_again_is_refused() {
    let desk = Desk::new();
    let hint = "hint: name a file that stays, or a variable: --secret-env NAME\n";
    let error = |name: &str| format!("error: `{name}` cannot be read again later\n{hint}");
    for name in ["-", "/dev/stdin", "/dev/fd/0"] {
        let call = desk.endpoint(&format!("add x --url 3000 --secret-file {name}"));
        call.stdin("s3cret").stderr(error(name)).exit(7).run();
    }
    sh("mkfifo pipe && exec \"$WH\" endpoint add x --url 3000 --secret-file pipe")
        .dir(desk.path())
        .stderr(error("pipe"))
        .exit(7)
        .run();
}

#[test]
fn a_file_is_looked_at_and_a_variable_may_be_set_later() {
    let desk = Desk::new();
    let missing = desk.path().join("nowhere").display().to_string();
    desk.endpoint("add x -P wlcro --url 3000 --secret-file nowhere")
        .stderr(format!(
            "error: cannot read `{missing}`: No such file or directory (os error 2)\n\
             hint: --secret-file FILE or --secret-env NAME names another\n"
        ))
        .exit(7)
        .run();
    desk.endpoint("add x -P wlcro --url 3000 --secret-env MINE")
        .stdout_has("`x` added: ")
        .stderr("note: the variable `MINE` is not set yet, or empty\n")
        .run();
    desk.wh("send client.created --endpoint x")
        .stderr("error: the variable `MINE` is not set, or empty\n")
        .exit(7)
        .run();
    desk.endpoint("add y -P wlcro --url 3000 --secret-env a=b")
        .stderr_has("error: --secret-env takes the name of a variable, and this is none\n")
        .exit(7)
        .run();
}

#[test]
fn the_file_is_found_from_elsewhere() {
    let receiver = Receiver::start([200]);
    let desk = Desk::new();
    desk.add(&format!(
        "a --url {} --secret-file ./secret",
        receiver.url()
    ));
    let store = desk.path().join("store.db");
    let call = desk.wh("send estimate.created -q --endpoint a").dir("/");
    call.env("WH_STORE", store).stdout_has("<-- 200").run();
}
