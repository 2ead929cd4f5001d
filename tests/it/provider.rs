//! `wh provider list` and `wh provider show`: the platforms that are built in.

use serde_json::{Value, json};

use crate::support::{Wh, folder, wh};

/// The lines of stdout, without the space around them.
fn lines(call: &Wh) -> Vec<String> {
    let output = call.capture();
    assert_eq!(output.code, 0);
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.trim().to_owned()).collect()
}

/// The lines of stdout as JSON.
fn objects(call: &Wh) -> Vec<Value> {
    let parse = |line: &String| serde_json::from_str(line).unwrap();
    lines(call).iter().map(parse).collect()
}

#[test]
fn lists_the_built_in_ones() {
    let list = "\
ID             NAME                                SIGNS               EVENTS  FROM
cepro          CleanEstimatePro                    {body}                  15  built in
cepro-inbound  CleanEstimatePro inbound callbacks  token                    0  built in
wlcro          WhiteLabelCRO                       {timestamp}.{body}       5  built in
tenant         Tenant platform                     {body}                   0  built in
orgjobs        Organisation and jobs platform      {body}                   3  built in
";
    wh(["provider", "list"]).stdout(list).run();
}

#[test]
fn lists_them_as_json_lines() {
    let listed = objects(&wh(["provider", "list", "--json"]));
    let ids: Vec<_> = listed.iter().map(|object| &object["id"]).collect();
    assert_eq!(
        ids,
        ["cepro", "cepro-inbound", "wlcro", "tenant", "orgjobs"]
    );
    for object in &listed {
        assert_eq!(
            (&object["type"], &object["schema"], &object["from"]),
            (&json!("provider"), &json!(1), &json!("built in"))
        );
    }
}

/// The rules that the platforms' documents state, and those that are assumed because none does.
const RULES: [(&str, &[&str]); 5] = [
    (
        "cepro",
        &[
            "cepro CleanEstimatePro",
            "algorithm hmac-sha256",
            "signs {body}",
            "signature X-Webhook-Signature: {sig}, hex",
            "key the bytes of the secret",
            "timestamp header X-Webhook-Timestamp, RFC 3339 with milliseconds (assumed), not signed",
            "tolerance past any, future any",
            "webhook id header X-Webhook-ID, UUID (assumed)",
            "event body /event",
            "header Content-Type: application/json",
            "header X-Webhook-Event: {event}",
            "header X-Webhook-Attempt: {attempt}",
            "success 2xx",
            "timeout 10s per attempt",
            "attempt header X-Webhook-Attempt",
            "retries 10s, 1m, 5m after the failure before",
            "Retry-After ignored",
            "breaker none",
            "CE Pro may automatically disable the webhook after a sustained period of failures: no number is given, so wh disables nothing by itself.",
            "4 attempts over 6m10s, not counting the time each one takes",
            "aliases ce-pro, cleanestimatepro",
            "events 15, 6 of them legacy",
            "test estimate.created",
            "URL HTTPS, external hosts only: \"Webhook URL must be an external HTTPS endpoint\"",
        ],
    ),
    (
        "wlcro",
        &[
            "wlcro WhiteLabelCRO",
            "signs {timestamp}.{body}",
            "signature X-Webhook-Signature: sha256={sig}, hex",
            "timestamp header X-Webhook-Timestamp, Unix seconds, signed",
            "tolerance past 5m, future 5m (assumed)",
            "webhook id body /id, integer (assumed)",
            "event body /type",
            "header Content-Type: application/json (assumed)",
            "timeout 10s per attempt",
            "breaker 20 failed attempts (assumed) in a row: the endpoint is off until it is enabled by hand",
            "retries 10 times: 10s (assumed), then ×2 (assumed) each time, at most 1h (assumed)",
            "events 5",
            "11 attempts over 2h25m (8,710 s), not counting the time each one takes",
            "URL HTTPS, plain HTTP in development",
        ],
    ),
    (
        "tenant",
        &[
            "signature X-Webhook-Signature: {sig}, hex (assumed)",
            "webhook id header X-Webhook-ID (assumed), UUID (assumed)",
            "event header X-Webhook-Event (assumed)",
            "header X-Webhook-Event: {event} (assumed)",
            "timeout 10s per attempt (assumed)",
            "repeats header X-Webhook-ID (assumed), within 1d (assumed)",
            "retries 10s, 1m, 5m after the failure before (assumed)",
            "4 attempts (assumed) over 6m10s, not counting the time each one takes",
            "events 0; any other name is sent too",
            "URL HTTPS",
        ],
    ),
    (
        "orgjobs",
        &[
            "signature X-Webhook-Signature: sha256={sig}, hex",
            "key the bytes of the secret; without a secret nothing is signed",
            "webhook id none",
            "header Content-Type: application/json (assumed)",
            "header X-Webhook-Event: {event} (assumed)",
            "timeout 30s per attempt",
            "repeats cannot be told",
            "retries none",
            "never retried",
        ],
    ),
    (
        "cepro-inbound",
        &[
            "algorithm token",
            "signature Authorization: Bearer {secret}",
            "query a secret in the query string alone is refused",
            "Query-string-only authentication is no longer accepted.",
        ],
    ),
];

