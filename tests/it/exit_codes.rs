//! The exit codes: what a script may rely on, and what is said with each.

use std::fs::File;
use std::io::pipe;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::{Answer, Receiver, folder, sh, wh};

/// HMAC-SHA256 of `{}` with `s3cret`.
const SIG: &str = "adbde1ce40c89c14215687d5d762a47df6dfaefcfad61e2e86718ffc8498571b";

/// A provider that waits for an answer for a moment only.
const HASTY: &str = r#"
    provider = { id = "hasty" }
    signature = { algorithm = "hmac-sha256", signs = "{body}", encoding = "hex", header = "X-Sig", value = "{sig}" }
    delivery = { timeout = "50ms", retry = "none" }
    any_event = { open = true, sample = "{}" }
    "#;

fn desk() -> TempDir {
    folder([
        ("body", "{}"),
        ("secret", "s3cret"),
        ("wrong.toml", "prot = 1"),
        ("hasty.toml", HASTY),
    ])
}

/// Calls that end with this code, each with the first words on stderr; `SIG` stands for a signature.
fn check(code: i32, table: &[(&str, &str)]) {
    let desk = desk();
    for (words, begin) in table {
        let words = words.replace("SIG", SIG);
        let words: Vec<_> = words.split_whitespace().collect();
        let output = wh(&words).dir(desk.path()).capture();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let said = stderr.starts_with(begin) && stderr.is_empty() == begin.is_empty();
        assert_eq!((output.code, said), (code, true), "{words:?}\n{stderr}");
    }
}

#[test]
fn zero_is_done() {
    check(
        0,
        &[
            ("--help", ""),
            ("--version", ""),
            ("send -h", ""),
            ("man", ""),
            ("completions fish", ""),
            ("provider list", ""),
            ("events", ""),
            ("sign body --secret-file secret", ""),
            ("verify body --secret-file secret --sig SIG", ""),
            ("send lead.created --url 3000 --no-signature --dry-run", ""),
            ("demo --quiet", ""),
            ("check --list", ""),
        ],
    );
}

#[test]
fn two_is_wrong_text_on_the_command_line() {
    check(
        2,
        &[
            ("", "Examples:\n"),
            ("provider", "Examples:\n"),
            ("nope", "error: unrecognized subcommand 'nope'"),
            ("events --nope", "error: unexpected argument '--nope' found"),
            ("events a b", "error: unexpected argument 'b' found"),
            (
                "events -q -v",
                "error: the argument '--quiet' cannot be used with '--verbose'",
            ),
            (
                "events --color purple",
                "error: invalid value 'purple' for '--color <WHEN>'",
            ),
            (
                "completions tcsh",
                "error: invalid value 'tcsh' for '<SHELL>'",
            ),
            (
                "sign",
                "error: the following required arguments were not provided:",
            ),
            (
                "sign body --curl",
                "error: the following required arguments were not provided:",
            ),
            (
                "sign body -H nope",
                "error: invalid value 'nope' for '--header",
            ),
            ("verify body", "error: no signature to verify"),
            ("send lead.created", "error: no URL to send to"),
            (
                "send --url 3000 --no-signature",
                "error: name the event to send",
            ),
            (
                "send a --url ftp://h/",
                "error: invalid value 'ftp://h/' for '--url <URL>'",
            ),
            (
                "send a --url 3000 --attempt 0",
                "error: invalid value '0' for '--attempt <N>'",
            ),
            (
                "send a --url 3000 --expect 7xx",
                "error: invalid value '7xx' for '--expect",
            ),
            (
                "send a --url 3000 --tamper nose",
                "error: invalid value 'nose' for '--tamper",
            ),
            (
                "send a --url 3000 -H TE:b --secret-file secret",
                "error: `TE` frames the request",
            ),
            (
                "listen --port 65536",
                "error: invalid value '65536' for '--port <PORT>'",
            ),
            ("listen --expect status:9xx", "error: `9xx` is not a status"),
            (
                "listen --once --count 2",
                "error: the argument '--once' cannot be used with '--count <N>'",
            ),
            ("provider new A", "error: `A` cannot be an id"),
            ("check", "error: no URL to check"),
            ("check 3000 --only nope", "error: there is no rule `nope`"),
            (
                "check example.com --secret-file secret",
                "error: nobody is asked whether to check example.com (",
            ),
        ],
    );
}

