//! `wh verify`: every verdict in its words, with its code. The signatures were made with openssl.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Listener, Wh, folder, sh, wh};

/// HMAC-SHA256 of `{}` with `s3cret`.
const SIG: &str = "adbde1ce40c89c14215687d5d762a47df6dfaefcfad61e2e86718ffc8498571b";

/// HMAC-SHA256 of `1769596200.{}` with `s3cret`; the time is 2026-01-28T10:30:00Z.
const TIMED: &str = "d4b0515229b51392224fb751b59bb58754b1756675db59edbabd493a78c2c3b6";

/// A folder with a body, the secret and another one.
fn desk() -> TempDir {
    folder([("body", "{}"), ("secret", "s3cret"), ("other", "other")])
}

/// `wh verify` in such a folder, without explanations, with words that are separated by spaces. In a word, `SIG` and
/// `TIMED` are the signatures, `ANEW` is another one, and `_` is a space.
fn verify(desk: &TempDir, words: &str) -> Wh {
    let word = |word: &str| {
        let word = word.replace("SIG", SIG).replace("TIMED", TIMED);
        word.replace("ANEW", &SIG.replace('a', "b"))
            .replace('_', " ")
    };
    let secret = ["verify", "--no-explain", "--secret-file", "secret"].map(str::to_owned);
    let words = words.split(' ').map(word);
    wh(secret.into_iter().chain(words)).dir(desk.path())
}

/// Words and what is printed; the code is 0 where that begins with `valid`, and otherwise 4.
fn check(table: &[(&str, &str)]) {
    let desk = desk();
    for (words, verdict) in table {
        let is_valid = verdict.starts_with("valid");
        verify(&desk, words)
            .stdout(format!("{verdict}\n"))
            .exit(if is_valid { 0 } else { 4 })
            .run();
    }
}

#[test]
fn a_signature_is_valid_or_it_is_said_why_not() {
    check(&[
        ("body --sig SIG", "valid"),
        ("body --signature SIG", "valid"),
        ("body -H x-webhook-signature:SIG", "valid"),
        ("body -P orgjobs --sig sha256=SIG", "valid"),
        ("body -P tenant --sig SIG --id 7", "valid"),
        ("body --sig SIG --id 7", "valid"),
        ("body --sig ANEW", "invalid: the signature does not match"),
        (
            "body --sig sha256=SIG",
            "invalid: the signature is not of the form `{sig}` in lower-case hex",
        ),
        (
            "body -P orgjobs --sig SIG",
            "invalid: the signature is not of the form `sha256={sig}` in lower-case hex",
        ),
        (
            "body --sig QUJD",
            "invalid: the signature is not of the form `{sig}` in lower-case hex",
        ),
        (
            "body --sig SIG -H X-Webhook-Signature:SIG",
            "ambiguous: two signature headers",
        ),
        ("body -H X-A:b", "unsigned: no `X-Webhook-Signature` header"),
        (
            "body -H X-Webhook-Signature:",
            "invalid: the signature is not of the form `{sig}` in lower-case hex",
        ),
    ]);
}

#[test]
fn a_token_is_valid_or_it_is_said_why_not() {
    check(&[
        ("body -P cepro-inbound --sig Bearer_s3cret", "valid"),
        (
            "body -P cepro-inbound -H authorization:Bearer_s3cret",
            "valid",
        ),
        (
            "body -P cepro-inbound --sig Bearer_s3cre",
            "invalid: the token does not match",
        ),
        (
            "body -P cepro-inbound --sig s3cret",
            "invalid: the signature is not of the form `Bearer {secret}`",
        ),
        (
            "body -P cepro-inbound -H X-A:b",
            "unsigned: no `Authorization` header",
        ),
    ]);
}

/// The rule is five minutes to either side.
#[test]
fn a_signed_timestamp_is_held_against_the_clock() {
    let with = "body -P wlcro --sig sha256=TIMED";
    let table = [
        ("--timestamp 1769596200 --at 1769596200", "valid"),
        ("--timestamp 1769596200 --at 1769596500", "valid"),
        ("--timestamp 1769596200 --at 1769595900", "valid"),
        ("--timestamp 1769596200 --at 2026-01-28T10:35:00Z", "valid"),
        (
            "--timestamp 1769596200 --at 2026-01-28T11:35:00+01:00",
            "valid",
        ),
        ("--timestamp 1769596200 --at 1769596500999", "valid"),
        (
            "--timestamp 1769596200 --at 1769596501",
            "stale: signature valid, 5m1s old, tolerance 5m",
        ),
        (
            "--timestamp 1769596200 --at 1769595899",
            "stale: signature valid, 5m1s in the future, tolerance 5m",
        ),
        (
            "--timestamp 1769596200 --at 2026-01-28T10:37:12Z",
            "stale: signature valid, 7m12s old, tolerance 5m",
        ),
        (
            "--timestamp 1769596201 --at 1769596200",
            "invalid: the signature does not match",
        ),
        (
            "--timestamp 1769596200 -H X-Webhook-Timestamp:1769596200",
            "ambiguous: two timestamps",
        ),
    ];
    for (words, verdict) in table {
        check(&[(&format!("{with} {words}"), verdict)]);
    }
}

