//! What is generated from the command line's definition, and the help that it gives.

use std::fs;
use std::path::Path;

use crate::support::{folder, needs, sh, wh};

/// Each file in `completions`, and the arguments that print it.
const GENERATED: [(&str, &[&str]); 6] = [
    ("wh.bash", &["completions", "bash"]),
    ("_wh", &["completions", "zsh"]),
    ("wh.fish", &["completions", "fish"]),
    ("_wh.ps1", &["completions", "powershell"]),
    ("wh.elv", &["completions", "elvish"]),
    ("wh.1", &["man"]),
];

/// Each command that does something, with what is above it.
const COMMANDS: [&str; 27] = [
    "demo",
    "send",
    "show",
    "replay",
    "retry",
    "listen",
    "sign",
    "verify",
    "check",
    "log",
    "endpoint add",
    "endpoint list",
    "endpoint show",
    "endpoint enable",
    "endpoint disable",
    "endpoint remove",
    "provider list",
    "provider show",
    "provider validate",
    "provider new",
    "events",
    "export",
    "import",
    "prune",
    "doctor",
    "completions",
    "man",
];

/// Each command that only has others below it.
const GROUPS: [&str; 3] = ["", "endpoint", "provider"];

/// The text that a call prints.
fn text(args: &[&str]) -> String {
    let output = wh(args).capture();
    assert_eq!(
        (output.code, output.stderr.as_slice()),
        (0, &b""[..]),
        "{args:?}"
    );
    String::from_utf8(output.stdout).unwrap()
}

/// What a command prints with a flag of help.
fn help(command: &str, flag: &str) -> String {
    text(&command.split_whitespace().chain([flag]).collect::<Vec<_>>())
}

/// With `WH_BLESS=1`, writes the files instead.
#[test]
fn the_committed_files_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let is_blessed = std::env::var_os("WH_BLESS").is_some_and(|value| value == "1");
    for (name, args) in GENERATED {
        let printed = text(args);
        if is_blessed {
            fs::write(folder.join(name), &printed).unwrap();
        }
        let committed = fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(
            committed == printed,
            "completions/{name} is not what `wh {}` prints: WH_BLESS=1 rewrites it",
            args.join(" ")
        );
    }
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut expected = GENERATED.map(|(name, _)| name);
    expected.sort_unstable();
    assert_eq!(names, expected);
}

