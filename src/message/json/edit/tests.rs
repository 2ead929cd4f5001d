//! Edits of JSON as text.

use super::{Edit, EditError};

const BODY: &str = "{\n  \"event\": \"x\",\n  \"data\": {\"total\": 2500.00, \"items\": [{\"n\": 1}, 2], \"who\": null}\n}\n";

#[test]
fn changes_only_the_place_that_is_named() {
    for (edit, from, to) in [
        (
            Edit::parse_override("data.total=300.10"),
            "2500.00",
            "300.10",
        ),
        (Edit::parse_override("data.total=\"2\""), "2500.00", "\"2\""),
        (Edit::parse_override("event=a=b c"), "\"x\"", "\"a=b c\""),
        (
            Edit::parse_override("data.items.0.n=true"),
            "\"n\": 1",
            "\"n\": true",
        ),
        (Edit::parse_override("data.items.1=[1]"), "2]", "[1]]"),
        (
            Edit::parse_override("data.who=\u{1}"),
            "null",
            "\"\\u0001\"",
        ),
        (Edit::parse_remove("data.who"), ", \"who\": null", ""),
        (Edit::parse_remove("data.items.0"), "{\"n\": 1}, ", ""),
        (
            Edit::parse_add("data.new=7"),
            "\"who\": null",
            "\"who\": null, \"new\": 7",
        ),
        (Edit::parse_add("data.items.2=3"), "2]", "2, 3]"),
        (
            Edit::parse_add("top=1"),
            "null}\n",
            "null},\n  \"top\": 1\n",
        ),
        (
            Edit::parse_add("data.items.0.m.k=3"),
            "{\"n\": 1}",
            "{\"n\": 1,\"m\": {\"k\":3}}",
        ),
    ] {
        let edit = edit.expect("the text is an edit");
        assert_eq!(
            edit.apply(BODY).expect("the place is there"),
            BODY.replacen(from, to, 1),
            "{edit:?}"
        );
    }
}

#[test]
fn an_unknown_path_names_near_ones() {
    let error = Edit::parse_override("data.totl=1")
        .expect("an edit")
        .apply(BODY);
    let Err(EditError::Missing { path, near }) = error else {
        panic!("{error:?}")
    };
    assert_eq!(
        (path.as_str(), near[0].as_str()),
        ("data.totl", "data.total")
    );
}

#[test]
fn a_path_is_no_deeper_than_a_body_may_be() {
    let path = |levels: usize| Edit::parse_add(&format!("{}=1", vec!["a"; levels].join(".")));
    let deep = path(127).expect("an edit").apply("{}").expect("room");
    path(127)
        .expect("an edit")
        .apply(&deep)
        .expect("it can be changed again");
    for levels in [128, 60_000] {
        assert_eq!(path(levels), Err(EditError::Deep(levels)));
    }
}

#[test]
fn wrong_texts_are_refused() {
    for text in ["data.total", "", "data..x=1", ".x=1", "a b=1"] {
        assert!(Edit::parse_override(text).is_err(), "{text}");
    }
    let edit = Edit::parse_add("a=1").expect("an edit");
    for body in ["", "x", "{a:1}", "// c\n{}", "[1,]"] {
        assert_eq!(
            edit.apply(body),
            Err(EditError::NotJson("a".into())),
            "{body}"
        );
    }
    assert_eq!(edit.apply("[]"), Err(EditError::NoRoom("a".into())));
}
