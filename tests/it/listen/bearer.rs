//! Tokens: who is let in, what a refusal asks for, and that a secret in a target is kept nowhere.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{answer, post, status};
use crate::support::{Listener, Receiver, Wh, folder, raw, wh};

/// The secret that stands in a header.
const HEADER: &str = "header-canary";

/// The secret that stands in a target and nowhere else: with letters that forms and URLs encode.
const QUERY: &str = "query+canary/9=";

/// A listener for tokens, with both secrets, at a home that stays.
fn listen(home: &Path, words: &[&str]) -> Wh {
    let args = ["listen", "--port", "0", "-P", "cepro-inbound"];
    let secrets = ["--secret-env", "HEADER", "--secret-env", "QUERY"];
    let call = wh([&args[..], &secrets, words].concat()).home(home);
    call.env("HEADER", HEADER).env("QUERY", QUERY)
}

fn home() -> TempDir {
    TempDir::new().unwrap()
}

const RIGHT: &str = "Authorization: Bearer header-canary";

#[test]
fn the_header_decides() {
    let home = home();
    let mut listener = listen(home.path(), &["--json"]).start();
    let query = "the secret is in the query string only";
    let none = "no `Authorization` header";
    let wrong = "the token does not match";
    for (target, headers, refused) in [
        ("/", &[RIGHT][..], None),
        ("/", &["authorization: Bearer header-canary"], None),
        ("/", &["Authorization: Bearer query+canary/9="], None),
        ("/", &[], Some(none)),
        ("/?page=2", &[], Some(none)),
        ("/", &["Authorization: Bearer other"], Some(wrong)),
        ("/", &["Authorization: Bearer header-canar"], Some(wrong)),
        (
            "/?token=header-canary",
            &["Authorization: Bearer other"],
            Some(wrong),
        ),
        ("/?token=header-canary", &[], Some(query)),
        ("/?t=header%2Dcanary", &[], Some(query)),
        ("/?t=query+canary/9=", &[], Some(query)),
        ("/?t=query%252Bcanary%252F9%253D", &[], Some(query)),
    ] {
        let answer = answer(&listener, post("cepro-inbound", target, headers, "{}"));
        let line = listener.next();
        let reason = line["verdict"]["reason"].as_str();
        assert_eq!(reason, refused, "{target} {headers:?}");
        let expected = if refused.is_some() { 401 } else { 200 };
        assert_eq!(status(&answer), expected, "{target} {headers:?}");
        let challenge = answer.contains("\r\nwww-authenticate: Bearer\r\n");
        assert_eq!(challenge, refused.is_some(), "{answer}");
    }
}

/// Wherever it goes on to, and whatever a filter says of its path.
#[test]
fn a_secret_in_the_path_is_not_told_of_a_forward_or_a_near_miss() {
    let home = home();
    let receiver = Receiver::start([200]);
    let url = receiver.url();
    let words = [
        "-f",
        &url,
        "--expect",
        "path:/other",
        "--junit",
        "report.xml",
    ];
    let listener = listen(home.path(), &words)
        .dir(home.path())
        .start_for_people();
    let target = format!("/in/{HEADER}");
    let came = answer(&listener, post("cepro-inbound", &target, &[RIGHT], "{}"));
    assert_eq!(status(&came), 200);
    let output = listener.stop();
    assert_eq!(output.code, 8);
    assert!(
        receiver.requests()[0]
            .head
            .starts_with(b"POST /in/header-canary ")
    );
    let report = fs::read(home.path().join("report.xml")).unwrap();
    let log = wh(["log", "--json"]).home(home.path()).capture().stdout;
    for told in [&output.stdout, &output.stderr, &report, &log] {
        let told = String::from_utf8_lossy(told);
        assert!(!told.contains(HEADER), "{told}");
        assert!(told.contains("/in/"), "{told}");
    }
}

