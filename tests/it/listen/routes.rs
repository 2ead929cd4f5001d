//! Routes: whose deliveries come in at which path.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{SECRET, answer, post, signature, signed, status};
use crate::support::{Wh, folder, masked, wh};

/// Three routes: one with a secret of its own, one with that of the flags, one for all.
const ROUTES: &str = r#"
[[listen.route]]
path = "/cepro"
provider = "cepro"
secret-file = "secrets/cepro"

[[listen.route]]
path = "/w/*"
provider = "wlcro"

[[listen.route]]
path = "/any"
provider = "auto"
secret-env = "ANY"
"#;

fn home() -> TempDir {
    folder([("wh.toml", ROUTES), ("secrets/cepro", "cepro's")])
}

/// A call of `wh listen` in a folder, on a free port, with all the secrets.
fn listen(home: &Path, words: &[&str]) -> Wh {
    let call = wh([&["listen", "--port", "0"], words].concat()).dir(home);
    call.env("WH_SECRET", SECRET).env("ANY", "any's")
}

#[test]
fn a_path_has_its_provider_and_its_secret() {
    let home = home();
    let mut listener = listen(home.path(), &["--json"]).start();
    let by = |provider: &str, secret: &str| {
        format!(
            "X-Webhook-Signature: {}",
            signature(provider, secret, "", b"{}")
        )
    };
    let (own, others) = (by("cepro", "cepro's"), by("cepro", SECRET));
    let any = by("orgjobs", "any's");
    for (target, headers, provider, kind) in [
        ("/cepro", &[own.as_str()][..], "cepro", "valid"),
        ("/cepro?a=/w/x", &[&own], "cepro", "valid"),
        ("/cepro", &[&others], "cepro", "invalid"),
        ("/cepro", &[], "cepro", "unsigned"),
        ("/w/x/y", signed("wlcro"), "wlcro", "valid"),
        ("/w/x", &[], "wlcro", "unsigned"),
        ("/any", &[&any], "orgjobs", "valid"),
        ("/any", &[&others], "tenant", "invalid"),
        ("/any", &[], "unknown", "unsigned"),
    ] {
        let answer = answer(&listener, post("wlcro", target, headers, "{}"));
        let expected = if kind == "valid" { 200 } else { 401 };
        assert_eq!(status(&answer), expected, "{target} {headers:?}");
        let line = listener.next();
        assert_eq!(line["provider"], provider, "{target} {headers:?}");
        assert_eq!(line["verdict"]["kind"], kind, "{target} {headers:?}");
    }
}

#[test]
fn the_ready_line_lists_them() {
    let home = home();
    let listener = listen(home.path(), &["--json"]).start();
    let ready = listener.ready();
    let providers = ["cepro", "wlcro", "cepro-inbound", "tenant", "orgjobs"];
    assert_eq!(ready["providers"], json!(providers));
    assert_eq!(ready["provider"], Value::Null);
    let routes = json!([
        {"path": "/cepro", "provider": "cepro"},
        {"path": "/w/*", "provider": "wlcro"},
        {"path": "/any", "provider": "auto"},
    ]);
    assert_eq!(ready["routes"], routes);

    let listener = listen(home.path(), &[]).start_for_people();
    let url = listener.url().to_owned();
    let stderr = String::from_utf8(listener.stop().stderr).unwrap();
    let expected = format!(
        "listening on {url} as {}\nnote: /cepro is for cepro\nnote: /w/* is for wlcro\n\
         note: /any is for auto\nstopped: 0 attempts, 0 valid, 0 refused\n",
        providers.join(",")
    );
    assert_eq!(stderr, expected);
}

#[test]
fn an_unknown_route_is_404_and_recorded() {
    let home = home();
    for flags in [&["--json"][..], &["--json", "--accept-invalid"]] {
        let mut listener = listen(home.path(), &[flags, &["--store", "kept.db"]].concat()).start();
        let astray = answer(&listener, post("cepro", "/cepro/?a", signed("cepro"), "{}"));
        let expected = "HTTP/1.1 404 Not Found\r\ncontent-type: text/plain; charset=utf-8\r\n\
                        content-length: 9\r\n\r\nno route\n";
        assert_eq!(astray, expected);
        let line = listener.next();
        let told = (
            &line["provider"],
            &line["verdict"],
            &line["refused"],
            &line["paths"],
        );
        let paths = json!(["/cepro", "/w/*", "/any"]);
        let reason = json!("no route has this path");
        assert_eq!(told, (&json!("unknown"), &Value::Null, &reason, &paths));
        assert_eq!(line["response"]["status"], 404);
        let last = super::told(&listener.stop().stdout).pop().unwrap();
        assert_eq!(
            (&last["received"], &last["refused"]),
            (&json!(1), &json!(1))
        );
    }
    let log = wh(["log", "--json", "--store", "kept.db"])
        .dir(home.path())
        .capture();
    let first: Value =
        serde_json::from_slice(log.stdout.split(|b| *b == b'\n').next().unwrap()).unwrap();
    assert_eq!(
        (&first["provider"], &first["status"]),
        (&json!("unknown"), &json!(404))
    );
    assert_eq!(first["error"]["kind"], "no-route", "{first}");
}