#[test]
fn a_signed_timestamp_that_is_missing_or_none_is_told() {
    let desk = desk();
    verify(&desk, "body -P wlcro --sig sha256=TIMED")
        .stdout_has("invalid: the ")
        .stdout_has("timestamp is missing\n")
        .exit(4)
        .run();
    // A right signature over a timestamp of a wrong form.
    let soon = "673b704a07db8284a9db39f785ad238035853df9c01a258bec8bdce0f348be58";
    verify(
        &desk,
        &format!("body -P wlcro --sig sha256={soon} --timestamp soon"),
    )
    .stdout("invalid: the timestamp is not Unix seconds\n")
    .exit(4)
    .run();
}

#[test]
fn the_tolerance_may_be_another_or_none() {
    let with = "body -P wlcro --sig sha256=TIMED --timestamp 1769596200";
    let table = [
        ("--at 1769596500 --tolerance 300", "valid"),
        ("--at 1769596260 --tolerance 1m", "valid"),
        (
            "--at 1769596261 --tolerance 1m",
            "stale: signature valid, 1m1s old, tolerance 1m",
        ),
        (
            "--at 1769596139 --tolerance 1m",
            "stale: signature valid, 1m1s in the future, tolerance 1m",
        ),
        ("--at 1769596200 --tolerance 0", "valid"),
        (
            "--at 1769596201 --tolerance 0",
            "stale: signature valid, 1s old, tolerance 0s",
        ),
        ("--at 2036-01-28T10:30:00Z --tolerance off", "valid"),
        ("--at 2016-01-28T10:30:00Z --tolerance off", "valid"),
    ];
    for (words, verdict) in table {
        check(&[(&format!("{with} {words}"), verdict)]);
    }
}

#[test]
fn an_unsigned_timestamp_is_worth_a_remark_only() {
    let with = "body --sig SIG --at 2026-01-28T10:35:01Z --timestamp";
    let table = [
        ("2026-01-28T10:30:01.000Z", "valid"),
        (
            "2026-01-28T10:30:00.000Z",
            "valid: the unsigned timestamp is 5m1s old",
        ),
        ("1769596200", "valid: the unsigned timestamp is 5m1s old"),
        (
            "2026-01-28T10:45:01Z",
            "valid: the unsigned timestamp is 10m ahead",
        ),
        ("soon", "valid"),
        (
            "2026-01-28T10:30:00Z --tolerance 5m",
            "stale: signature valid, 5m1s old, tolerance 5m",
        ),
        (
            "soon --tolerance 5m",
            "invalid: the timestamp is not RFC 3339",
        ),
    ];
    for (words, verdict) in table {
        check(&[(&format!("{with} {words}"), verdict)]);
    }
}

#[test]
fn the_time_to_judge_at_may_lie_off_now() {
    let desk = desk();
    let output = verify(&desk, "body -P wlcro --sig sha256=TIMED --at now").capture();
    assert_eq!(output.code, 4);
    let headers = wh([
        "sign",
        "body",
        "-P",
        "wlcro",
        "--secret-file",
        "secret",
        "--json",
    ]);
    let signed = headers.dir(desk.path()).capture().stdout;
    let signed: Value = serde_json::from_slice(&signed).unwrap();
    let (sig, time) = (&signed["value"], &signed["headers"][0][1]);
    let fresh = format!(
        "body -P wlcro --sig {} --timestamp {}",
        sig.as_str().unwrap(),
        time.as_str().unwrap()
    );
    for (at, kind) in [
        ("now", "valid"),
        ("+1m", "valid"),
        ("-1m", "valid"),
        ("+1h", "stale"),
        ("-1h", "stale"),
    ] {
        let words = format!("{fresh} --json --at {at}");
        let output = verify(&desk, &words).capture();
        let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(verdict["kind"], kind, "{at}");
    }
}