#[test]
fn four_is_a_signature_that_is_not_valid() {
    check(
        4,
        &[
            ("verify body --secret-file secret --sig 00", ""),
            ("verify body --secret-file secret -H X-A:b", ""),
        ],
    );
}

#[test]
fn seven_is_something_missing_or_unusable() {
    check(
        7,
        &[
            ("events nope", "error: `cepro` has no event `nope`"),
            ("events -P nope", "error: there is no provider `nope`"),
            (
                "events --provider-file nope",
                "error: cannot read the provider file `nope`",
            ),
            (
                "events --config nope",
                "error: cannot read the settings file `nope`",
            ),
            (
                "events --config wrong.toml",
                "error: the settings file `wrong.toml` is wrong",
            ),
            (
                "provider validate wrong.toml",
                "error: the provider file `wrong.toml` is wrong",
            ),
            (
                "sign nope --secret-file secret",
                "error: cannot read `nope`",
            ),
            ("sign body --secret-file nope", "error: cannot read `nope`"),
            ("sign body", "error: no secret given"),
            ("verify body --sig SIG", "error: no secret given"),
            (
                "verify --delivery body --secret-file secret",
                "error: `body` is no delivery",
            ),
            (
                "send nope --url 3000 --no-signature",
                "error: `cepro` has no event `nope`",
            ),
            ("send lead.created --url 3000", "error: no secret given"),
            ("check 3000", "error: no secret given"),
            (
                "check 3000 --baseline nope",
                "error: cannot read the baseline `nope`",
            ),
            (
                "send a --data @nope --url 3000 --no-signature",
                "error: cannot read `nope`",
            ),
            (
                "listen --host 240.0.0.1 --port 0",
                "error: cannot listen on 240.0.0.1 port 0",
            ),
        ],
    );
}

#[test]
fn eight_is_something_that_was_expected_and_did_not_come() {
    check(
        8,
        &[
            ("listen --port 0 --once --timeout 0s", "listening on "),
            (
                "listen --port 0 --expect lead.created --timeout 1ms -- true",
                "listening on ",
            ),
            (
                "log --wait lead.created --timeout 0s",
                "error: no attempt passed `lead.created`",
            ),
        ],
    );
}

#[test]
fn what_is_expected_of_the_answer_decides() {
    let table: &[(u16, Option<&str>, i32)] = &[
        (200, None, 0),
        (204, None, 0),
        (302, None, 5),
        (401, None, 5),
        (500, None, 5),
        (204, Some("2xx"), 0),
        (204, Some("200,204"), 0),
        (204, Some("200"), 8),
        (204, Some("refused"), 8),
        (401, Some("401"), 0),
        (401, Some("4xx"), 0),
        (401, Some("refused"), 0),
        (302, Some("refused"), 0),
        (500, Some("4xx"), 8),
        (500, Some("2xx"), 8),
    ];
    for (status, expected, code) in table {
        let receiver = Receiver::start([*status]);
        let args = ["send", "lead.created", "--no-signature", "--json", "--url"];
        let url = receiver.url();
        let expected = expected.map(|expected| format!("--expect={expected}"));
        let args = args
            .into_iter()
            .chain([url.as_str()])
            .chain(expected.as_deref());
        let output = wh(args).capture();
        assert_eq!(output.code, *code, "{status} {expected:?}");
    }
}

/// What is expected makes no difference where nobody answers.
fn check_unanswered(url: &str) {
    let desk = desk();
    for expected in [None, Some("--expect=2xx"), Some("--expect=refused")] {
        let args = [
            "send",
            "any",
            "--no-signature",
            "--provider-file",
            "hasty.toml",
            "--url",
            url,
        ];
        let output = wh(args.into_iter().chain(expected))
            .dir(desk.path())
            .capture();
        assert_eq!(output.code, 6, "{url} {expected:?}");
    }
}

