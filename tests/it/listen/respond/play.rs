//! Whose turn it is, and what is told of it.

use serde_json::json;

use super::{SECRET, answer, delivery, listen, post, responding, signed, status, statuses, told};
use crate::support::{folder, masked, wh};

#[test]
fn each_delivery_gets_the_entries_in_their_order() {
    let listener = responding("500x2,429;retry-after=5,200").start();
    let ids = ["a", "a", "b", "a", "a", "a", "b"];
    let expected = [500, 500, 500, 429, 200, 200, 500];
    assert_eq!(statuses(&listener, &ids), expected);
    let output = listener.stop();
    let script: Vec<_> = told(&output.stdout)
        .iter()
        .filter_map(|line| {
            Some((
                line["response"]["status"].clone(),
                line.get("script")?.clone(),
            ))
        })
        .collect();
    assert_eq!(script[3], (json!(429), json!("2/3: 429;retry-after=5")));
    assert_eq!(script[6], (json!(500), json!("1/3: 500x2")));
    assert_eq!(script.len(), ids.len());
}

#[test]
fn all_requests_may_share_the_turns() {
    let listener = responding("per=request,500x2,200").start();
    assert_eq!(listener.ready()["script"], "per=request,500x2,200");
    assert_eq!(
        statuses(&listener, &["a", "b", "a", "c"]),
        [500, 500, 200, 200]
    );
}

#[test]
fn without_an_id_equal_bodies_on_a_path_are_a_delivery() {
    let listener = responding("500,200").start();
    let of = |target, body| {
        let request = post("cepro", target, signed("cepro"), body);
        status(&answer(&listener, request))
    };
    assert_eq!(
        (of("/a", "1"), of("/a", "2"), of("/b", "1")),
        (500, 500, 500)
    );
    assert_eq!(
        (of("/a", "1"), of("/a", "2"), of("/b", "1")),
        (200, 200, 200)
    );
}

#[test]
fn what_is_not_accepted_is_answered_by_its_verdict_and_takes_no_turn() {
    let listener = responding("503,204").start();
    let unsigned = post("cepro", "/hooks", &["X-Webhook-ID: a"], "{}");
    assert_eq!(status(&answer(&listener, &unsigned)), 401);
    assert_eq!(statuses(&listener, &["a", "a"]), [503, 204]);
    let lines = told(&listener.stop().stdout);
    assert_eq!(
        (lines[0].get("script"), lines[1].get("script")),
        (None, Some(&json!("1/2: 503")))
    );

    let listener = listen("cepro", &["--respond", "503", "--json", "--accept-invalid"]).start();
    assert_eq!(status(&answer(&listener, &unsigned)), 503);
}

#[test]
fn an_entry_of_its_own_answers_by_the_verdict() {
    let listener = responding("500,own").start();
    assert_eq!(statuses(&listener, &["a"]), [500]);
    let text = answer(&listener, delivery("a"));
    assert!(text.ends_with("\r\n\r\nok\n"), "{text}");
    let lines = told(&listener.stop().stdout);
    assert_eq!(lines[1].get("script"), None);
}

#[test]
fn only_what_the_sender_is_told_to_be_taken_makes_a_duplicate() {
    let listener = responding("500,200;truncate,200").start();
    let mut statuses = statuses(&listener, &["a", "a", "a", "a"]);
    assert_eq!(statuses.pop(), Some(200));
    let lines = told(&listener.stop().stdout);
    let repeats: Vec<_> = lines[..4]
        .iter()
        .map(|line| &line["duplicate_of"])
        .collect();
    assert_eq!(
        repeats,
        [&json!(null), &json!(null), &json!(null), &json!(1)]
    );
}

