//! What is kept, and what is refused.

use serde_json::{Value, json};

use crate::support::{folder, wh};

use super::{Desk, NOTE};

#[test]
fn an_endpoint_is_kept_as_it_is_given() {
    let desk = Desk::new();
    let add = desk.endpoint(
        "add shop --url 3000/hooks?a=b --secret-file secret -e invoice.*,!invoice.paid \
         --events job.created --disable-after 5",
    );
    add.stdout("`shop` added: cepro, http://localhost:3000/hooks?a=b\n")
        .stderr(NOTE)
        .run();
    let secret = format!("file:{}", desk.path().join("secret").display());
    let expected = json!({
        "type": "endpoint", "schema": 1, "number": 1, "name": "shop", "provider": "cepro",
        "url": "http://localhost:3000/hooks?a=b",
        "events": ["invoice.*", "!invoice.paid", "job.created"],
        "active": true, "disabled_because": null, "failures": 0, "disable_after": 5,
        "secret": secret,
    });
    assert_eq!(desk.json("show shop")[0], expected);
    assert_eq!(desk.json("list"), [expected]);
}

#[test]
fn what_is_added_is_told_as_json() {
    let added = &Desk::new().json("add shop -q --url 3000 -P wlcro")[0];
    assert_eq!(added["name"], "shop");
    assert_eq!(added["secret"], Value::Null);
    assert_eq!(added["provider"], "wlcro");
}

#[test]
fn the_provider_is_that_of_the_flag_the_variable_or_the_default() {
    let desk = Desk::new();
    desk.add("a --url 3000");
    desk.add("b --url 3000 -P ce-pro");
    let by_variable = desk.endpoint("add c --url 3000 -q");
    by_variable
        .env("WH_PROVIDER", "tenant")
        .stdout("`c` added: tenant, http://localhost:3000/\n")
        .run();
    let listed = desk.json("list");
    let providers: Vec<_> = listed.iter().map(|line| &line["provider"]).collect();
    assert_eq!(providers, ["cepro", "cepro", "tenant"]);
    desk.endpoint("add d --url 3000 -P wlcor")
        .stderr_has("hint: did you mean `wlcro`?\n")
        .exit(7)
        .run();
}

#[test]
fn a_provider_file_is_not_found_again() {
    let desk = Desk::new();
    let file = wh(["provider", "new", "acme", "-o", "acme.toml"]).dir(desk.path());
    file.stdout("acme.toml\n").run();
    desk.endpoint("add x --url 3000 --provider-file acme.toml")
        .stderr(
            "error: of a provider an endpoint keeps the id, by which a file is not found\n\
             hint: `wh provider new acme` makes one that is found by its id\n",
        )
        .exit(2)
        .run();
}

#[test]
fn a_name_is_neither_a_url_nor_a_number() {
    let letters = "a name has letters, digits, `-`, `_` and `.`";
    let letter = "a name has at least one letter";
    let begins = "a name begins with a letter, a digit or `_`";
    let long = "a".repeat(65);
    for (name, why) in [
        ("http://h/", "this is a URL: write NAME --url URL"),
        ("a/b", letters),
        ("a:b", letters),
        ("a b", letters),
        ("ä", letters),
        ("", letters),
        ("3000", letter),
        ("1.5", letter),
        ("127.0.0.1", letter),
        ("_", letter),
        (".a", begins),
        (&long, "a name has at most 64 characters"),
    ] {
        wh(["endpoint", "add", name, "--url", "3000"])
            .stderr(format!(
                "error: invalid value '{name}' for '<NAME>': {why}\n\n\
                 For more information, try '--help'.\n"
            ))
            .exit(2)
            .run();
    }
    let desk = Desk::new();
    for name in ["a", "A-b_c.d", "2nd", "_x", &"a".repeat(64)] {
        desk.add(&format!("{name} --url 3000"));
    }
}

