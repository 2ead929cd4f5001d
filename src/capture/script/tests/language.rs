//! What a text means, and what is told of one that means nothing.

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

/// What is told of a text, and the place.
fn wrong(text: &str) -> (String, &str) {
    let error = Script::parse(text).expect_err(text);
    assert!(!error.message.contains('\n'), "{text:?}");
    (error.to_string(), &text[error.place])
}

#[test]
fn heads_that_are_none_are_told() {
    let heads = "neither a status nor one of reset, hang, close, garbage, truncate, drip, redirect, \
                 own, forward";
    let known = |text: &str, near: &str| format!("`{text}` is {heads}{near}");
    for (text, message, place) in [
        ("500,rset", known("rset", "; did you mean `reset`?"), "rset"),
        ("5oo", known("5oo", ""), "5oo"),
        ("500 200", known("500 200", ""), "500 200"),
        ("x2", known("x2", ""), "x2"),
        ("日本", known("日本", ""), "日本"),
        (
            "hangs,200",
            known("hangs", "; did you mean `hang`?"),
            "hangs",
        ),
        ("199", "`199` is not a status from 200 to 599".into(), "199"),
        (
            "600x2",
            "`600` is not a status from 200 to 599".into(),
            "600x2",
        ),
        (
            "99999",
            "`99999` is not a status from 200 to 599".into(),
            "99999",
        ),
        (
            "500x0",
            "`x0` does not say how often: write for example `x2`".into(),
            "500x0",
        ),
        (
            "200,500x",
            "`x` does not say how often: write for example `x2`".into(),
            "500x",
        ),
        (
            "500x4294967296",
            "`x4294967296` does not say how often: write for example `x2`".into(),
            "500x4294967296",
        ),
        (
            "redirect=\"/\"2",
            "`2` does not say how often: write for example `x2`".into(),
            "redirect=\"/\"2",
        ),
        ("drip", "`drip` has no value".into(), "drip"),
        ("redirect=", "`redirect` has no value".into(), "redirect="),
        (
            "drip=fast",
            "`fast` is not a rate: write for example `10B/s` or `1kB/s`".into(),
            "fast",
        ),
        (
            "drip=10B",
            "`10B` is not a rate: write for example `10B/s` or `1kB/s`".into(),
            "10B",
        ),
        (
            "drip=0B/s",
            "`0B/s` is not a rate: write for example `10B/s` or `1kB/s`".into(),
            "0B/s",
        ),
        ("reset=now", "`reset` takes no value".into(), "now"),
        ("500=1", "`500` takes no value".into(), "1"),
        (
            "delay=2s,200",
            "`delay` stands behind an answer, as in `200;delay=…`".into(),
            "delay=2s",
        ),
        (
            "200,per=request",
            "`per` stands before all answers".into(),
            "per=request",
        ),
        (
            "",
            "there is no answer: write for example `500x2,200`".into(),
            "",
        ),
        ("500,,200", "there is no answer beside the comma".into(), ""),
        ("500,", "there is no answer beside the comma".into(), ""),
        (
            "per=request",
            "no answer follows: write for example `500x2,200`".into(),
            "",
        ),
        (
            "per=day,200",
            "`day` is neither delivery nor request".into(),
            "day",
        ),
        (
            "per=reqest,200",
            "`reqest` is neither delivery nor request; did you mean `request`?".into(),
            "reqest",
        ),
        (
            "per=request;per=request,200",
            "`per` is there already".into(),
            "per=request",
        ),
        (
            "seed=1;delay=2s,200",
            "`delay` is neither `per` nor `seed`, which alone stand before the answers".into(),
            "delay=2s",
        ),
        (
            "seed=7,500",
            "nothing is left to chance here: `p=0.3` behind an answer does that".into(),
            "seed=7",
        ),
    ] {
        assert_eq!(wrong(text), (message, place), "{text}");
    }
}