#[test]
fn the_shells_can_read_their_scripts() {
    for (shell, file) in [("bash", "wh.bash"), ("zsh", "_wh"), ("fish", "wh.fish")] {
        if !needs(shell) {
            continue;
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("completions")
            .join(file);
        sh(&format!("{shell} -n \"$FILE\"")).env("FILE", path).run();
    }
}

#[test]
fn the_manual_page_has_every_command() {
    let page = text(&["man"]);
    for command in COMMANDS {
        let title = format!(".SH \"WH {}\"\n", command.to_uppercase());
        assert!(page.contains(&title), "{command}");
    }
}

#[test]
fn the_lists_here_are_those_of_the_help() {
    for group in GROUPS {
        let help = help(group, "--help");
        let (_, rest) = help.split_once("\nCommands:\n").unwrap();
        let names = rest
            .lines()
            .take_while(|line| !line.is_empty())
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        for name in names.filter_map(|line| line.split_whitespace().next()) {
            let whole = format!("{group} {name}");
            let is_known = COMMANDS.contains(&whole.trim()) || GROUPS.contains(&whole.trim());
            assert!(is_known, "`wh {}` stands in no list", whole.trim());
        }
    }
}

/// The examples of a command: the indented lines at the top of its help.
fn examples(command: &str) -> Vec<String> {
    let help = help(command, "--help");
    let rest = help.strip_prefix("Examples:\n").unwrap_or_else(|| {
        panic!("the help of `wh {command}` does not start with examples:\n{help}")
    });
    let lines = rest.lines().take_while(|line| !line.is_empty());
    lines
        .map(|line| line.strip_prefix("  ").unwrap().to_owned())
        .collect()
}

#[test]
fn every_help_starts_with_three_examples() {
    for command in COMMANDS.iter().chain(&GROUPS) {
        let shown = examples(command);
        assert_eq!(shown.len(), 3, "{command}: {shown:?}");
        for line in &shown {
            let begins = line.starts_with("wh ") || line.contains(" wh ");
            assert!(begins, "{command}: {line}");
            // Nobody's terminal should have to wrap them.
            assert!(line.chars().count() <= 100, "{command}: {line}");
        }
        let short = help(command, "-h");
        let top = format!("Examples:\n  {}\n\n", shown.join("\n  "));
        assert!(short.starts_with(&top), "{command}:\n{short}");
    }
}

#[test]
fn every_example_of_a_command_calls_it() {
    for command in COMMANDS {
        for line in examples(command) {
            let name = format!("wh {command}");
            assert!(
                calls(&line).iter().any(|call| call.starts_with(&name)),
                "{name}: {line}"
            );
        }
    }
}

/// The calls of `wh` in a line for a shell, without redirections and quotes.
fn calls(line: &str) -> Vec<String> {
    let parts = line.split("&&").flat_map(|part| part.split('|'));
    let parts = parts.map(|part| part.split('>').next().unwrap_or_default().trim());
    let begin = |part: &str| {
        let at = if part.starts_with("wh ") {
            0
        } else {
            part.find(" wh ")? + 1
        };
        Some(part[at..].trim().to_owned())
    };
    parts.filter_map(begin).collect()
}

/// The arguments of such a call.
fn args(call: &str) -> Vec<String> {
    let words = call.split_whitespace().skip(1);
    words
        .map(|word| word.trim_matches('\'').to_owned())
        .collect()
}

/// Settings that are not there end every call once its arguments are understood, but for those
/// that need none.
#[test]
fn the_arguments_of_every_example_are_understood() {
    for command in COMMANDS.iter().chain(&GROUPS) {
        for call in examples(command).iter().flat_map(|line| calls(line)) {
            let output = wh(args(&call)).env("WH_CONFIG", "nowhere.toml").capture();
            let needs_none = ["wh completions", "wh man"];
            let needs_none = needs_none.iter().any(|name| call.starts_with(name));
            let code = if needs_none { 0 } else { 7 };
            assert_eq!(output.code, code, "{call}");
        }
    }
}

/// The examples that need no peer do what they say, in a folder that has their files.
#[test]
fn the_examples_that_need_no_peer_work() {
    let provider = text(&["provider", "show", "wlcro", "--toml"]);
    let delivery = r#"{"headers":[["X-Webhook-Signature","00"]],"body_b64":""}"#;
    for (command, stdin, code) in [
        ("demo", "", 0),
        ("sign", "{}", 0),
        ("events", "", 0),
        ("completions", "", 0),
        ("man", "", 0),
        ("provider list", "", 0),
        ("provider show", "", 0),
        ("provider validate", provider.as_str(), 0),
        ("provider new", "", 0),
        // They show a signature that is cut short.
        ("verify", "", 4),
    ] {
        let name = format!("wh {command}");
        let calls = examples(command)
            .iter()
            .flat_map(|line| calls(line))
            .collect::<Vec<_>>();
        for call in calls.iter().filter(|call| call.starts_with(&name)) {
            let folder = folder([
                ("body.json", "{}"),
                ("secret.txt", "s3cret"),
                ("delivery.json", delivery),
            ]);
            if command != "provider new" {
                fs::write(folder.path().join("mine.toml"), &provider).unwrap();
            }
            let call = wh(args(call)).dir(folder.path()).env("WH_SECRET", "s3cret");
            let output = call.stdin(stdin).capture();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.code, code, "{calls:?}\n{errors}");
        }
    }
}
