//! Several providers on one port.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{PROVIDERS, SECRET, answer, post, signed, status};
use crate::support::{CONFIG, Listener, Wh, folder, masked, wh};

/// A call of `wh listen` on a free port, with the secret.
fn listen(words: &[&str]) -> Wh {
    wh([&["listen", "--port", "0"], words].concat()).env("WH_SECRET", SECRET)
}

/// A delivery of a provider, signed by the secret, as `wh send` makes it; its exit code.
fn send(listener: &Listener, provider: &str, flags: &[&str]) -> i32 {
    let words = [
        "send",
        "a.b",
        "--force",
        "-P",
        provider,
        "--url",
        listener.url(),
    ];
    let call = wh([&words, flags].concat()).env("WH_SECRET", SECRET);
    call.capture().code
}

#[test]
fn each_delivery_is_its_providers() {
    for words in [
        &["--json", "-P", "auto"][..],
        &[
            "--json",
            "-Pcepro",
            "-Pwlcro",
            "-Ptenant",
            "-Porgjobs",
            "-Pcepro-inbound",
        ],
    ] {
        let mut listener = listen(words).start();
        for provider in PROVIDERS {
            assert_eq!(send(&listener, provider, &[]), 0, "{provider}");
            let line = listener.next();
            assert_eq!(line["provider"], provider);
            assert_eq!(line["verdict"]["kind"], "valid");
            assert_eq!(line["response"]["status"], 200);
        }
        for provider in PROVIDERS {
            let tampered = ["--tamper", "signature"];
            assert_eq!(send(&listener, provider, &tampered), 5, "{provider}");
            let line = listener.next();
            assert_eq!(line["provider"], provider);
            assert_eq!(line["verdict"]["kind"], "invalid");
        }
    }
}

#[test]
fn the_ready_line_names_them_all() {
    for (words, provider, providers) in [
        (&["-P", "wlcro"][..], json!("wlcro"), json!(["wlcro"])),
        (
            &["-P", "wlcro", "-P", "whitelabelcro"],
            json!("wlcro"),
            json!(["wlcro"]),
        ),
        (
            &["-P", "wlcro", "-P", "cepro"],
            Value::Null,
            json!(["wlcro", "cepro"]),
        ),
        (
            &["-P", "auto"],
            Value::Null,
            json!(["cepro", "cepro-inbound", "wlcro", "tenant", "orgjobs"]),
        ),
    ] {
        let listener = listen(&[&["--json"], words].concat()).start();
        let ready = listener.ready();
        assert_eq!(
            (&ready["provider"], &ready["providers"]),
            (&provider, &providers)
        );
        assert_eq!(ready["routes"], json!([]));
        let people = listen(words).start_for_people();
        let url = people.url().to_owned();
        let stderr = String::from_utf8(people.stop().stderr).unwrap();
        let ids: Vec<_> = providers
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let first = format!("listening on {url} as {}\n", ids.join(","));
        assert!(stderr.starts_with(&first), "{stderr}");
    }
}

#[test]
fn the_variable_and_the_setting_stay_one_name() {
    let home = folder([("wh.toml", "provider = 'auto'")]);
    for (call, count) in [
        (listen(&["--json"]).env("WH_PROVIDER", "auto"), 5),
        (listen(&["--json"]).dir(home.path()), 5),
        (
            listen(&["--json"])
                .dir(home.path())
                .env("WH_PROVIDER", "wlcro"),
            1,
        ),
    ] {
        let listener = call.start();
        let providers = listener.ready()["providers"].as_array().unwrap();
        assert_eq!(providers.len(), count);
    }
    listen(&["--json"])
        .env("WH_PROVIDER", "cepro,wlcro")
        .stderr_has("error: there is no provider `cepro,wlcro`\n")
        .exit(7)
        .run();
}

