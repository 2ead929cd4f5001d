//! What is told of a text that is no script, and the place that is pointed at.

use crate::capture::script::Script;

/// What stands for `@` in a message about a head.
const HEADS: &str = "neither a status nor one of reset, hang, close, garbage, truncate, drip, redirect, \
                     own, forward";

/// What stands for `@` in a message about an option.
const OPTIONS: &str = "none of delay, body, header, retry-after, truncate, drip, redirect, p, seed";

/// Texts, the places in them that are wrong, and why.
type Rows<'r> = &'r [(&'r str, &'r str, &'r str)];

#[track_caller]
fn are_told(rows: Rows<'_>, known: &str) {
    for (text, place, message) in rows {
        let (told, at) = wrong(text);
        assert_eq!(
            (told, at),
            (message.replace(" @", &format!(" {known}")), *place),
            "{text}"
        );
    }
}

fn wrong(text: &str) -> (String, &str) {
    let error = Script::parse(text).expect_err(text);
    assert!(!error.message.contains('\n'), "{text:?}");
    (error.to_string(), &text[error.place])
}

#[test]
fn heads_that_are_none_are_told() {
    let rows: Rows<'_> = &[
        ("500,rset", "rset", "`rset` is @; did you mean `reset`?"),
        ("5oo", "5oo", "`5oo` is @"),
        ("500 200", "500 200", "`500 200` is @"),
        ("x2", "x2", "`x2` is @"),
        ("日本", "日本", "`日本` is @"),
        ("hangs,200", "hangs", "`hangs` is @; did you mean `hang`?"),
        ("199", "199", "`199` is not a status from 200 to 599"),
        ("600x2", "600x2", "`600` is not a status from 200 to 599"),
        ("99999", "99999", "`99999` is not a status from 200 to 599"),
        (
            "500x0",
            "500x0",
            "`x0` does not say how often: write for example `x2`",
        ),
        (
            "200,500x",
            "500x",
            "`x` does not say how often: write for example `x2`",
        ),
        (
            "500x4294967296",
            "500x4294967296",
            "`x4294967296` does not say how often: write for example `x2`",
        ),
        (
            "redirect=\"/\"2",
            "redirect=\"/\"2",
            "`2` does not say how often: write for example `x2`",
        ),
        ("drip", "drip", "`drip` has no value"),
        ("redirect=", "redirect=", "`redirect` has no value"),
        (
            "drip=fast",
            "fast",
            "`fast` is not a rate: write for example `10B/s` or `1kB/s`",
        ),
        (
            "drip=10B",
            "10B",
            "`10B` is not a rate: write for example `10B/s` or `1kB/s`",
        ),
        (
            "drip=0B/s",
            "0B/s",
            "`0B/s` is not a rate: write for example `10B/s` or `1kB/s`",
        ),
        ("reset=now", "now", "`reset` takes no value"),
        ("500=1", "1", "`500` takes no value"),
        (
            "delay=2s,200",
            "delay=2s",
            "`delay` stands behind an answer, as in `200;delay=…`",
        ),
    ];
    are_told(rows, HEADS);
}

#[test]
fn what_stands_at_the_wrong_place_is_told() {
    let rows: Rows<'_> = &[
        (
            "200,per=request",
            "per=request",
            "`per` stands before all answers",
        ),
        ("", "", "there is no answer: write for example `500x2,200`"),
        ("500,,200", "", "there is no answer beside the comma"),
        ("500,", "", "there is no answer beside the comma"),
        (
            "per=request",
            "",
            "no answer follows: write for example `500x2,200`",
        ),
        (
            "per=day,200",
            "day",
            "`day` is neither delivery nor request",
        ),
        (
            "per=reqest,200",
            "reqest",
            "`reqest` is neither delivery nor request; did you mean `request`?",
        ),
        (
            "per=request;per=request,200",
            "per=request",
            "`per` is there already",
        ),
        (
            "seed=1;delay=2s,200",
            "delay=2s",
            "`delay` is neither `per` nor `seed`, which alone stand before the answers",
        ),
        (
            "seed=7,500",
            "seed=7",
            "nothing is left to chance here: `p=0.3` behind an answer does that",
        ),
    ];
    are_told(rows, HEADS);
}

