//! HTTPS: certificates are checked unless `-k` says not to, and a plain port is told from a bad one.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::send;
use crate::support::{Listener, Process, masked, needs};

/// An HTTPS server that answers 204 to what is posted and 7 to what asks, with a certificate of its own making.
const SERVER: &str = r#"
import http.server, json, ssl
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "1")
        self.end_headers()
        self.wfile.write(b"7")
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(json.dumps({"ready": True, "port": server.server_address[1]}), flush=True)
server.serve_forever()
"#;

/// Starts that server in this folder; it runs until it is dropped. Needs `openssl` and `python3`.
pub(crate) fn server(dir: &Path) -> (Process, String) {
    let made = Command::new("openssl")
        .args("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2".split(' '))
        .args("-subj /CN=nobody.invalid -addext subjectAltName=DNS:localhost".split(' '))
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let server = Process::start(
        Command::new("python3")
            .args(["-c", SERVER])
            .current_dir(dir),
    );
    let url = format!("https://localhost:{}/", server.ready()["port"]);
    (server, url)
}

#[test]
fn an_unknown_certificate_is_refused_unless_told_otherwise() {
    if !needs("openssl") || !needs("python3") {
        return;
    }
    let dir = TempDir::new().unwrap();
    let (_server, url) = server(dir.path());
    let words = ["job.completed", "--url", &url];

    let output = send(&words).capture();
    assert_eq!(
        masked(&output.stdout),
        format!(
            "TIME  --> cepro job.completed  [#1]  ✓ signed  attempt 1/4\n\
             TIME  <-- TLS handshake failed: invalid peer certificate: UnknownIssuer POST {url} \
             TOOK  [#1]\n"
        )
    );
    let hint = "hint: -k takes any certificate, for a test\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), hint);
    assert_eq!(output.code, 6);

    send(&[&words[..], &["-k"]].concat())
        .stdout_has(format!("  <-- 204 POST {url} "))
        .run();
}

#[test]
fn a_port_without_tls_is_told() {
    let mut listener = Listener::start(["--quiet"]);
    let url = listener.url().replace("http://", "https://") + "/";
    let output = send(&["job.completed", "--json", "--url", &url]).capture();
    let line = output.stdout.split(|byte| *byte == b'\n').next().unwrap();
    let line: Value = serde_json::from_slice(line).unwrap();
    assert_eq!((&line["error"]["kind"], output.code), (&"tls".into(), 6));
    send(&["job.completed", "--url", &url])
        .stdout_has("  <-- TLS handshake failed: received corrupt message of type ")
        .stderr("hint: does the port speak TLS? http:// is for one that does not\n")
        .exit(6)
        .run();
    let trouble = listener.next();
    assert_eq!(trouble["type"], "trouble");
    let message = trouble["message"].as_str().unwrap();
    assert!(
        message.ends_with(
            " is no HTTP request (a TLS handshake on a port that speaks plain HTTP), and answered 400"
        ),
        "{message}"
    );
}
