//! `wh listen --audit`: our own sender passes, and what is not right is named.

use std::env;
use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use super::{SECRET, post, signed};
use crate::support::{Listener, Output, Wh, folder, raw, skipped, wh};

/// A platform that has every rule, and no patience.
const ACME: &str = r#"
provider = { id = "acme" }
timestamp = { from = "header:X-Time", format = "unix", tolerance = { past = "300s", future = "300s" } }
id = { from = "header:X-Id", make = "uuid" }
event = { from = "body:/event" }
attempt = { from = "header:X-Attempt" }
headers = { X-Event = "{event}", X-Attempt = "{attempt}" }
any_event = { open = true, sample = '{"event":"{event}","at":"{now}"}' }
[signature]
algorithm = "hmac-sha256"
signs = "{timestamp}.{body}"
encoding = "hex"
header = "X-Sig"
value = "{sig}"
[delivery]
timeout = "3s"
retry = ["10s", "20s", "40s"]
retry_after = "honour"
stop = { status = ["410"], header = ["X-No-Retry"] }
"#;

/// An audit on a free port.
fn audit(words: &[&str]) -> Wh {
    let words = [&["listen", "--port", "0", "--audit"], words].concat();
    wh(words).env("WH_SECRET", SECRET)
}

/// A sender with retries, to an audit.
fn sends(listener: &Listener, words: &[&str]) -> Wh {
    let to = ["--retry", "-q", "--store", "none", "--url", listener.url()];
    wh([&["send"], words, &to].concat()).env("WH_SECRET", SECRET)
}

/// The rules that were told, each with its verdict, and the last line.
fn told(output: &Output) -> (Vec<(String, String)>, Value) {
    let text = str::from_utf8(&output.stdout).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    let rules = lines.iter().filter(|line| line["type"] == "rule");
    let rules = rules.map(|line| (text(line, "id"), text(line, "verdict")));
    (rules.collect(), lines.last().unwrap().clone())
}

/// The rules with this verdict.
fn those(output: &Output, verdict: &str) -> Vec<String> {
    let (rules, _) = told(output);
    let those = rules.into_iter().filter(|(_, found)| found == verdict);
    those.map(|(id, _)| id).collect()
}

/// An event of each provider, and the attempts that two deliveries of it come to.
fn event(provider: &str) -> (&'static str, u64) {
    match provider {
        "cepro" => ("estimate.created", 6),
        "wlcro" => ("client.created", 13),
        "tenant" => ("any.event", 6),
        "orgjobs" => ("job.created", 2),
        _ => ("email.received", 2),
    }
}

/// Our own sender is audited by the rules of a provider; what that takes longest is left out.
#[track_caller]
fn passes(provider: &str, speed: &str, skip: &[&str]) {
    let (event, attempts) = event(provider);
    let words = [
        &[provider, "--speed", speed, "--json", "--store", "none"],
        skip,
    ]
    .concat();
    let listener = audit(&words).start();
    // One after another: where a provider has no id, two bodies of one millisecond are one delivery.
    let codes: &[i32] = match (attempts, skip) {
        // Without retries each shows one thing: a timeout, a redirect.
        (2, []) => &[6, 5],
        (2, _) => &[5],
        _ => &[5, 0],
    };
    for code in codes {
        sends(&listener, &["-P", provider, event, "--speed", speed])
            .stdout_has("")
            .exit(*code)
            .run();
    }
    let output = listener.wait();
    let (_, last) = told(&output);
    assert_eq!(output.code, 0, "{provider} {last}");
    for verdict in ["fail", "warn"] {
        assert_eq!(those(&output, verdict), [""; 0], "{provider}");
    }
    assert_eq!(last["holds"], true);
    assert_eq!(last["deliveries"], last["wanted"], "{provider} {last}");
    if skip.is_empty() {
        assert_eq!(
            (&last["not_seen"], &last["attempts"]),
            (&0.into(), &attempts.into())
        );
    }
}

const NO_HANG: &[&str] = &["--skip", "timeout"];

#[test]
fn our_own_sender_passes_as_cepro() {
    passes("cepro", "500x", NO_HANG);
}

#[test]
fn our_own_sender_passes_as_wlcro() {
    passes("wlcro", "2000x", NO_HANG);
}

