//! `wh sign`. The codes that are expected were made with Python's `hmac` and with openssl.

use serde_json::json;
use tempfile::TempDir;

use crate::support::{Wh, folder, sh, wh};

const SECRET: &str = "whsec_topsecret";
const BODY: &str = "{\"event\":\"estimate.created\",\"total\":2500.00}\n";

/// HMAC-SHA256 of the body.
const OF_BODY: &str = "7dea67c4aebe173d9c2812a5f79b411737cde1b9cdf9848d7988d784fd89fd1b";

/// HMAC-SHA256 of `1769596200.` and the body.
const OF_TIMED: &str = "0e96269d0959b68cda9cd186b5416ffee1c261cd6a15c70f3d5a84357d953d52";

/// Provider files whose schemes sign what the built-in ones do not.
const PROVIDERS: [(&str, &str); 4] = [
    (
        "square.toml",
        r#"
        provider = { id = "square" }
        [signature]
        algorithm = "hmac-sha256"
        signs = "{url}{body}"
        encoding = "base64"
        header = "x-square-hmacsha256-signature"
        value = "{sig}"
        "#,
    ),
    (
        "standard.toml",
        r#"
        provider = { id = "standard" }
        signature = { algorithm = "hmac-sha256", key = { strip = "whsec_", decode = "base64" }, signs = "{id}.{timestamp}.{body}", encoding = "base64", header = "webhook-signature", value = "v1,{sig}", separator = " " }
        timestamp = { from = "header:webhook-timestamp", format = "unix" }
        id = { from = "header:webhook-id", make = "msg_" }
        "#,
    ),
    (
        "stripe.toml",
        r#"
        provider = { id = "stripe" }
        signature = { algorithm = "hmac-sha256", signs = "{timestamp}.{body}", encoding = "hex", header = "Stripe-Signature", value = "t={timestamp},v1={sig}", separator = "," }
        timestamp = { from = "signature", format = "unix" }
        "#,
    ),
    (
        "traced.toml",
        r#"
        provider = { id = "traced" }
        [signature]
        algorithm = "hmac-sha512"
        signs = "{method}:{header:X-Trace}:{body}"
        encoding = "hex"
        header = "X-Signature"
        value = "{sig}"
        "#,
    ),
];

/// A folder with a body, a secret and the provider files.
fn desk() -> TempDir {
    let files = [("body.json", BODY), ("secret.txt", SECRET)];
    folder(files.into_iter().chain(PROVIDERS))
}

/// `wh sign` in such a folder, with words that are separated by spaces.
fn sign(desk: &TempDir, words: &str) -> Wh {
    let words = words.split(' ').filter(|word| !word.is_empty());
    let all = ["sign", "--secret-file", "secret.txt"].into_iter();
    wh(all.chain(words)).dir(desk.path())
}

#[test]
fn prints_the_value_alone() {
    let desk = desk();
    let prefixed = format!("sha256={OF_BODY}");
    let timed = format!("sha256={OF_TIMED}");
    let in_value = format!("t=1769596200,v1={OF_TIMED}");
    let sha512 = "f6c13ad2f90e37d4c499f7ec95e75aaebad079aac83dd649357f534cb98b0db7\
                  66ae3632598930ab44fd66283dd05536c2702acc12856418de13d3aee1e146e6";
    let table: &[(&str, &str)] = &[
        ("body.json", OF_BODY),
        ("-P cepro body.json", OF_BODY),
        ("-P ce-pro body.json", OF_BODY),
        ("-P tenant body.json", OF_BODY),
        ("-P orgjobs body.json", &prefixed),
        ("-P wlcro body.json --timestamp 1769596200", &timed),
        ("-P cepro-inbound body.json", "Bearer whsec_topsecret"),
        (
            "--provider-file square.toml body.json --url https://example.com/hooks?a=1",
            "0p5cUml5l2TdT3HJ0lab0T9mdWWTtKl4y+JijBT2WAY=",
        ),
        (
            "--provider-file stripe.toml body.json --timestamp 1769596200",
            &in_value,
        ),
        (
            "--provider-file traced.toml body.json -H X-Trace:abc",
            sha512,
        ),
    ];
    for (words, value) in table {
        sign(&desk, words).stdout(format!("{value}\n")).run();
    }
}

