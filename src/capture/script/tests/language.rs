//! What a text means.

use std::time::Duration;

use proptest::prelude::{ProptestConfig, proptest};

use crate::capture::script::Script;
use crate::capture::script::model::{Act, Body, Chance, Course, Entry, Line, Per};
use crate::message::Headers;

fn script(text: &str) -> Script {
    Script::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The only entry of a script.
fn entry(text: &str) -> Entry {
    let mut entries = script(text).entries;
    assert_eq!(entries.len(), 1, "{text}");
    entries.remove(0)
}

fn line(text: &str) -> Line {
    match entry(text).act {
        Act::Answer(line) => line,
        act => panic!("{text} is {act:?}"),
    }
}

fn headers(lines: &[(&str, &str)]) -> Headers {
    lines.iter().copied().collect()
}

fn answer(status: u16) -> Line {
    Line {
        status,
        ..Line::default()
    }
}

fn going(status: u16, course: Course) -> Line {
    Line {
        course,
        ..answer(status)
    }
}

#[test]
fn heads_are_answers() {
    let redirect = |status, url| Line {
        headers: headers(&[("Location", url)]),
        ..answer(status)
    };
    for (text, expected) in [
        ("200", answer(200)),
        ("599", answer(599)),
        ("reset", going(0, Course::Reset)),
        ("hang", going(0, Course::Hung)),
        ("close", going(0, Course::Closed)),
        ("garbage", going(0, Course::Garbage)),
        ("truncate", going(200, Course::Truncated)),
        ("500;truncate", going(500, Course::Truncated)),
        ("drip=10B/s", going(200, Course::Drip(10))),
        ("drip=1KiB/s", going(200, Course::Drip(1024))),
        ("500;drip=2kB/s", going(500, Course::Drip(2000))),
        ("redirect=/b", redirect(302, "/b")),
        ("redirect=http://h/x2", redirect(302, "http://h/x2")),
        ("307;redirect=/b", redirect(307, "/b")),
        (
            "truncate;redirect=/b",
            Line {
                course: Course::Truncated,
                ..redirect(302, "/b")
            },
        ),
    ] {
        assert_eq!(line(text), expected, "{text}");
    }
    assert_eq!(entry("own").act, Act::Own);
    assert_eq!(entry("forward").act, Act::Forward);
}

#[test]
fn an_entry_is_repeated_by_a_number_at_the_end_of_its_head() {
    for (text, times) in [
        ("500", 1),
        ("500x2", 2),
        ("500x4294967295", u32::MAX),
        ("resetx3", 3),
        ("ownx2", 2),
        ("forwardx2", 2),
        ("truncatex2;body=a", 2),
        ("drip=10B/sx2", 2),
        ("drip=\"10B/s\"x2", 2),
        ("redirect=\"/b\"x2", 2),
        ("redirect=/bx2", 1),
    ] {
        assert_eq!(entry(text).times, times, "{text}");
    }
    assert_eq!(line("redirect=\"/b\"x2"), line("redirect=/b"));
}

#[test]
fn options_change_an_answer() {
    let body = |body| Line {
        body: Some(body),
        ..answer(200)
    };
    let text = |text: &str| body(Body::Text(text.to_owned()));
    let lines = |lines| Line {
        headers: headers(lines),
        ..answer(200)
    };
    let date = "Wed, 21 Oct 2026 07:28:00 GMT";
    for (written, expected) in [
        (
            "200;delay=1500ms",
            Line {
                after: Duration::from_millis(1500),
                ..answer(200)
            },
        ),
        (
            "reset;delay=2",
            Line {
                after: Duration::from_secs(2),
                ..going(0, Course::Reset)
            },
        ),
        ("200;body=ok", text("ok")),
        ("200;body=\"\"", text("")),
        ("200;body={\"a\":1}", text("{\"a\":1}")),
        (r#"200;body="a, b; \"c\" \\ \n""#, text(r#"a, b; "c" \ \n"#)),
        ("200;body=@@a", text("@a")),
        ("200;body=@a.json", body(Body::File("a.json".into()))),
        ("200;body=\"@a b\"", body(Body::File("a b".into()))),
        ("200;body=a=b=c", text("a=b=c")),
        (
            "200;header=X-A:1;header=\"x-a: 2, 3\"",
            lines(&[("X-A", "1"), ("x-a", "2, 3")]),
        ),
        ("200;header=X-A:", lines(&[("X-A", "")])),
        (
            "200;header=Location:http://h/",
            lines(&[("Location", "http://h/")]),
        ),
        ("200;retry-after=5", lines(&[("Retry-After", "5")])),
        (
            &format!("200;retry-after=\"{date}\""),
            lines(&[("Retry-After", date)]),
        ),
    ] {
        assert_eq!(line(written), expected, "{written}");
    }
}

#[test]
fn chance_and_order_are_said_beside_the_answers() {
    let chance = |of, seed| Some(Chance { of, seed });
    assert_eq!(entry("500;p=0.3").chance, chance(0.3, None));
    assert_eq!(entry("reset;p=30%;seed=7").chance, chance(0.3, Some(7)));
    assert_eq!(entry("own;p=1;seed=0").chance, chance(1.0, Some(0)));
    for (text, per, seed) in [
        ("500;p=0", Per::Delivery, None),
        ("per=delivery,500;p=0", Per::Delivery, None),
        ("per=request,500;p=0", Per::Request, None),
        ("seed=7,500;p=0", Per::Delivery, Some(7)),
        ("per=request;seed=7,500;p=0", Per::Request, Some(7)),
        ("seed=7 ; per=request , 500;p=0", Per::Request, Some(7)),
    ] {
        let script = script(text);
        assert_eq!((script.per, script.seed), (per, seed), "{text}");
        assert_eq!(script.wants_seed(), seed.is_none(), "{text}");
    }
    assert!(!script("500").wants_seed());
    assert!(!script("500;p=1;seed=1,200").wants_seed());
    assert!(script("200,forward").forwards());
    assert!(!script("200,own").forwards());
}

#[test]
fn blanks_round_entries_do_not_matter() {
    let tight = script("500x2;delay=2s;body=a,drip=10B/s,200");
    let loose = script(" 500x2 ; delay= 2s\t;body=a ,\n drip=10B/s , 200 ");
    let acts = |script: Script| script.entries.into_iter().map(|entry| entry.act);
    assert!(acts(tight).eq(acts(loose.clone())));
    let written: Vec<_> = loose.entries.iter().map(|entry| &entry.written).collect();
    assert_eq!(written, ["500x2 ; delay= 2s\t;body=a", "drip=10B/s", "200"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// No text panics, and what is wrong has a place in it.
    #[test]
    fn any_text_is_a_script_or_an_error_at_a_place(
        text in "([0-9x,;=\" @:%-]|per|seed|body|drip|p=0.1|500|own|delay|B/s|\\\\|日){0,12}|\\PC{0,20}",
    ) {
        match Script::parse(&text) {
            Ok(script) => assert_eq!(Script::parse(&script.to_string()), Ok(script)),
            Err(error) => {
                assert!(text.get(error.place.clone()).is_some(), "{:?}", error.place);
                assert!(!error.to_string().contains('\n'));
                let _ = error.pointed(&text);
            }
        }
    }

    /// A script that is written out again reads the same.
    #[test]
    fn what_is_written_out_reads_the_same(
        lead in "(per=(request|delivery)( ?; ?seed=[0-9]{1,5})?,)?",
        entries in "((5[0-9]{2}|reset|own|drip=9B/s)(x[1-9])?|200;body=(a|\"[ ,;a]{0,3}\\\\\\\\\")|500; ?p=0\\.[0-9]){1}( ?, ?(404x2|429;retry-after=5|hang|forward)){0,4}",
        seed: u64,
    ) {
        let text = format!("{lead} {entries}, 500;p=0.5 ");
        let script = Script::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(Script::parse(&script.to_string()), Ok(script.clone()));
        let seeded = script.with_seed(seed);
        assert_eq!(Script::parse(&seeded.to_string()), Ok(seeded));
    }

    /// Any text can be a body.
    #[test]
    fn quotes_hold_any_text(text in "\\PC{0,20}|[\"\\\\@,; ]{0,8}") {
        let escaped = text.replace('\\', r"\\").replace('"', "\\\"");
        let at = if escaped.starts_with('@') { "@" } else { "" };
        let written = format!("200;body=\"{at}{escaped}\"");
        assert_eq!(line(&written).body, Some(Body::Text(text)), "{written}");
    }
}