/// The rules of `tests/vectors/providers/every-key.toml` that no built-in provider has.
const EVERY_KEY: &[&str] = &[
    "or named X-Old-Signature",
    "key the secret, decoded from hexadecimal after `sec_`; without a secret nothing is signed",
    "webhook id header X-Id, `evt_…`",
    "header X-Retry: {retry} {id} {timestamp}, on retries (assumed)",
    "success 200,3xx",
    "stops after status 406,410, header X-No-Retry: 1; at all, header X-Gone",
    "timeout 7s per attempt, 2s to connect",
    "jitter each wait up to 25% shorter or longer (assumed)",
    "Retry-After honoured where it asks for longer, up to 1h",
    "breaker 9 failed deliveries in a row: the endpoint rests for a time",
    "replays live deliveries only",
    "URL HTTPS, plain HTTP in development, external hosts only: \"Not here\"",
    "handshake discord-ping: `type` 0 is answered 204",
    "events 2, 1 of them legacy; any other name is sent too",
];

#[test]
fn shows_the_rules_of_each_and_which_are_assumed() {
    for (id, expected) in RULES {
        assert_shown(&wh(["provider", "show", id]), expected);
    }
}

#[test]
fn shows_every_rule_that_a_file_can_have() {
    assert_shown(&show_example("every-key"), EVERY_KEY);
    let verifies = "or verifies X-Hub-Signature: sha1={sig}, hex, hmac-sha1 of {body}";
    assert_shown(&show_example("github"), &[verifies]);
}

