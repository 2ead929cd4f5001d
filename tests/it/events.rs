//! `wh events`: what the providers send.

use serde_json::{Value, json};

use crate::support::{folder, wh};

#[test]
fn lists_current_events_first_and_marks_the_legacy_ones() {
    let list = "\
EVENT                DESCRIPTION                                                   REMARKS
lead.created         A new lead is created.                                        sample (assumed)
lead.status_changed  A lead changes status.                                        sample (assumed)
estimate.created     A new estimate is created.                                    sample (assumed)
estimate.accepted    A customer accepts an estimate.                               sample (assumed)
job.created          A job is created.                                             sample (assumed)
job.completed        A scheduled job is marked complete.
invoice.created      A new invoice is created.                                     sample (assumed)
invoice.paid         An invoice is fully paid through the approved payment flow.   sample (assumed)
bug_report_created   A bug report is submitted through the in-app reporting flow.  sample (assumed)
proposal_created     A legacy internal proposal is generated.                      legacy; sample (assumed)
proposal_sent        A legacy internal proposal is delivered.                      legacy; sample (assumed)
proposal_accepted    A legacy internal proposal is accepted.                       legacy
proposal_declined    A legacy internal proposal is declined.                       legacy; sample (assumed)
estimate_created     A legacy estimate-created event for older integrations.       legacy, now estimate.created; sample (assumed)
job_completed        A legacy job-completed event for older integrations.          legacy, now job.completed; sample (assumed)
";
    wh(["events"]).stdout(list).run();
    wh(["send", "--list"]).stdout(list).run();
}

#[test]
fn lists_those_of_the_other_providers() {
    let wlcro = "\
EVENT              DESCRIPTION                        REMARKS
client.created
payment.succeeded                                     sample (assumed)
payment.failed     Alert on declined payments.        sample (assumed)
invoice.created    Sync with accounting.              sample (assumed)
agreement.signed   Trigger post-signature workflows.  sample (assumed)
";
    wh(["events", "-P", "wlcro"]).stdout(wlcro).run();
    wh(["send", "--list", "-P", "wlcro"]).stdout(wlcro).run();
    let orgjobs = "\
EVENT        DESCRIPTION                                                 REMARKS
job.created  A new job is created in the organization.
job.updated  A job's name, customer, or insurance details are modified.
job.deleted  A job is deleted.                                           sample (assumed)
";
    wh(["events", "-P", "orgjobs"]).stdout(orgjobs).run();
}

#[test]
fn says_where_there_is_no_catalogue() {
    for provider in ["tenant", "cepro-inbound"] {
        wh(["events", "-P", provider])
            .stderr(format!(
                "note: `{provider}` has no catalogue: `wh send` takes any event name\n"
            ))
            .run();
    }
}

#[test]
fn shows_an_event_with_its_sample() {
    let shown = r#"job.completed
A scheduled job is marked complete.

{
  "event": "job.completed",
  "timestamp": "2026-03-14T16:45:00.000Z",
  "data": {
    "job_id": "2d74d878-9a62-45da-84de-74d91c4a2b4d",
    "status": "complete"
  }
}
"#;
    wh(["events", "job.completed"]).stdout(shown).run();
    wh(["events", "job_completed"])
        .stdout_has("job_completed\nA legacy job-completed event for older integrations.\n")
        .stdout_has("\nlegacy, now job.completed; sample (assumed)\n\n{\n")
        .run();
}

/// Numbers keep the form in which the platform writes them.
#[test]
fn fills_a_sample_in() {
    let output = wh(["events", "estimate.created", "--json"]).capture();
    let event: Value = serde_json::from_slice(&output.stdout).unwrap();
    let sample = event["sample"].as_str().unwrap();
    assert!(sample.contains("\"total\": 2500.00\n"), "{sample}");
    assert!(
        !sample.contains("{now}") && !sample.contains("{uuid"),
        "{sample}"
    );
    let sample: Value = serde_json::from_str(sample).unwrap();
    assert_eq!(sample["event"], "estimate.created");
}

#[test]
fn lists_as_json_lines() {
    let output = wh(["events", "--json"]).capture();
    let text = String::from_utf8(output.stdout).unwrap();
    let events: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.len(), 15);
    assert_eq!(
        events[14],
        json!({
            "type": "event",
            "schema": 1,
            "provider": "cepro",
            "name": "job_completed",
            "description": "A legacy job-completed event for older integrations.",
            "legacy": true,
            "replaced_by": "job.completed",
            "assumed": true,
            "sample": null,
        })
    );
    let legacy: Vec<_> = events.iter().map(|event| event["legacy"] == true).collect();
    assert_eq!(legacy.iter().position(|legacy| *legacy), Some(9));
    assert!(legacy[9..].iter().all(|legacy| *legacy));
}

#[test]
fn an_unknown_event_is_told_with_the_nearest() {
    for (name, near) in [
        (
            "estimate.craeted",
            "hint: did you mean `estimate.created`?\n",
        ),
        ("invoice.payed", "hint: did you mean `invoice.paid`?\n"),
        ("nothing-like-it", ""),
    ] {
        wh(["events", name])
            .stderr(format!(
                "error: `cepro` has no event `{name}`\n{near}hint: `wh events` lists them; `wh send \
                 {name} --force` sends any name\n"
            ))
            .exit(7)
            .run();
    }
}

/// What a provider file says goes to a terminal: no part of it may speak to the terminal itself.
#[test]
fn a_hostile_file_is_shown_and_not_obeyed() {
    let hostile = r#"
        signature = { algorithm = "hmac-sha256", signs = "{body}", encoding = "hex", header = "X-Sig", value = "{sig}" }
        [provider]
        id = "evil"
        name = "\u001b[2Jname"
        notes = ["\u001b]0;note\u0007"]
        [[events]]
        name = "a\u001b[31m"
        description = "\u202edescription"
        sample = "\u001b[2Jsample"
        "#;
    let folder = folder([("evil.toml", hostile)]);
    for args in [
        &["events"][..],
        &["events", "a\u{1b}[31m"],
        &["provider", "show"],
    ] {
        let output = wh(args.iter().chain(&["--provider-file", "evil.toml"]))
            .dir(folder.path())
            .capture();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            (output.code, text.contains("\\x1b[")),
            (0, true),
            "{text:?}"
        );
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
    }
}