#[test]
fn an_unknown_route_is_shown_with_those_there_are() {
    let home = home();
    let listener = listen(home.path(), &["-q"]).start_for_people();
    answer(&listener, post("cepro", "/other", &[], "{}"));
    let expected = "TIME  <-- ✗ refused   unknown       (no event)  [#1]  2 B  POST /other\n\
                    \x20             no route has this path\n\
                    \x20             hint: the routes are /cepro, /w/*, /any\n\
                    TIME  --> 404 TOOK  [#1]\n";
    assert_eq!(masked(&listener.stop().stdout), expected);
}

#[test]
fn a_body_that_is_not_taken_is_refused_as_such_wherever_it_goes() {
    let home = home();
    let mut listener = listen(home.path(), &["--json"]).start();
    for (path, provider) in [("/w/x", "wlcro"), ("/other", "unknown")] {
        let request =
            format!("POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 26214401\r\n\r\n");
        assert_eq!(status(&answer(&listener, request)), 413);
        assert_eq!(listener.next()["provider"], provider);
    }
}

#[test]
fn who_names_a_provider_means_no_routes() {
    let home = home();
    for (words, name) in [(&["--json", "-P", "wlcro"][..], ""), (&["--json"], "wlcro")] {
        let listener = listen(home.path(), words).env("WH_PROVIDER", name).start();
        assert_eq!(listener.ready()["routes"], json!([]));
        assert_eq!(listener.ready()["provider"], "wlcro");
        let stderr = String::from_utf8(listener.stop().stderr).unwrap();
        let note = "note: the routes of the settings do not hold: a provider is named\n";
        assert_eq!(stderr, note);
    }
}

#[test]
fn a_secret_is_for_the_routes_that_name_none() {
    let one = "[[listen.route]]\npath = '/a'\nprovider = 'cepro'\n";
    let own = one.replace("'/a'", "'/b'") + "secret-env = 'ANY'\n";
    for (text, secret, notes) in [
        (one.to_owned() + &own, SECRET, ""),
        (
            one.to_owned() + &own,
            "",
            "note: no secret given for `/a`: nothing is verified there (`unchecked`)\n",
        ),
        (own.clone(), SECRET, ""),
        (one.to_owned(), "", ""),
    ] {
        let home = folder([("wh.toml", &text)]);
        let listener = listen(home.path(), &["--json"])
            .env("WH_SECRET", secret)
            .start();
        assert_eq!(String::from_utf8(listener.stop().stderr).unwrap(), notes);
    }
    let home = folder([("wh.toml", &own)]);
    let listener = listen(home.path(), &["--json", "--secret-env", "ANY"]).start();
    let stderr = String::from_utf8(listener.stop().stderr).unwrap();
    let note = "note: the secrets of the flags are not used: each route names its own\n";
    assert_eq!(stderr, note);
}

#[test]
fn a_route_may_have_a_tolerance_of_its_own() {
    let text = "[[listen.route]]\npath = '/a'\nprovider = 'wlcro'\ntolerance = 'off'\n\
                [[listen.route]]\npath = '/b'\nprovider = 'wlcro'\n";
    let home = folder([("wh.toml", text)]);
    let mut listener = listen(home.path(), &["--json"]).start();
    let headers = ["X-Webhook-Timestamp: {old}", "X-Webhook-Signature: {sig}"];
    for (path, kind) in [("/a", "valid"), ("/b", "stale")] {
        answer(&listener, post("wlcro", path, &headers, "{}"));
        assert_eq!(listener.next()["verdict"]["kind"], kind, "{path}");
    }
}

