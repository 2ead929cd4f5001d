//! TLS: whom a client is to trust, that it can, and what is wrong with files that are no certificate.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::{SECRET, listen, status};
use crate::support::{DATA, Listener, Output, Process, folder, masked, needs, raw, wh};

/// Posts `{}` by a client and writes the answer.
const NODE: &str = "fetch(process.argv[1], {method: 'POST', body: '{}'})\
    .then(answer => answer.text()).then(text => process.stdout.write(text))";
const PYTHON: &str = "
import ssl, sys, urllib.request
context = ssl.create_default_context(cafile=sys.argv[2])
print(end=urllib.request.urlopen(sys.argv[1], b'{}', context=context).read().decode())
";

/// A listener that speaks TLS, with its home here.
fn start(home: &Path, flags: &[&str]) -> Listener {
    let flags = [&["--json", "--accept-invalid"], flags].concat();
    listen("cepro", &flags).home(home).start()
}

/// The path and the fingerprint that the ready line has.
fn certificate(listener: &Listener) -> (&Path, &str) {
    let tls = &listener.ready()["tls"];
    let (path, fingerprint) = (tls["cert"].as_str(), tls["fingerprint"].as_str());
    (Path::new(path.unwrap()), fingerprint.unwrap())
}

fn curl(listener: &Listener, flags: &[&str]) -> Output {
    let mut command = Command::new("curl");
    command
        .args(["-sS", "--cacert"])
        .arg(certificate(listener).0);
    command
        .args(["-w", "%{http_version}", "-d", "{}"])
        .args(flags);
    Process::run(command.arg(listener.url()), b"")
}

#[test]
fn a_client_that_trusts_the_certificate_speaks_http_1_and_2() {
    if !needs("curl") {
        return;
    }
    let home = TempDir::new().unwrap();
    let mut listener = start(home.path(), &["--tls"]);
    assert!(listener.url().starts_with("https://127.0.0.1:"));
    for (flag, version, http, exact) in [
        ("--http1.1", "1.1", "HTTP/1.1", true),
        ("--http2", "2", "HTTP/2", false),
    ] {
        let output = curl(&listener, &[flag]);
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!((told, output.code), (format!("ok\n{version}"), 0));
        let line = listener.next();
        let seen = (&line["http"], &line["headers_exact"], &line["target"]);
        assert_eq!(seen, (&http.into(), &exact.into(), &"/".into()));
        let host = format!("[\"host\",\"{}\"]", listener.addr());
        let headers = line["headers"].to_string().to_lowercase();
        assert!(headers.contains(&host), "{headers}");
    }
    // By its name, too.
    let port = listener.addr().rsplit(':').next().unwrap();
    let by_name = format!("https://localhost:{port}/");
    let output = Process::run(
        Command::new("curl")
            .args(["-sS", "-4", "-d", "{}", "--cacert"])
            .arg(certificate(&listener).0)
            .arg(by_name),
        b"",
    );
    assert_eq!((&*output.stdout, output.code), (&b"ok\n"[..], 0));
}

#[test]
fn a_client_that_does_not_trust_it_is_refused_and_told() {
    if !needs("curl") {
        return;
    }
    let home = TempDir::new().unwrap();
    let mut listener = start(home.path(), &["--tls"]);
    let output = Process::run(Command::new("curl").args(["-sS", listener.url()]), b"");
    assert_eq!(output.code, 60);
    let trouble = listener.next();
    assert_eq!(trouble["type"], "trouble");
    let message = trouble["message"].as_str().unwrap();
    assert!(
        message.starts_with("the TLS handshake with 127.0.0.1:")
            && message.ends_with(" failed: received fatal alert: UnknownCA"),
        "{message}"
    );
}

#[test]
fn node_and_python_trust_it_too() {
    let home = TempDir::new().unwrap();
    let listener = start(home.path(), &["--tls"]);
    let (path, url) = (certificate(&listener).0, listener.url());
    if needs("node") {
        let mut node = Command::new("node");
        node.env("NODE_EXTRA_CA_CERTS", path)
            .args(["-e", NODE, url]);
        let output = Process::run(&mut node, b"");
        assert_eq!(
            (&*output.stdout, output.code),
            (&b"ok\n"[..], 0),
            "{output:?}"
        );
    }
    if needs("python3") {
        let mut python = Command::new("python3");
        python.args(["-c", PYTHON, url]).arg(path);
        let output = Process::run(&mut python, b"");
        assert_eq!(
            (&*output.stdout, output.code),
            (&b"ok\n"[..], 0),
            "{output:?}"
        );
    }
}

#[test]
fn the_certificate_is_used_again_while_it_serves() {
    let home = TempDir::new().unwrap();
    let kept = home.path().join(DATA).join("tls");
    let show = |flags: &[&str]| {
        let listener = start(home.path(), &[&["--tls"], flags].concat());
        let (path, fingerprint) = certificate(&listener);
        assert_eq!(path, kept.join("cert.pem"));
        fingerprint.to_owned()
    };
    let first = show(&[]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&kept), mode(&kept.join("key.pem"))), (0o700, 0o600));
    assert_eq!(show(&["--host", "localhost"]), first);
    assert_eq!(show(&["--host", "0.0.0.0"]), first);
    fs::write(kept.join("key.pem"), "cut off").unwrap();
    let second = show(&[]);
    assert_ne!(second, first);
    // Linux has all of 127.0.0.0/8 on its loopback.
    if cfg!(target_os = "linux") {
        let third = show(&["--host", "127.0.0.2"]);
        assert_ne!(third, second);
        assert_eq!(show(&["--host", "127.0.0.2"]), third);
        assert_eq!(show(&[]), third, "it serves the usual names as well");
    }
}

