//! The ways to give a secret, which of them wins, and what is said where there is none.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use tempfile::TempDir;

use crate::support::{CONFIG, Wh, folder, needs, wh, with_terminal};

/// The hint that ends every error for want of a secret.
const WAYS: &str = "hint: --secret-file FILE, --secret-env NAME, or the variable WH_SECRET; \
                    --secret asks for it on a terminal\n";

const NO_SECRET: &str = "error: no secret given\nhint: --secret-file FILE, --secret-env NAME, or the \
    variable WH_SECRET; --secret asks for it on a terminal\n";

const WARNING: &str = "note: --secret shows in the process list: --secret-file, --secret-env and \
    WH_SECRET do not\n";

/// HMAC-SHA256 of `{}`, made with Python's `hmac`.
const BY_S3CRET: &str = "adbde1ce40c89c14215687d5d762a47df6dfaefcfad61e2e86718ffc8498571b\n";
const BY_BYTES: &str = "18dadb7d1e6ac18348a9cb234c945d1ee9a36ebfa58de8de711866465646b74e\n";

/// Not UTF-8, and without a NUL where it goes into a variable.
const BYTES: &[u8] = b"\xff\x00\xfe";

/// `wh sign` of `{}` in this folder.
fn sign(dir: &TempDir, args: &[&str], secret: &[&str]) -> Wh {
    wh(["sign", "-"].iter().chain(args).chain(secret))
        .stdin("{}")
        .dir(dir.path())
}

/// A folder that holds one secret file.
fn desk(secret: impl AsRef<[u8]>) -> TempDir {
    folder([("secret", secret)])
}

#[test]
fn one_newline_at_the_end_of_a_file_is_not_part_of_it_and_that_is_said_once() {
    let note = "note: the newline at the end of `secret` is not taken as part of the secret\n";
    let table: &[(&[u8], &str, &str)] = &[
        (b"s3cret", BY_S3CRET, ""),
        (b"s3cret\n", BY_S3CRET, note),
        (b"s3cret\r\n", BY_S3CRET, note),
        (
            b"s3cret\n\n",
            "f39cd3f95e0c0df0a620766d3cf004e55107255a85dd394c8d2c1b35a0f52a4e\n",
            note,
        ),
        (
            b"s3cret\r",
            "e0d5b48460eeea85dba60fdb04c68db682e94124a5672cba5f6d85b5f990335b\n",
            "",
        ),
        (
            b" s3cret ",
            "a842ee356ddad2b9303c3a762e8938fe343937d92575eeeac54656b983d0fb26\n",
            "",
        ),
        (BYTES, BY_BYTES, ""),
        (b"\xff\x00\xfe\n", BY_BYTES, note),
    ];
    for (secret, value, note) in table {
        sign(&desk(secret), &[], &["--secret-file", "secret"])
            .stdout(*value)
            .stderr(*note)
            .run();
    }
}

#[test]
fn a_value_may_be_any_bytes() {
    let value = OsStr::from_bytes(b"\xfe\xff");
    let expected = "0486f6373c671377fba3cc7553c53b6a32e42c81ca10c1c9400042d9e0e18427\n";
    let by_flag = [
        OsStr::new("sign"),
        OsStr::new("-"),
        OsStr::new("--secret"),
        value,
    ];
    wh(by_flag)
        .stdin("{}")
        .stdout(expected)
        .stderr(WARNING)
        .run();
    let home = desk("");
    sign(&home, &[], &[])
        .env("WH_SECRET", value)
        .stdout(expected)
        .run();
    sign(&home, &[], &["--secret-env", "MINE"])
        .env("MINE", value)
        .stdout(expected)
        .run();
}

#[test]
fn a_file_without_a_secret_is_told() {
    let missing =
        &format!("error: cannot read `secret`: No such file or directory (os error 2)\n{WAYS}");
    let directory = &format!(
        "error: `secret` is a directory\nhint: name a file, or `-` for standard input\n{WAYS}"
    );
    let table = [
        (
            folder([("secret", "")]),
            "error: the secret file `secret` is empty\n",
        ),
        (
            folder([("secret", "\n")]),
            "note: the newline at the end of `secret` is not taken as part of the secret\n\
             error: the secret file `secret` is empty\n",
        ),
        (folder([("secret/file", "s3cret")]), directory.as_str()),
        (folder([("other", "s3cret")]), missing.as_str()),
    ];
    for (dir, message) in table {
        sign(&dir, &[], &["--secret-file", "secret"])
            .stderr(message)
            .exit(7)
            .run();
        let by_variable = sign(&dir, &[], &[]).env("WH_SECRET_FILE", "secret");
        by_variable.stderr(message).exit(7).run();
    }
}

#[test]
fn a_variable_without_a_secret_is_told() {
    let dir = desk("");
    let message = "error: the variable `MINE` is not set, or empty\n";
    let unset = sign(&dir, &[], &["--secret-env", "MINE"]);
    unset.stderr(message).exit(7).run();
    let empty = sign(&dir, &[], &["--secret-env", "MINE"]).env("MINE", "");
    empty.stderr(message).exit(7).run();
}

