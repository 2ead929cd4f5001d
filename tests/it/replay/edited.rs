//! `--edit`.

use crate::support::Receiver;
use std::path::Path;

use super::{Desk, verdict};

const BODY: &str = "{\"event\":\"estimate.created\",\"total\":2500.00}";

fn sent() -> (Desk, Receiver) {
    let receiver = Receiver::start([200]);
    let desk = Desk::new();
    desk.sends(&format!("--data {BODY}"), &receiver);
    (desk, receiver)
}

#[test]
fn the_edited_body_is_signed() {
    let (desk, receiver) = sent();
    let replay = || desk.wh("replay 1 --edit").stdout_has("<-- 200");
    replay().env("EDITOR", "sed -i s/2500.00/9.50/").run();
    // VISUAL counts more.
    let edit = replay()
        .env("VISUAL", "sed -i s/9.50/1/")
        .env("EDITOR", "false");
    edit.run();
    let requests = receiver.requests();
    assert_eq!(requests[1].body, BODY.replace("2500.00", "9.50").as_bytes());
    assert!(verdict("cepro", &requests[1]).is_valid());
    // What went out last is what is edited.
    assert_eq!(requests[2].body, BODY.replace("2500.00", "1").as_bytes());
}

#[test]
fn what_is_not_changed_stays_byte_for_byte() {
    let (desk, receiver) = sent();
    for editor in ["true", "printf '\\n' >>"] {
        desk.wh("replay 1 --edit")
            .env("EDITOR", editor)
            .stdout_has("<-- 200")
            .stderr("note: the body is as it was\n")
            .run();
    }
    desk.wh("replay 1 --edit")
        .env("EDITOR", "printf ' \\n' >>")
        .stdout_has("<-- 200")
        .stderr("note: the newline that the editor put at the end is taken off again\n")
        .run();
    let bodies: Vec<_> = receiver
        .requests()
        .into_iter()
        .map(|request| request.body)
        .collect();
    let with_blank = format!("{BODY} ");
    let expected = [BODY, BODY, BODY, &with_blank].map(|body| body.as_bytes().to_vec());
    assert_eq!(bodies, expected);
}

#[test]
fn an_editor_that_fails_sends_nothing() {
    let (desk, receiver) = sent();
    for (editor, told) in [
        (
            "false",
            "error: nothing was sent: the editor ended with exit status: 1\n",
        ),
        (
            "",
            "error: there is no editor: neither VISUAL nor EDITOR is set\n",
        ),
    ] {
        desk.wh("replay 1 --edit")
            .env("EDITOR", editor)
            .stderr_has(told)
            .exit(7)
            .run();
    }
    assert_eq!(receiver.requests().len(), 1);
}

#[test]
fn nobody_else_may_read_the_file() {
    let (desk, _receiver) = sent();
    let look = "sh -c 'stat -c \"%a $0\" \"$0\" > look'";
    desk.wh("replay 1 --edit")
        .env("EDITOR", look)
        .stdout_has("<-- 200")
        .stderr_has("")
        .run();
    let look = std::fs::read_to_string(desk.dir().path().join("look")).unwrap();
    let (mode, path) = look.trim_end().split_once(' ').unwrap();
    assert_eq!(
        (mode, Path::new(path).extension() == Some("json".as_ref())),
        ("600", true),
        "{look}"
    );
    assert!(!std::path::Path::new(path).exists());
}
