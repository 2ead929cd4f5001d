//! Who is checked, with what, and the exit code.

use std::net::TcpListener;

use super::{REQUESTS, SECRET, TWO, careless, check, lines, right, strict};
use crate::support::{Answer, Receiver, folder, wh};

#[test]
fn the_code_says_whether_every_rule_holds() {
    for (receiver, code) in [(right(), 0), (careless(), 8), (strict(), 8)] {
        let output = check(&receiver.url(), &[]).capture();
        assert_eq!(output.code, code, "{:?}", String::from_utf8(output.stdout));
    }
}

#[test]
fn before_the_first_request_it_says_how_many_there_will_be() {
    let receiver = right();
    let url = receiver.url();
    let announced = format!(
        "note: 2 rules, {REQUESTS} requests to {url}/ as cepro\n\
         note: what the receiver takes, it processes for real: samples with new ids\n"
    );
    check(&url, &[]).stderr(announced).stdout_has("").run();
    assert_eq!(receiver.requests().len(), REQUESTS);
    check(&url, &["-q"]).stdout_has("").run();
}

/// An address at which nobody listens.
fn nowhere() -> String {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", socket.local_addr().unwrap())
}

#[test]
fn where_nobody_answers_it_is_6_with_the_reason_and_no_table() {
    let url = nowhere();
    let refused = format!(
        "error: nothing answers at {url}/: connection refused\nhint: is your server running on {}?\n",
        url.trim_start_matches("http://")
    );
    check(&url, &["-q"]).stderr(refused.clone()).exit(6).run();
    let output = check(&url, &["-q", "--json"]).capture();
    assert_eq!(
        (
            output.code,
            String::from_utf8(output.stderr.clone()).unwrap()
        ),
        (6, refused)
    );
    let lines = lines(&output);
    let last = lines.last().unwrap();
    assert_eq!(
        (&last["type"], &last["answered"]),
        (&"check".into(), &0.into())
    );
    let silent = Receiver::start([Answer::Hang]);
    check(&silent.url(), &["-q", "--timeout", "20ms"])
        .stderr_has("hint: run it without --quick, or with a longer --timeout\n")
        .exit(6)
        .run();
}

#[test]
fn the_url_may_come_from_the_environment_and_the_settings() {
    let receiver = right();
    let url = receiver.url();
    let settings = format!("url = '{url}'\n");
    for (settings, variable) in [("", &*url), (&*settings, "")] {
        let home = folder([("wh.toml", settings)]);
        wh(["check", "-q", TWO])
            .dir(home.path())
            .env("WH_SECRET", SECRET)
            .env("WH_URL", variable)
            .stdout_has("2 passed")
            .run();
    }
    assert_eq!(receiver.requests().len(), 2 * REQUESTS);
}

#[test]
fn an_endpoint_brings_url_provider_and_secret() {
    let receiver = Receiver::start_by(|request, _| {
        let signature = request.header("x-webhook-signature").unwrap_or_default();
        if signature.starts_with("sha256=") {
            200
        } else {
            401
        }
        .into()
    });
    let home = folder([("secret", SECRET)]);
    let url = receiver.url();
    let here = |words: &[&str]| wh(words).dir(home.path()).home(home.path());
    let added = ["endpoint", "add", "office", "-P", "wlcro", "--url", &url];
    here(&[&added[..], &["--secret-file", "secret"]].concat())
        .stdout_has("")
        .stderr_has("")
        .run();
    let sum = format!("check of {url}/ as wlcro: 2 passed, 0 failed, ");
    let check = ["check", "-q", "--endpoint", "office", TWO];
    here(&check).stdout_has(sum).run();
}

#[test]
fn header_lines_of_the_user_go_with_every_request_and_credentials_are_not_shown() {
    let receiver = careless();
    for mode in ["-v", "--json"] {
        let words = ["-H", "Authorization: Bearer canary", "-H", "X-A: b", mode];
        let output = check(&receiver.url(), &words).capture();
        assert_eq!(output.code, 8);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains("canary"), "{text}");
        assert!(text.contains("X-A"), "{text}");
    }
    for request in receiver.requests() {
        assert_eq!(request.header("authorization"), Some("Bearer canary"));
        assert_eq!(request.header("x-a"), Some("b"));
    }
}

#[test]
fn what_cannot_be_checked_is_told_before_anything_is_sent() {
    let receiver = right().unused();
    let url = receiver.url();
    for (words, code, said) in [
        (
            &[][..],
            2,
            "error: no URL to check\nhint: wh check http://localhost:3000/hooks, or WH_URL\n",
        ),
        (
            &[&url, "--secret-file", "nope"],
            7,
            "error: cannot read `nope`",
        ),
        (
            &[&url, "-H", "X-Webhook-Signature: a"],
            2,
            "error: `X-Webhook-Signature` is what the check itself writes",
        ),
        (&[&url, "-H", "TE: a"], 2, "error: `TE` frames the request"),
        (
            &[&url, "--timeout", "0s"],
            2,
            "error: --timeout 0s leaves no time for an answer\n",
        ),
        (
            &[&url, "--effects", "http://"],
            2,
            "error: invalid value 'http://' for '--effects <URL|CMD>'",
        ),
        (
            &[&url, "--endpoint", "shop"],
            2,
            "error: the argument '[URL]' cannot be used with '--endpoint <NAME>'",
        ),
        (
            &["--endpoint", "shop"],
            7,
            "error: there is no endpoint `shop`",
        ),
        (
            &[&url, "--provider-file", "nope"],
            7,
            "error: cannot read the provider file `nope`",
        ),
    ] {
        let words = [&["check"], words].concat();
        let output = wh(&words).env("WH_SECRET", SECRET).capture();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with(said), "{words:?} {stderr}");
        assert_eq!(
            (output.code, output.stdout),
            (code, Vec::new()),
            "{words:?}"
        );
    }
    wh(["check", &url])
        .stderr_has("error: no secret given\n")
        .exit(7)
        .run();
}

#[test]
fn without_a_secret_it_says_which_rules_fall_away() {
    let receiver = careless();
    let lost =
        "note: no secret is given, so nothing is signed; a rule falls away: refuses-no-signature\n";
    wh(["check", &receiver.url(), "-P", "orgjobs", TWO])
        .stderr_has(lost)
        .stderr_has("note: 1 rule, 4 requests to ")
        .stdout_has("refuses-no-signature  skip")
        .stdout_has(": 1 passed, 0 failed, 1 not applicable, ")
        .stdout_has(" left out, 4 requests in ")
        .run();
}