#[test]
fn our_own_sender_passes_as_tenant() {
    passes("tenant", "500x", NO_HANG);
}

#[test]
fn our_own_sender_passes_as_orgjobs() {
    passes("orgjobs", "100x", NO_HANG);
}

#[test]
fn our_own_sender_passes_as_one_with_a_token() {
    passes("cepro-inbound", "100x", NO_HANG);
}

#[test]
fn our_own_sender_passes_with_the_timeout_of_each_platform() {
    if env::var_os("WH_TEST_LONG").is_none() {
        return skipped("WH_TEST_LONG=1");
    }
    // That of orgjobs is as long as any test may take.
    for (provider, speed) in [
        ("cepro", "60x"),
        ("wlcro", "1000x"),
        ("cepro-inbound", "60x"),
    ] {
        passes(provider, speed, &[]);
    }
}

#[test]
fn our_own_sender_passes_every_rule_there_is() {
    let home = folder([("acme.toml", ACME)]);
    let file = ["--provider-file", "acme.toml", "--speed", "20x"];
    let listener = audit(&[&file[..], &["--json", "--store", "none"]].concat())
        .dir(home.path())
        .start();
    sends(&listener, &[&["a.b", "-n", "4"], &file[..]].concat())
        .dir(home.path())
        .stdout_has("")
        .exit(5)
        .run();
    let output = listener.wait();
    let (rules, last) = told(&output);
    let passed = rules.iter().filter(|(_, verdict)| verdict == "pass");
    assert_eq!((passed.count(), rules.len()), (17, 17), "{rules:?}");
    assert_eq!(output.code, 0);
    assert_eq!(
        (&last["type"], &last["attempts"]),
        (&"audit".into(), &8.into())
    );
}

#[test]
fn what_is_not_right_is_named_and_is_8() {
    for (words, verdict, rule) in [
        (&["--max-attempts", "2"][..], "fail", "retries"),
        (&["--secret", "another"], "fail", "signature"),
        (&["--speed", "1000000x"], "fail", "waits"),
        (&["-H", "Content-Type: text/plain"], "fail", "content-type"),
        // No document says that it is a UUID.
        (&["--id", "1"], "warn", "headers"),
    ] {
        let skip = "timeout,stops-after-success";
        let options = ["--speed", "1000x", "--json", "--skip", skip];
        let listener = audit(&[&["cepro"], &options[..]].concat()).start();
        let speed = ["--speed", "1000x"];
        let speed = if words[0] == "--speed" {
            &[][..]
        } else {
            &speed
        };
        sends(&listener, &[&["estimate.created"], words, speed].concat())
            .stdout_has("")
            .stderr_has("")
            .exit(5)
            .run();
        let output = listener.wait();
        assert_eq!(output.code, if verdict == "fail" { 8 } else { 0 }, "{rule}");
        for each in ["fail", "warn"] {
            let expected: &[&str] = if each == verdict { &[rule] } else { &[] };
            assert_eq!(those(&output, each), expected, "{rule}");
        }
    }
}

/// A client that sends a delivery of orgjobs, and follows the redirect that it is answered with.
#[track_caller]
fn follows(listener: &Listener, target: &str) {
    let request = post("orgjobs", target, signed("orgjobs"), "{}");
    let answer = String::from_utf8(raw(listener.addr(), request)).unwrap();
    assert!(answer.starts_with("HTTP/1.1 302 "), "{answer}");
    let location = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location").then_some(value)
    });
    let request = format!("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", location.unwrap());
    raw(listener.addr(), request);
}

#[test]
fn who_follows_a_redirect_is_found_out() {
    let listener = audit(&["orgjobs", "--json", "--speed", "100x", "--skip", "timeout"]).start();
    follows(&listener, "/");
    let output = listener.wait();
    assert_eq!(output.code, 8);
    assert_eq!(those(&output, "fail"), ["redirects"]);
}

