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
            "cepro  CleanEstimatePro",
            "algorithm   hmac-sha256",
            "signs       {body}",
            "signature   X-Webhook-Signature: {sig}, hex",
            "key         the bytes of the secret",
            "timestamp   header X-Webhook-Timestamp, RFC 3339 with milliseconds (assumed), not signed",
            "tolerance   past any, future any",
            "webhook id  header X-Webhook-ID, UUID (assumed)",
            "event       body /event",
            "header      Content-Type: application/json",
            "header      X-Webhook-Event: {event}",
            "header      X-Webhook-Attempt: {attempt}",
            "success     2xx",
            "timeout     10s",
            "breaker     none",
            "URL         HTTPS, external hosts only: \"Webhook URL must be an external HTTPS endpoint\"",
        ],
    ),
    (
        "wlcro",
        &[
            "wlcro  WhiteLabelCRO",
            "signs       {timestamp}.{body}",
            "signature   X-Webhook-Signature: sha256={sig}, hex",
            "timestamp   header X-Webhook-Timestamp, Unix seconds, signed",
            "tolerance   past 5m, future 5m (assumed)",
            "webhook id  body /id, integer (assumed)",
            "event       body /type",
            "header      Content-Type: application/json (assumed)",
            "timeout     10s",
            "breaker     20 failed attempts in a row (assumed): disable",
            "base, factor, cap (assumed)",
            "URL         HTTPS, plain HTTP in development",
        ],
    ),
    (
        "tenant",
        &[
            "signature   X-Webhook-Signature: {sig}, hex (assumed)",
            "webhook id  header X-Webhook-ID (assumed), UUID (assumed)",
            "event       header X-Webhook-Event (assumed)",
            "header      X-Webhook-Event: {event} (assumed)",
            "timeout     10s (assumed)",
            "repeats     header X-Webhook-ID (assumed), within 1d (assumed)",
            "delays (assumed)",
            "URL         HTTPS",
        ],
    ),
    (
        "orgjobs",
        &[
            "signature   X-Webhook-Signature: sha256={sig}, hex",
            "key         the bytes of the secret; without a secret nothing is signed",
            "webhook id  none",
            "header      Content-Type: application/json (assumed)",
            "header      X-Webhook-Event: {event} (assumed)",
            "timeout     30s",
            "repeats     cannot be told",
        ],
    ),
    (
        "cepro-inbound",
        &[
            "algorithm   token",
            "signature   Authorization: Bearer {secret}",
            "Query-string-only authentication is no longer accepted.",
        ],
    ),
];

#[test]
fn shows_the_rules_of_each_and_which_are_assumed() {
    for (id, expected) in RULES {
        let shown = lines(&wh(["provider", "show", id]));
        for line in expected {
            assert!(
                shown.iter().any(|shown| shown == line),
                "{id}: {line}\n{shown:#?}"
            );
        }
    }
}

#[test]
fn shows_the_schedule_with_the_time_since_the_first() {
    let table: &[(&str, &[&str])] = &[
        ("cepro", &["1", "2 10s 10s", "3 1m 1m10s", "4 5m 6m10s"]),
        ("tenant", &["1", "2 10s 10s", "3 1m 1m10s", "4 5m 6m10s"]),
        ("orgjobs", &["1"]),
        (
            "wlcro",
            &[
                "1",
                "2 10s 10s",
                "3 20s 30s",
                "4 40s 1m10s",
                "5 1m20s 2m30s",
                "6 2m40s 5m10s",
                "7 5m20s 10m30s",
                "8 10m40s 21m10s",
                "9 21m20s 42m30s",
                "10 42m40s 1h25m",
                "11 1h 2h25m",
            ],
        ),
    ];
    for (id, rows) in table {
        let shown = lines(&wh(["provider", "show", id]));
        let rest = shown
            .iter()
            .skip_while(|line| !line.starts_with("ATTEMPT "));
        let numbered = rest
            .skip(1)
            .take_while(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        let words = |line: &String| line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(numbered.map(words).collect::<Vec<_>>(), **rows, "{id}");
    }
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
    assert_eq!(shown["events"].as_array().map(Vec::len), Some(15));
    let signs = json!({"rule": "signs", "value": "{body}"});
    assert!(shown["rules"].as_array().unwrap().contains(&signs));
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
