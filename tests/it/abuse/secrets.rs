//! A canary for a secret, given in every way and to every command: it is never seen again.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

use crate::support::{Listener, Output, Receiver, Reply, Wh, raw, skipped, wh};

/// The secret. It is neither base64 nor hexadecimal.
const CANARY: &str = "canary_5d41402abc4b2a76b9719d911017c592";

/// Another one, for whoever wants base64, as a provider that has none may be given it.
const BASE64: &str = "whsec_Y2FuYXJ5XzVkNDE0MDJhYmM0YjJhNzZiOTcxOQ==";

/// A folder with the canary in a file, and settings that name it.
fn desk(secret: &str) -> TempDir {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("secret"), secret).unwrap();
    fs::write(dir.path().join("newline"), format!("{secret}\n")).unwrap();
    fs::write(dir.path().join("file.toml"), "secret-file = 'secret'").unwrap();
    fs::write(dir.path().join("variable.toml"), "secret-env = 'CANARY'").unwrap();
    fs::write(
        dir.path().join("inside.toml"),
        format!("secret = '{secret}'"),
    )
    .unwrap();
    fs::write(dir.path().join("body"), "{}").unwrap();
    dir
}

/// Every way to give the secret, as arguments and a variable.
fn ways(secret: &str) -> Vec<(Vec<String>, Option<&'static str>)> {
    let flag = |flag: &str| flag.split(' ').map(str::to_owned).collect::<Vec<_>>();
    vec![
        (flag("--secret-file secret"), None),
        (flag("--secret-file newline"), None),
        (flag("--secret-env CANARY"), Some("CANARY")),
        (flag("--config file.toml"), None),
        (flag("--config variable.toml"), Some("CANARY")),
        (Vec::new(), Some("WH_SECRET")),
        (flag(&format!("--secret={secret}")), None),
        (flag(&format!("--secret {secret}")), None),
    ]
}

