//! The providers that users add: where their files lie, what is wrong with them, and new ones.

use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::support::{CONFIG, Wh, folder, wh};

/// A provider of the user's, with an alias.
const ACME: &str = r#"
[provider]
id = "acme"
name = "Acme, Inc."
aliases = ["acme-shop"]
[signature]
algorithm = "hmac-sha256"
signs = "{body}"
encoding = "hex"
header = "X-Acme-Signature"
value = "{sig}"
[[events]]
name = "order.paid"
sample = '{"type":"order.paid"}'
"#;

/// A provider of the user's in the place of a built-in one.
fn own_cepro() -> String {
    ACME.replace("\"acme\"", "\"cepro\"")
        .replace("Acme, Inc.", "My own")
}

/// A home with these provider files.
fn home<'t>(providers: impl IntoIterator<Item = (&'t str, impl AsRef<[u8]>)>) -> TempDir {
    let home = folder([("work/readme", "")]);
    let place = home.path().join(CONFIG).join("providers");
    std::fs::create_dir_all(&place).unwrap();
    for (name, text) in providers {
        std::fs::write(place.join(name), text).unwrap();
    }
    home
}

/// A call with that home.
fn at_home(home: &TempDir, args: &[&str]) -> Wh {
    wh(args).home(home.path()).dir(home.path().join("work"))
}

#[test]
fn a_provider_and_a_file_are_one_too_many() {
    let home = folder([("acme.toml", ACME)]);
    wh(["provider", "show", "cepro", "--provider-file", "acme.toml"])
        .dir(home.path())
        .stderr("error: name a provider or a file, not both\n")
        .exit(2)
        .run();
}

#[test]
fn an_unknown_name_is_told_with_the_nearest() {
    let home = home([("acme.toml", ACME)]);
    for (name, hint) in [
        ("wlcr", "did you mean `wlcro`?"),
        ("cepor", "did you mean `cepro`?"),
        ("acm", "did you mean `acme`?"),
        (
            "nothing-like-it",
            "`wh provider list` shows those there are",
        ),
    ] {
        let message = format!("error: there is no provider `{name}`\nhint: {hint}\n");
        for args in [&["events", "-P", name][..], &["provider", "show", name]] {
            at_home(&home, args).stderr(message.as_str()).exit(7).run();
        }
    }
}

#[test]
fn a_file_of_the_user_is_a_provider_by_id_and_alias() {
    let home = home([("any name.toml", ACME)]);
    for name in ["acme", "acme-shop"] {
        at_home(&home, &["events", "-P", name])
            .stdout("EVENT       DESCRIPTION  REMARKS\norder.paid\n")
            .run();
    }
    at_home(&home, &["provider", "list"])
        .stdout_has("acme           Acme, Inc.  ")
        .stdout_has("any name.toml\n")
        .run();
    at_home(&home, &["provider", "show", "acme", "--toml"])
        .stdout(ACME)
        .run();
}

#[test]
fn a_file_of_the_user_takes_the_place_of_a_built_in_one() {
    let home = home([("mine.toml", own_cepro())]);
    let listed = at_home(&home, &["provider", "list"]).capture().stdout;
    let listed = String::from_utf8(listed).unwrap();
    let ids: Vec<_> = listed
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(
        ids,
        ["ID", "cepro", "cepro-inbound", "wlcro", "tenant", "orgjobs"]
    );
    for args in [&["provider", "show"][..], &["provider", "show", "cepro"]] {
        at_home(&home, args).stdout_has("cepro  My own\n").run();
    }
}

#[test]
fn a_file_that_is_named_needs_no_place() {
    let folder = folder([("acme.toml", ACME), ("body", "{}")]);
    for (name, value) in [("WH_SECRET", "s3cret"), ("WH_PROVIDER", "wlcro")] {
        wh(["sign", "body", "--provider-file", "acme.toml"])
            .dir(folder.path())
            .env("WH_SECRET", "s3cret")
            .env(name, value)
            .stdout("adbde1ce40c89c14215687d5d762a47df6dfaefcfad61e2e86718ffc8498571b\n")
            .run();
    }
}

const BROKEN: &str = r#"
[provider]
id = "broken"
nmae = "Broken"
[signature]
algorithm = "hmac-sha255"
signs = "{bdy}"
encoding = "hex"
header = "X-Sig"
value = "{sig}"
[delivery]
timeout = "soon"
"#;

/// What is wrong with it, each with its place.
const PROBLEMS: [&str; 4] = [
    ":4:1: unknown key `provider.nmae`; did you mean `name`?\n",
    ":6:13: `signature.algorithm` is `hmac-sha255`; it may be `hmac-sha1`, `hmac-sha256`, \
     `hmac-sha512`, `token`\n",
    ":7:9: `signature.signs` has no field `{bdy}`; it may have `{body}` `{timestamp}` `{id}` `{url}` \
     `{method}` `{header}`\n",
    ":12:11: `delivery.timeout` is wrong: `soon` is not a duration: write for example `300s`, `5m`, \
     `2h` or `1d`\n",
];

/// The error for the broken file, at a path.
fn complaint(path: &str) -> String {
    let lines = PROBLEMS.map(|problem| format!("  {path}{problem}"));
    format!(
        "error: the provider file `{path}` is wrong\n{}",
        lines.concat()
    )
}