#[test]
fn options_that_make_no_sense_are_told() {
    let rows: Rows<'_> = &[
        (
            "500;dely=2s",
            "dely=2s",
            "`dely` is @; did you mean `delay`?",
        ),
        ("500;x=1", "x=1", "`x` is @"),
        ("500;", "", "there is no option beside the semicolon"),
        (
            "500;;delay=1",
            "",
            "there is no option beside the semicolon",
        ),
        ("500;delay", "delay", "`delay` has no value"),
        ("500;delay=,200", "delay=", "`delay` has no value"),
        (
            "500;delay=soon",
            "soon",
            "`soon` is not a duration: write for example `250ms` or `2s`",
        ),
        (
            "500;delay=1s;delay=2s",
            "delay=2s",
            "`delay` is there already",
        ),
        (
            "truncate;truncate",
            "truncate",
            "`truncate` is there already",
        ),
        (
            "drip=1B/s;drip=2B/s",
            "drip=2B/s",
            "`drip` is there already",
        ),
        (
            "redirect=/;redirect=/b",
            "redirect=/b",
            "`redirect` is there already",
        ),
        ("200;truncate=1", "1", "`truncate` takes no value"),
        (
            "truncate;drip=1B/s",
            "drip=1B/s",
            "an answer drips or is cut short, not both",
        ),
        (
            "drip=1B/s;truncate",
            "truncate",
            "an answer drips or is cut short, not both",
        ),
        ("204;body=a", "body=a", "an answer with 204 has no body"),
        ("304;truncate", "truncate", "an answer with 304 has no body"),
        (
            "204;drip=1B/s",
            "drip=1B/s",
            "an answer with 204 has no body",
        ),
    ];
    are_told(rows, OPTIONS);
}

#[test]
fn values_that_make_no_sense_are_told() {
    let rows: Rows<'_> = &[
        ("200;body=@", "@", "`@` is followed by the name of a file"),
        (
            "200;body=a b",
            "a b",
            "a value with blanks is put in double quotes",
        ),
        ("200;body=\"a", "\"", "the quote is not closed"),
        ("200;body=\"a\\\"", "\"", "the quote is not closed"),
        ("200;body=\"a\"b", "\"a\"b", "`b` stands behind the quotes"),
        (
            "reset;body=a",
            "body=a",
            "nothing is answered here, so `body` has no meaning",
        ),
        (
            "garbage;truncate",
            "truncate",
            "nothing is answered here, so `truncate` has no meaning",
        ),
        (
            "hang;delay=1s",
            "delay=1s",
            "nothing is answered here, so `delay` has no meaning",
        ),
        (
            "own;delay=1s",
            "delay=1s",
            "the answer of `own` is its own: `delay` wants a status",
        ),
        (
            "forward;body=a",
            "body=a",
            "a forward has its target's answer: no `body` here",
        ),
    ];
    are_told(rows, OPTIONS);
}

#[test]
fn lines_and_chances_that_make_no_sense_are_told() {
    let rows: Rows<'_> = &[
        (
            "200;header=X",
            "X",
            "`X` is not a header line: write for example `X-Name:value`",
        ),
        (
            "200;header=\"X A:1\"",
            "\"X A:1\"",
            "`X A` is not a header name",
        ),
        ("200;header=:1", ":1", "`` is not a header name"),
        (
            "200;header=\"X:\u{1}\"",
            "\"X:\u{1}\"",
            "a header line has no control characters",
        ),
        (
            "200;header=content-length:3",
            "content-length:3",
            "`content-length` is made from the body",
        ),
        (
            "429;retry-after=5;header=retry-after:6",
            "header=retry-after:6",
            "`retry-after` is there already",
        ),
        (
            "429;retry-after=soon",
            "soon",
            "`soon` is not a time to wait: write seconds, or a date such as `\"Wed, 21 Oct 2026 07:28:00 GMT\"`",
        ),
        (
            "redirect=\"a b\"",
            "\"a b\"",
            "`a b` is not a URL or a path",
        ),
        (
            "500;p=1.1",
            "1.1",
            "`1.1` is not a chance: write for example `0.3` or `30%`",
        ),
        (
            "500;p=NaN",
            "NaN",
            "`NaN` is not a chance: write for example `0.3` or `30%`",
        ),
        (
            "500x2;p=0.1",
            "500x2",
            "an answer with `p` has no turn of its own, so it cannot be repeated",
        ),
        ("500;seed=7", "500", "a `seed` decides nothing without `p`"),
        (
            "500;p=0.1;seed=x",
            "x",
            "`x` is not a seed: write a whole number",
        ),
    ];
    are_told(rows, OPTIONS);
}

#[test]
fn a_long_text_is_told_in_short() {
    let (message, _) = wrong(&format!("{}\n\u{1b}", "y".repeat(10_000)));
    assert!(message.len() < 300, "{message}");
}
