use proptest::prelude::*;

use super::{COMPACT, Nothing, Spacing, Style};
use crate::message::json::{Escapes, Numbers, Order, Tape};

/// Strings with every kind of escape, keys out of order, repeated, and like positions of arrays.
const STRINGS: &str = r#"{"b": 1, "2": "caf\u00e9 \/ <b>&\u2028\u0001\u001F\"\\ \ud83d\ude00", "10": null,
  "a": {}, "e": [], "s": "", "b": {"z": true, "y": [1, "é 😀", 2.50]}}"#;

const STRINGIFY: Style = Style {
    order: Order::JavaScript,
    escapes: Escapes::PLAIN,
    numbers: Numbers::JavaScript,
    ..COMPACT
};

const DUMPS: Style = Style {
    spacing: Spacing::Spaced,
    order: Order::Unique,
    escapes: Escapes::ASCII,
    numbers: Numbers::Python,
    ..COMPACT
};

const LINES: Spacing = Spacing::Lines {
    newline: "\n",
    indent: "  ",
};

fn written(text: &str, style: Style) -> String {
    let mut tape = Tape::read(text.as_bytes()).expect("the text is JSON");
    let form = tape.write(&style).expect("the text does not explode");
    let reduced = style.reduced(&tape);
    let reduced = tape.write(&reduced);
    assert_eq!(reduced.as_ref(), Some(&form), "{text} in {style:?}");
    String::from_utf8(form).expect("JSON is UTF-8")
}

