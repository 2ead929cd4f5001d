//! Hostile text in the files that are read: providers, settings, recorded deliveries, and their names.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use tempfile::TempDir;

use super::oracle::{Colour, assert_harmless};
use super::strings::{OURS, bundles};
use crate::support::wh;

/// Runs in this folder and looks at what is shown.
#[track_caller]
fn run(dir: &Path, args: &[impl AsRef<OsStr>], codes: &[i32]) {
    for colour in Colour::BOTH {
        let args = [OsStr::new(colour.flag())]
            .into_iter()
            .chain(args.iter().map(AsRef::as_ref));
        let output = wh(args).dir(dir).env("WH_SECRET", "x").capture();
        assert_harmless(&output.stdout, colour);
        assert_harmless(&output.stderr, colour);
        assert!(codes.contains(&output.code), "{output:?}");
    }
}

/// A TOML string; JSON's escapes are TOML's too, but for pairs of surrogates, which are never made here.
fn toml(text: &str) -> String {
    serde_json::to_string(text)
        .unwrap()
        .replace('\u{7f}', "\\u007f")
}

/// The strings that are text, each of them once.
fn texts() -> Vec<String> {
    let texts = bundles().into_iter().map(String::from_utf8);
    let mut texts: Vec<_> = texts.filter_map(Result::ok).collect();
    texts.sort();
    texts.dedup();
    texts
}

/// A provider whose every free text is hostile.
fn provider(texts: &[String]) -> String {
    let everything = toml(&texts.concat());
    let list: Vec<_> = texts.iter().map(|text| toml(text)).collect();
    let list = list.join(", ");
    let mut file = format!(
        "[provider]\nid = \"acme\"\nname = {everything}\naliases = [{list}]\ndocuments = [{list}]\n\
         notes = [{list}]\n\
         [signature]\nalgorithm = \"hmac-sha256\"\nsigns = \"{{body}}\"\nencoding = \"hex\"\n\
         header = \"X-Sig\"\nvalue = \"{{sig}}\"\n\
         [event]\nfrom = \"body:/type\"\n\
         [delivery.url]\nmessage = {everything}\n"
    );
    for (number, text) in texts.iter().enumerate() {
        let (name, text) = (toml(&format!("{number}{text}")), toml(text));
        writeln!(
            file,
            "[[events]]\nname = {name}\ndescription = {text}\nsample = {text}"
        )
        .unwrap();
    }
    file
}

#[test]
fn a_hostile_provider_is_shown_harmless() {
    let dir = TempDir::new().unwrap();
    let texts = texts();
    fs::write(dir.path().join("p.toml"), provider(&texts)).unwrap();
    for args in [
        "provider show --provider-file p.toml",
        "provider show --provider-file p.toml --json",
        "provider validate p.toml",
        "provider validate p.toml --json",
        "events --provider-file p.toml",
        "events --provider-file p.toml --json",
        "events 1 --provider-file p.toml",
    ] {
        let args: Vec<_> = args.split(' ').collect();
        let code = if args[1] == "1" { 7 } else { 0 };
        run(dir.path(), &args, &[code]);
    }
    let ours = texts
        .iter()
        .enumerate()
        .filter(|(_, text)| OURS.contains(&text.as_bytes()));
    for (number, text) in ours.filter(|(_, text)| !text.contains('\0')) {
        let event = format!("{number}{text}");
        let show = ["events", &event, "--provider-file=p.toml"];
        run(dir.path(), &show, &[0]);
        run(dir.path(), &[&show[..], &["--json"]].concat(), &[0]);
    }
}

#[test]
fn the_list_of_providers_is_harmless() {
    let dir = TempDir::new().unwrap();
    let providers = dir.path().join("wh/providers");
    fs::create_dir_all(&providers).unwrap();
    fs::write(
        providers.join("good\u{1b}[31m\u{202e}.toml"),
        provider(&texts()),
    )
    .unwrap();
    fs::write(providers.join("bad\u{1b}]0;x\u{7}\u{9b}.toml"), "x").unwrap();
    for args in [&["provider", "list"][..], &["provider", "list", "--json"]] {
        for colour in Colour::BOTH {
            let args = [&[colour.flag()], args].concat();
            let output = wh(args).env("XDG_CONFIG_HOME", dir.path()).capture();
            assert_eq!(output.code, 0);
            assert_harmless(&output.stdout, colour);
            assert_harmless(&output.stderr, colour);
        }
    }
}