/// A provider of `tests/vectors/providers`.
fn show_example(name: &str) -> Wh {
    let file = format!(
        "{}/tests/vectors/providers/{name}.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    wh(["provider", "show", "--provider-file", &file])
}

fn assert_shown(call: &Wh, expected: &[&str]) {
    let shown: Vec<_> = lines(call).iter().map(|line| words(line)).collect();
    for line in expected {
        let found = shown.iter().any(|shown| shown == line);
        assert!(found, "{line}\n{shown:#?}");
    }
}

/// A line with one space between its words.
fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn shows_the_schedule_with_the_time_since_the_start() {
    let table: &[(&str, &[&str])] = &[
        ("cepro", &["1 0s", "2 10s 10s", "3 1m 1m10s", "4 5m 6m10s"]),
        (
            "tenant",
            &[
                "1 0s",
                "2 10s 10s (assumed)",
                "3 1m 1m10s (assumed)",
                "4 5m 6m10s (assumed)",
            ],
        ),
        ("orgjobs", &[]),
        ("cepro-inbound", &[]),
        (
            "wlcro",
            &[
                "1 0s",
                "2 10s 10s (assumed)",
                "3 20s 30s (assumed)",
                "4 40s 1m10s (assumed)",
                "5 1m20s 2m30s (assumed)",
                "6 2m40s 5m10s (assumed)",
                "7 5m20s 10m30s (assumed)",
                "8 10m40s 21m10s (assumed)",
                "9 21m20s 42m30s (assumed)",
                "10 42m40s 1h25m (assumed)",
                "11 1h 2h25m (assumed)",
            ],
        ),
    ];
    for (id, rows) in table {
        let shown = lines(&wh(["provider", "show", id]));
        let rest = shown
            .iter()
            .skip_while(|line| words(line) != "ATTEMPT WAIT SINCE START");
        let rest = rest.skip(1);
        let numbered = rest.take_while(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        let numbered = numbered.filter(|line| !line.contains(" attempts "));
        let numbered = numbered.map(|line| words(line));
        assert_eq!(numbered.collect::<Vec<_>>(), **rows, "{id}");
    }
    let slack = lines(&show_example("slack"));
    assert!(
        slack.iter().any(|line| words(line) == "2 0s 0s"),
        "{slack:?}"
    );
}

#[test]
fn shows_one_as_json() {
    let shown = objects(&wh(["provider", "show", "cleanestimatepro", "--json"]));
    let [shown] = shown.as_slice() else {
        panic!("{shown:?}");
    };
    assert_eq!(shown["type"], "provider");
    assert_eq!(shown["id"], "cepro");
    assert_eq!(shown["aliases"], json!(["ce-pro", "cleanestimatepro"]));
    assert_eq!(shown["attempts"], 4);
    assert_eq!(shown["retry_delays_ms"], json!([10_000, 60_000, 300_000]));
    let waits = [(0, 0), (10, 10), (60, 70), (300, 370)];
    let steps = (1..).zip(waits).map(|(attempt, (wait, since))| {
        json!({
            "attempt": attempt,
            "wait_ms": wait * 1000,
            "since_ms": since * 1000,
            "assumed": false,
        })
    });
    assert_eq!(shown["schedule"], steps.collect::<Value>());
    assert_eq!(shown["events"].as_array().map(Vec::len), Some(15));
    let signs = json!({"rule": "signs", "value": "{body}"});
    assert!(shown["rules"].as_array().unwrap().contains(&signs));
}

#[test]
fn says_as_json_which_waits_are_assumed_and_how_is_delivered() {
    let shown = objects(&wh(["provider", "show", "wlcro", "--json"])).remove(0);
    let steps = shown["schedule"].as_array().unwrap();
    let assumed: Vec<_> = steps.iter().map(|step| &step["assumed"]).collect();
    assert_eq!(assumed[0], &json!(false));
    assert_eq!(assumed[1..], [&json!(true); 10]);
    assert_eq!(steps[10]["since_ms"], 8_710_000);
    let wlcro = json!({
        "success": "2xx",
        "stop": {"status": null, "headers": []},
        "retry_after_max_ms": null,
        "timeout_ms": 10_000,
        "connect_timeout_ms": 10_000,
        "jitter_percent": 0,
        "breaker": {"failures": 20, "unit": "attempt", "action": "disable"},
        "handshake": null,
    });
    assert_eq!(shown["delivery"], wlcro);
    let every_key = json!({
        "success": "200,3xx",
        "stop": {"status": "406,410", "headers": ["X-No-Retry: 1; at all", "X-Gone"]},
        "retry_after_max_ms": 3_600_000,
        "timeout_ms": 7_000,
        "connect_timeout_ms": 2_000,
        "jitter_percent": 25,
        "breaker": {"failures": 9, "unit": "delivery", "action": "pause"},
        "handshake": "discord-ping",
    });
    let shown = objects(&show_example("every-key").arg("--json")).remove(0);
    assert_eq!(shown["delivery"], every_key);
}

#[test]
fn shows_the_one_that_is_asked_for() {
    let first = |args: &[&str]| lines(&wh(args)).remove(0);
    assert_eq!(first(&["provider", "show"]), "cepro  CleanEstimatePro");
    assert_eq!(
        first(&["provider", "show", "-P", "tenant"]),
        "tenant  Tenant platform"
    );
    assert_eq!(
        first(&["provider", "show", "tenant", "-P", "wlcro"]),
        "tenant  Tenant platform"
    );
    assert_eq!(
        first(&["provider", "show", "whitelabelcro"]),
        "wlcro  WhiteLabelCRO"
    );
}

#[test]
fn prints_the_file_of_a_built_in_one_to_start_from() {
    let folder = folder([("readme", "")]);
    for id in ["cepro", "cepro-inbound", "wlcro", "tenant", "orgjobs"] {
        let text = wh(["provider", "show", id, "--toml"]).capture().stdout;
        std::fs::write(folder.path().join("copy.toml"), &text).unwrap();
        let shown = wh(["provider", "show", id]).capture().stdout;
        wh(["provider", "show", "--provider-file", "copy.toml"])
            .dir(folder.path())
            .stdout(shown)
            .run();
    }
}
