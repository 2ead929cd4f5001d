//! What a text means, and what is told of one that means nothing.

use super::{NOW, filter};
use crate::store::filter::{Bare, Filter};

fn wrong(text: &str) -> (String, &str) {
    let error = Filter::parse(text, Bare::Search, NOW).expect_err(text);
    assert!(!error.message.contains('\n'), "{text:?}");
    (error.to_string(), &text[error.place])
}

#[test]
fn texts_that_mean_the_same_are_the_same_filter() {
    for (one, other) in [
        ("event:a status:5xx", "  event:a\n\tstatus:5xx "),
        ("event:a", "event:\"a\""),
        ("event:a.b", "event:a\".\"b"),
        ("body:x", "x"),
        ("-body:x", "-x"),
        ("body:\"a\\b\"", "body:\"a\\\\b\""),
        ("body:a\\b", "body:\"a\\b\""),
        ("\"status:5xx\"", "body:\"status:5xx\""),
        ("body:a:b", "body:\"a:b\""),
        ("a-b", "body:a-b"),
        ("10:30", "body:10:30"),
        ("larger:20kb", "larger:20000"),
        ("slower:2s", "slower:2000ms"),
        ("since:10m", "since:600"),
        ("header:x=a,b", "header:x=a,b"),
    ] {
        assert_eq!(filter(one), filter(other), "{one}");
    }
    assert!(filter(" \n").is_empty());
    assert_ne!(filter("event:a"), filter("-event:a"));
    assert_ne!(filter("body:a,b"), filter("body:\"a,b\""));
}

#[test]
fn a_bare_word_is_what_the_place_says() {
    let parse = |text, bare| Filter::parse(text, bare, NOW).expect(text);
    assert_eq!(
        parse("invoice.*,x", Bare::Event),
        filter("event:invoice.*,x")
    );
    assert_eq!(parse("-invoice.*", Bare::Event), filter("-event:invoice.*"));
    assert_eq!(parse("invoice.*", Bare::Search), filter("body:invoice.*"));
}

#[test]
fn errors_say_what_is_wrong_and_where() {
    for (text, message, place) in [
        (
            "evnt:a",
            "`evnt` is not a key: did you mean `event`?",
            "evnt",
        ),
        (
            "a http://x",
            "`http` is not a key: put a text that holds a colon in quotes",
            "http",
        ),
        (
            "event:a status:9xx",
            "`9xx` is not a status: write a code (`409`), a class (`4xx`) or `none`",
            "9xx",
        ),
        (
            "status:5xx,ok",
            "`ok` is not a status: write a code (`409`), a class (`4xx`) or `none`",
            "ok",
        ),
        (
            "-outcome:fail",
            "`fail` is none of success, failed, retrying; did you mean `failed`?",
            "fail",
        ),
        (
            "verdict:bad",
            "`bad` is none of valid, invalid, stale, ambiguous, unsigned, unchecked, none",
            "bad",
        ),
        ("direction:in", "`in` is none of received, sent", "in"),
        ("event:", "`event` has no value", "event:"),
        ("-event: x", "`event` has no value", "-event:"),
        ("event:\"\"", "the text is empty", "\"\""),
        ("x -", "there is nothing behind `-`", "-"),
        (",", "there is nothing beside the comma", ","),
        ("event:a,", "there is nothing beside the comma", "event:a,"),
        ("body:\"a b", "the quote is not closed", "\""),
        ("a\"b\\\"", "the quote is not closed", "\""),
        ("id:#12a", "`#12a` is neither a number nor an id", "#12a"),
        ("id:#", "`#` is neither a number nor an id", "#"),
        ("header:\"x y\"=1", "`x y` is not a header name", "\"x y\""),
        ("header:=1", "`` is not a header name", ""),
        (
            "json:total=1",
            "`total` is not a JSON pointer: write for example `/data/total`",
            "total",
        ),
        (
            "since:yesterday",
            "`yesterday` is not a time: write for example `10m` (ago) or `2026-03-08T14:30:00Z`",
            "yesterday",
        ),
        (
            "since:1m,2m",
            "only one value can be meant here",
            "since:1m,2m",
        ),
        (
            "larger:big",
            "`big` is not a size: write for example `300`, `20kb` or `1.5MiB`",
            "big",
        ),
        (
            "slower:fast",
            "`fast` is not a duration: write for example `250ms` or `2s`",
            "fast",
        ),
        ("attempt:0", "`0` is not the number of an attempt", "0"),
        ("duplicate:maybe", "`maybe` is neither yes nor no", "maybe"),
    ] {
        assert_eq!(wrong(text), (message.to_owned(), place), "{text}");
    }
    assert_eq!(wrong("日本 status:é").1, "é");
    let (message, _) = wrong(&format!("status:\"{}\n\u{1b}\"", "x".repeat(500)));
    assert!(message.len() < 200, "{message}");
}

#[test]
fn nobody_types_a_hundred_terms() {
    let most = vec!["a"; 100];
    assert!(Filter::parse(&most.join(" "), Bare::Search, NOW).is_ok());
    assert!(Filter::parse(&most.join(","), Bare::Search, NOW).is_ok());
    let (message, place) = ("a filter has at most 100 terms".to_owned(), "b c");
    assert_eq!(wrong(&format!("{} b c", most.join(" "))), (message, place));
    let (message, place) = ("a filter has at most 100 values in a term".to_owned(), "b");
    assert_eq!(wrong(&format!("{},b,c", most.join(","))), (message, place));
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_filter_or_an_error_at_a_place(text in "[a-z:,\"\\\\# =/*-]{0,30}|\\PC{0,20}") {
        if let Err(error) = Filter::parse(&text, Bare::Search, NOW) {
            proptest::prop_assert!(text.get(error.place.clone()).is_some(), "{:?}", error.place);
            proptest::prop_assert!(!error.to_string().contains('\n'));
            let _ = error.pointed(&text);
        }
    }
}
