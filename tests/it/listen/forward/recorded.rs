//! What is kept of a forward, and how it comes out and in again.

use serde_json::Value;
use tempfile::TempDir;

use super::{answer, delivery, deserted, forwarding};
use crate::support::{Receiver, Reply, Wh, wh};

/// A home with a delivery that a target refused, and one that nobody was there for.
fn home() -> (TempDir, String, String) {
    let home = TempDir::new().unwrap();
    let reply = Reply::new(500).header("X-Trace", "7").body("boom");
    let receiver = Receiver::start([reply]);
    let (well, gone) = (receiver.url(), format!("http://{}/hooks", deserted()));
    let at_gone = format!("gone={gone}");
    let listener = forwarding(&at_gone, &["-f", &well])
        .home(home.path())
        .start();
    answer(&listener, delivery("/a?b=c", r#"{"event":"there"}"#));
    answer(&listener, delivery("/", r#"{"event":"gone"}"#));
    assert_eq!(listener.stop().code, 0);
    (home, well, gone)
}

fn at(home: &TempDir, words: &str) -> Wh {
    wh(words.split(' ')).home(home.path())
}

fn lines(call: &Wh) -> Vec<Value> {
    let output = call.capture();
    assert_eq!(output.code, 0);
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_log_and_show_say_where_it_went_and_what_the_handler_answered() {
    let (home, well, gone) = home();
    let log = String::from_utf8(at(&home, "log").capture().stdout).unwrap();
    assert_eq!(log.matches("Failed, forwarded").count(), 2, "{log}");
    let shown = String::from_utf8(at(&home, "show 1").capture().stdout).unwrap();
    assert!(
        shown.contains(&format!("\n  forwarded to {well}/a: 500 in ")),
        "{shown}"
    );
    assert!(shown.contains("\n  x-trace: 7\n"), "{shown}");
    assert!(shown.ends_with("\n\n  boom\n"), "{shown}");
    let shown = String::from_utf8(at(&home, "show 2").capture().stdout).unwrap();
    let told = format!("\n  forwarded to {gone}: connection refused after ");
    assert!(shown.contains(&told), "{shown}");
    assert!(
        shown.contains("  forwarded: connection refused\n"),
        "{shown}"
    );

    let log = lines(&at(&home, "log --json"));
    assert_eq!(log[0]["forward"]["url"], gone);
    assert_eq!(log[0]["forward"]["error"]["kind"], "refused");
    assert_eq!(log[1]["forward"]["status"], 500);
    let shown = lines(&at(&home, "show 1 --json"));
    let attempt = &shown[0]["attempts"][0];
    assert_eq!(attempt["forward"]["url"], format!("{well}/a"));
    assert_eq!(attempt["response"]["body_b64"], "Ym9vbQ==");
}

/// A home into which this was imported.
fn imported(bytes: &[u8]) -> TempDir {
    let home = TempDir::new().unwrap();
    let output = at(&home, "import -").stdin(bytes).capture();
    assert_eq!(
        output.code,
        0,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    home
}

/// All that is kept.
fn exported(home: &TempDir, words: &str) -> Vec<u8> {
    let output = at(home, &format!("export --no-redact{words}")).capture();
    assert_eq!(output.code, 0);
    output.stdout
}

#[test]
fn it_comes_out_and_in_again_as_it_was() {
    let (home, ..) = home();
    let kept = exported(&home, "");
    for form in ["", " --format har"] {
        let again = imported(&exported(&home, form));
        assert_eq!(
            String::from_utf8(exported(&again, "")).unwrap(),
            String::from_utf8(kept.clone()).unwrap(),
            "{form}"
        );
    }
}

#[test]
fn the_line_of_the_listener_has_it_too() {
    let receiver = Receiver::start([500]);
    let listener = forwarding(&receiver.url(), &["--store", "none"]).start();
    answer(&listener, delivery("/", "{}"));
    let output = listener.stop();
    let told = crate::listen::told(&output.stdout);
    let home = imported(&output.stdout);
    assert_eq!(
        lines(&at(&home, "log --json"))[0]["forward"],
        told[0]["forward"]
    );
}

#[test]
fn an_answer_by_a_script_is_kept_as_well() {
    let (home, ..) = home();
    let kept = exported(&home, "");
    let line = kept.split(|byte| *byte == b'\n').nth(1).unwrap();
    let mut line: Value = serde_json::from_slice(line).unwrap();
    let fields = line.as_object_mut().unwrap();
    fields.shift_remove("forward");
    fields.insert("script".to_owned(), "500x2;\u{1b}[2J".into());
    let home = imported(line.to_string().as_bytes());
    for form in ["", " --format har"] {
        let again = imported(&exported(&home, form));
        assert_eq!(exported(&again, ""), exported(&home, ""), "{form}");
        assert_eq!(
            lines(&at(&again, "log --json"))[0]["script"],
            "500x2;\u{1b}[2J"
        );
        at(&again, "log").stdout_has("Failed, scripted").run();
        at(&again, "show 1")
            .stdout_has("\n  script 500x2;\\x1b[2J\n")
            .run();
    }
    // Both cannot be.
    line["forward"] = serde_json::json!({"url": "http://h/"});
    at(&home, "import -")
        .stdin(line.to_string())
        .stderr_has("it has more than one of `script`, `audit`, `forward` and `handshake`")
        .exit(7)
        .run();
}
