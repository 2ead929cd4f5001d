//! Settings: flag, then variable, then `./wh.toml`, then the user's file, then the default.

use std::net::TcpListener;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{CONFIG, Wh, folder, wh};

/// One setting: how it is said at each place, and how a command shows what it took.
struct Setting {
    /// What goes before a value on the command line.
    flag: &'static str,
    variable: &'static str,
    /// A line of a settings file, in which `@` stands for the value.
    line: &'static str,
    /// The values: of the flag, the variable, the project's file and the user's file.
    values: [&'static str; 4],
    default: &'static str,
    look: fn(&Calls<'_>) -> String,
}

/// Makes a call with these arguments, where the places say what they say.
type Calls<'c> = dyn Fn(&[&str]) -> Wh + 'c;

/// The five places, each taken away after its turn: what counts is the nearest that is left.
fn check(setting: &Setting) {
    let [flag, variable, project, user] = setting.values;
    let expected = [flag, variable, project, user, setting.default];
    for (nth, expected) in expected.into_iter().enumerate() {
        let line = |value| setting.line.replace('@', value);
        let own = format!("{CONFIG}/config.toml");
        let mut files = vec![("unused", String::new())];
        files.extend((nth < 3).then(|| ("work/wh.toml", line(project))));
        files.extend((nth < 4).then(|| (own.as_str(), line(user))));
        let home = folder(files);
        std::fs::create_dir_all(home.path().join("work")).unwrap();
        let call = |args: &[&str]| {
            let given = format!("{}{flag}", setting.flag);
            let flags = (nth < 1).then_some(given);
            let args = args.iter().map(|arg| (*arg).to_owned()).chain(flags);
            let call = wh(args).home(home.path()).dir(home.path().join("work"));
            if nth < 2 {
                call.env(setting.variable, variable)
            } else {
                call
            }
        };
        assert_eq!((setting.look)(&call), expected, "{}, {nth}", setting.flag);
    }
}

/// What a call wrote, whichever stream it is on.
fn text(call: &Wh) -> String {
    let output = call.capture();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// The text between two others.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let found = text
        .split_once(before)
        .and_then(|(_, rest)| rest.split_once(after));
    found
        .unwrap_or_else(|| panic!("no `{before}…{after}` in {text}"))
        .0
}

#[test]
fn the_nearest_place_names_the_provider() {
    check(&Setting {
        flag: "--provider=",
        variable: "WH_PROVIDER",
        line: "provider = '@'",
        values: ["wlcro", "tenant", "orgjobs", "cepro-inbound"],
        default: "cepro",
        look: |call| {
            let shown = text(&call(&["provider", "show", "--json"]));
            let shown: Value = serde_json::from_str(&shown).unwrap();
            shown["id"].as_str().unwrap().to_owned()
        },
    });
}

#[test]
fn the_nearest_place_names_the_url() {
    check(&Setting {
        flag: "--url=",
        variable: "WH_URL",
        line: "url = '@'",
        values: ["http://a/", "http://b/", "http://c/", "http://d/"],
        default: "no URL to send to",
        look: |call| {
            let args = [
                "send",
                "lead.created",
                "--dry-run",
                "--no-signature",
                "--json",
            ];
            let shown = text(&call(&args));
            match serde_json::from_str::<Value>(&shown) {
                Ok(request) => request["url"].as_str().unwrap().to_owned(),
                Err(_) => between(&shown, "error: ", "\n").to_owned(),
            }
        },
    });
}

/// A delivery that is an hour old is too old for each of them.
#[test]
fn the_nearest_place_says_the_tolerance() {
    check(&Setting {
        flag: "--tolerance=",
        variable: "WH_TOLERANCE",
        line: "tolerance = '@'",
        values: ["1m", "2m", "3m", "4m"],
        default: "5m",
        look: |call| {
            let args = "verify - -P wlcro --secret s3cret --timestamp 1769596200 --at 1769599800 --sig \
                 sha256=d4b0515229b51392224fb751b59bb58754b1756675db59edbabd493a78c2c3b6";
            let args: Vec<_> = args.split_whitespace().collect();
            let shown = text(&call(&args).stdin("{}"));
            between(&shown, "1h old, tolerance ", "\n").to_owned()
        },
    });
}

/// No machine has these addresses: the complaint tells where it would listen.
#[test]
fn the_nearest_place_says_where_to_listen() {
    check(&Setting {
        flag: "--host=",
        variable: "WH_HOST",
        line: "listen.host = '@'",
        values: ["240.0.0.1", "240.0.0.2", "240.0.0.3", "240.0.0.4"],
        default: "127.0.0.1",
        look: |call| {
            let taken = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = taken.local_addr().unwrap().port();
            let shown = text(&call(&["listen", "--port", &port.to_string()]));
            between(&shown, "error: cannot listen on ", " port ").to_owned()
        },
    });
}

#[test]
fn the_nearest_place_says_at_which_port() {
    check(&Setting {
        flag: "--port=",
        variable: "WH_PORT",
        line: "[listen]\nport = @",
        values: ["1", "22", "333", "65535"],
        default: "4600",
        look: |call| {
            let shown = text(&call(&["listen", "--host", "240.0.0.1"]));
            between(&shown, " port ", ": ").to_owned()
        },
    });
}

/// Whether there is colour, with the variables that ask for it in general.
fn colours(flag: &[&str], files: &[(&str, &str)], variables: &[(&str, &str)]) -> bool {
    let home = folder(files.iter().copied().chain([("unused", "")]));
    let call = |args: &[&str]| {
        let call = wh(args.iter().chain(flag))
            .home(home.path())
            .dir(home.path());
        variables
            .iter()
            .fold(call, |call, (name, value)| call.env(name, value))
    };
    let is_coloured = |call: Wh| text(&call).contains("\u{1b}[");
    let listed = is_coloured(call(&["provider", "list"]));
    let args = [
        "send",
        "lead.created",
        "--dry-run",
        "--no-signature",
        "--url=3000",
    ];
    assert_eq!(is_coloured(call(&args)), listed, "send is as list is");
    listed
}

#[test]
fn the_nearest_place_says_whether_there_is_colour() {
    let own = format!("{CONFIG}/config.toml");
    let [always, never] = ["color = 'always'", "color = 'never'"];
    assert!(!colours(&[], &[], &[]));
    assert!(colours(&[], &[], &[("CLICOLOR_FORCE", "1")]));
    assert!(colours(&[], &[(&own, always)], &[]));
    assert!(!colours(&[], &[(&own, never)], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colours(&[], &[(&own, always), ("wh.toml", never)], &[]));
    assert!(colours(&[], &[(&own, never), ("wh.toml", always)], &[]));
    let project = [("wh.toml", never)];
    assert!(colours(&[], &project, &[("WH_COLOR", "always")]));
    let project = [("wh.toml", always)];
    assert!(!colours(&[], &project, &[("WH_COLOR", "never")]));
    assert!(colours(&["--color=always"], &[], &[("WH_COLOR", "never")]));
    assert!(!colours(
        &["--color=never"],
        &project,
        &[("WH_COLOR", "always")]
    ));
}

#[test]
fn errors_have_colour_where_it_is_asked_for() {
    wh(["events", "-P", "nope", "--color", "always"])
        .stderr(
            "\u{1b}[31merror:\u{1b}[0m there is no provider `nope`\n\u{1b}[36mhint:\u{1b}[0m `wh \
             provider list` shows those there are\n",
        )
        .exit(7)
        .run();
}

/// `wh provider show` in a folder with these files.
fn show(files: &[(&str, &str)], args: &[&str]) -> (TempDir, Wh) {
    let home = folder(files.iter().copied());
    let all = ["provider", "show", "--json"].iter().chain(args);
    let call = wh(all).home(home.path()).dir(home.path());
    (home, call)
}

#[test]
fn a_named_file_takes_the_place_of_the_others() {
    let own = format!("{CONFIG}/config.toml");
    let files = [
        (own.as_str(), "provider = 'tenant'"),
        ("wh.toml", "provider = 'wlcro'"),
        ("other.toml", "provider = 'orgjobs'"),
        ("empty.toml", ""),
    ];
    let (_home, by_flag) = show(&files, &["--config", "other.toml"]);
    by_flag.stdout_has(r#""id":"orgjobs""#).run();
    let (_home, by_variable) = show(&files, &[]);
    by_variable
        .env("WH_CONFIG", "other.toml")
        .stdout_has(r#""id":"orgjobs""#)
        .run();
    let (_home, by_both) = show(&files, &["--config", "other.toml"]);
    by_both
        .env("WH_CONFIG", "nope.toml")
        .stdout_has(r#""id":"orgjobs""#)
        .run();
    let (_home, by_neither) = show(&files, &["--config", "empty.toml"]);
    by_neither.stdout_has(r#""id":"cepro""#).run();
}

#[test]
fn a_file_that_is_wrong_is_told_with_the_line() {
    for (text, why) in [
        (
            "provider = 'cepro'\nsecret = 'value'",
            "line 2: unknown field `secret`, expected one of `provider`, `url`, `secret-file`, \
             `secret-env`, `tolerance`, `store`, `color`, `listen`",
        ),
        (
            "[listen]\n\nprot = 1",
            "line 3: unknown field `prot`, expected one of `host`, `port`, `respond`, `forward-to`, `route`",
        ),
        (
            "[listen]\nport = 65536",
            "line 2: invalid value: integer `65536`, expected u16",
        ),
        (
            "provider = 5",
            "line 1: invalid type: integer `5`, expected a string",
        ),
        (
            "provider =",
            "line 1: string values must be quoted, expected literal string",
        ),
    ] {
        let (_home, call) = show(&[("wh.toml", text)], &[]);
        call.stderr(format!(
            "error: the settings file `wh.toml` is wrong: {why}\n"
        ))
        .exit(7)
        .run();
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    for (file, args, why) in [
        (
            "unused",
            &["--config", "nope"][..],
            "`nope`: No such file or directory (os error 2)",
        ),
        (
            "wh.toml/unused",
            &[],
            "`wh.toml`: Is a directory (os error 21)",
        ),
        (
            "unused",
            &["--config", "."],
            "`.`: Is a directory (os error 21)",
        ),
    ] {
        let (_home, call) = show(&[(file, "")], args);
        call.stderr(format!("error: cannot read the settings file {why}\n"))
            .exit(7)
            .run();
    }
    let home = folder([("wh.toml", b"\xff")]);
    wh(["events"])
        .dir(home.path())
        .stderr(
            "error: cannot read the settings file `wh.toml`: stream did not contain valid UTF-8\n",
        )
        .exit(7)
        .run();
}

#[test]
fn a_setting_without_a_meaning_is_told_where_it_is_used() {
    let home = |text| folder([("wh.toml", text)]);
    for (text, args, message) in [
        (
            "color = 'purple'",
            "events",
            "error: the setting `color`: `purple` is none of auto, always and never\n",
        ),
        (
            "provider = 'nope'",
            "events",
            "error: there is no provider `nope`\nhint: `wh provider list` shows those there are\n",
        ),
        (
            "tolerance = 'soon'",
            "verify - --sig 00 --secret-env HOME",
            "error: the setting `tolerance`: `soon` is not a duration: write for example `300s`, \
             `5m`, `2h` or `1d`, or `off`\n",
        ),
        (
            "url = 'ftp://h/'",
            "send lead.created --no-signature",
            "error: the setting `url`: `ftp` URLs cannot be sent to: write http:// or https://\n",
        ),
    ] {
        wh(args.split(' '))
            .dir(home(text).path())
            .stderr(message)
            .exit(7)
            .run();
    }
}