/// What Node 20 and Python 3 gave of the same text.
#[test]
fn the_common_writers_are_followed_to_the_byte() {
    assert_eq!(
        written(STRINGS, STRINGIFY),
        "{\"2\":\"café / <b>&\u{2028}\\u0001\\u001f\\\"\\\\ 😀\",\"10\":null,\
         \"b\":{\"z\":true,\"y\":[1,\"é 😀\",2.5]},\"a\":{},\"e\":[],\"s\":\"\"}"
    );
    let dumps = r#"{"b": {"z": true, "y": [1, "\u00e9 \ud83d\ude00", 2.5]}, "2": "caf\u00e9 / <b>&\u2028\u0001\u001f\"\\ \ud83d\ude00", "10": null, "a": {}, "e": [], "s": ""}"#;
    assert_eq!(written(STRINGS, DUMPS), dumps);
    let sorted = r#"{"10": null, "2": "caf\u00e9 / <b>&\u2028\u0001\u001f\"\\ \ud83d\ude00", "a": {}, "b": {"y": [1, "\u00e9 \ud83d\ude00", 2.5], "z": true}, "e": [], "s": ""}"#;
    let sort_keys = Style {
        order: Order::Sorted,
        ..DUMPS
    };
    assert_eq!(written(STRINGS, sort_keys), sorted);
    let indented = Style {
        spacing: LINES,
        ..STRINGIFY
    };
    assert_eq!(
        written(r#"{"a":[],"b":{},"c":[1,[2.0,{"d":"x"}]]}"#, indented),
        "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1,\n    [\n      2,\n      {\n        \"d\": \"x\"\n      }\n    ]\n  ]\n}"
    );
}

/// By the documents of the writers.
#[test]
fn strings_are_those_of_their_writers() {
    let text = r#"["a/b", "é", "<&>", "\u2028", "'=+`", "\"", "\u007f", "\b\f\n\r\t\u000b"]"#;
    for (escapes, want) in [
        (Escapes::KEPT, r#"["a/b","é","<&>","\u2028","'=+`","\"","\u007f","\b\f\n\r\t\u000b"]"#.to_owned()),
        (Escapes::PLAIN, "[\"a/b\",\"é\",\"<&>\",\"\u{2028}\",\"'=+`\",\"\\\"\",\"\u{7f}\",\"\\b\\f\\n\\r\\t\\u000b\"]".to_owned()),
        (Escapes::ASCII, r#"["a/b","\u00e9","<&>","\u2028","'=+`","\"","\u007f","\b\f\n\r\t\u000b"]"#.to_owned()),
        (Escapes::PHP, "[\"a\\/b\",\"\\u00e9\",\"<&>\",\"\\u2028\",\"'=+`\",\"\\\"\",\"\u{7f}\",\"\\b\\f\\n\\r\\t\\u000b\"]".to_owned()),
        (Escapes::PHP_UNICODE, "[\"a\\/b\",\"é\",\"<&>\",\"\\u2028\",\"'=+`\",\"\\\"\",\"\u{7f}\",\"\\b\\f\\n\\r\\t\\u000b\"]".to_owned()),
        (Escapes::HTML, "[\"a/b\",\"é\",\"\\u003c\\u0026\\u003e\",\"\\u2028\",\"'=+`\",\"\\\"\",\"\u{7f}\",\"\\b\\f\\n\\r\\t\\u000b\"]".to_owned()),
        (Escapes::GSON, "[\"a/b\",\"é\",\"\\u003c\\u0026\\u003e\",\"\\u2028\",\"\\u0027\\u003d+`\",\"\\\"\",\"\u{7f}\",\"\\b\\f\\n\\r\\t\\u000b\"]".to_owned()),
        (Escapes::DOTNET, r#"["a/b","\u00E9","\u003C\u0026\u003E","\u2028","\u0027=\u002B\u0060","\u0022","\u007F","\b\f\n\r\t\u000B"]"#.to_owned()),
    ] {
        let style = Style { escapes, ..COMPACT };
        assert_eq!(written(text, style), want, "{escapes:?}");
    }
}

/// Half of a pair has no other form; Node 20 writes its digits in lower case.
#[test]
fn half_of_a_pair_stays_an_escape() {
    let style = Style {
        escapes: Escapes::PLAIN,
        ..COMPACT
    };
    let text = r#"["\uD800", "\uD83D\uDE00", "\ude00\ud83d"]"#;
    assert_eq!(written(text, style), r#"["\ud800","😀","\ude00\ud83d"]"#);
}

#[test]
fn values_that_are_nothing_go_or_stay() {
    let text = r#"{"a": null, "b": {}, "c": "", "d": [null, {}, ""], "e": {"f": null}}"#;
    for (nothing, want) in [
        (
            Nothing::NoNulls,
            r#"{"b":{},"c":"","d":[null,{},""],"e":{}}"#,
        ),
        (
            Nothing::EmptyArrays,
            r#"{"a":null,"b":[],"c":"","d":[null,[],""],"e":{"f":null}}"#,
        ),
        (
            Nothing::Nulls,
            r#"{"a":null,"b":{},"c":null,"d":[null,{},null],"e":{"f":null}}"#,
        ),
    ] {
        let style = Style { nothing, ..COMPACT };
        assert_eq!(written(text, style), want, "{nothing:?}");
    }
}

#[test]
fn white_space_can_stay_while_strings_and_numbers_change() {
    let style = Style {
        spacing: Spacing::Kept,
        escapes: Escapes::PLAIN,
        numbers: Numbers::JavaScript,
        ..COMPACT
    };
    let text = "\n{ \"\\u0061\" :\t[ 1.0 , \"\\/\" ],\r\n\"b\":2.50 } ";
    assert_eq!(
        written(text, style),
        "\n{ \"a\" :\t[ 1 , \"/\" ],\r\n\"b\":2.5 } "
    );
}

#[test]
fn keys_are_ordered_as_they_are_read() {
    // An escape in a key does not move it, and the one that is repeated is found by what it says.
    let text = r#"{"b":1,"\u0061":2,"a":3,"4294967295":4,"01":5,"10":6,"9":7}"#;
    for (order, want) in [
        (Order::Kept, text),
        (
            Order::Unique,
            r#"{"b":1,"a":3,"4294967295":4,"01":5,"10":6,"9":7}"#,
        ),
        (
            Order::JavaScript,
            r#"{"9":7,"10":6,"b":1,"a":3,"4294967295":4,"01":5}"#,
        ),
        (
            Order::Sorted,
            r#"{"01":5,"10":6,"4294967295":4,"9":7,"a":3,"b":1}"#,
        ),
    ] {
        assert_eq!(written(text, Style { order, ..COMPACT }), want, "{order:?}");
    }
}

#[test]
fn what_is_no_json_or_goes_too_deep_has_no_forms() {
    for body in [&b""[..], b"{", b"a=b", b"\xff", b"[1,]", b"{'a':1}"] {
        assert!(Tape::read(body).is_none());
    }
    let nested = |levels: usize| ["[".repeat(levels), "]".repeat(levels)].concat();
    assert!(Tape::read(nested(128).as_bytes()).is_some());
    for levels in [129, 10_000, 1_000_000] {
        assert!(Tape::read(nested(levels).as_bytes()).is_none());
        assert!(Tape::read("{\"a\":".repeat(levels).as_bytes()).is_none());
    }
    assert!(Tape::read("\u{feff}{}".as_bytes()).is_some());
}

#[test]
fn a_text_of_brackets_does_not_explode() {
    let level = [
        "[".repeat(127),
        "1,".repeat(5000),
        "1".to_owned(),
        "]".repeat(127),
    ]
    .concat();
    let mut tape = Tape::read(level.as_bytes()).expect("the text is JSON");
    let style = Style {
        spacing: Spacing::Lines {
            newline: "\n",
            indent: "    ",
        },
        ..COMPACT
    };
    assert_eq!(tape.write(&style), None);
    assert!(tape.write(&COMPACT).is_some());
}

fn json() -> impl Strategy<Value = String> {
    let string = || any::<String>().prop_map(|s| serde_json::to_string(&s).expect("it serialises"));
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("\"\"".to_owned()),
        Just(r#""\ud800\/\u0041""#.to_owned()),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?",
        string(),
    ];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(|v| format!("[{}]", v.join(" ,\n"))),
            prop::collection::vec(
                (prop_oneof![string(), Just("\"1\"".to_owned())], inner),
                0..5
            )
            .prop_map(|v| {
                let members: Vec<_> = v.iter().map(|(key, x)| format!("{key} :{x}")).collect();
                format!("{{ {}\t}}", members.join(","))
            }),
        ]
    })
}

fn styles() -> impl Strategy<Value = Style> {
    let spacing = prop_oneof![Just(Spacing::Compact), Just(Spacing::Spaced), Just(LINES)];
    let order = prop_oneof![
        Just(Order::Kept),
        Just(Order::Unique),
        Just(Order::JavaScript),
        Just(Order::Sorted)
    ];
    let escapes = prop_oneof![
        Just(Escapes::KEPT),
        Just(Escapes::PLAIN),
        Just(Escapes::ASCII),
        Just(Escapes::PHP_UNICODE),
        Just(Escapes::GSON),
        Just(Escapes::DOTNET)
    ];
    let numbers = prop_oneof![
        Just(Numbers::JavaScript),
        Just(Numbers::Go),
        Just(Numbers::Python),
        Just(Numbers::Php),
        Just(Numbers::Java)
    ];
    (spacing, order, escapes, numbers).prop_map(|(spacing, order, escapes, numbers)| Style {
        spacing,
        order,
        escapes,
        numbers,
        ..COMPACT
    })
}

proptest! {
    /// What a style has written, it writes alike; what it has written says the same.
    #[test]
    fn a_style_is_stable(text in json(), style in styles()) {
        let once = written(&text, style);
        if !once.contains("Infinity") {
            prop_assert_eq!(written(&once, style), once.clone());
            let plain = Style { order: Order::Sorted, ..STRINGIFY };
            prop_assert_eq!(written(&once, plain), written(&text, plain));
        }
    }

    /// Where nothing but white space changes, every token stays.
    #[test]
    fn compact_takes_white_space_alone(text in json()) {
        let compact = written(&text, COMPACT);
        let lines = Style { spacing: LINES, ..COMPACT };
        prop_assert_eq!(written(&written(&compact, lines), COMPACT), compact.clone());
        let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let again: serde_json::Value = serde_json::from_str(&compact).unwrap_or_default();
        prop_assert_eq!(value, again);
    }
}
