//! Enabled and disabled.

use super::Desk;

#[test]
fn what_was_disabled_is_enabled_with_its_count_at_0() {
    let desk = Desk::furnished();
    desk.trip("office");
    desk.endpoint("disable office")
        .stdout("`office` was disabled already: 20 failed attempts in a row\n")
        .run();
    desk.endpoint("enable office")
        .stdout("`office` enabled\n")
        .run();
    let shown = &desk.json("show office")[0];
    assert_eq!(shown["active"], true);
    assert_eq!(shown["failures"], 0);
    assert!(shown["disabled_because"].is_null());
    desk.endpoint("enable office")
        .stdout("`office` was enabled already\n")
        .run();
}

#[test]
fn enabling_what_is_enabled_counts_anew() {
    let desk = Desk::furnished();
    desk.sql("UPDATE endpoints SET failures = 7 WHERE name = 'shop'");
    desk.endpoint("enable shop")
        .stdout("`shop` was enabled already; its failures count from 0 again\n")
        .run();
    assert_eq!(desk.json("show shop")[0]["failures"], 0);
}

#[test]
fn several_are_switched_at_once_or_none() {
    let desk = Desk::furnished();
    desk.endpoint("disable shop offize")
        .stderr("error: there is no endpoint `offize`\nhint: did you mean `office`?\n")
        .exit(7)
        .run();
    assert!(desk.json("list").iter().all(|line| line["active"] == true));
    desk.endpoint("disable shop office")
        .stdout("`shop` disabled\n`office` disabled\n")
        .run();
    desk.endpoint("disable shop")
        .stdout("`shop` was disabled already\n")
        .run();
    let lines = desk.json("enable shop office");
    let names: Vec<_> = lines.iter().map(|line| &line["name"]).collect();
    assert_eq!(names, ["shop", "office"]);
    let switched = |line: &serde_json::Value| line["active"] == true && line["changed"] == true;
    assert!(lines.iter().all(switched));
    for changed in [true, false] {
        let line = &desk.json("disable shop")[0];
        assert_eq!(line["active"], false);
        assert_eq!(line["changed"], changed);
    }
}

#[test]
fn one_without_a_name_is_switched_by_its_url() {
    let desk = Desk::new();
    desk.add("x --url 3000");
    desk.bare("wlcro", "http://localhost:3000/b");
    desk.bare("cepro", "http://localhost:3000/b");
    desk.endpoint("disable 3000/b")
        .stderr_has("hint: -P ID tells which\n")
        .exit(7)
        .run();
    desk.endpoint("disable 3000/b -P wlcro")
        .stdout("`http://localhost:3000/b` disabled\n")
        .run();
    let listed = desk.json("list");
    let off: Vec<_> = listed
        .iter()
        .filter(|line| line["active"] == false)
        .collect();
    assert_eq!(off.len(), 1);
    assert_eq!(off[0]["provider"], "wlcro");
}

#[test]
fn at_least_one_is_named() {
    for command in ["enable", "disable"] {
        let desk = Desk::new();
        let call = desk.endpoint(command);
        call.stderr_has("<NAME|URL>...").exit(2).run();
    }
}

#[test]
fn deliveries_that_were_left_behind_are_reminded_of() {
    let desk = Desk::furnished();
    desk.sql(
        "PRAGMA foreign_keys = OFF;
         INSERT INTO runs (id, started_at, terms) VALUES (randomblob(16), 0, '');
         INSERT INTO queue (delivery, run, holder, lines, size, attempt, made, due, wait)
             VALUES (1, 1, 1, x'', 0, 2, 1, 0, 0), (2, 1, 1, x'', 0, 2, 1, 0, 0);",
    );
    let hint = "hint: 2 unfinished from earlier: wh replay --resume\n";
    desk.endpoint("disable shop")
        .stdout("`shop` disabled\n")
        .run();
    for line in ["`shop` enabled\n", "`shop` was enabled already\n"] {
        desk.endpoint("enable shop").stdout(line).stderr(hint).run();
    }
}
