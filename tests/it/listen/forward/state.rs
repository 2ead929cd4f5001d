//! A target that is away for a while.

use serde_json::json;
use tempfile::TempDir;

use super::{answer, delivery, deserted, forwarding, listen, next, status};
use crate::listen::SECRET;
use crate::support::{Answer, Receiver, Reply, masked, wh};

#[test]
fn it_is_told_when_it_changes_and_what_came_meanwhile_can_be_sent_later() {
    let home = TempDir::new().unwrap();
    let address = deserted();
    let target = format!("http://{address}/hooks");
    let url = format!("http://{address}");
    let mut listener = forwarding(&target, &[]).home(home.path()).start();
    assert_eq!(
        listener.ready()["forward"],
        json!([{"events": null, "url": target}])
    );
    let send = |body: &str| status(&answer(&listener, delivery("/in", body)));
    assert_eq!([send("1"), send("2")], [502, 502]);
    let receiver = Receiver::start_at(address, 201);
    assert_eq!([send("3"), send("4")], [200, 200]);
    drop(receiver);
    assert_eq!(send("5"), 502);

    let down = json!({
        "type": "target", "schema": 1, "url": url, "state": "unreachable",
        "reason": "connection refused",
    });
    let up = json!({
        "type": "target", "schema": 1, "url": url, "state": "reachable", "reason": null,
    });
    assert_eq!(listener.next(), down);
    for status in [502, 502] {
        let line = next(&mut listener, "delivery");
        assert_eq!(line["response"]["status"], status);
        assert_eq!(line["forward"]["url"], target);
        assert_eq!(
            line["forward"]["error"],
            json!({"kind": "refused", "message": "connection refused"})
        );
    }
    assert_eq!(listener.next(), up);
    for _ in 0..2 {
        assert_eq!(next(&mut listener, "delivery")["forward"]["status"], 201);
    }
    let output = listener.stop();
    assert_eq!((output.code, &*output.stderr), (0, &b""[..]));

    // Nothing that came in is lost.
    let receiver = Receiver::start([200]);
    wh(["replay", "1", "-q", "--url", &receiver.url()])
        .home(home.path())
        .env("WH_SECRET", SECRET)
        .stdout_has("<-- 200")
        .run();
    assert_eq!(receiver.requests()[0].body, b"1");
}

/// The line of an answer with the time that the forward took, which it ends with, as `TOOK`.
fn forwarded(line: &str) -> String {
    for word in [" in ", " after "] {
        if let Some((before, _)) = line
            .rsplit_once(word)
            .filter(|_| line.contains("forwarded to"))
        {
            return format!("{before}{word}TOOK");
        }
    }
    line.to_owned()
}

#[test]
fn people_read_where_it_went_what_came_back_and_what_that_usually_means() {
    let address = deserted();
    let target = format!("http://{address}/hooks");
    let words = ["-f", &*format!("a,b={target}")];
    let listener = listen("cepro", &words).start_for_people();
    let send = |event: &str| {
        answer(
            &listener,
            delivery("/", format!(r#"{{"event":"{event}"}}"#)),
        )
    };
    send("a");
    let receiver = Receiver::start_at(address, 500);
    send("b");
    send("c");
    drop(receiver);
    let output = listener.stop();
    let body = |event: &str| {
        format!("              {{\n                \"event\": \"{event}\"\n              }}\n")
    };
    let expected = [
        "TIME  <-- ✓ valid     cepro a  [#1]  13 B  POST /\n",
        &body("a"),
        &format!(
            "TIME  --> 502 TOOK  [#1]   forwarded to {target}: connection refused after TOOK\n"
        ),
        "TIME  <-- ✓ valid     cepro b  [#2]  13 B  POST /\n",
        &body("b"),
        &format!("TIME  --> 500 TOOK  [#2]   forwarded to {target}: 500 in TOOK\n"),
        "TIME  <-- ✓ valid     cepro c  [#3]  13 B  POST /\n",
        &body("c"),
        "TIME  --> 200 TOOK  [#3]   not forwarded: no target takes this event\n",
    ];
    let told = masked(&output.stdout);
    let told: String = told.lines().map(|line| forwarded(line) + "\n").collect();
    assert_eq!(told, expected.concat());
    let stderr = String::from_utf8(output.stderr).unwrap();
    let (_, stderr) = stderr.split_once('\n').unwrap();
    assert_eq!(
        stderr,
        format!(
            "forwarding a,b to {target}\n\
             warning: http://{address} is unreachable: connection refused\n\
             hint: is your server running on {address}?\n\
             note: http://{address} answers again\n\
             hint: the handler failed: its own log says where\n\
             stopped: 3 attempts, 3 valid, 0 refused\n"
        )
    );
}

#[test]
fn what_a_handler_said_and_why_it_is_late_is_shown() {
    let refusal = Reply::new(422).body(r#"{"error":"no \u001b such job"}"#);
    let receiver = Receiver::start([refusal.into(), Answer::Hang]);
    let words = ["-f", &*receiver.url(), "--forward-timeout", "250ms"];
    let listener = listen("cepro", &words).start_for_people();
    answer(&listener, delivery("/", ""));
    answer(&listener, delivery("/", ""));
    let output = listener.stop();
    let told = String::from_utf8(output.stdout).unwrap();
    let shown =
        "              {\n                \"error\": \"no \\u001b such job\"\n              }\n";
    assert!(told.contains(shown), "{told}");
    assert!(told.contains(": no answer in time after 25"), "{told}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    let hint = "\nhint: --forward-timeout says how long is waited\n";
    assert!(stderr.contains(hint), "{stderr}");
}