/// RFC 9110 §11.1: the name of an authentication scheme has no letter case.
#[test]
fn the_word_before_a_token_has_any_letter_case_and_is_warned_of() {
    let home = home();
    let mut listener = listen(home.path(), &["--json"]).start();
    for word in ["bearer", "BEARER"] {
        let line = format!("Authorization: {word} {HEADER}");
        let answer = answer(&listener, post("cepro-inbound", "/", &[&line], "{}"));
        assert_eq!(status(&answer), 200, "{word}");
        let warning =
            "the word before the token is in another letter case, which strict receivers refuse";
        assert_eq!(listener.next()["warnings"], json!([warning]), "{word}");
    }
}

/// A token outside of `Authorization` is no credential of an authentication scheme.
#[test]
fn only_an_authentication_scheme_is_asked_for() {
    for value in ["{secret}", "Token {secret}"] {
        let file = format!(
            "provider = {{ id = \"own\" }}\n\
             signature = {{ algorithm = \"token\", header = \"X-Own\", value = \"{value}\" }}"
        );
        let folder = folder([("own.toml", file)]);
        let words = "listen --port 0 --json --provider-file own.toml".split(' ');
        let listener = wh(words)
            .dir(folder.path())
            .env("WH_SECRET", HEADER)
            .start();
        let answer = answer(&listener, post("cepro", "/", &["X-Own: Token other"], "{}"));
        assert_eq!(status(&answer), 401, "{value}");
        assert!(!answer.contains("www-authenticate"), "{answer}");
    }
}

#[test]
fn a_secret_in_the_query_beside_the_header_is_warned_of() {
    const WARNING: &str = "a secret stands in the query string too";
    let home = home();
    let mut listener = listen(home.path(), &["--json"]).start();
    for (target, warnings) in [
        ("/?token=x", json!([WARNING])),
        ("/?t=query%2Bcanary/9=", json!([WARNING])),
        ("/?page=2", Value::Null),
    ] {
        answer(&listener, post("cepro-inbound", target, &[RIGHT], "{}"));
        let line = listener.next();
        assert_eq!(
            (&line["verdict"]["kind"], &line["warnings"]),
            (&json!("valid"), &warnings)
        );
    }
    let listener = listen(home.path(), &["-q"]).start_for_people();
    answer(
        &listener,
        post("cepro-inbound", "/?token=x", &[RIGHT], "{}"),
    );
    let shown = String::from_utf8(listener.stop().stdout).unwrap();
    let expected = format!("POST /?token=(redacted)\n              warning: {WARNING}\n");
    assert!(shown.contains(&expected), "{shown}");
}

/// The secret as it may stand in a target.
const FORMS: [&str; 9] = [
    "/?t=query+canary/9=",
    "/?t=query%2Bcanary%2F9%3D",
    "/?t=query%2bcanary%2f9%3d",
    "/?t=query%252Bcanary%252F9%253D",
    "/?t=%71uery+%63anary/9=",
    "/?t=Bearer%20query%2Bcanary/9=&b=1",
    "/?query%2Bcanary%2F9%3D",
    "/hooks/query%2Bcanary%2F9%3D/in",
    "/hooks/query+canary/9=",
];

/// Whether any of these bytes reads like the secret, which has this word of nothing else.
fn holds_it(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    let text = text
        .replace("%25", "%")
        .replace("%71", "q")
        .replace("%63", "c");
    text.contains("query+canary")
        || text.contains("query%2bcanary")
        || text.contains("query canary")
}

#[test]
fn every_form_is_known_for_one() {
    for form in FORMS {
        assert!(holds_it(form.as_bytes()), "{form}");
    }
}

/// Sends every form, with the right header and without.
fn hear(listener: &Listener) {
    for target in FORMS {
        for headers in [&[RIGHT][..], &[]] {
            let heard = raw(
                listener.addr(),
                post("cepro-inbound", target, headers, "{}"),
            );
            assert!(!holds_it(&heard), "{target}");
        }
    }
}