#[test]
fn a_name_is_taken_once() {
    let desk = Desk::furnished();
    desk.endpoint("add shop -P wlcro --url 4000")
        .stderr(
            "error: there is an endpoint `shop` already\nhint: wh endpoint show shop\n\
             hint: `wh endpoint remove shop` makes room for another\n",
        )
        .exit(7)
        .run();
    assert_eq!(
        desk.json("show shop")[0]["url"],
        "http://localhost:3000/hooks"
    );
}

#[test]
fn credentials_in_a_url_are_refused_and_not_shown() {
    let desk = Desk::new();
    for url in [
        "http://user:canary@h/",
        "http://canary@h/",
        "http://:canary@h/",
    ] {
        desk.endpoint(&format!("add x --url {url}"))
            .stderr(
                "error: the URL of an endpoint is kept without user and password\n\
                 hint: leave them out; `wh send -H 'Authorization: Basic …'` gives them where they are needed\n",
            )
            .exit(7)
            .run();
    }
    assert!(!desk.path().join("store.db").exists());
}

#[test]
fn what_the_platform_would_refuse_is_said_and_by_the_strict_rule_refused() {
    let desk = Desk::new();
    for (name, flags, note) in [
        ("a", "-P cepro --url 3000", NOTE),
        (
            "b",
            "-P cepro --url https://10.0.0.1/",
            "note: cepro would say: Webhook URL must be an external HTTPS endpoint \
             (`10.0.0.1` is not an external host)\n",
        ),
        ("c", "-P cepro --url https://198.51.101.1/", ""),
        ("d", "-P wlcro --url 3000", ""),
        (
            "e",
            "-P wlcro --url http://198.51.101.1/",
            "note: wlcro would refuse this URL: it is not HTTPS\n",
        ),
    ] {
        desk.endpoint(&format!("add {name} {flags}"))
            .stdout_has(format!("`{name}` added: "))
            .stderr(note)
            .run();
    }
    desk.endpoint("add f --url 3000 --strict-url")
        .stderr(
            "error: Webhook URL must be an external HTTPS endpoint\n  it is not HTTPS\n\
             hint: without --strict-url the platform's rule is not applied\n",
        )
        .exit(7)
        .run();
    desk.endpoint("add g --url https://198.51.101.1/ --strict-url")
        .stdout("`g` added: cepro, https://198.51.101.1/\n")
        .run();
    assert_eq!(desk.json("list").len(), 6);
}

#[test]
fn an_event_that_the_platform_does_not_know_is_said() {
    let desk = Desk::new();
    desk.endpoint("add a -P wlcro --url 3000 -e client.craeted,client.*,!x.*")
        .stdout_has("`a` added: ")
        .stderr(
            "note: `client.craeted` is no event of wlcro; did you mean `client.created`?\n\
             note: `x.*` is no event of wlcro\n",
        )
        .run();
    desk.endpoint("add b --url 3000 --events a,,b")
        .stderr_has("invalid value 'a,,b' for '--events <GLOBS>': ")
        .exit(2)
        .run();
}

#[test]
fn a_number_of_failures_is_one_at_least() {
    let desk = Desk::new();
    let add = desk.endpoint("add b --url 3000 --disable-after 0");
    add.stderr_has("invalid value '0' for '--disable-after <N>'")
        .exit(2)
        .run();
}

#[test]
fn without_a_store_there_are_none() {
    for args in [
        "add a --url 3000",
        "list",
        "show a",
        "enable a",
        "disable a",
        "remove a --yes",
    ] {
        let desk = Desk::new();
        let call = desk.endpoint(&format!("{args} --store none"));
        call.stderr(
            "error: with `--store none` there are no endpoints\nhint: --store FILE names a store\n",
        )
        .exit(2)
        .run();
    }
}

#[test]
fn a_store_that_cannot_be_opened_is_told() {
    let home = folder([("store.db/file", "")]);
    for args in ["add a --url 3000 -q", "list", "enable a"] {
        let call = wh(format!("endpoint {args} --store store.db").split(' ')).dir(home.path());
        call.stderr_has("error: ").exit(7).run();
    }
}