#[test]
fn nobody_is_asked_where_nobody_can_answer() {
    let dir = desk("");
    let table: &[&[&str]] = &[
        &["sign", "-"],
        &["sign", "-", "--secret"],
        &["sign", "-", "--secret="],
        &["verify", "-", "--sig", "00"],
        &["send", "lead.created", "--url", "127.0.0.1:9"],
    ];
    for args in table {
        let expected = if args[0] == "send" {
            format!("{NO_SECRET}hint: --no-signature sends without one\n")
        } else {
            NO_SECRET.to_owned()
        };
        let plain = wh(*args).stdin("{}").dir(dir.path());
        plain.stderr(expected.as_str()).exit(7).run();
        let empty = wh(*args)
            .stdin("{}")
            .env("WH_SECRET", "")
            .env("WH_SECRET_FILE", "");
        empty.stderr(expected).exit(7).run();
    }
}

#[test]
fn a_value_in_the_process_list_is_warned_of_once() {
    let dir = desk("s3cret");
    let all = [
        "--secret",
        "s3cret",
        "--secret=other",
        "--secret-file",
        "secret",
    ];
    sign(&dir, &[], &all)
        .stdout(BY_S3CRET)
        .stderr(WARNING)
        .run();
    sign(&dir, &["--quiet"], &["--secret", "s3cret"])
        .stdout(BY_S3CRET)
        .run();
}

/// The token that is signed with shows which place was looked at. The nearest is taken away, then
/// the next, until the farthest is left.
#[test]
fn the_nearest_place_counts() {
    const FLAGS: [&str; 3] = [
        "--secret=value",
        "--secret-env=MINE",
        "--secret-file=by flag",
    ];
    const VARIABLES: [(&str, &str); 2] = [
        ("WH_SECRET_FILE", "by variable"),
        ("WH_SECRET", "WH_SECRET"),
    ];
    let table: &[(usize, usize, bool, &str, &str)] = &[
        (3, 2, true, "secret-file = 'user'", "the file of the flag"),
        (
            2,
            2,
            true,
            "secret-file = 'user'",
            "the variable of the flag",
        ),
        (1, 2, true, "secret-file = 'user'", "value"),
        (0, 2, true, "secret-file = 'user'", "WH_SECRET"),
        (
            0,
            1,
            true,
            "secret-file = 'user'",
            "the file of the variable",
        ),
        (
            0,
            0,
            true,
            "secret-file = 'user'",
            "the file of the project",
        ),
        (0, 0, false, "secret-file = 'user'", "the file of the user"),
        (
            0,
            0,
            false,
            "secret-env = 'THEIRS'",
            "the variable of the user",
        ),
    ];
    for (flags, variables, has_project, settings, expected) in table {
        let home = folder([
            (format!("{CONFIG}/config.toml").as_str(), *settings),
            (&format!("{CONFIG}/user"), "the file of the user"),
            ("by flag", "the file of the flag"),
            ("by variable", "the file of the variable"),
            ("project", "the file of the project"),
            (
                if *has_project { "wh.toml" } else { "unused" },
                "secret-file = 'project'",
            ),
        ]);
        let mut call = sign(&home, &["-P=cepro-inbound", "-q"], &FLAGS[..*flags])
            .home(home.path())
            .env("MINE", "the variable of the flag")
            .env("THEIRS", "the variable of the user");
        for (name, value) in &VARIABLES[..*variables] {
            call = call.env(name, value);
        }
        call.stdout(format!("Bearer {expected}\n")).run();
    }
}

#[test]
fn a_file_in_the_settings_lies_beside_them() {
    let home = folder([
        ("elsewhere/wh.toml", "secret-file = '../keys/secret'"),
        ("keys/secret", "s3cret"),
        ("work/readme", ""),
    ]);
    let args = ["sign", "-", "--config", "../elsewhere/wh.toml"];
    wh(args)
        .stdin("{}")
        .dir(home.path().join("work"))
        .stdout(BY_S3CRET)
        .run();
}

#[test]
fn a_secret_that_is_no_key_of_the_provider_is_told() {
    let provider = r#"
        provider = { id = "standard" }
        signature = { algorithm = "hmac-sha256", key = { strip = "whsec_", decode = "base64" }, signs = "{body}", encoding = "base64", header = "s", value = "{sig}" }
        "#;
    let dir = folder([("standard.toml", provider)]);
    for (secret, message) in [
        (
            "whsec_!",
            "the secret is not base64 after `whsec_`, which this provider's secrets are",
        ),
        ("whsec_", "the secret is empty"),
    ] {
        sign(&dir, &["--provider-file", "standard.toml"], &[])
            .env("WH_SECRET", secret)
            .stderr(format!("error: {message}\n"))
            .exit(7)
            .run();
    }
}

#[test]
fn a_secret_is_asked_for_on_a_terminal_and_not_shown() {
    if !needs("setsid") {
        return;
    }
    let dir = folder([("body", "{}")]);
    let hint = NO_SECRET.replace('\n', "\r\n");
    let nothing = "error: the secret is empty\r\n".to_owned();
    let table: &[(&[u8], i32, &str, &str)] = &[
        (b"s3cret\n", 0, BY_S3CRET, ""),
        (b"\n", 7, "", &nothing),
        // Ctrl-D and Ctrl-C.
        (b"\x04", 7, "", &hint),
        (b"\x03", 130, "", ""),
    ];
    for (keys, code, stdout, rest) in table {
        for args in [&["sign", "body"][..], &["sign", "body", "--secret"]] {
            let ended = with_terminal(args, &dir, ": ", keys);
            let screen = format!("Secret: \r\n{rest}");
            assert_eq!(ended, (Some(*code), (*stdout).to_owned(), screen));
        }
    }
}