#[test]
fn a_certificate_of_ones_own_is_shown() {
    let home = TempDir::new().unwrap();
    let made = start(home.path(), &["--tls"]);
    let (path, fingerprint) = certificate(&made);
    let (cert, key) = (path.to_owned(), path.with_file_name("key.pem"));
    let own = [&cert, &key].map(|path| path.to_str().unwrap());
    let elsewhere = TempDir::new().unwrap();
    let given = start(
        elsewhere.path(),
        &["--tls-cert", own[0], "--tls-key", own[1]],
    );
    assert_eq!(certificate(&given), (path, fingerprint));
    assert!(!elsewhere.path().join(DATA).join("tls").exists());
}

#[test]
fn people_are_told_where_the_certificate_is() {
    let home = TempDir::new().unwrap();
    let mut listener = listen("cepro", &["--tls"])
        .home(home.path())
        .start_for_people();
    let line = listener.remark();
    let path = home.path().join(DATA).join("tls/cert.pem");
    let start = format!("certificate: {}, SHA-256 ", path.display());
    let fingerprint = line
        .strip_prefix(&start)
        .unwrap_or_else(|| panic!("{line}"));
    assert_eq!(fingerprint.split(':').count(), 32);
}

/// A pair, and what else a file may hold.
fn files() -> (TempDir, TempDir) {
    let homes = [(); 2].map(|()| TempDir::new().unwrap());
    let [one, other] = homes.each_ref().map(|home| {
        drop(start(home.path(), &["--tls"]));
        home.path().join(DATA).join("tls")
    });
    let read = |path: PathBuf| fs::read(path).unwrap();
    let hollow = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let folder = folder([
        ("cert.pem", read(one.join("cert.pem"))),
        ("key.pem", read(one.join("key.pem"))),
        ("other.pem", read(other.join("key.pem"))),
        ("empty.pem", Vec::new()),
        ("hollow.pem", hollow.to_vec()),
    ]);
    let [home, _] = homes;
    (folder, home)
}

#[test]
fn files_that_are_no_pair_are_named_with_a_way_out() {
    let (folder, _home) = files();
    let by_itself = "--tls alone makes a certificate by itself";
    for (cert, key, error, hint) in [
        (
            "no.pem",
            "key.pem",
            "cannot read `no.pem`: No such file or directory (os error 2)",
            by_itself,
        ),
        (
            "cert.pem",
            ".",
            "cannot read `.`: Is a directory (os error 21)",
            by_itself,
        ),
        (
            "cert.pem",
            "/dev/zero",
            "`/dev/zero` is longer than 1 MiB",
            by_itself,
        ),
        (
            "empty.pem",
            "key.pem",
            "`empty.pem`: there is no certificate in it (PEM: `-----BEGIN CERTIFICATE-----`)",
            by_itself,
        ),
        (
            "key.pem",
            "key.pem",
            "`key.pem`: there is no certificate in it (PEM: `-----BEGIN CERTIFICATE-----`)",
            by_itself,
        ),
        (
            "cert.pem",
            "empty.pem",
            "`empty.pem`: there is no private key in it (PEM: `-----BEGIN PRIVATE KEY-----`)",
            "--tls-key takes the file with the private key",
        ),
        (
            "cert.pem",
            "other.pem",
            "`other.pem`: the key does not belong to the certificate",
            "--tls-cert and --tls-key take the files of one pair",
        ),
        (
            "hollow.pem",
            "key.pem",
            "`hollow.pem`: the certificate cannot be used: invalid peer certificate: BadEncoding",
            by_itself,
        ),
    ] {
        listen("cepro", &["--tls-cert", cert, "--tls-key", key])
            .dir(folder.path())
            .stderr(format!("error: {error}\nhint: {hint}\n"))
            .exit(7)
            .run();
    }
}

#[test]
fn each_file_needs_the_other() {
    for flag in ["--tls-cert", "--tls-key"] {
        let output = listen("cepro", &["--tls", flag, "x.pem"]).capture();
        assert_eq!((output.code, &*output.stdout), (2, &b""[..]), "{flag}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            stderr.contains("the following required arguments were not provided"),
            "{stderr}"
        );
    }
}

#[test]
fn plain_http_on_it_is_refused_told_and_hinted_at() {
    let home = TempDir::new().unwrap();
    let mut listener = start(home.path(), &["--tls"]);
    let answer = raw(
        listener.addr(),
        "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    );
    assert_eq!(status(&String::from_utf8(answer).unwrap()), 400);
    let message = listener.next()["message"].to_string();
    assert!(
        message.ends_with(" failed: plain HTTP on a port that speaks TLS\""),
        "{message}"
    );
    let url = format!("http://{}/", listener.addr());
    let output = wh(["send", "job.completed", "--url", &url])
        .env("WH_SECRET", SECRET)
        .capture();
    assert!(masked(&output.stdout).contains("  <-- 400 POST http://"));
    let hint = "hint: the port speaks TLS: https:// is for one that does\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), hint);
    assert_eq!(output.code, 5);
    wh(["send", "job.completed", "-k", "--url"])
        .arg(url.replace("http:", "https:"))
        .env("WH_SECRET", SECRET)
        .stdout_has("  <-- 200 POST https://")
        .run();
    let line: Value = loop {
        let line = listener.next();
        if line["type"] == "delivery" {
            break line;
        }
    };
    assert_eq!(line["verdict"]["ok"], true);
}