#[test]
fn what_fits_nobody_is_refused_and_recorded() {
    let mut listener = listen(&["--json", "-P", "auto"]).start();
    let refused = answer(
        &listener,
        post("cepro", "/hooks", &["Content-Type: text/plain"], "{}"),
    );
    assert_eq!(status(&refused), 401);
    assert!(
        refused.ends_with("\r\n\r\nunsigned: no provider's headers fit\n"),
        "{refused}"
    );
    let line = listener.next();
    let reason = "no provider's headers fit";
    let verdict = json!({"ok": false, "kind": "unsigned", "reason": reason});
    assert_eq!(
        (&line["provider"], super::verdict(&line)),
        (&json!("unknown"), verdict)
    );
    assert_eq!(line["number"], 1);

    let mut listener = listen(&["--json", "-P", "auto"])
        .env("WH_SECRET", "")
        .start();
    let taken = answer(&listener, post("cepro", "/hooks", &[], "{}"));
    assert_eq!(status(&taken), 200);
    let line = listener.next();
    assert_eq!(
        (&line["provider"], &line["verdict"]["kind"]),
        (&json!("unknown"), &json!("unchecked"))
    );
}

#[test]
fn a_body_that_is_not_taken_is_whose_it_looks_like() {
    let mut listener = listen(&["--json", "-P", "auto"]).start();
    for (lines, provider) in [
        ("X-Webhook-Timestamp: 1769596200\r\n", "wlcro"),
        ("", "unknown"),
    ] {
        let request =
            format!("POST / HTTP/1.1\r\nHost: h\r\n{lines}Content-Length: 26214401\r\n\r\n");
        assert_eq!(status(&answer(&listener, request)), 413);
        let line = listener.next();
        assert_eq!(
            (&line["provider"], &line["verdict"]),
            (&json!(provider), &Value::Null)
        );
    }
}

#[test]
fn the_columns_are_aligned() {
    let listener = listen(&["-q", "-P", "cepro", "-P", "wlcro"]).start_for_people();
    let body = r#"{"event":"job.completed"}"#;
    for (provider, headers) in [
        ("cepro", signed("cepro")),
        ("wlcro", signed("wlcro")),
        ("cepro", &[]),
    ] {
        answer(&listener, post(provider, "/", headers, body));
    }
    let expected = "TIME  <-- ✓ valid     cepro   job.completed  [#1]  25 B  POST /\n\
                    TIME  --> 200 TOOK  [#1]\n\
                    TIME  <-- ✓ valid     wlcro   (no event)  [#2]  25 B  POST /\n\
                    TIME  --> 200 TOOK  [#2]\n\
                    TIME  <-- ✗ unsigned  unknown (no event)  [#3]  25 B  POST /\n\
                    \x20             no provider's headers fit\n\
                    TIME  --> 401 TOOK  [#3]\n";
    let told = masked(&listener.stop().stdout);
    assert_eq!(super::unexplained(&told), expected);
}

/// A home with these provider files of the tests' vendors.
fn home(names: &[&str]) -> TempDir {
    let place = format!("{CONFIG}/providers");
    let home = folder([("unused", "")]);
    fs::create_dir_all(home.path().join(&place)).unwrap();
    for name in names {
        let text = format!(
            "{}/tests/vectors/providers/{name}.toml",
            env!("CARGO_MANIFEST_DIR")
        );
        fs::copy(text, home.path().join(format!("{place}/{name}.toml"))).unwrap();
    }
    home
}

#[test]
fn providers_of_the_users_own_are_among_all() {
    let home = home(&["github", "square", "standard-webhooks"]);
    fs::write(home.path().join(CONFIG).join("providers/broken.toml"), "x").unwrap();
    let listener = listen(&["--json", "-P", "auto"])
        .home(home.path())
        .env("WH_SECRET", "no base64")
        .start();
    let ids = [
        "github",
        "standard-webhooks",
        "cepro",
        "cepro-inbound",
        "wlcro",
        "tenant",
        "orgjobs",
    ];
    assert_eq!(listener.ready()["providers"], json!(ids));
    let stderr = String::from_utf8(listener.stop().stderr).unwrap();
    let lines: Vec<_> = stderr.lines().collect();
    let [broken, url, key] = lines[..] else {
        panic!("{stderr}");
    };
    assert!(broken.starts_with("note: the provider file `"), "{broken}");
    assert!(
        broken.ends_with("is wrong: `wh provider validate` tells more"),
        "{broken}"
    );
    assert_eq!(
        url,
        "note: `square` is left out: it signs the URL that is called, which --public-url says"
    );
    assert_eq!(
        key,
        "note: no secret that is given can be a key of `standard-webhooks`: its deliveries are refused"
    );

    let public = [
        "--json",
        "-q",
        "-P",
        "auto",
        "--public-url",
        "https://example.com/hooks",
    ];
    let listener = listen(&public).home(home.path()).start();
    assert_eq!(listener.ready()["providers"][1], "square");
}