#[test]
fn no_form_of_it_is_shown() {
    for words in [&["--json"][..], &["-v"], &["-q"], &["--accept-invalid"]] {
        let home = home();
        let listener = if words == ["--json"] {
            listen(home.path(), words).start()
        } else {
            listen(home.path(), words).start_for_people()
        };
        hear(&listener);
        let output = listener.stop();
        for bytes in [&output.stdout, &output.stderr] {
            assert!(!holds_it(bytes), "{}", String::from_utf8_lossy(bytes));
        }
    }
}

#[test]
fn no_form_of_it_is_shown_where_several_are_invited() {
    let home = folder([(
        "wh.toml",
        "[[listen.route]]\npath = '/'\nprovider = 'cepro-inbound'\n[[listen.route]]\npath = '/hooks/*'\nprovider = 'cepro'\n",
    )]);
    let several = ["listen", "--port", "0", "--json", "--store", "none"];
    for words in [
        &["-P", "auto"][..],
        &["-P", "cepro", "-P", "cepro-inbound"],
        &[],
    ] {
        let call = wh([&several[..], words].concat()).dir(home.path());
        let listener = call.env("WH_SECRET", QUERY).start();
        for target in FORMS.iter().chain(&["/elsewhere?t=query+canary/9="]) {
            raw(listener.addr(), post("cepro-inbound", target, &[], "{}"));
        }
        let output = listener.stop();
        assert!(
            !holds_it(&output.stdout),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
}

/// What is a secret by its name alone is so for whom refuses it, and where nobody is known.
#[test]
fn a_parameter_of_anothers_delivery_is_left_alone() {
    let words = ["listen", "--port", "0", "--json", "-P", "auto"];
    let mut listener = wh(words).env("WH_SECRET", QUERY).start();
    for (headers, target) in [
        (
            &["X-Webhook-ID: d-1", "X-Webhook-Signature: {sig}"][..],
            "/?key=abc",
        ),
        (&["X-Other: 1"], "/?key=(redacted)"),
    ] {
        answer(&listener, post("cepro", "/?key=abc", headers, "{}"));
        assert_eq!(listener.next()["target"], target, "{headers:?}");
    }
}

/// The files below a folder.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let bytes = |path: std::path::PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![fs::read(path).unwrap()]
        }
    };
    entries.flat_map(bytes).collect()
}

#[test]
fn no_form_of_it_is_kept() {
    let home = home();
    let listener = listen(home.path(), &["--json"]).start();
    hear(&listener);
    assert!(!files(home.path()).is_empty());
    for file in files(home.path()) {
        assert!(!holds_it(&file));
    }
    assert_eq!(listener.stop().code, 0);
    for words in [
        "log",
        "log --json",
        "export --no-redact",
        "export --no-redact --format har",
        "export --no-redact --format csv",
        "export --no-redact --format curl",
        "show 1 --no-redact --json",
        "show 1 --no-redact --raw",
        "show 1 --no-redact --curl",
        "show 15 --no-redact --raw",
    ] {
        let output = wh(words.split(' ')).home(home.path()).capture();
        assert_eq!(output.code, 0, "{words}");
        assert!(!output.stdout.is_empty(), "{words}");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(!holds_it(&output.stdout), "{words}\n{text}");
    }
}

/// Who asks for it sees what came, while it listens; what is kept is without it all the same.
#[test]
fn no_redact_shows_what_came_and_keeps_it_not() {
    let home = home();
    let mut listener = listen(home.path(), &["--json", "--no-redact"]).start();
    answer(&listener, post("cepro-inbound", FORMS[0], &[RIGHT], "{}"));
    assert_eq!(listener.next()["target"], FORMS[0]);
    let shown = wh(["show", "1", "--raw", "--no-redact"])
        .home(home.path())
        .capture();
    assert!(
        shown
            .stdout
            .starts_with(b"POST /?t=(redacted) HTTP/1.1\r\n"),
        "{shown:?}"
    );
}