#[test]
fn the_routes_of_the_settings_hide_no_redirect_that_is_followed() {
    let routes = "provider = 'orgjobs'\n[[listen.route]]\npath = '/hooks'\nprovider = 'orgjobs'\n";
    let home = folder([("wh.toml", routes)]);
    let words = ["--json", "--speed", "100x", "--skip", "timeout"];
    let listener = audit(&words).dir(home.path()).start();
    follows(&listener, "/hooks");
    let output = listener.wait();
    assert_eq!(output.code, 8);
    assert_eq!(those(&output, "fail"), ["redirects"]);
    let note = "note: the routes of the settings do not hold: a provider is named\n";
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with(note), "{said}");
}

#[test]
fn a_stop_during_a_hang_says_nothing_of_the_timeout() {
    let mut listener = audit(&["orgjobs", "--json"]).start();
    let hanging = std::net::TcpStream::connect(listener.addr()).unwrap();
    let request = post(
        "orgjobs",
        "/",
        signed("orgjobs"),
        r#"{"event":"job.created"}"#,
    );
    std::io::Write::write_all(&mut &hanging, &request).unwrap();
    assert_eq!(listener.next()["type"], "delivery");
    let output = listener.stop();
    assert_eq!(output.code, 8);
    assert_eq!(those(&output, "fail"), [""; 0]);
    assert!(those(&output, "skip").contains(&"timeout".to_owned()));
    let lines = String::from_utf8(output.stdout).unwrap();
    assert!(!lines.contains(r#""type":"left""#), "{lines}");
}

#[test]
fn who_closes_its_side_with_the_request_has_not_left() {
    let words = [
        "orgjobs",
        "--json",
        "--speed",
        "100x",
        "--skip",
        "redirects",
    ];
    let listener = audit(&words).start();
    let mut client = std::net::TcpStream::connect(listener.addr()).unwrap();
    let request = post("orgjobs", "/", signed("orgjobs"), "{}");
    std::io::Write::write_all(&mut client, &request).unwrap();
    client.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(std::io::Read::read(&mut client, &mut [0]).unwrap(), 0);
    let output = listener.wait();
    assert_eq!(output.code, 0);
    assert_eq!(those(&output, "fail"), [""; 0]);
    assert!(those(&output, "skip").contains(&"timeout".to_owned()));
}

#[test]
fn where_nothing_comes_nothing_holds() {
    let output = audit(&["cepro", "--json"]).start().stop();
    let (_, last) = told(&output);
    assert_eq!((output.code, &last["holds"]), (8, &false.into()));
    assert_eq!(those(&output, "pass"), [""; 0]);
}

#[test]
fn what_is_cut_short_is_8_and_says_what_is_missing() {
    let listener = audit(&["cepro", "--store", "none"]).start_for_people();
    // One that never tries again.
    raw(
        listener.addr(),
        post("cepro", "/", signed("cepro"), r#"{"event":"x"}"#),
    );
    let output = listener.stop();
    assert_eq!(output.code, 8);
    let text = String::from_utf8(output.stdout).unwrap();
    let missing = ", in 1 delivery\n\
                   not all was seen, so it does not hold: 0 of 2 deliveries have come to the end\n";
    assert!(text.ends_with(missing), "{text}");
}

#[test]
fn people_see_each_wait_and_a_table() {
    let words = [
        "cepro", "--speed", "1000x", "--skip", "timeout", "--store", "none",
    ];
    let listener = audit(&words).start_for_people();
    let url = listener.url().to_owned();
    for code in [5, 0] {
        sends(&listener, &["estimate.created", "--speed", "1000x"])
            .stdout_has("")
            .exit(code)
            .run();
    }
    let output = listener.wait();
    assert_eq!(output.code, 0);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "audit: delivery 1 attempt 1/4, next after 10ms",
        " ✓, next after 60ms",
        "audit: delivery 1 attempt 4/4, waited ",
        " ✓, none after it",
        "\nRULE                 VERDICT   EXPECTED ",
        "\nattempt-number       pass      1, 2, 3, … in header X-Webhook-Attempt",
        "\nwaits                pass      10s, 1m, 5m after each failure, at 1000x",
        "\ntimeout              left out  ",
        "\nretry-after          no rule   ",
        "\naudit of cepro: 12 passed, 0 failed, 1 not seen, in 2 deliveries\n",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let said = String::from_utf8(output.stderr).unwrap();
    let first = format!("listening on {url} as cepro\nnote: the audit takes 2 deliveries; ");
    assert!(said.starts_with(&first), "{said}");
}

#[test]
fn after_each_delivery_it_says_that_another_is_wanted() {
    let words = [
        "cepro", "--speed", "1000x", "--skip", "timeout", "-q", "--store", "none",
    ];
    let mut listener = audit(&words[..5]).start_for_people();
    sends(&listener, &["estimate.created", "--speed", "1000x"])
        .stdout_has("")
        .exit(5)
        .run();
    let reminder = "note: 1 of 2 deliveries have shown what they can: send another";
    while listener.remark() != reminder {}
    listener.stop();
}

#[test]
fn what_an_audit_did_is_told_as_its_own_doing() {
    let home = TempDir::new().unwrap();
    let call = audit(&["orgjobs", "--json"]).home(home.path());
    let mut listener = call.start();
    let hanging = std::net::TcpStream::connect(listener.addr()).unwrap();
    let request = post("orgjobs", "/", signed("orgjobs"), "{}");
    std::io::Write::write_all(&mut &hanging, &request).unwrap();
    assert_eq!(listener.next()["type"], "delivery");
    listener.stop();
    let at = |words: &[&str]| wh(words).home(home.path());
    at(&["log"]).stdout_has("Failed, audited").run();
    at(&["show", "1"]).stdout_has("no answer, on purpose").run();
}

#[test]
fn what_would_answer_otherwise_is_set_aside_with_a_note() {
    let aside = "note: nothing is forwarded: the audit answers\n";
    let respond = "note: the setting `listen.respond` does not hold: the audit answers\n";
    for (settings, variable, notes) in [
        ("", "localhost:9", aside.to_owned()),
        (
            "[listen]\nforward-to = 'localhost:9'\n",
            "",
            aside.to_owned(),
        ),
        ("[listen]\nrespond = '200'\n", "", respond.to_owned()),
        (
            "[listen]\nrespond = 'forward'\nforward-to = 'localhost:9'\n",
            "",
            format!("{respond}{aside}"),
        ),
    ] {
        let home = folder([("wh.toml", settings)]);
        let call = audit(&["cepro", "--json"]).dir(home.path());
        let listener = call.env("WH_FORWARD_TO", variable).start();
        for key in ["forward", "script"] {
            assert!(listener.ready().get(key).is_none(), "{}", listener.ready());
        }
        let request = post("cepro", "/", signed("cepro"), "{}");
        let answer = String::from_utf8(raw(listener.addr(), request)).unwrap();
        assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
        let said = String::from_utf8(listener.stop().stderr).unwrap();
        let rest = said.strip_prefix(&notes);
        assert!(
            rest.is_some_and(|rest| rest.starts_with("note: the audit takes ")),
            "{said}"
        );
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("acme.toml"), ACME).unwrap();
    for (words, code, said) in [
        (&["--speed", "60x"][..], 2, "--audit"),
        (&["--skip", "waits"], 2, "--audit"),
        (&["--audit", "cepro", "--skip", "wait"], 2, "waits"),
        (&["--audit", "cepro", "--speed", "0x"], 2, "no speed"),
        (&["--audit", "wlcor"], 7, "did you mean `wlcro`?"),
        (
            &["--audit", "wlcro", "-P", "cepro"],
            2,
            "`--audit wlcro` and `-P cepro` are two platforms\nhint: name one: --audit wlcro",
        ),
        (
            &["--audit", "cepro", "--provider-file", "acme.toml"],
            2,
            "name a provider or a file, not both",
        ),
        (
            &["--audit", "-P", "cepro", "-P", "wlcro"],
            2,
            "`-P` names 2\nhint: name one, for example --audit cepro",
        ),
        (
            &["--audit", "-P", "auto"],
            2,
            "`auto` is all of them\nhint: name one, for example --audit cepro",
        ),
        (&["--audit", "auto"], 2, "`auto` is all of them"),
        (
            &["--audit", "cepro", "-k"],
            2,
            "nothing is forwarded, so nothing can be said of how\nhint: leave out -H, -k and",
        ),
    ] {
        wh([&["listen", "--port", "0"], words].concat())
            .dir(home.path())
            .stderr_has(said)
            .exit(code)
            .run();
    }
}
