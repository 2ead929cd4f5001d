//! The list, and one of them in words.

use super::Desk;

#[test]
fn where_there_are_none_it_says_so() {
    let desk = Desk::new();
    desk.endpoint("list")
        .stderr("note: no endpoints yet\nhint: wh endpoint add NAME --url URL\n")
        .run();
    desk.endpoint("list --json").run();
    assert!(!desk.path().join("store.db").exists());
}

#[test]
fn those_with_a_name_come_first() {
    let desk = Desk::new();
    desk.add("shop --url 3000/hooks --secret-env SHOP --events invoice.*,job.created");
    desk.bare("wlcro", "http://localhost:3000/b");
    desk.add("office -P wlcro --url 3000/wlcro");
    desk.add("attic -P tenant --url 3000");
    desk.endpoint("disable shop")
        .stdout("`shop` disabled\n")
        .run();
    desk.trip("office");
    desk.endpoint("list")
        .stdout(
            "NAME    PROVIDER  URL                          EVENTS                 STATE                                  FAILURES  SECRET
attic   tenant    http://localhost:3000/       all                    active                                        0  none
office  wlcro     http://localhost:3000/wlcro  all                    disabled: 20 failed attempts in a row        20  none
shop    cepro     http://localhost:3000/hooks  invoice.*,job.created  disabled: by hand                             0  env:SHOP
-       wlcro     http://localhost:3000/b      all                    active                                        0  none
",
        )
        .run();
    let listed = desk.json("list");
    let names: Vec<_> = listed.iter().map(|line| line["name"].as_str()).collect();
    assert_eq!(names, [Some("attic"), Some("office"), Some("shop"), None]);
    assert_eq!(listed[1]["disabled_because"], "20 failed attempts in a row");
    let typed = |line: &serde_json::Value| line["type"] == "endpoint" && line["schema"] == 1;
    assert!(listed.iter().all(typed));
}

#[test]
fn one_is_told_with_its_rule() {
    let desk = Desk::furnished();
    let secret = desk.path().join("secret").display().to_string();
    desk.endpoint("show shop")
        .stdout(format!(
            "shop  http://localhost:3000/hooks
  provider    cepro
  events      all
  state       active
  failures    0 in a row
  secret      file:{secret}
  breaker     CE Pro may automatically disable the webhook after a sustained period of failures: no number is given, so wh disables nothing by itself.
"
        ))
        .stderr("hint: `wh log direction:sent provider:cepro path:/hooks` lists what was sent to it\n")
        .run();
    for (name, flags, rule) in [
        (
            "a",
            "-P wlcro",
            "disabled after 20 failed attempts in a row (assumed)",
        ),
        (
            "b",
            "-P wlcro --disable-after 3",
            "disabled after 3 failed attempts in a row (--disable-after)",
        ),
        (
            "c",
            "-P cepro --disable-after 1",
            "disabled after 1 failed attempt (--disable-after)",
        ),
        ("d", "-P orgjobs", "none"),
    ] {
        desk.add(&format!("{name} {flags} --url 3000"));
        desk.endpoint(&format!("show {name} -q"))
            .stdout_has(format!("\n  breaker     {rule}\n"))
            .run();
    }
}

#[test]
fn one_of_a_provider_that_is_gone_is_told_still() {
    let desk = Desk::furnished();
    desk.sql("UPDATE endpoints SET provider = 'gone' WHERE name = 'shop'");
    desk.endpoint("show shop -q")
        .stdout_has("  provider    gone (not there any more)\n")
        .run();
    assert_eq!(desk.json("list")[1]["provider"], "gone");
    desk.endpoint("remove shop --yes")
        .stdout_has("`shop` removed")
        .run();
}

/// A path with characters that mean something to a shell or to a filter stands in no line that is
/// to be copied.
#[test]
fn the_hint_is_safe_to_copy() {
    let desk = Desk::new();
    desk.add("shop --url 3000/a'*;b,c");
    desk.endpoint("show shop")
        .stdout_has("shop  http://localhost:3000/a'*;b,c\n")
        .stderr("hint: `wh log direction:sent provider:cepro` lists what was sent to it\n")
        .run();
}

#[test]
fn one_that_is_not_there_is_told_with_those_that_may_be_meant() {
    let desk = Desk::new();
    let unknown = |name: &str, hint: &str| {
        for command in ["show", "enable", "disable", "remove --yes"] {
            desk.endpoint(&format!("{command} {name}"))
                .stderr(format!("error: there is no endpoint `{name}`\n{hint}"))
                .exit(7)
                .run();
        }
    };
    unknown(
        "shop",
        "hint: there are none yet: wh endpoint add NAME --url URL\n",
    );
    desk.add("shop --url 3000");
    desk.add("shop2 --url 3000");
    desk.bare("wlcro", "http://localhost:3000/b");
    unknown("shpo", "hint: did you mean `shop` or `shop2`?\n");
    unknown("zzz", "hint: `wh endpoint list` shows those there are\n");
    unknown(
        "http://localhost:3000/c",
        "hint: did you mean `http://localhost:3000/b`?\n",
    );
}

#[test]
fn a_url_stands_for_the_one_without_a_name() {
    let desk = Desk::furnished();
    desk.bare("wlcro", "http://localhost:3000/b");
    for text in [
        "3000/b",
        "localhost:3000/b",
        "http://localhost:3000/b",
        "http://user:password@localhost:3000/b",
        "3000/b -P wlcro",
    ] {
        assert_eq!(desk.json(&format!("show {text}"))[0]["number"], 3, "{text}");
    }
    desk.endpoint("show 3000/hooks")
        .stderr(
            "error: there is no endpoint `http://localhost:3000/hooks` without a name\n\
             hint: `shop` has this URL: call it by its name\n",
        )
        .exit(7)
        .run();
    desk.bare("cepro", "http://localhost:3000/b");
    desk.endpoint("show 3000/b")
        .stderr(
            "error: several providers have the endpoint `http://localhost:3000/b`\n  wlcro\n  cepro\n\
             hint: -P ID tells which\n",
        )
        .exit(7)
        .run();
    assert_eq!(desk.json("show 3000/b -P ce-pro")[0]["provider"], "cepro");
}

#[test]
fn a_name_with_another_provider_is_a_mistake() {
    Desk::furnished()
        .endpoint("show shop -P wlcro")
        .stderr(
            "error: the endpoint `shop` is of the provider `cepro`, not of `wlcro`\n\
             hint: leave -P out: an endpoint brings its provider along\n",
        )
        .exit(2)
        .run();
}
