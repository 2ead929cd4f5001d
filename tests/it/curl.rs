//! The curl lines of `sign`, `send` and `show`, as a shell and curl itself understand them.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Receiver, folder, needs, raw, sh, wh};

const SECRET: (&str, &[u8]) = ("secret.txt", b"s3cret");

/// HMAC-SHA256 of `{}` with the secret.
const OF_BRACES: &str = "adbde1ce40c89c14215687d5d762a47df6dfaefcfad61e2e86718ffc8498571b";

/// What a shell made of a line: curl's arguments, and what would be its body.
#[derive(Debug, PartialEq)]
struct Call {
    args: Vec<OsString>,
    body: Vec<u8>,
}

/// Lets a shell run a line in this folder, with a curl that only notes how it was called.
fn run(shell: &str, line: &str, dir: &Path) -> Call {
    let noted = TempDir::new().unwrap();
    let curl = noted.path().join("curl");
    let script = format!(
        "#!/bin/sh\nprintf '%s\\0' \"$@\" >'{0}/args'\ncat >'{0}/stdin'\n",
        noted.path().display()
    );
    fs::write(&curl, script).unwrap();
    fs::set_permissions(&curl, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::join_paths([noted.path().to_owned(), "/usr/bin".into(), "/bin".into()]);
    // The line goes in as a file, as a script's would: an argument cannot hold all that it may.
    fs::write(noted.path().join("line"), line).unwrap();
    sh(&format!("{shell} \"$LINE\""))
        .env("LINE", noted.path().join("line"))
        .env("PATH", path.unwrap())
        .dir(dir)
        .run();
    let args = fs::read(noted.path().join("args")).unwrap();
    let args: Vec<OsString> = args
        .split(|byte| *byte == 0)
        .map(|arg| OsString::from_vec(arg.to_vec()))
        .collect();
    let (end, args) = args.split_last().unwrap();
    assert_eq!(end, "");
    let data = args.iter().position(|arg| arg == "--data-binary").unwrap() + 1;
    let body = match args[data].as_bytes().strip_prefix(b"@") {
        Some(b"-") => fs::read(noted.path().join("stdin")).unwrap(),
        Some(file) => fs::read(dir.join(OsStr::from_bytes(file))).unwrap(),
        None => args[data].as_bytes().to_vec(),
    };
    Call {
        args: args.to_vec(),
        body,
    }
}

/// The arguments of a call that posts `data` with these header lines.
fn post(lines: &[&str], data: &str, url: &str) -> Vec<OsString> {
    let mut args = vec!["-sS", "-X", "POST"];
    for line in lines {
        args.extend(["-H", *line]);
    }
    args.extend(["--data-binary", data, "--globoff", "--url", url]);
    args.into_iter().map(Into::into).collect()
}

fn names_in(folder: &Path) -> Vec<OsString> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

/// The line that `wh sign --curl` prints for a provider without a timestamp.
fn signed(dir: &Path, file: &str, more: &[&str]) -> String {
    let args = [
        "sign",
        "-P",
        "tenant",
        "--secret-file",
        "secret.txt",
        "--curl",
    ];
    let end = ["--", file];
    let output = wh(args.iter().chain(more).chain(&end)).dir(dir).capture();
    assert_eq!((output.code, output.stderr.as_slice()), (0, &b""[..]));
    String::from_utf8(output.stdout).unwrap()
}

const HOSTILE: [&str; 16] = [
    "body.json",
    "it's.json",
    "a \"b\" c",
    "-X",
    "--help",
    "@at",
    "$(touch pwned)",
    "`touch pwned`",
    "a;touch pwned",
    "&& touch pwned",
    ">pwned",
    "*",
    "~",
    "new\nline\n",
    "back\\slash\\",
    "schlüssel 🔑",
];

#[test]
fn names_the_file_whatever_its_name_is() {
    let signature = format!("X-Webhook-Signature: {OF_BRACES}");
    let lines = ["Content-Type: application/json", signature.as_str()];
    for name in HOSTILE {
        let dir = folder([SECRET, (name, b"{}")]);
        let before = names_in(dir.path());
        let line = signed(dir.path(), name, &["--url=3000"]);
        let expected = post(&lines, &format!("@{name}"), "http://localhost:3000/");
        let call = run("sh", &line, dir.path());
        assert_eq!(call.args, expected, "{name}");
        assert_eq!(call.body, b"{}", "{name}");
        assert_eq!(names_in(dir.path()), before, "{name}");
    }
}

#[test]
fn a_name_that_cannot_be_pasted_is_refused() {
    let dir = folder([SECRET]);
    for name in [&b"\xff"[..], b"\x1b[2J", b"a\rb"] {
        let name = OsStr::from_bytes(name);
        fs::write(dir.path().join(name), "{}").unwrap();
        let args = ["sign", "--curl", "--url=3000", "--secret-file=secret.txt"];
        let args = args.iter().map(OsStr::new).chain([name]);
        wh(args)
            .dir(dir.path())
            .stderr_has("` cannot be written into a curl line\nhint: `wh sign - --curl` makes")
            .exit(7)
            .run();
    }
}

#[test]
fn keeps_the_url_and_the_lines_in_one_piece() {
    let dir = folder([SECRET, ("b", b"{}")]);
    let header = "X-A: it's \"q\" $HOME `id` \\ *";
    let signature = format!("X-Webhook-Signature: {OF_BRACES}");
    let lines = [
        "Content-Type: application/json",
        header,
        "X-Empty;",
        signature.as_str(),
    ];
    for (url, sent) in [
        ("http://h/a'b?c='d'", "http://h/a'b?c=%27d%27"),
        ("http://h/a b?c=\"d e\"", "http://h/a%20b?c=%22d%20e%22"),
        ("http://h/$(id)?x=`id`&y;z", "http://h/$(id)?x=`id`&y;z"),
        ("http://h/[1-9]/{a,b}", "http://h/[1-9]/%7Ba,b%7D"),
        ("http://-x/", "http://-x/"),
        ("-x", "http://-x/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("http://h/\u{202e}", "http://h/%E2%80%AE"),
    ] {
        let flag = format!("--url={url}");
        let line = signed(dir.path(), "b", &[&flag, "-H", header, "-H", "X-Empty:"]);
        let call = run("sh", &line, dir.path());
        assert_eq!(call.args, post(&lines, "@b", sent), "{url}");
    }
}

#[test]
fn reads_stdin_where_the_file_was_stdin() {
    let args = [
        "sign",
        "-",
        "-P=tenant",
        "--curl",
        "--url=3000",
        "--secret=s3cret",
        "-q",
    ];
    let output = wh(args).stdin("{}").capture();
    let line = String::from_utf8(output.stdout).unwrap();
    let dir = folder([SECRET]);
    let call = run("printf %s '{}' | sh", &line, dir.path());
    assert_eq!(call.body, b"{}");
    assert!(
        call.args
            .contains(&format!("X-Webhook-Signature: {OF_BRACES}").into())
    );
}

#[test]
fn sends_the_very_bytes_that_were_signed() {
    let dir = folder([SECRET]);
    let bodies: [&[u8]; 12] = [
        b"{}",
        b"",
        b"it's \"quoted\" \\ $HOME `id` $(id)\n\n",
        b"@/etc/passwd",
        b"@-",
        b"-d",
        b"a\r\nb\tc",
        b"\0\xff\xfe\x80",
        b"\x1b[2J\x07",
        "schl\u{fc}ssel \u{1f511}".as_bytes(),
        "\u{202e}desrever".as_bytes(),
        b"\n",
    ];
    for shell in ["sh", "bash"] {
        if !needs(shell) {
            continue;
        }
        for body in bodies {
            fs::write(dir.path().join("body"), body).unwrap();
            let args = "send any --data @body --url 3000 -P tenant --secret-file secret.txt --dry-run --json";
            let output = wh(args.split(' ')).dir(dir.path()).capture();
            let request: Value = serde_json::from_slice(&output.stdout).unwrap();
            let line = request["curl"].as_str().unwrap();
            assert!(
                !line.contains(|c: char| c.is_control() && c != '\n'),
                "{line:?}"
            );
            assert_eq!(run(shell, line, dir.path()).body, body, "{line}");
        }
    }
}

/// A value that HTTP lets into a header and a shell would act on.
const HOSTILE_VALUE: &str = "it's \"q\" $HOME `touch pwned` $(touch pwned) \\ * \u{202e}";

#[test]
fn what_was_received_is_sent_on_as_it_came() {
    let dir = folder([SECRET]);
    let long = b"a'b".repeat(100_000);
    let bodies: [&[u8]; 5] = [
        b"it's $(touch pwned)\n",
        b"",
        b"\0\xff\r\n",
        b"@/etc/passwd",
        &long,
    ];
    let listener = wh(["listen", "--port=0", "--json"])
        .home(dir.path())
        .start();
    for body in bodies {
        let head = format!(
            "POST /a'b?x=$(id) HTTP/1.1\r\nHost: h\r\nX-A: {HOSTILE_VALUE}\r\nx-a: 2\r\nCookie: c\r\n\
             Content-Type: a/b\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        raw(listener.addr(), [head.as_bytes(), body].concat());
    }
    assert_eq!(listener.stop().code, 0);
    let before = names_in(dir.path());
    let header = format!("X-A: {HOSTILE_VALUE}");
    let lines = [
        &*header,
        "x-a: 2",
        "Cookie: (redacted)",
        "Content-Type: a/b",
    ];
    for (number, body) in (1..).zip(bodies) {
        let number = format!("{number}");
        let output = wh(["show", &number, "--curl"]).home(dir.path()).capture();
        let notes = "note: redacted: Cookie; --no-redact writes it out\n\
                     note: http://localhost:3000 stands for where it shall go: --url names it\n";
        assert_eq!(String::from_utf8(output.stderr).unwrap(), notes);
        let line = String::from_utf8(output.stdout).unwrap();
        let mut call = run("sh", &line, dir.path());
        assert_eq!(call.body, body);
        let data = call.args.len() - 4;
        call.args[data] = "BODY".into();
        let url = "http://localhost:3000/a'b?x=$(id)";
        assert_eq!(call.args, post(&lines, "BODY", url));
        assert_eq!(names_in(dir.path()), before);
    }
    let args = ["show", "1", "--curl", "--no-redact", "--url=http://h:1/x"];
    wh(args)
        .home(dir.path())
        .stdout_has("-H 'Cookie: c' ")
        .stdout_has(" --url 'http://h:1/x'\n")
        .run();
}

#[test]
fn a_real_curl_delivers_it() {
    if !needs("curl") {
        return;
    }
    let dir = folder([SECRET, ("it's [1].json", b"{}")]);
    let receiver = Receiver::start([200]);
    let url = format!("--url={}/a'b?x=[1]", receiver.url());
    let line = signed(
        dir.path(),
        "it's [1].json",
        &[&url, "-H", "X-Empty:", "--id=7"],
    );
    sh(&line).dir(dir.path()).run();
    let requests = receiver.requests();
    let head = String::from_utf8(requests[0].head.clone()).unwrap();
    assert_eq!(requests[0].body, b"{}");
    assert_eq!(head.lines().next(), Some("POST /a'b?x=[1] HTTP/1.1"));
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
    assert_eq!(requests[0].header("x-empty"), Some(""));
    assert_eq!(requests[0].header("x-webhook-id"), Some("7"));
    assert_eq!(requests[0].header("x-webhook-signature"), Some(OF_BRACES));
}