#[test]
fn who_has_no_key_is_refused() {
    let home = home(&["standard-webhooks"]);
    let words = ["--json", "-q", "-P", "cepro", "-P", "standard-webhooks"];
    let mut listener = listen(&words)
        .home(home.path())
        .env("WH_SECRET", "no base64")
        .start();
    let headers = [
        "webhook-id: msg_1",
        "webhook-timestamp: {now}",
        "webhook-signature: v1,AAAA",
    ];
    let refused = answer(&listener, post("cepro", "/", &headers, "{}"));
    assert_eq!(status(&refused), 401);
    let line = listener.next();
    assert_eq!(line["provider"], "standard-webhooks");
    assert_eq!(
        line["verdict"]["reason"],
        "no secret that is given can be its key"
    );
}

#[test]
fn each_provider_takes_the_secrets_that_suit_it() {
    let home = home(&["standard-webhooks"]);
    let words = [
        "--json",
        "-q",
        "-P",
        "cepro",
        "-P",
        "standard-webhooks",
        "--secret",
        "plain text",
    ];
    let both = [&words[..], &["--secret", BASE64]].concat();
    let mut listener = listen(&both).home(home.path()).start();
    for (provider, secret) in [("cepro", "plain text"), ("standard-webhooks", BASE64)] {
        let words = [
            "send", "a.b", "--force", "-q", "--data", "{}", "-P", provider,
        ];
        let sent = wh(words).arg("--url").arg(listener.url()).home(home.path());
        assert_eq!(
            sent.env("WH_SECRET", secret).capture().code,
            0,
            "{provider}"
        );
        let line = listener.next();
        assert_eq!(
            (&line["provider"], &line["verdict"]["ok"]),
            (&json!(provider), &json!(true))
        );
    }
    assert_eq!(listener.stop().stderr, b"");
}

/// A secret that is the base64 of 24 bytes.
const BASE64: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[test]
fn a_secret_that_suits_nobody_is_an_error() {
    let home = home(&["standard-webhooks", "svix"]);
    listen(&["-P", "standard-webhooks", "-P", "svix"])
        .home(home.path())
        .stderr(
            "error: a secret can be the key of none of these providers\n\
             \x20 standard-webhooks: the secret is not base64 after `whsec_`, which this provider's secrets are\n\
             \x20 svix: the secret is not base64 after `whsec_`, which this provider's secrets are\n",
        )
        .env("WH_SECRET", "no base64")
        .exit(7)
        .run();
}

#[test]
fn who_signs_the_url_needs_it_where_it_is_named() {
    let home = home(&["square"]);
    listen(&["-P", "cepro", "-P", "square"])
        .home(home.path())
        .stderr("error: `square` signs the URL that is called\nhint: --public-url says which one that is\n")
        .exit(2)
        .run();
}

#[test]
fn elsewhere_one_is_meant() {
    for words in [
        "events -P cepro -P wlcro",
        "send a.b -P cepro --provider wlcro",
        "doctor -P cepro -P wlcro",
        "completions bash -P cepro -P wlcro",
    ] {
        wh(words.split(' '))
            .stderr("error: `--provider` can be given once here\nhint: -P cepro; `wh listen` alone takes several\n")
            .exit(2)
            .run();
    }
    wh(["events", "-P", "auto"])
        .stderr(
            "error: there is no provider `auto`\n\
             hint: `auto` is for `wh listen` alone: `wh provider list` shows what to name\n",
        )
        .exit(7)
        .run();
    wh(["listen", "-P", "cepro", "-P", "wlcr"])
        .stderr("error: there is no provider `wlcr`\nhint: did you mean `wlcro`?\n")
        .exit(7)
        .run();
}

#[test]
fn no_file_has_the_id_of_all_or_none() {
    for id in ["auto", "unknown"] {
        let file = format!(
            "provider = {{ id = \"{id}\" }}\nsignature = {{ algorithm = \"token\", header = \"X-A\", value = \"{{secret}}\" }}"
        );
        let folder = folder([("own.toml", file)]);
        let told = "own.toml:1:19: `provider.id` is a word that stands for no provider";
        let output = wh(["provider", "validate", "own.toml"])
            .dir(folder.path())
            .capture();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.code, 7);
        assert!(text.contains(told), "{text}");
    }
}
