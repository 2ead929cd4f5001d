//! Which rules are looked at, and the list of them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{SECRET, lines, right};
use crate::support::{Wh, wh};

/// The list of these rules.
fn list(words: &[&str]) -> Wh {
    wh([&["check", "--list"], words].concat())
}

/// The rules of a list.
fn listed(words: &[&str]) -> Vec<Value> {
    let output = list(words).arg("--json").capture();
    assert_eq!(
        (output.code, &output.stderr[..]),
        (0, &b""[..]),
        "{words:?}"
    );
    lines(&output)
}

/// A value of each of them.
fn each<'r>(rules: &'r [Value], key: &str) -> Vec<&'r str> {
    rules
        .iter()
        .map(|rule| rule[key].as_str().unwrap())
        .collect()
}

#[test]
fn the_list_needs_no_receiver_and_has_every_rule_once() {
    for provider in ["cepro", "cepro-inbound", "wlcro", "tenant", "orgjobs"] {
        let rules = listed(&["-P", provider]);
        let ids: BTreeSet<_> = each(&rules, "id").into_iter().collect();
        assert_eq!(ids.len(), rules.len(), "{provider}");
        for rule in &rules {
            let (id, group) = (
                rule["id"].as_str().unwrap(),
                rule["group"].as_str().unwrap(),
            );
            assert!(id.starts_with(&format!("{group}-")), "{rule}");
            // Either it says how many requests it takes, or why there is no such rule.
            assert_ne!(
                rule["requests"].is_null(),
                rule["reason"].is_null(),
                "{rule}"
            );
            for key in ["title", "why", "fix"] {
                assert!(!rule[key].as_str().unwrap().is_empty(), "{key} of {rule}");
            }
        }
    }
}

#[test]
fn for_people_it_is_a_table_with_the_sum_and_the_reasons_where_they_are_asked_for() {
    let words = ["--only", "refuses-no-signature"];
    list(&words)
        .stdout(
            "RULE                  REQUESTS  WHAT\n\
             refuses-no-signature         1  A delivery without a signature is refused\n\
             1 rule, 2 requests\n",
        )
        .run();
    list(&words)
        .arg("-v")
        .stdout_has(
            "RULE                  REQUESTS  WHAT                                       WHY\n",
        )
        .stdout_has("  A delivery without a signature is refused  Anybody can send one")
        .run();
}

#[test]
fn of_many_header_lines_it_says_who_takes_fewer() {
    let rules = listed(&["--only", "robust-many-headers"]);
    let fix = rules[0]["fix"].as_str().unwrap();
    assert!(fix.contains("`http.client._MAXHEADERS`"), "{fix}");
}

#[test]
fn rules_are_named_by_ids_groups_and_globs() {
    let all = listed(&[]);
    for (words, wanted) in [
        (&["--only", "refuses"][..], "refuses-"),
        (&["--only", "accepts-*"], "accepts-"),
        (
            &["--skip", "accepts,idempotent", "--skip", "in-time,robust"],
            "refuses-",
        ),
    ] {
        let found = listed(words);
        let expected: Vec<_> = each(&all, "id")
            .into_iter()
            .filter(|id| id.starts_with(wanted))
            .collect();
        assert_eq!(each(&found, "id"), expected, "{words:?}");
        assert!(!found.is_empty(), "{words:?}");
    }
    let found = listed(&["--only", "*-signature,accepts-event", "--skip", "accepts"]);
    assert!(each(&found, "id").contains(&"refuses-no-signature"));
    assert!(
        each(&found, "id")
            .iter()
            .all(|id| id.ends_with("-signature"))
    );
    assert!(listed(&["--quick"]).len() <= all.len());
}

#[test]
fn what_is_left_out_is_no_row_and_a_skip_for_programs() {
    let receiver = right();
    let check = |words: &[&str]| {
        let url = receiver.url();
        wh([
            &["check", "-q", &url, "--only", "refuses-no-signature"],
            words,
        ]
        .concat())
        .env("WH_SECRET", SECRET)
    };
    let output = check(&[]).capture();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("accepts-event"), "{text}");
    assert!(text.contains(" left out, 2 requests in "), "{text}");
    let lines = lines(&check(&["--json"]).capture());
    let left_out = lines
        .iter()
        .find(|line| line["id"] == "accepts-event")
        .unwrap();
    assert_eq!(
        (&left_out["verdict"], &left_out["came"]),
        (&"skip".into(), &"left out".into())
    );
}

#[test]
fn a_name_of_nothing_is_told_with_the_nearest() {
    let receiver = right().unused();
    for (words, hint) in [
        (["--only", "refuse"], "did you mean `refuses`?"),
        (["--skip", "accept-event"], "did you mean `accepts-event`?"),
        (
            ["--only", "zzz-*"],
            "`wh check --list` shows those there are",
        ),
    ] {
        wh([&["check", &receiver.url()], &words[..]].concat())
            .stderr(format!(
                "error: there is no rule `{}`\nhint: {hint}\n",
                words[1]
            ))
            .exit(2)
            .run();
    }
}

#[test]
fn to_look_at_nothing_is_refused() {
    let receiver = right().unused();
    let url = receiver.url();
    wh(["check", &url, "--skip", "*"])
        .env("WH_SECRET", SECRET)
        .stderr(
            "error: no rule is left to look at\nhint: `wh check --list` shows those there are\n",
        )
        .exit(2)
        .run();
    wh([
        "check",
        &url,
        "-P",
        "orgjobs",
        "--only",
        "refuses-no-signature",
    ])
    .stderr_has("error: `orgjobs` has none of these rules\n  refuses-no-signature: ")
    .exit(7)
    .run();
}