#[test]
fn what_is_wrong_in_a_provider_is_told_harmless() {
    let dir = TempDir::new().unwrap();
    let keys = ["id", "aliases", "assumed", "content_type"];
    let mut file = String::from("[provider]\n");
    for (number, text) in texts().iter().enumerate() {
        writeln!(file, "{} = 1", toml(&format!("{number}{text}"))).unwrap();
    }
    let everything = toml(&texts().concat());
    for key in keys {
        writeln!(file, "{key} = {everything}").unwrap();
    }
    for table in [
        "signature",
        "timestamp",
        "id",
        "event",
        "headers",
        "delivery",
        "delivery.retry",
    ] {
        writeln!(file, "[{table}]").unwrap();
        for key in [
            "from",
            "algorithm",
            "signs",
            "header",
            "value",
            "format",
            "success",
            "timeout",
        ] {
            writeln!(file, "{key} = {everything}").unwrap();
        }
        writeln!(file, "{everything} = {everything}").unwrap();
    }
    fs::write(dir.path().join("p.toml"), file).unwrap();
    run(dir.path(), &["provider", "validate", "p.toml"], &[7]);
    for (number, string) in OURS.iter().enumerate() {
        let name = format!("{number}.toml");
        fs::write(dir.path().join(&name), string).unwrap();
        run(dir.path(), &["provider", "validate", &name], &[7]);
    }
}

#[test]
fn what_is_wrong_in_the_settings_is_told_harmless() {
    let dir = TempDir::new().unwrap();
    let everything = toml(&texts().concat());
    for (command, key) in [
        ("send estimate.created", ""),
        ("send estimate.created", "color"),
        ("send estimate.created", "provider"),
        ("send estimate.created", "url"),
        ("send estimate.created --url=9", "secret-file"),
        ("send estimate.created --url=9", "secret-env"),
        ("send estimate.created --url=9", "listen"),
        ("verify /dev/null --sig=x", "tolerance"),
        ("listen", "listen.host"),
        ("listen", "listen.port"),
        ("listen", "listen.forward-to"),
    ] {
        let key = if key.is_empty() { &everything } else { key };
        let settings = format!("{key} = {everything}");
        fs::write(dir.path().join("wh.toml"), &settings).unwrap();
        for colour in Colour::BOTH {
            let args = command.split(' ').chain([colour.flag()]);
            let output = wh(args).dir(dir.path()).capture();
            assert!([2, 7].contains(&output.code), "{output:?}");
            assert_harmless(&output.stdout, colour);
            assert_harmless(&output.stderr, colour);
        }
    }
}

#[test]
fn the_name_of_a_file_is_shown_harmless() {
    let dir = TempDir::new().unwrap();
    let names = OURS
        .iter()
        .filter(|name| !name.is_empty() && !name.contains(&0) && !name.contains(&b'/'));
    for name in names {
        let name = OsStr::from_bytes(name);
        fs::write(dir.path().join(name), "x\n").unwrap();
        let flag = |flag: &str| {
            let mut flag = OsStr::new(flag).to_owned();
            flag.push(name);
            flag
        };
        let sign = [flag("sign"), flag("--secret-file=./")];
        run(
            dir.path(),
            &[&"sign".into(), &"/dev/null".into(), &sign[1]],
            &[0],
        );
        run(dir.path(), &[&"events".into(), &flag("--config=./")], &[7]);
        run(
            dir.path(),
            &[&"events".into(), &flag("--provider-file=./")],
            &[7],
        );
        run(
            dir.path(),
            &[&"verify".into(), &flag("--delivery=./")],
            &[7],
        );
        run(
            dir.path(),
            &[
                &"sign".into(),
                &flag("./"),
                &"--curl".into(),
                &"--url=9".into(),
            ],
            &[0, 7],
        );
    }
}

#[test]
fn a_recorded_delivery_of_anything_is_judged_harmless() {
    let dir = TempDir::new().unwrap();
    let headers = [
        "X-Webhook-Signature",
        "X-Webhook-Timestamp",
        "X-Webhook-ID",
        "X-Data",
    ];
    for (number, text) in texts().iter().enumerate() {
        let lines: Vec<_> = headers
            .iter()
            .map(|name| (*name, text))
            .chain([(text.as_str(), text)])
            .collect();
        let record =
            serde_json::json!({"method": text, "target": text, "headers": lines, "body_b64": text});
        let good =
            serde_json::json!({"method": text, "target": text, "headers": lines, "body_b64": ""});
        let file = dir.path().join("d.json");
        if number % 10 == 0 {
            fs::write(&file, record.to_string()).unwrap();
            run(dir.path(), &["verify", "--delivery", "d.json"], &[4, 7]);
        }
        fs::write(&file, good.to_string()).unwrap();
        run(
            dir.path(),
            &["verify", "-P", "wlcro", "--delivery", "d.json"],
            &[4],
        );
    }
}
