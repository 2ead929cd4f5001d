//! The file for CI.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use super::{careless, check};
use crate::support::{Output, Wh, folder, needs, sh};

/// The shape that readers of such files agree on.
const SHAPE: &str = include_str!("junit.xsd");

fn junit(url: &str, words: &[&str]) -> Wh {
    check(url, &[&["-q", "--junit", "check.xml"], words].concat())
}

/// A folder with the file of a check of a careless receiver.
fn written(words: &[&str]) -> TempDir {
    let receiver = careless();
    let home = folder([("junit.xsd", SHAPE), ("known.txt", "refuses-no-signature")]);
    let Output { code, .. } = junit(&receiver.url(), words).dir(home.path()).capture();
    assert_eq!(code, if words.is_empty() { 8 } else { 0 });
    home
}

#[test]
fn each_rule_is_a_case() {
    let home = written(&[]);
    let text = fs::read_to_string(home.path().join("check.xml")).unwrap();
    for part in [
        r#" name="wh check" "#,
        r#" failures="1""#,
        r#"<testcase name="cepro: accepts-event" classname="wh check" time="0."#,
        r#"<testcase name="cepro: refuses-no-signature" classname="wh check" time="0."#,
        r#"<failure message="200"#,
        "\nsent: ",
        "\nfix: ",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let home = written(&["--baseline", "known.txt"]);
    let text = fs::read_to_string(home.path().join("check.xml")).unwrap();
    assert!(text.contains(r#" failures="0""#), "{text}");
    assert!(text.contains(r#"<skipped message="known: 200"#), "{text}");
}

#[test]
fn it_is_as_the_schema_of_such_files_has_it() {
    if !needs("xmllint") {
        return;
    }
    for words in [&[][..], &["--baseline", "known.txt"]] {
        let home = written(words);
        let validate = "xmllint --noout --schema junit.xsd check.xml";
        sh(validate)
            .dir(home.path())
            .stderr("check.xml validates\n")
            .run();
        // The schema does refuse.
        sh("sed 's/<testcase name=/<testcase nam=/' check.xml >wrong.xml; xmllint --noout --schema junit.xsd wrong.xml")
            .dir(home.path())
            .stderr_has("wrong.xml fails to validate\n")
            .exit(3)
            .run();
    }
}

#[test]
fn other_parsers_count_the_same() {
    if !needs("python3") {
        return;
    }
    let home = written(&[]);
    let count = "import xml.etree.ElementTree as tree\n\
                 suite = tree.parse('check.xml').getroot()[0]\n\
                 cases = suite.findall('testcase')\n\
                 failed = [case.get('name') for case in cases if case.find('failure') is not None]\n\
                 print(len(cases) == int(suite.get('tests')), failed)";
    sh(&format!("python3 -c \"{count}\""))
        .dir(home.path())
        .stdout("True ['cepro: refuses-no-signature']\n")
        .run();
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = names
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_an_earlier_check_found_does_not_stay() {
    let home = folder([("check.xml", "<earlier/>")]);
    // The secret is missing: nothing began, and nothing is taken away.
    junit("http://127.0.0.1:1", &["--secret-file", "nope"])
        .dir(home.path())
        .stderr_has("cannot read `nope`")
        .exit(7)
        .run();
    assert_eq!(
        fs::read_to_string(home.path().join("check.xml")).unwrap(),
        "<earlier/>"
    );
    // Nobody answers: that is what the file says now.
    junit("http://127.0.0.1:1", &[])
        .dir(home.path())
        .stderr_has("nothing answers")
        .exit(6)
        .run();
    let text = fs::read_to_string(home.path().join("check.xml")).unwrap();
    assert!(text.contains("connection refused"), "{text}");
    assert_eq!(names(home.path()), ["check.xml"]);
}

#[test]
fn links_and_places_that_cannot_be_written_are_refused_before_anything_is_sent() {
    let receiver = careless().unused();
    let home = folder([("target", "")]);
    symlink("target", home.path().join("check.xml")).unwrap();
    junit(&receiver.url(), &[])
        .dir(home.path())
        .stderr(
            "error: `check.xml` is not a plain file\n\
             hint: --junit FILE makes it, or puts a new one in its place\n",
        )
        .exit(7)
        .run();
    assert_eq!(names(home.path()), ["check.xml", "target"]);
    check(&receiver.url(), &["-q", "--junit", "no/check.xml"])
        .stderr_has("error: cannot write `no/check.xml`: ")
        .exit(7)
        .run();
}