#[test]
fn options_that_are_none_are_told() {
    let options = "none of delay, body, header, retry-after, truncate, drip, redirect, p, seed";
    let known = |text: &str, near: &str| format!("`{text}` is {options}{near}");
    for (text, message, place) in [
        ("500;dely=2s", known("dely", "; did you mean `delay`?"), "dely=2s"),
        ("500;x=1", known("x", ""), "x=1"),
        ("500;", "there is no option beside the semicolon".into(), ""),
        ("500;;delay=1", "there is no option beside the semicolon".into(), ""),
        ("500;delay", "`delay` has no value".into(), "delay"),
        ("500;delay=,200", "`delay` has no value".into(), "delay="),
        ("500;delay=soon", "`soon` is not a duration: write for example `250ms` or `2s`".into(), "soon"),
        ("500;delay=1s;delay=2s", "`delay` is there already".into(), "delay=2s"),
        ("truncate;truncate", "`truncate` is there already".into(), "truncate"),
        ("drip=1B/s;drip=2B/s", "`drip` is there already".into(), "drip=2B/s"),
        ("redirect=/;redirect=/b", "`redirect` is there already".into(), "redirect=/b"),
        ("200;truncate=1", "`truncate` takes no value".into(), "1"),
        ("truncate;drip=1B/s", "an answer drips or is cut short, not both".into(), "drip=1B/s"),
        ("drip=1B/s;truncate", "an answer drips or is cut short, not both".into(), "truncate"),
        ("204;body=a", "an answer 204 has no body".into(), "body=a"),
        ("304;truncate", "an answer 304 has no body".into(), "truncate"),
        ("204;drip=1B/s", "an answer 204 has no body".into(), "drip=1B/s"),
        ("200;body=@", "`@` is followed by the name of a file".into(), "@"),
        ("200;body=a b", "a value with blanks is put in double quotes".into(), "a b"),
        ("200;body=\"a", "the quote is not closed".into(), "\""),
        ("200;body=\"a\\\"", "the quote is not closed".into(), "\""),
        ("200;body=\"a\"b", "`b` stands behind the quotes".into(), "\"a\"b"),
        ("reset;body=a", "nothing is answered here, so `body` has no meaning".into(), "body=a"),
        ("garbage;truncate", "nothing is answered here, so `truncate` has no meaning".into(), "truncate"),
        ("hang;delay=1s", "nothing is answered here, so `delay` has no meaning".into(), "delay=1s"),
        ("own;delay=1s", "the answer of `own` is its own: `delay` wants a status".into(), "delay=1s"),
        ("forward;body=a", "a forward has its target's answer: no `body` here".into(), "body=a"),
        ("200;header=X", "`X` is not a header line: write for example `X-Name:value`".into(), "X"),
        ("200;header=\"X A:1\"", "`X A` is not a header name".into(), "\"X A:1\""),
        ("200;header=:1", "`` is not a header name".into(), ":1"),
        ("200;header=\"X:\u{1}\"", "a header line has no control characters".into(), "\"X:\u{1}\""),
        ("200;header=content-length:3", "`content-length` is made from the body".into(), "content-length:3"),
        ("429;retry-after=5;header=retry-after:6", "`retry-after` is there already".into(), "header=retry-after:6"),
        ("429;retry-after=soon", "`soon` is not a time to wait: write seconds, or a date such as `\"Wed, 21 Oct 2026 07:28:00 GMT\"`".into(), "soon"),
        ("redirect=\"a b\"", "`a b` is not a URL or a path".into(), "\"a b\""),
        ("500;p=1.1", "`1.1` is not a chance: write for example `0.3` or `30%`".into(), "1.1"),
        ("500;p=NaN", "`NaN` is not a chance: write for example `0.3` or `30%`".into(), "NaN"),
        ("500x2;p=0.1", "an answer with `p` has no turn of its own, so it cannot be repeated".into(), "500x2"),
        ("500;seed=7", "a `seed` decides nothing without `p`".into(), "500"),
        ("500;p=0.1;seed=x", "`x` is not a seed: write a whole number".into(), "x"),
    ] {
        assert_eq!(wrong(text), (message, place), "{text}");
    }
    let (message, _) = wrong(&format!("{}\n\u{1b}", "y".repeat(10_000)));
    assert!(message.len() < 300, "{message}");
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