/// A command that is given the secret in one of the ways.
fn given(dir: &Path, args: &[&str], secret: &str, way: &(Vec<String>, Option<&'static str>)) -> Wh {
    let (flags, variable) = way;
    let all = args
        .iter()
        .map(ToString::to_string)
        .chain(flags.iter().cloned());
    let call = wh(all).dir(dir);
    match variable {
        Some(name) => call.env(name, secret),
        None => call,
    }
}

/// Fails where the secret, or what it decodes to, is in the output in any form.
#[track_caller]
fn assert_unseen(output: &Output, secret: &str) {
    let bare = secret.trim_start_matches("whsec_");
    let decoded = STANDARD.decode(bare).unwrap_or_default();
    let decoded = String::from_utf8(decoded).unwrap();
    let hex = secret
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .concat();
    let text = [&*output.stdout, &output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    for form in [secret, bare, &decoded, &STANDARD.encode(secret), &hex] {
        assert!(form.is_empty() || !text.contains(form), "{text}");
    }
}

/// Runs a command with the secret in every way, and expects one of the codes.
#[track_caller]
fn unseen(args: &[&str], secret: &str, codes: &[i32]) {
    let dir = desk(secret);
    for way in ways(secret) {
        let output = given(dir.path(), args, secret, &way).capture();
        assert!(codes.contains(&output.code), "{way:?}: {output:?}");
        assert_unseen(&output, secret);
    }
}

#[test]
fn sending_shows_no_secret() {
    let answers = [Reply::new(200), Reply::new(401).body("no")];
    let receiver = Receiver::start(answers);
    let url = receiver.url();
    for provider in ["cepro", "wlcro", "tenant", "cepro-inbound"] {
        let send = [
            "send", "a.b", "--force", "-v", "-P", provider, "--url", &url,
        ];
        unseen(&send, CANARY, &[0, 5]);
        unseen(&[&send[..], &["--json"]].concat(), CANARY, &[5]);
    }
    unseen(
        &["send", "estimate.created", "--url", "http://127.0.0.1:1"],
        CANARY,
        &[6],
    );
}

#[test]
fn a_dry_run_shows_no_secret() {
    for provider in ["cepro", "wlcro", "cepro-inbound"] {
        let send = [
            "send",
            "a.b",
            "--force",
            "--dry-run",
            "-v",
            "--url=9",
            "-P",
            provider,
        ];
        unseen(&send, CANARY, &[0]);
        unseen(&[&send[..], &["--json"]].concat(), CANARY, &[0]);
    }
}

/// A provider that sends the secret itself, in a header of its own.
const TOKENS: &str = "[provider]\nid = 'tokens'\n[signature]\nalgorithm = 'token'\n\
    header = 'X-Own-Token'\nvalue = 'v1 {secret}'\n";

#[test]
fn a_token_in_a_header_of_its_own_is_not_shown_either() {
    let dir = desk(CANARY);
    fs::write(dir.path().join("tokens.toml"), TOKENS).unwrap();
    let receiver = Receiver::start([200]);
    let url = receiver.url();
    let flags = ["--provider-file=tokens.toml", "-v"];
    for send in [
        &["send", "a.b", "--force", "--url", &url][..],
        &["send", "a.b", "--force", "--url", &url, "--json"],
        &["send", "a.b", "--force", "--url", &url, "--dry-run"],
        &[
            "send",
            "a.b",
            "--force",
            "--url",
            &url,
            "--dry-run",
            "--json",
        ],
    ] {
        let call = wh([send, &flags].concat()).dir(dir.path());
        let output = call.env("WH_SECRET", CANARY).capture();
        assert_eq!(output.code, 0, "{output:?}");
        assert_unseen(&output, CANARY);
    }
    let request = format!("POST / HTTP/1.1\r\nX-Own-Token: v1 {CANARY}\r\n\r\n");
    for format in ["-v", "--json"] {
        let call = wh(["listen", "--port=0", flags[0], format]).dir(dir.path());
        let call = call.env("WH_SECRET", CANARY);
        let listener = if format == "-v" {
            call.start_for_people()
        } else {
            call.start()
        };
        assert!(raw(listener.addr(), &request).starts_with(b"HTTP/1.1 200"));
        assert_unseen(&listener.stop(), CANARY);
    }
    let sent = receiver.requests();
    let token = format!("v1 {CANARY}");
    assert_eq!(sent[0].header("x-own-token"), Some(&*token));
    assert_eq!(sent.len(), 2);
}

#[test]
fn signing_and_verifying_show_no_secret() {
    for provider in ["cepro", "wlcro"] {
        unseen(&["sign", "body", "-P", provider], CANARY, &[0]);
        unseen(&["sign", "body", "-P", provider, "--headers"], CANARY, &[0]);
        unseen(
            &["sign", "body", "-P", provider, "--curl", "--url=9"],
            CANARY,
            &[0],
        );
        unseen(&["sign", "body", "-P", provider, "--json"], CANARY, &[0]);
    }
    for provider in ["cepro", "wlcro", "cepro-inbound"] {
        unseen(
            &["verify", "body", "-P", provider, "--sig=00", "-v"],
            CANARY,
            &[4],
        );
        unseen(
            &["verify", "body", "-P", provider, "--sig=00", "--json"],
            CANARY,
            &[4],
        );
    }
}

/// A provider whose secrets are of this form.
fn picky(decode: &str) -> String {
    format!(
        "[provider]\nid = 'picky'\n[signature]\nalgorithm = 'hmac-sha256'\nsigns = '{{body}}'\n\
         encoding = 'hex'\nheader = 'X-Sig'\nvalue = '{{sig}}'\n\
         key = {{ strip = 'whsec_', decode = '{decode}' }}\n"
    )
}

#[test]
fn a_wrong_secret_is_told_without_being_shown() {
    for (decode, secret) in [("base64", CANARY), ("hex", CANARY), ("hex", BASE64)] {
        let dir = desk(secret);
        fs::write(dir.path().join("picky.toml"), picky(decode)).unwrap();
        for command in [
            "sign body",
            "verify body --sig=00",
            "send a.b --force --url=9",
            "send a.b --force --url=9 --dry-run --json",
            "listen --port=0",
        ] {
            let args = command.split(' ').chain(["--provider-file=picky.toml"]);
            let args: Vec<_> = args.collect();
            for way in ways(secret) {
                let output = given(dir.path(), &args, secret, &way).capture();
                assert_eq!(output.code, 7, "{command} {way:?}: {output:?}");
                let told = String::from_utf8_lossy(&output.stderr);
                assert!(told.contains("error: the secret is not "), "{told}");
                assert_unseen(&output, secret);
            }
        }
    }
}

#[test]
fn a_secret_that_is_no_token_is_told_without_being_shown() {
    let receiver = Receiver::start([200]).unused();
    let secret = format!("{CANARY}\r\nX-Evil: 1");
    let send = [
        "send",
        "a.b",
        "--force",
        "-P",
        "cepro-inbound",
        "--url",
        &receiver.url(),
    ];
    let output = wh(send).env("WH_SECRET", &secret).capture();
    assert_eq!(output.code, 2);
    assert_unseen(&output, CANARY);
    let told = "error: the value of the header `Authorization` cannot be sent: it has a control \
                character, or a blank at an end\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), told);
}

#[test]
fn a_secret_in_the_wrong_place_is_told_without_being_shown() {
    let canary = "canary+5d41402abc4b2a76b9719d911017c592";
    let dir = desk(canary);
    let table: &[(&[&str], &str)] = &[
        (
            &["sign", "body", "--secret-env", canary],
            "--secret-env takes the name of a variable",
        ),
        (
            &["sign", "body", "--config", "inside.toml"],
            "unknown field `secret`",
        ),
    ];
    for (args, told) in table {
        let output = wh(*args).dir(dir.path()).capture();
        assert_eq!(output.code, 7, "{output:?}");
        assert_unseen(&output, canary);
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(told),
            "{output:?}"
        );
    }
}

#[test]
fn what_is_no_secret_file_is_not_read_to_its_end() {
    let told = "error: `/dev/zero` is longer than 64 KiB, so it is hardly a secret\n";
    if !Path::new("/dev/zero").exists() {
        return skipped("/dev/zero");
    }
    wh(["sign", "-", "--secret-file", "/dev/zero"])
        .stderr_has(told)
        .exit(7)
        .run();
}

/// The messages that a listener should judge in different ways.
fn messages(provider: &str) -> [String; 4] {
    let token = format!("Authorization: Bearer {CANARY}\r\nCookie: {CANARY}\r\n");
    let wrong = format!("Authorization: Bearer {CANARY}-not\r\n");
    let good = if provider == "cepro-inbound" {
        token.as_str()
    } else {
        ""
    };
    ["", good, &wrong, &format!("{good}{good}")]
        .map(|lines| format!("POST /{provider} HTTP/1.1\r\n{lines}Content-Length: 2\r\n\r\n{{}}"))
}

#[test]
fn listening_shows_no_secret() {
    for provider in ["cepro", "wlcro", "cepro-inbound"] {
        for way in ways(CANARY) {
            let dir = desk(CANARY);
            let args = ["listen", "--port=0", "-P", provider, "--json"];
            judge(given(dir.path(), &args, CANARY, &way).start(), provider);
        }
        let args = ["listen", "--port=0", "-P", provider, "-v"];
        judge(
            wh(args).env("WH_SECRET", CANARY).start_for_people(),
            provider,
        );
    }
}

/// Sends the messages, and looks for the secret in the answers and in what was shown.
#[track_caller]
fn judge(listener: Listener, provider: &str) {
    for message in messages(provider) {
        let answer = raw(listener.addr(), message);
        let text = String::from_utf8_lossy(&answer);
        assert!(!text.contains(CANARY), "{text}");
    }
    let output = listener.stop();
    assert_eq!(output.code, 0);
    assert_unseen(&output, CANARY);
}

#[test]
fn only_the_flag_that_takes_it_by_value_shows_it_in_the_process_list() {
    if !Path::new("/proc/self/cmdline").exists() {
        return skipped("/proc");
    }
    for way in ways(CANARY) {
        let dir = desk(CANARY);
        let call = given(dir.path(), &["listen", "--port=0", "--json"], CANARY, &way);
        let listener: Listener = call.start();
        let words = fs::read_to_string(format!("/proc/{}/cmdline", listener.pid())).unwrap();
        let by_value = way.0.iter().any(|word| word.contains(CANARY));
        assert_eq!(words.contains(CANARY), by_value, "{way:?}");
    }
}