/// The example of the specification: standardwebhooks.com and its libraries publish this value.
#[test]
fn agrees_with_the_standard_webhooks_example() {
    let desk = folder(
        [
            ("body", r#"{"test": 2432232314}"#),
            ("secret.txt", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ]
        .into_iter()
        .chain(PROVIDERS),
    );
    let words = "--provider-file standard.toml body --id msg_p5jXN8AQM9LWM0D4loKWxJek --timestamp 1614265330";
    sign(&desk, words)
        .stdout("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\n")
        .run();
}

#[test]
fn signs_what_comes_on_stdin() {
    sign(&desk(), "-")
        .stdin(BODY)
        .stdout(format!("{OF_BODY}\n"))
        .run();
}

#[test]
fn signs_input_of_any_length() {
    let table = [
        (
            0,
            "c401cd9c4004bc752d6a6853097326944765ccd53f6cd7c703205c85dc8832ec",
        ),
        (
            1,
            "924983ab9993493eb3e9725d30aab06483ee5fbdc1c893fadd9171fb638f4a2f",
        ),
        (
            64 * 1024 - 1,
            "f439fcf8104e7bde16fc25a726ca3750c3dc249bfbb32f41d2c86af124ab4a0d",
        ),
        (
            64 * 1024,
            "ba5120ea84c4141f9dcc0bedef70a82837daa20806f15e18cef40f6e1ab24a35",
        ),
        (
            64 * 1024 + 1,
            "896bc269e2d259830c47673a719cd983d19400e38cef619031a2875009527053",
        ),
        (
            3 * 1024 * 1024 + 1,
            "ffc098c7642bb0e6cf527aa595767d92919751678435a8a14fd059cac0df9efa",
        ),
    ];
    for (length, code) in table {
        let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
        let desk = folder([
            ("body", bytes.as_slice()),
            ("secret.txt", SECRET.as_bytes()),
        ]);
        let value = format!("{code}\n");
        sign(&desk, "body").stdout(value.as_str()).run();
        sign(&desk, "-").stdin(bytes).stdout(value).run();
    }
}

/// 256 MiB of zeros, under a limit of 128 MiB of address space.
#[cfg(target_os = "linux")]
#[test]
fn takes_no_more_memory_for_a_longer_file() {
    let desk = desk();
    let file = std::fs::File::create(desk.path().join("big")).unwrap();
    file.set_len(256 * 1024 * 1024).unwrap();
    let limited = "ulimit -v 131072 && exec \"$WH\" sign big --secret-file secret.txt";
    sh(limited)
        .dir(desk.path())
        .stdout("2458d614f5ab7df399ce1fd040894fe6408ea02a06832771a5f827d13216fc97\n")
        .run();
}

#[test]
fn prints_the_header_lines_that_a_receiver_needs() {
    let desk = desk();
    let table: &[(&str, String)] = &[
        (
            "--timestamp 2026-01-28T10:30:00.000Z --id 7d1 -H X-A:b -H x-a:",
            format!(
                "X-A: b\nx-a: \nX-Webhook-ID: 7d1\n\
                 X-Webhook-Timestamp: 2026-01-28T10:30:00.000Z\nX-Webhook-Signature: {OF_BODY}\n"
            ),
        ),
        (
            "-P wlcro --timestamp 1769596200",
            format!("X-Webhook-Timestamp: 1769596200\nX-Webhook-Signature: sha256={OF_TIMED}\n"),
        ),
        ("-P tenant", format!("X-Webhook-Signature: {OF_BODY}\n")),
        (
            "-P orgjobs",
            format!("X-Webhook-Signature: sha256={OF_BODY}\n"),
        ),
        (
            "-P cepro-inbound",
            format!("Authorization: Bearer {SECRET}\n"),
        ),
        (
            "--provider-file standard.toml --id msg_1 --timestamp 1769596200",
            "webhook-id: msg_1\nwebhook-timestamp: 1769596200\n\
             webhook-signature: v1,YhOGJIBXgTBZ1DyfbWpHA1LMpc40fVm6WEUY9bmCGZk=\n"
                .into(),
        ),
    ];
    // The standard's secrets are base64, and this one is as well.
    std::fs::write(
        desk.path().join("standard.txt"),
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    .unwrap();
    for (words, lines) in table {
        let secret = if words.contains("standard") {
            "standard.txt"
        } else {
            "secret.txt"
        };
        let all = ["sign", "body.json", "--headers", "--secret-file", secret].into_iter();
        wh(all.chain(words.split(' ')))
            .dir(desk.path())
            .stdout(lines.as_str())
            .run();
    }
}

#[test]
fn writes_the_time_in_the_form_of_the_provider() {
    let desk = desk();
    for (provider, form) in [
        ("cepro", "dddd-dd-ddTdd:dd:dd.dddZ"),
        ("wlcro", "dddddddddd"),
    ] {
        let output = sign(&desk, &format!("-P {provider} body.json --headers")).capture();
        let lines = String::from_utf8(output.stdout).unwrap();
        let (name, time) = lines.lines().next().unwrap().split_once(": ").unwrap();
        assert_eq!(name, "X-Webhook-Timestamp");
        let shape = time.replace(|c: char| c.is_ascii_digit(), "d");
        assert_eq!(shape, form);
    }
}

#[test]
fn a_timestamp_that_is_signed_and_not_given_is_told() {
    let desk = desk();
    let output = sign(&desk, "-P wlcro body.json").capture();
    let note = String::from_utf8(output.stderr).unwrap();
    let time = note
        .strip_prefix("note: signed with the timestamp ")
        .and_then(|rest| rest.strip_suffix(": --headers prints it too\n"))
        .unwrap();
    sign(&desk, &format!("-P wlcro body.json --timestamp {time}"))
        .stdout(output.stdout)
        .run();
}

#[test]
fn a_remark_is_left_out_on_request_and_where_json_says_it_all() {
    let desk = desk();
    for words in ["-P wlcro body.json --quiet", "-P wlcro body.json --json"] {
        let output = sign(&desk, words).capture();
        assert_eq!((output.code, output.stderr.as_slice()), (0, &b""[..]));
    }
}

#[test]
fn prints_one_json_object() {
    let expected = json!({
        "type": "signature",
        "schema": 1,
        "header": "X-Webhook-Signature",
        "value": format!("sha256={OF_TIMED}"),
        "headers": [
            ["X-A", "b"],
            ["X-Webhook-Timestamp", "1769596200"],
            ["X-Webhook-Signature", format!("sha256={OF_TIMED}")],
        ],
    });
    sign(
        &desk(),
        "-P wlcro body.json --timestamp 1769596200 -H X-A:b --json",
    )
    .stdout(format!("{expected}\n"))
    .run();
}

#[test]
fn asks_for_what_the_scheme_signs_and_nobody_gave() {
    let desk = desk();
    for (provider, message, flag) in [
        (
            "square",
            "the signature covers the url, and none was given",
            "--url URL",
        ),
        (
            "traced",
            "the signature covers the header:X-Trace, and none was given",
            "-H 'X-Trace: VALUE'",
        ),
    ] {
        sign(&desk, &format!("--provider-file {provider}.toml body.json"))
            .stderr(format!("error: {message}\nhint: add {flag}\n"))
            .exit(2)
            .run();
    }
}

#[test]
fn refuses_header_lines_that_are_none() {
    let desk = desk();
    for (line, why) in [
        ("X-A", "there is no colon: write 'Name: value'"),
        ("X A: b", "`X A` is not a header name"),
        (": b", "`` is not a header name"),
        ("X-A: b\nX-B: c", "a header value has no control characters"),
    ] {
        wh(["sign", "body.json", "-H", line])
            .dir(desk.path())
            .stderr(format!(
                "error: invalid value '{line}' for '--header <HEADER>': {why}\n\n\
                 For more information, try '--help'.\n"
            ))
            .exit(2)
            .run();
    }
}

#[test]
fn names_the_file_that_it_cannot_read() {
    let desk = desk();
    for (file, message) in [
        (
            "nope.json",
            "error: cannot read `nope.json`: No such file or directory (os error 2)\n",
        ),
        (
            ".",
            "error: `.` is a directory\nhint: name a file, or `-` for standard input\n",
        ),
    ] {
        wh(["sign", file, "--secret-file", "secret.txt"])
            .dir(desk.path())
            .stderr(message)
            .exit(7)
            .run();
    }
}

#[test]
fn a_file_may_have_a_name_that_looks_like_a_flag() {
    let desk = folder([("--headers", BODY), ("secret.txt", SECRET)]);
    wh(["sign", "--secret-file", "secret.txt", "--", "--headers"])
        .dir(desk.path())
        .stdout(format!("{OF_BODY}\n"))
        .run();
}

/// A second reader would take the end of the input for an empty body, and sign that.
#[test]
fn stdin_is_not_taken_twice() {
    for args in [
        ["sign", "-", "--secret-file", "-"],
        ["send", "--data=-", "--secret-file=-", "--url=127.0.0.1:9"],
    ] {
        wh(args)
            .stdin("both\n")
            .stderr_has("error: standard input can be read once only\n")
            .stderr_has("hint: name a file in the place of one `-`\n")
            .exit(2)
            .run();
    }
}
