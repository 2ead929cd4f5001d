//! Many deliveries: each one its own, in an order that can be had again.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use tempfile::TempDir;

use super::{assert_valid, send};
use crate::support::{Answer, Output, Receiver, Request, folder, needs, wh};

/// A provider that waits a second for an answer.
const SLOW: &str = r#"
    provider = { id = "slow" }
    signature = { algorithm = "hmac-sha256", signs = "{body}", encoding = "hex", header = "X-Sig", value = "{sig}" }
    delivery = { retry = "none", timeout = "1s" }
    any_event = { open = true, sample = "{}" }
"#;

/// A load of samples, in JSON.
fn load(receiver: &Receiver, words: &[&str]) -> Output {
    let url = receiver.url();
    let whole = [&["estimate.created", "--url", &url, "--json"], words].concat();
    send(&whole).capture()
}

/// The webhook ids in the order in which they came.
fn ids(requests: &[Request]) -> Vec<&str> {
    let id = |request| Request::header(request, "X-Webhook-ID").unwrap();
    requests.iter().map(id).collect()
}

/// The numbers of the deliveries of which there is an attempt in the log, once for each attempt.
fn recorded(home: &TempDir) -> Vec<i64> {
    let output = wh(["log", "--json", "--limit", "100"])
        .home(home.path())
        .capture();
    let lines = str::from_utf8(&output.stdout).unwrap().lines();
    let lines = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    let attempts = lines.filter(|line| line["type"] == "attempt");
    attempts
        .map(|line| line["number"].as_i64().unwrap())
        .collect()
}