#[test]
fn a_broken_file_stands_in_the_way_of_its_own_name_only() {
    let home = home([("broken.toml", BROKEN), ("acme.toml", ACME)]);
    let path = home.path().join(CONFIG).join("providers/broken.toml");
    let path = path.display().to_string();
    let fine = at_home(&home, &["events", "-P", "acme"]);
    fine.stdout_has("order.paid").run();
    let fine = at_home(&home, &["events"]);
    fine.stdout_has("estimate.created").run();
    at_home(&home, &["events", "-P", "broken"])
        .stderr(complaint(&path))
        .exit(7)
        .run();
    at_home(&home, &["provider", "list"])
        .stdout_has("acme  ")
        .stdout_has("wlcro  ")
        .stderr(format!(
            "note: the provider file `{path}` is wrong: `wh provider validate` tells more\n"
        ))
        .run();
}

#[test]
fn validate_tells_everything_at_once() {
    let folder = folder([("broken.toml", BROKEN)]);
    wh(["provider", "validate", "broken.toml"])
        .dir(folder.path())
        .stderr(complaint("broken.toml"))
        .exit(7)
        .run();
    wh(["provider", "validate", "-"])
        .stdin(BROKEN)
        .stderr(complaint("-"))
        .exit(7)
        .run();
}

#[test]
fn validate_tells_where_a_file_is_no_toml() {
    wh(["provider", "validate", "-"])
        .stdin("[provider]\nid = \n")
        .stderr_has("error: the provider file `-` is wrong\n  -:2:")
        .exit(7)
        .run();
}

#[test]
fn validate_says_that_a_file_is_right() {
    let folder = folder([("acme.toml", ACME)]);
    wh(["provider", "validate", "acme.toml"])
        .dir(folder.path())
        .stdout("acme.toml: `acme` is right, with 1 event\n")
        .run();
    let expected =
        json!({"type": "validation", "schema": 1, "ok": true, "id": "acme", "events": 1});
    wh(["provider", "validate", "-", "--json"])
        .stdin(ACME)
        .stdout(format!("{expected}\n"))
        .run();
}

#[test]
fn validate_names_the_file_that_it_cannot_read() {
    let folder = folder([("bytes.toml", b"\xff")]);
    for (file, why) in [
        ("nope.toml", "No such file or directory (os error 2)"),
        (".", "Is a directory (os error 21)"),
        ("bytes.toml", "stream did not contain valid UTF-8"),
    ] {
        wh(["provider", "validate", file])
            .dir(folder.path())
            .stderr(format!(
                "error: cannot read the provider file `{file}`: {why}\n"
            ))
            .exit(7)
            .run();
    }
}

#[test]
fn a_new_one_can_be_used_at_once() {
    let home = home([("unused", "")]);
    let path = home.path().join(CONFIG).join("providers/acme.toml");
    at_home(&home, &["provider", "new", "acme"])
        .stdout(format!("{}\n", path.display()))
        .run();
    at_home(&home, &["provider", "validate", path.to_str().unwrap()])
        .stdout_has("`acme` is right")
        .run();
    let sign = [
        "sign",
        "-",
        "-P",
        "acme",
        "--timestamp",
        "1769596200",
        "--headers",
    ];
    at_home(&home, &sign)
        .stdin("{}")
        .env("WH_SECRET", "s3cret")
        .stdout(
            "X-Timestamp: 1769596200\nX-Signature: \
             sha256=d4b0515229b51392224fb751b59bb58754b1756675db59edbabd493a78c2c3b6\n",
        )
        .run();
}

#[test]
fn a_new_one_takes_the_place_of_no_file() {
    let home = home([("acme.toml", ACME)]);
    let path = home.path().join(CONFIG).join("providers/acme.toml");
    at_home(&home, &["provider", "new", "acme"])
        .stderr(format!(
            "error: cannot write `{}`: File exists (os error 17)\nhint: --output FILE writes another one\n",
            path.display()
        ))
        .exit(7)
        .run();
    assert_eq!(std::fs::read_to_string(path).unwrap(), ACME);
}

#[test]
fn a_new_one_goes_where_it_is_told_to() {
    let home = home([("unused", "")]);
    let printed = at_home(&home, &["provider", "new", "acme", "--output", "-"]).capture();
    assert_eq!((printed.code, printed.stderr.len()), (0, 0));
    at_home(
        &home,
        &["provider", "new", "acme", "-o", "deep/down/mine.toml"],
    )
    .stdout("deep/down/mine.toml\n")
    .run();
    let written = home.path().join("work/deep/down/mine.toml");
    assert_eq!(std::fs::read(written).unwrap(), printed.stdout);
    let is_unused = |path: &Path| std::fs::read_dir(path).unwrap().count() == 1;
    assert!(is_unused(&home.path().join(CONFIG).join("providers")));
}

#[test]
fn an_id_that_cannot_be_one_is_refused_and_nothing_is_written() {
    let home = home([("unused", "")]);
    for id in ["A", "a b", "../up", "", "a\"b", "ä"] {
        at_home(&home, &["provider", "new", "--", id])
            .stderr_has("error: `")
            .stderr_has("` cannot be an id: ")
            .exit(2)
            .run();
    }
    assert!(!home.path().join(CONFIG).join("up.toml").exists());
}