#[test]
fn says_which_of_several_secrets_matched() {
    let table = [
        ("--secret-file other", "valid (secret 1 of 2)\n"),
        (
            "--secret-file other --secret-file other",
            "valid (secret 1 of 3)\n",
        ),
    ];
    let desk = desk();
    for (more, expected) in table {
        verify(&desk, &format!("body --sig SIG {more}"))
            .stdout(expected)
            .run();
    }
    let args = "verify body --sig X --secret-file other --secret-env MINE".replace('X', SIG);
    wh(args.split(' '))
        .dir(desk.path())
        .env("MINE", "s3cret")
        .stdout("valid (secret 2 of 2)\n")
        .run();
    verify(&desk, "body --sig ANEW --secret-file other")
        .stdout("invalid: the signature does not match\n")
        .exit(4)
        .run();
}

#[test]
fn refuses_what_makes_no_sense() {
    let desk = desk();
    let no_signature = "error: no signature to verify\nhint: --sig VALUE, or -H \
                        'X-Webhook-Signature: VALUE', or --delivery '#1042'\n";
    for (words, message) in [
        ("body", no_signature),
        ("body --timestamp 5", no_signature),
        (
            "body -P orgjobs --sig SIG --id 7",
            "error: --id has no place: `orgjobs` has none\n",
        ),
        (
            "body -P wlcro --sig SIG --id 7",
            "error: --id has no place: `wlcro` has it in the body /id\n",
        ),
        (
            "body -P tenant --sig SIG --timestamp 5",
            "error: --timestamp has no place: `tenant` has none\n",
        ),
    ] {
        verify(&desk, words).stderr(message).exit(2).run();
    }
    for (words, message) in [
        (
            "--sig SIG",
            "error: no file to verify\nhint: FILE, or `-` for standard input, or --delivery '#1042'\n",
        ),
        (
            "body --delivery line",
            "error: the argument '[FILE]' cannot be used with '--delivery <ID|FILE>'\n",
        ),
        (
            "body --sig SIG --tolerance soon",
            "error: invalid value 'soon' for '--tolerance <DURATION>': `soon` is not a duration: write \
             for example `300s`, `5m`, `2h` or `1d`, or `off`\n",
        ),
        (
            "body --sig SIG --at soon",
            "error: invalid value 'soon' for '--at <TIME>': `soon` is not RFC 3339: write RFC 3339, \
             Unix seconds, or an offset such as -10m\n",
        ),
    ] {
        verify(&desk, words).stderr_has(message).exit(2).run();
    }
}

#[test]
fn names_the_file_that_it_cannot_read() {
    let desk = desk();
    let missing = "error: cannot read `nope`: No such file or directory (os error 2)\n";
    let folder = "error: `.` is a directory\nhint: name a file, or `-` for standard input\n";
    for (words, message) in [
        ("nope --sig SIG", missing),
        (". --sig SIG", folder),
        ("--delivery nope", missing),
        ("--delivery .", folder),
        // Read to the end, because the error comes with the first read.
        (
            "/proc/self/mem --sig SIG",
            "error: cannot read `/proc/self/mem`: Input/output error (os error 5)\n",
        ),
    ] {
        if cfg!(not(target_os = "linux")) && words.starts_with('/') {
            continue;
        }
        verify(&desk, words).stderr(message).exit(7).run();
    }
}

#[test]
fn prints_one_json_object() {
    let desk = desk();
    let table = [
        ("body --sig SIG", true, "valid", Value::Null, Value::Null),
        (
            "body --sig SIG --secret-file other",
            true,
            "valid",
            Value::Null,
            json!(1),
        ),
        (
            "body --sig ANEW",
            false,
            "invalid",
            json!("the signature does not match"),
            Value::Null,
        ),
        (
            "body -H X-A:b",
            false,
            "unsigned",
            json!("no `X-Webhook-Signature` header"),
            Value::Null,
        ),
    ];
    for (words, ok, kind, reason, secret) in table {
        let expected = json!({
            "type": "verdict",
            "schema": 1,
            "ok": ok,
            "kind": kind,
            "reason": reason,
            "provider": "cepro",
            "secret": secret,
            "explanation": null,
        });
        verify(&desk, &format!("{words} --json"))
            .stdout(format!("{expected}\n"))
            .exit(if ok { 0 } else { 4 })
            .run();
    }
}

