//! A filter with how often it is to pass.

use super::{NOW, filter};
use crate::store::filter::{Bare, CountedFilter, Filter};

#[test]
fn the_number_stands_anywhere_and_the_rest_is_a_filter() {
    for (text, times, terms) in [
        ("invoice.paid", None, &["invoice.paid"][..]),
        ("invoice.paid count:2", Some(2), &["invoice.paid"]),
        (
            "count:3 job.* -status:5xx",
            Some(3),
            &["job.*", "-status:5xx"],
        ),
        ("count:\"2\" body:\"a b\"", Some(2), &["body:\"a b\""]),
        ("count", None, &["count"]),
        ("\"count:2\"", None, &["\"count:2\""]),
        ("count:1", Some(1), &[]),
        ("", None, &[]),
    ] {
        let counted = CountedFilter::parse(text, NOW).expect(text);
        assert_eq!(counted.times, times, "{text}");
        assert_eq!(counted.terms, terms, "{text}");
        let alone = Filter::parse(&terms.join(" "), Bare::Event, NOW).expect(text);
        assert_eq!(counted.filter, alone, "{text}");
    }
}

#[test]
fn errors_stand_at_their_place_in_the_whole_text() {
    for (text, place) in [
        ("a count:0", "0"),
        ("a count:two", "two"),
        ("a count:1,2", "count:1,2"),
        ("a count:", "count:"),
        ("a -count:2", "-count:2"),
        ("count:2 a count:3", "count:3"),
        ("count:2 status:9xx", "9xx"),
    ] {
        let error = CountedFilter::parse(text, NOW).expect_err(text);
        assert_eq!(&text[error.place], place, "{text}");
    }
    let error = Filter::parse("a count:2", Bare::Event, NOW).expect_err("no key of a filter");
    assert!(error.message.starts_with("`count` is not a key"), "{error}");
}

#[test]
fn a_filter_knows_what_it_speaks_of() {
    for (text, judges, names_attempts) in [
        ("event:a", false, false),
        ("event:a -verdict:valid", true, false),
        ("status:5xx", true, false),
        ("outcome:failed", true, false),
        ("attempt:2", false, true),
    ] {
        let filter = filter(text);
        let found = (filter.judges(), filter.names_attempts());
        assert_eq!(found, (judges, names_attempts), "{text}");
    }
    let believed = filter("event:a verdict:valid,unchecked");
    assert_eq!(filter("event:a").of_believed(), believed);
    let judged = filter("event:a -verdict:none");
    assert_eq!(filter("event:a").of_judged(), judged);
}
