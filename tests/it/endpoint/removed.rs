//! Removed.

use crate::support::{needs, with_terminal};

use super::Desk;

#[test]
fn nobody_is_asked_off_a_terminal() {
    let desk = Desk::furnished();
    desk.endpoint("remove shop")
        .stderr(
            "error: nobody is asked whether to remove `shop`, cepro, http://localhost:3000/hooks\n\
             hint: --yes removes it without asking\n",
        )
        .exit(2)
        .run();
    assert_eq!(desk.json("list").len(), 2);
    desk.endpoint("remove shop --yes")
        .stdout("`shop` removed; what was sent to it stays in the log\n")
        .run();
    desk.endpoint("remove shop --yes")
        .stderr_has("error: there is no endpoint `shop`\n")
        .exit(7)
        .run();
    let removed = &desk.json("remove office --yes")[0];
    assert_eq!(removed["name"], "office");
    assert_eq!(removed["removed"], true);
    assert_eq!(desk.json("list").len(), 0);
    desk.add("shop --url 4000");
    assert_eq!(desk.json("show shop")[0]["url"], "http://localhost:4000/");
}

#[test]
fn on_a_terminal_somebody_is_asked() {
    if !needs("setsid") {
        return;
    }
    let desk = Desk::furnished();
    let question = "remove `shop`, cepro, http://localhost:3000/hooks?";
    let removed = "`shop` removed; what was sent to it stays in the log\n";
    for (keys, code, stdout, left) in [
        (&b"n\n"[..], 0, "", 2),
        (b"\n", 0, "", 2),
        (b"\x03", 130, "", 2),
        (b"y\n", 0, removed, 1),
    ] {
        let args = ["endpoint", "remove", "shop", "--store", "store.db"];
        let (ended, out, screen) = with_terminal(&args, &desk.0, "[y/N] ", keys);
        assert_eq!((ended, &*out), (Some(code), stdout), "{screen}");
        assert!(screen.contains(question), "{screen}");
        let declined = screen.contains("note: nothing was removed");
        assert_eq!(declined, code == 0 && left == 2, "{screen}");
        assert_eq!(desk.json("list").len(), left);
    }
}

#[test]
fn what_was_sent_to_it_stays_in_the_log() {
    let desk = Desk::new();
    desk.add("shop --url http://127.0.0.1:1/hooks --secret-file secret");
    let sent = desk.wh("send estimate.created --endpoint shop").capture();
    assert_eq!(sent.code, 6);
    desk.endpoint("remove shop --yes")
        .stdout_has("`shop` removed")
        .run();
    let log = desk.wh("log -q direction:sent provider:cepro path:/hooks");
    log.stdout_has("estimate.created").run();
}