/// What is wrong with a route, as `wh listen` and `wh doctor` say it.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "path = 'a'\nprovider = 'cepro'",
        "a",
        "a path begins with `/`",
    ),
    (
        "path = '/a?b'\nprovider = 'cepro'",
        "/a?b",
        "a path has neither `?` nor `#`: a query is not looked at",
    ),
    (
        "path = '/x'\nprovider = 'cepro'\n[[listen.route]]\npath = '/x'\nprovider = 'wlcro'",
        "/x",
        "the path is there twice",
    ),
    (
        "path = '/a'\nprovider = 'cepro'\nsecret-env = 'ANY'\nsecret-file = 'f'",
        "/a",
        "`secret-file` and `secret-env` are one too many",
    ),
    (
        "path = '/a'\nprovider = 'cepor'",
        "/a",
        "there is no provider `cepor`\nhint: did you mean `cepro`?",
    ),
    (
        "path = '/a'\nprovider = 'cepro'\ntolerance = 'soon'",
        "/a",
        "`tolerance`: `soon` is not a duration: write for example `300s`, `5m`, `2h` or `1d`, or `off`",
    ),
    (
        "path = '/a'\nprovider = 'cepro'\npublic-url = 'ftp://h'",
        "/a",
        "`public-url`: `ftp` URLs cannot be sent to: write http:// or https://",
    ),
];

/// What is found wrong only when the secret is looked at.
const NO_SECRET: &[(&str, &str, &str)] = &[
    (
        "path = '/a'\nprovider = 'cepro'\nsecret-env = 'NOT_SET'",
        "/a",
        "the variable `NOT_SET` is not set, or empty",
    ),
    (
        "path = '/a'\nprovider = 'cepro'\nsecret-file = 'empty'",
        "/a",
        "the secret file `empty` is empty",
    ),
];

#[test]
fn a_bad_route_is_named_with_its_file() {
    for (route, path, wrong) in WRONG.iter().chain(NO_SECRET) {
        let text = format!("[[listen.route]]\n{route}\n");
        let home = folder([("wh.toml", text.as_str()), ("empty", "")]);
        let place = format!("the settings file `wh.toml` is wrong: the route `{path}`: {wrong}\n");
        listen(home.path(), &[])
            .stderr(format!("error: {place}"))
            .exit(7)
            .run();
    }
}

#[test]
fn the_doctor_looks_at_routes() {
    for (route, path, wrong) in WRONG {
        let text = format!("[[listen.route]]\n{route}\n");
        let home = folder([("wh.toml", text)]);
        let output = wh(["doctor", "--json"])
            .dir(home.path())
            .env("WH_PORT", "0")
            .capture();
        assert_eq!(output.code, 7);
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let found: Vec<_> = lines.filter(|line| line["state"] == "fail").collect();
        let wrong = wrong.lines().next().unwrap();
        let place = format!("the settings file `wh.toml` is wrong: the route `{path}`: {wrong}");
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(
            (&found[0]["name"], &found[0]["found"]),
            (&json!("listen.route"), &json!(place))
        );
    }
    let home = home();
    let call = wh(["doctor"])
        .dir(home.path())
        .env("WH_PORT", "0")
        .env("ANY", "a");
    let text = String::from_utf8(call.capture().stdout).unwrap();
    assert!(
        text.contains("`/w/*` is for `wlcro`, from `wh.toml`"),
        "{text}"
    );
    assert!(
        text.contains("the file `secrets/cepro`, from the route `/cepro`"),
        "{text}"
    );
    let call = wh(["doctor"]).dir(home.path()).env("WH_PORT", "0");
    let text = String::from_utf8(call.capture().stdout).unwrap();
    assert!(
        text.contains("the variable `ANY`, from the route `/any`, is not set"),
        "{text}"
    );
}

#[test]
fn a_route_with_a_key_too_many_is_told_with_its_line() {
    let text = "[[listen.route]]\npath = '/a'\nprovider = 'cepro'\nsecret = 's3cret'\n";
    let home = folder([("wh.toml", text)]);
    listen(home.path(), &[])
        .stderr(
            "error: the settings file `wh.toml` is wrong: line 4: unknown field `secret`, expected one of \
             `path`, `provider`, `secret-file`, `secret-env`, `tolerance`, `public-url`\n",
        )
        .exit(7)
        .run();
}

#[test]
fn a_path_of_the_settings_cannot_act_on_the_terminal() {
    let text = "[[listen.route]]\npath = \"/\\u001b[2J\"\nprovider = 'cepro'\n";
    let home = folder([("wh.toml", text)]);
    let listener = listen(home.path(), &["-q"]).start_for_people();
    answer(&listener, post("cepro", "/other", &[], "{}"));
    let output = listener.stop();
    let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(shown.contains("note: /\\x1b[2J is for cepro\n"), "{shown}");
    assert!(
        shown.contains("hint: the routes are /\\x1b[2J\n"),
        "{shown}"
    );
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
}