#[test]
fn chance_with_a_seed_gives_the_same_again() {
    let ids: Vec<String> = (0..40).map(|id| id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let play = |script: &str| {
        let listener = responding(script).start();
        let script = listener.ready()["script"].as_str().unwrap().to_owned();
        (statuses(&listener, &ids), script)
    };
    let (first, script) = play("500;p=0.5;seed=7,200");
    assert_eq!(script, "500;p=0.5;seed=7,200");
    assert!(first.contains(&500) && first.contains(&200), "{first:?}");
    assert_eq!(play("500;p=0.5;seed=7,200").0, first);
    assert_ne!(play("500;p=0.5;seed=8,200").0, first);

    // Without a seed one is drawn, and what is told of it makes the same.
    let (first, script) = play("500;p=0.5,200");
    assert!(script.starts_with("seed="), "{script}");
    assert_eq!(play(&script), (first, script));
}

#[test]
fn a_drawn_seed_is_told_to_people() {
    let mut listener = listen("cepro", &["--respond", "500;p=0.5,200"]).start_for_people();
    let script = listener.remark();
    let (start, script) = script.split_once(" the script ").unwrap();
    assert_eq!(start, "note: what is accepted is answered by");
    let seed = script.strip_suffix(",500;p=0.5,200").unwrap();
    assert_eq!(
        listener.remark(),
        format!("note: {seed} makes the same draws again")
    );
}

#[test]
fn nobody_is_promised_a_200_that_the_script_decides() {
    let call = listen("cepro", &["--accept-invalid", "--respond", "500"]);
    let output = call.env("WH_SECRET", "").start_for_people().stop();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let notes: Vec<&str> = stderr
        .lines()
        .filter(|line| line.starts_with("note: "))
        .collect();
    assert_eq!(
        notes,
        [
            "note: no secret given, so nothing is verified and everything is accepted (`unchecked`)",
            "note: --accept-invalid: whatever the verdict, the delivery is accepted",
            "note: what is accepted is answered by the script 500",
        ]
    );
}

#[test]
fn each_line_says_which_entry_made_the_answer() {
    let script = "500x2,reset,200;body=\"a\u{202e}\"";
    let listener = listen("cepro", &["-q", "--respond", script]).start_for_people();
    for _ in 0..4 {
        answer(&listener, delivery("a"));
    }
    let output = listener.stop();
    let answers: Vec<String> = masked(&output.stdout)
        .lines()
        .filter(|line| line.contains(" --> "))
        .map(str::to_owned)
        .collect();
    assert_eq!(
        answers,
        [
            "TIME  --> 500 TOOK  [#1]   script 1/3: 500x2",
            "TIME  --> 500 TOOK  [#1]   script 1/3: 500x2",
            "TIME  --> reset TOOK  [#1]   script 2/3: reset",
            "TIME  --> 200 TOOK  [#1]   script 3/3: 200;body=\"a\\u{202e}\"",
        ]
    );
    let stderr = String::from_utf8(output.stderr).unwrap();
    let note = "\nnote: what is accepted is answered by the script \
                500x2,reset,200;body=\"a\\u{202e}\"\nstopped: ";
    assert!(stderr.contains(note), "{stderr}");
}

#[test]
fn a_sender_that_retries_is_delivered_when_the_script_lets_it() {
    let listener = responding("500x2,200").start();
    let url = listener.url().to_owned();
    let call = [
        "send",
        "job.completed",
        "--retry",
        "--speed",
        "1000000x",
        "--json",
        "--url",
        &url,
    ];
    let output = wh(call).env("WH_SECRET", SECRET).capture();
    assert_eq!(output.code, 0);
    let sent = String::from_utf8(output.stdout).unwrap();
    let statuses: Vec<_> = sent
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|line| line["type"] == "attempt")
        .map(|line| (line["attempt"].clone(), line["status"].clone()))
        .collect();
    let expected = [(1, 500), (2, 500), (3, 200)].map(|(nth, status)| (json!(nth), json!(status)));
    assert_eq!(statuses, expected);
    let lines = told(&listener.stop().stdout);
    let numbers: Vec<_> = lines[..3].iter().map(|line| &line["number"]).collect();
    assert_eq!(numbers, [&json!(1); 3]);
}

#[test]
fn settings_may_hold_the_script_and_the_flag_wins() {
    let home = folder([
        ("wh.toml", "[listen]\nrespond = '503;body=@there/a.txt'\n"),
        ("there/a.txt", "later"),
        (
            "elsewhere/other.toml",
            "[listen]\nrespond = '418;body=@b.txt'\n",
        ),
        ("elsewhere/b.txt", "no tea"),
    ]);
    let start = |words: &[&str]| {
        let listener = listen("cepro", &[&["--json"], words].concat());
        listener.dir(home.path()).start()
    };
    for (words, expected) in [
        (&[][..], "HTTP/1.1 503 "),
        (&["--config", "elsewhere/other.toml"], "HTTP/1.1 418 "),
        (&["--respond", "202"], "HTTP/1.1 202 "),
    ] {
        let text = answer(&start(words), delivery("a"));
        assert!(text.starts_with(expected), "{words:?}: {text}");
    }
    let text = answer(&start(&["--config", "elsewhere/other.toml"]), delivery("a"));
    assert!(text.ends_with("\r\n\r\nno tea"), "{text}");
}