#[test]
fn six_is_no_answer() {
    for answer in [
        Answer::Close,
        Answer::Reset,
        Answer::Hang,
        Answer::Raw(b"no HTTP".into()),
    ] {
        let receiver = Receiver::start([answer]);
        check_unanswered(&receiver.url());
    }
}

#[test]
fn six_is_nobody_to_answer() {
    // The port is free again: nobody listens there.
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    drop(socket);
    check_unanswered(&format!("http://{address}"));
    // Somebody listens there, and does not speak TLS.
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let plain = std::thread::spawn(move || {
        for _ in 0..3 {
            drop(socket.accept().unwrap());
        }
    });
    check_unanswered(&format!("https://{address}"));
    plain.join().unwrap();
}

#[test]
fn one_refusal_of_two_deliveries_is_a_refusal() {
    for (script, code) in [([200, 500], 5), ([500, 200], 5), ([200, 200], 0)] {
        let receiver = Receiver::start(script);
        let args = [
            "send",
            "estimate.created",
            "--with-legacy",
            "--no-signature",
            "--url",
        ];
        let output = wh(args.into_iter().chain([receiver.url().as_str()])).capture();
        assert_eq!(output.code, code, "{script:?}");
        assert_eq!(receiver.requests().len(), 2);
    }
}

#[test]
fn a_signal_ends_what_hangs() {
    for signal in [Signal::INT, Signal::TERM] {
        let receiver = Receiver::start([Answer::Hang]);
        let script = "echo '{\"type\":\"ready\",\"schema\":1}'; \
                      exec \"$WH\" send lead.created --no-signature --json";
        let sending = sh(script).env("WH_URL", receiver.url()).start();
        receiver.wait_for(1);
        sending.signal(signal);
        let output = sending.wait();
        assert_eq!((output.code, output.stderr.as_slice()), (130, &b""[..]));
    }
}

/// The code and the errors of a call whose output goes there.
fn into(stdout: impl Into<Stdio>, stderr: impl Into<Stdio>, words: &str) -> (Option<i32>, String) {
    let desk = desk();
    let output = Command::new(env!("CARGO_BIN_EXE_wh"))
        .args(words.split(' '))
        .env_clear()
        .env("HOME", desk.path())
        .current_dir(desk.path())
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Calls that write on stdout, each by another way through the code.
const WRITING: [&str; 16] = [
    "--help",
    "--version",
    "sign --help",
    "man",
    "completions zsh",
    "events",
    "events estimate.created",
    "events --json",
    "provider list",
    "provider show --toml",
    "provider new acme --output -",
    "sign body --secret-file secret",
    "verify body --secret-file secret --sig adbde1ce40c89c14215687d5d762a47df6dfaefcfad61e2e86718ffc8498571b",
    "send lead.created --url 3000 --no-signature --dry-run",
    "listen --port 0 --json",
    "log --json",
];

#[test]
fn a_reader_that_has_gone_is_a_quiet_end() {
    for words in WRITING {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let ended = into(writer, Stdio::piped(), words);
        assert_eq!(ended, (Some(0), String::new()), "{words}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let message = "error: cannot write the output: No space left on device (os error 28)\n";
    for words in WRITING {
        let ended = into(full(), Stdio::piped(), words);
        assert_eq!(ended, (Some(1), message.to_owned()), "{words}");
    }
}

#[test]
fn a_closed_stdout_is_no_error() {
    for words in ["events", "sign body --secret secret"] {
        let desk = desk();
        let script = format!("exec \"$WH\" {words} --quiet >&-");
        sh(&script).dir(desk.path()).run();
    }
}

/// What cannot be remarked is no reason to leave the work undone.
#[test]
fn a_lost_remark_is_no_error() {
    let calls = [
        ("sign body --secret s3cret -P wlcro", 0),
        ("verify body --secret s3cret --sig 00", 4),
        ("events nope", 7),
    ];
    for (words, code) in calls {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        assert_eq!(into(Stdio::null(), writer, words).0, Some(code), "{words}");
        if cfg!(target_os = "linux") {
            let full = File::options().write(true).open("/dev/full").unwrap();
            assert_eq!(into(Stdio::null(), full, words).0, Some(code), "{words}");
        }
    }
}
