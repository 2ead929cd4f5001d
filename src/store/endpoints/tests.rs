//! Endpoints: what is kept of them, and their breaker's count.

use super::{Counted, Endpoint, EndpointSettings};
use crate::store::samples::{Shelf, answer};

fn settings(name: &str) -> EndpointSettings {
    EndpointSettings {
        name: Some(name.to_owned()),
        provider: "cepro".to_owned(),
        url: "http://127.0.0.1:4000/hooks".to_owned(),
        secret: Some("env:SECRET".to_owned()),
        events: vec!["lead.*".to_owned(), "a\n\"b\"".to_owned()],
        disable_after: Some(3),
    }
}

fn all(shelf: &Shelf) -> Vec<Endpoint> {
    shelf.reader().endpoints().expect("they can be read")
}

fn add(shelf: &Shelf, settings: EndpointSettings) -> Option<Endpoint> {
    shelf
        .writer()
        .add_endpoint(settings)
        .expect("it is written")
}

#[test]
fn a_name_is_taken_once() {
    let shelf = Shelf::new();
    let one = add(&shelf, settings("one")).expect("it is new");
    assert_eq!(one.settings, settings("one"));
    assert_eq!(
        (one.active, one.failures, &one.disabled_because),
        (true, 0, &None)
    );
    let other = add(&shelf, settings("other")).expect("it is new");
    assert_eq!(add(&shelf, settings("one")), None);
    assert_eq!(all(&shelf), [one.clone(), other.clone()]);
    let removes = |number| {
        shelf
            .writer()
            .remove_endpoint(number)
            .expect("it is written")
    };
    assert_eq!([removes(one.number), removes(one.number)], [true, false]);
    let again = add(&shelf, settings("one")).expect("it is free again");
    assert!(again.number > other.number);
    assert_eq!(all(&shelf), [other, again]);
}

#[test]
fn a_bare_url_is_entered_once() {
    let shelf = Shelf::new();
    let named = settings("one");
    add(&shelf, named.clone());
    let bare = |provider, url| {
        let endpoint = shelf.writer().bare_endpoint(provider, url);
        endpoint.expect("it is written").number
    };
    let first = bare("cepro", &named.url);
    assert_ne!(first, 1, "the named one is not it");
    assert_eq!(bare("cepro", &named.url), first);
    assert_ne!(bare("wlcro", &named.url), first);
    assert_ne!(bare("cepro", "http://127.0.0.1:4000/"), first);
    assert_eq!(all(&shelf).len(), 4);
}

#[test]
fn failures_in_a_row_disable_it() {
    let shelf = Shelf::new();
    let writer = shelf.writer();
    let number = add(&shelf, settings("one")).expect("it is new").number;
    let count = |failed, limit: Option<(u32, &str)>| {
        let limit = limit.map(|(most, reason)| (most, reason.to_owned()));
        let Counted { failures, active } =
            answer(|done| writer.count(number, failed, limit, done)).expect("it is counted");
        (failures, active, all(&shelf)[0].disabled_because.clone())
    };
    let because = |reason: &str| Some(reason.to_owned());
    assert_eq!(count(true, Some((3, "a"))), (1, true, None));
    assert_eq!(count(true, Some((3, "a"))), (2, true, None));
    assert_eq!(count(false, Some((3, "a"))), (0, true, None), "a success");
    assert_eq!(count(true, None), (1, true, None));
    assert_eq!(count(true, None), (2, true, None));
    assert_eq!(count(true, Some((3, "a"))), (3, false, because("a")));
    assert_eq!(
        count(true, Some((3, "b"))),
        (4, false, because("a")),
        "it stays so"
    );
    assert_eq!(
        count(false, Some((3, "b"))),
        (0, false, because("a")),
        "a late one"
    );
    let switch = |active| {
        writer
            .switch_endpoint(number, active)
            .expect("it is written")
    };
    assert!(switch(true));
    assert_eq!(count(true, Some((3, "a"))), (1, true, None));
    // By hand there is no reason, whatever fails afterwards.
    assert!(switch(false));
    assert_eq!(count(true, Some((1, "a"))), (2, false, None));
    assert!(switch(true));
    assert_eq!(count(true, Some((1, "a"))), (1, false, because("a")));
    assert!(writer.remove_endpoint(number).expect("it is written"));
    assert!(!switch(true));
    let gone = answer(|done| writer.count(number, true, None, done));
    assert_eq!(
        gone,
        Ok(Counted {
            failures: 0,
            active: false
        })
    );
}
