//! Filters that have an index use it, and no page is sorted.

use super::filter;
use crate::store::samples::{Shelf, sample};

/// What `SQLite` says that it does for a page.
fn plan(text: &str) -> String {
    let shelf = Shelf::new();
    let mut entry = sample();
    entry.attempt.webhook_id = Some("msg_1".to_owned());
    shelf.record(entry.clone());
    entry.attempt.endpoint = "/other".to_owned();
    entry.id = uuid::Uuid::now_v7();
    shelf.record(entry);
    shelf
        .reader()
        .plan(&filter(text))
        .expect("a plan")
        .join("\n")
}

#[test]
fn each_filter_is_walked_by_its_index() {
    for (text, walk) in [
        ("", "SEARCH a USING INTEGER PRIMARY KEY"),
        ("event:invoice.*", "SEARCH a USING INTEGER PRIMARY KEY"),
        ("event:a,b", "SEARCH a USING INTEGER PRIMARY KEY"),
        ("-event:a", "SEARCH a USING INTEGER PRIMARY KEY"),
        ("status:2xx", "SEARCH a USING INTEGER PRIMARY KEY"),
        ("verdict:unchecked", "SEARCH a USING INTEGER PRIMARY KEY"),
        (
            "event:a",
            "SEARCH a USING INDEX attempts_event (event=? AND rowid>? AND rowid<?)",
        ),
        (
            "event:a provider:x body:y",
            "SEARCH a USING INDEX attempts_event",
        ),
        (
            "status:5xx",
            "SEARCH a USING INDEX attempts_wrong (row>? AND row<?)",
        ),
        ("status:none", "SEARCH a USING INDEX attempts_wrong"),
        ("-status:2xx,304", "SEARCH a USING INDEX attempts_wrong"),
        ("outcome:failed", "SEARCH a USING INDEX attempts_wrong"),
        ("-outcome:success", "SEARCH a USING INDEX attempts_wrong"),
        (
            "verdict:invalid,stale",
            "SEARCH a USING INDEX attempts_wrong",
        ),
        (
            "-verdict:valid,unchecked,none",
            "SEARCH a USING INDEX attempts_wrong",
        ),
        (
            "event:a outcome:failed",
            "SEARCH a USING INDEX attempts_wrong",
        ),
        (
            "id:#1",
            "SEARCH a USING INDEX attempts_delivery (delivery=? AND rowid>? AND rowid<?)",
        ),
        (
            "id:msg_1 status:200",
            "SEARCH a USING INDEX attempts_delivery",
        ),
    ] {
        let plan = plan(text);
        assert!(plan.starts_with(walk), "{text}: {plan}");
        let sorted = plan.contains("TEMP B-TREE");
        // Two deliveries have this webhook id: their few attempts are sorted.
        assert_eq!(sorted, text.starts_with("id:msg_1"), "{text}: {plan}");
        let bytes = plan.contains(" h ") || plan.contains(" b ");
        assert_eq!(bytes, text.contains("body:"), "{text}: {plan}");
    }
}

#[test]
fn a_prefix_of_an_id_is_looked_up_in_the_indexes() {
    let shelf = Shelf::new();
    shelf.record(sample());
    let reader = shelf.reader();
    let sql = "SELECT number FROM deliveries WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 3";
    let plan = reader.explained(sql).expect("a plan").join("\n");
    assert!(
        plan.starts_with("SEARCH deliveries USING")
            && plan.ends_with("deliveries_id (id>? AND id<?)"),
        "{plan}"
    );
}