#[test]
fn verifies_input_of_any_length() {
    let lengths = [
        (
            0,
            "91dfac70c5348b04e1babb8b421ac92cec08b565b49ca16130dccb72503647b7",
        ),
        (
            1,
            "b82e5d4495d3818de55d87eaa366c8c06e3626bf51ec1244106773e3b8e42218",
        ),
        (
            64 * 1024 - 1,
            "555c0893e956a79170f2bd3d80d58ced9192cd1b452450e76c65e17b5669b256",
        ),
        (
            64 * 1024,
            "1ee0e175c46a8d24385573ace1b007c9e7cdafa82588408cb2a3a4a9778fc1bb",
        ),
        (
            64 * 1024 + 1,
            "9843d86d0ca668707d53f361e1c495223aa038e90eca66b61fe2bc23f3993980",
        ),
        (
            3 * 1024 * 1024 + 1,
            "34720dd9266d5e48d45065077a8fdc62e46ca358f3ec5fe4e76285bd45f193b9",
        ),
    ];
    for (length, sig) in lengths {
        let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
        let desk = folder([("body", bytes.as_slice()), ("secret", b"s3cret")]);
        for file in ["body", "-"] {
            verify(&desk, &format!("{file} --sig {sig}"))
                .stdin(bytes.clone())
                .stdout("valid\n")
                .run();
        }
    }
}

/// 256 MiB of zeros, under a limit of 128 MiB of address space.
#[cfg(target_os = "linux")]
#[test]
fn takes_no_more_memory_for_a_longer_file() {
    let desk = desk();
    let file = std::fs::File::create(desk.path().join("big")).unwrap();
    file.set_len(256 * 1024 * 1024).unwrap();
    let sig = "d2f35419c2adefd37f0ce9399f357bdae846c6c5fc77c199b03d159576137070";
    sh("ulimit -v 131072 && exec \"$WH\" verify big --secret-file secret --sig \"$SIG\"")
        .env("SIG", sig)
        .dir(desk.path())
        .stdout("valid\n")
        .run();
}

/// A receiver that takes the other line of the two would believe something that nobody signed.
#[test]
fn a_signed_header_that_stands_twice_is_ambiguous() {
    let provider = "[provider]\nid = 'topics'\n[signature]\nalgorithm = 'hmac-sha256'\n\
        signs = '{header:X-Topic}.{body}'\nencoding = 'hex'\nheader = 'X-Sig'\nvalue = '{sig}'\n";
    let desk = folder([("p.toml", provider), ("body", "{}"), ("secret", "s3cret")]);
    let common = ["--provider-file", "p.toml", "--secret-file", "secret"];
    let signed = wh(["sign", "body", "-H", "X-Topic: a"].iter().chain(&common))
        .dir(desk.path())
        .capture();
    let sig = String::from_utf8(signed.stdout).unwrap();
    let verify = ["verify", "body", "--sig", sig.trim(), "-H", "X-Topic: a"];
    let verify = || verify.iter().chain(&common);
    wh(verify()).dir(desk.path()).stdout("valid\n").run();
    wh(verify().chain(&["-H", "X-Topic: evil", "--no-explain"]))
        .dir(desk.path())
        .stdout("ambiguous: two `X-Topic` headers\n")
        .exit(4)
        .run();
}

#[test]
fn a_listener_whose_provider_signs_the_url_has_to_know_it() {
    let provider = "[provider]\nid = 'urls'\n[signature]\nalgorithm = 'hmac-sha256'\n\
        signs = '{url}{body}'\nencoding = 'hex'\nheader = 'X-Sig'\nvalue = '{sig}'\n";
    let desk = folder([("p.toml", provider), ("secret", "s3cret")]);
    wh(["listen", "--provider-file", "p.toml", "--port", "0"])
        .dir(desk.path())
        .stderr("error: `urls` signs the URL that is called\nhint: --public-url says which one that is\n")
        .exit(2)
        .run();
}

/// What follows the signature in the header's value is not what is damaged.
#[test]
fn a_tampered_signature_is_refused_whatever_follows_it() {
    let provider = "[provider]\nid = 'tail'\n[signature]\nalgorithm = 'hmac-sha256'\n\
        signs = '{body}'\nencoding = 'hex'\nheader = 'X-Sig'\nseparator = ','\n\
        value = 'v1={sig},t={timestamp}'\n[timestamp]\nfrom = 'signature'\nformat = 'unix'\n\
        [any_event]\nopen = true\nsample = '{}'\n";
    let desk = folder([("p.toml", provider), ("secret", "s3cret")]);
    let file = |name| desk.path().join(name).display().to_string();
    let common = [
        "--provider-file".to_owned(),
        file("p.toml"),
        "--secret-file".to_owned(),
        file("secret"),
    ];
    let listener = Listener::start(common.iter());
    let send = ["send", "a.b", "--url", listener.url()].map(str::to_owned);
    for (damage, code) in [
        (&[][..], 0),
        (&["--tamper".to_owned(), "signature".to_owned()], 5),
    ] {
        let output = wh(send.iter().chain(&common).chain(damage)).capture();
        assert_eq!(output.code, code, "{damage:?} {output:?}");
    }
}