/// The last line of the output.
fn summary(output: &Output) -> Value {
    let text = str::from_utf8(&output.stdout).unwrap();
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

#[test]
fn each_delivery_has_an_id_values_and_a_signature_of_its_own() {
    let receiver = Receiver::start([200]);
    let output = load(&receiver, &["-n", "60", "-c", "8", "--store", "none"]);
    assert_eq!(output.code, 0);
    let requests = receiver.requests();
    assert_eq!(ids(&requests).iter().collect::<HashSet<_>>().len(), 60);
    let bodies: HashSet<_> = requests.iter().map(|request| &request.body).collect();
    assert_eq!(bodies.len(), 60);
    for request in &requests {
        assert_valid("cepro", request);
    }
    assert_eq!(summary(&output)["delivered"], 60);
}

#[test]
fn people_are_told_of_each_of_a_few_and_of_many_in_sum() {
    let receiver = Receiver::start([200]);
    for (count, requests) in [("20", 20), ("21", 0)] {
        let url = receiver.url();
        let output = send(&["estimate.created", "--url", &url, "-n", count]).capture();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert_eq!(shown.matches(" --> ").count(), requests, "{shown}");
        assert!(shown.contains("200"), "{shown}");
    }
}

#[test]
fn what_is_recorded_can_be_named() {
    let receiver = Receiver::start([200]);
    let home = TempDir::new().unwrap();
    let url = receiver.url();
    let shown = |count| {
        let words = ["estimate.created", "--url", &url, "-n", count, "-c", "4"];
        let output = send(&words).home(home.path()).capture();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(shown("3").contains("[#3]"));
    assert!(!shown("40").contains("not recorded"));
    // Those of many get their numbers after they are told of.
    let refusing = Receiver::start([500]);
    let url = refusing.url();
    let words = ["estimate.created", "--url", &url, "-n", "21"];
    let told = send(&words).home(home.path()).capture();
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.contains("<-- 500") && !told.contains('['), "{told}");
    let numbers: HashSet<_> = recorded(&home).into_iter().collect();
    assert_eq!(numbers, (1..=64).collect());
}

#[test]
fn a_seed_gives_the_same_ids_in_the_same_order() {
    let with = |seed: &str| {
        let receiver = Receiver::start([200]);
        let disorder = ["--duplicate", "0.3", "--shuffle", "6", "--seed", seed];
        let words = [&["-n", "30", "--store", "none"], &disorder[..]].concat();
        assert_eq!(load(&receiver, &words).code, 0);
        let requests = receiver.requests();
        ids(&requests)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let first = with("7");
    assert_eq!(first, with("7"));
    assert_ne!(first, with("8"));
}

#[test]
fn a_dry_run_shows_the_first_delivery_of_a_seed() {
    let receiver = Receiver::start([200]);
    let url = receiver.url();
    let words = ["estimate.created", "--url", &url, "--seed", "7"];
    send(&words).stdout_has("<-- 200").run();
    let id = receiver.requests()[0]
        .header("X-Webhook-ID")
        .unwrap()
        .to_owned();
    send(&[&words[..], &["--dry-run"]].concat())
        .stdout_has(format!("X-Webhook-ID: {id}"))
        .run();
}

#[test]
fn what_a_slow_receiver_left_no_time_for_is_told() {
    let receiver = Receiver::start([Answer::Hang]);
    let url = receiver.url();
    let home = folder([("slow.toml", SLOW)]);
    let words = [
        "e.v",
        "--url",
        &url,
        "--provider-file",
        "slow.toml",
        "--store",
        "none",
    ];
    let load = ["--rate", "10", "--duration", "1s", "-c", "1", "--force"];
    let told = send(&[&words[..], &load].concat())
        .dir(home.path())
        .capture();
    let said = String::from_utf8(told.stderr).unwrap();
    assert!(
        said.contains("note: 9 more were due and not begun"),
        "{said}"
    );
}

#[test]
fn a_seed_that_is_not_given_is_told_where_it_decides_on_the_order() {
    let receiver = Receiver::start([200]);
    let words = ["estimate.created", "--url", &receiver.url(), "-n", "4"];
    let plain = send(&words).capture();
    assert_eq!(String::from_utf8(plain.stderr).unwrap(), "");
    let shuffled = [&words[..], &["--shuffle", "4", "--store", "none"]].concat();
    let before = receiver.requests().len();
    let told = String::from_utf8(send(&shuffled).capture().stderr).unwrap();
    let seed = told
        .split("--seed ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap();
    assert_eq!(
        send(&[&shuffled[..], &["--seed", seed]].concat())
            .capture()
            .code,
        0
    );
    let requests = receiver.requests();
    let (first, again) = requests[before..].split_at(4);
    assert_eq!(ids(first), ids(again));
}

#[test]
fn a_duplicate_is_the_same_delivery_once_more() {
    let receiver = Receiver::start([200]);
    let home = TempDir::new().unwrap();
    let url = receiver.url();
    let words = [
        "estimate.created",
        "--url",
        &url,
        "-n",
        "40",
        "-c",
        "8",
        "--duplicate",
        "100%",
    ];
    let output = send(&words).home(home.path()).capture();
    assert_eq!(output.code, 0);
    let requests = receiver.requests();
    assert_eq!(requests.len(), 80);
    let mut bodies: HashMap<&str, Vec<&[u8]>> = HashMap::new();
    for (id, request) in ids(&requests).into_iter().zip(&requests) {
        assert_valid("cepro", request);
        assert_eq!(request.header("X-Webhook-Attempt"), Some("1"));
        bodies.entry(id).or_default().push(&request.body);
    }
    assert_eq!(bodies.len(), 40);
    assert!(
        bodies
            .values()
            .all(|two| two.len() == 2 && two[0] == two[1])
    );
    // They are attempts of one delivery in the log too.
    let numbers = recorded(&home);
    assert_eq!(numbers.len(), 80);
    assert_eq!(
        numbers.into_iter().collect::<HashSet<_>>(),
        (1..=40).collect()
    );
}

#[test]
fn with_a_rate_latency_is_measured_from_the_intended_time_too() {
    let receiver = Receiver::start([200]);
    let free = summary(&load(&receiver, &["-n", "3", "--store", "none"]));
    assert!(free["latency_from_due_ms"].is_null(), "{free}");
    let paced = summary(&load(
        &receiver,
        &["-n", "3", "--rate", "1000", "--store", "none"],
    ));
    let (own, due) = (
        &paced["latency_ms"]["max"],
        &paced["latency_from_due_ms"]["max"],
    );
    assert!(due.as_f64() >= own.as_f64(), "{paced}");
}

#[test]
fn a_time_ends_a_load() {
    let receiver = Receiver::start([200]);
    let output = load(
        &receiver,
        &["--duration", "1s", "--rate", "5", "--store", "none"],
    );
    assert_eq!(summary(&output)["delivered"], 5);
    let output = load(
        &receiver,
        &["--duration", "1h", "-n", "2", "--store", "none"],
    );
    assert_eq!(summary(&output)["delivered"], 2);
}

#[test]
fn the_deliveries_of_a_load_are_tried_again() {
    let receiver = Receiver::start([500, 500, 500, 200]);
    let words = ["-n", "25", "-c", "5", "--retry", "--speed", "1000000x"];
    let output = load(&receiver, &words);
    assert_eq!(output.code, 0, "{output:?}");
    let told = summary(&output);
    assert_eq!(
        (&told["delivered"], &told["retried"]),
        (&25.into(), &3.into())
    );
    assert_eq!(
        ids(&receiver.requests())
            .iter()
            .collect::<HashSet<_>>()
            .len(),
        25
    );
}

#[test]
fn nobody_is_called_for_ever() {
    // Nothing is ever bound to the port of `tcpmux`.
    let words = [
        "estimate.created",
        "--url",
        "http://127.0.0.1:1/",
        "-n",
        "100000",
    ];
    let output = send(&[&words[..], &["-c", "4", "--store", "none"]].concat()).capture();
    assert_eq!(output.code, 6);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("hint: is your server running on 127.0.0.1:1?"),
        "{errors}"
    );
    let given_up = "attempts of which none found a receiver\n";
    assert!(errors.contains(given_up), "{errors}");
}

#[test]
fn what_makes_no_load_is_refused() {
    let words = ["estimate.created", "--url", "1", "-n", "2"];
    for (more, message) in [
        (
            &["--id", "a"][..],
            "several deliveries cannot have one webhook id",
        ),
        (
            &["--with-legacy"],
            "--with-legacy sends two deliveries, not a load",
        ),
        (
            &["--retry", "-H", "X-Webhook-ID: a"],
            "several deliveries cannot have one webhook id",
        ),
        (&["--retry", "--duplicate", "1"], "cannot be used with"),
        (&["--speed", "60x"], "need --retry"),
        (&["--max-attempts", "2"], "need --retry"),
        (&["--jitter", "5"], "need --retry"),
        (&["--disable-after", "2"], "need --retry"),
        (&["--rate", "fast"], "is no rate"),
        (&["--duplicate", "2"], "is no chance"),
    ] {
        send(&[&words[..], more].concat())
            .stderr_has(message)
            .exit(2)
            .run();
    }
}

#[test]
fn more_connections_than_open_files_are_refused() {
    if !needs("prlimit") {
        return;
    }
    send(&["estimate.created", "--url", "1", "-n", "100", "-c", "64"])
        .under("prlimit", &["--nofile=64:64"])
        .stderr("error: 64 attempts at the same time need more open files than the 64 that are allowed here\nhint: -c 32, or `ulimit -n 96`\n")
        .exit(7)
        .run();
}
