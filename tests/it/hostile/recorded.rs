//! Hostile text in what was recorded.

use std::collections::BTreeSet;

use tempfile::TempDir;

use super::oracle::{Colour, assert_harmless};
use super::received::requests;
use super::strings::OURS;
use crate::support::wh;

#[test]
fn what_show_tells_of_a_delivery_is_harmless() {
    let home = TempDir::new().unwrap();
    let listener = wh(["listen", "--port=0", "--json"])
        .home(home.path())
        .start();
    let sent = OURS.iter().flat_map(|string| requests(string));
    let ids = sent.filter_map(|sent| (sent.to(&listener) == 200).then(|| sent.webhook_id()));
    // What has the same webhook id is one delivery.
    let ids: Vec<_> = ids.collect();
    let named: BTreeSet<_> = ids.iter().flatten().collect();
    let taken = ids.iter().filter(|id| id.is_none()).count() + named.len();
    assert_eq!(listener.stop().code, 0);
    let views: [&[&str]; 5] = [
        &[],
        &["--headers"],
        &["--curl"],
        &["--json"],
        &["--diff", "1"],
    ];
    // A view of each: all of all would take a minute.
    let turns = views.iter().zip(Colour::BOTH.into_iter().cycle());
    for (number, (view, colour)) in (1..=taken).zip(turns.cycle()) {
        let number = number.to_string();
        for view in [&[][..], view] {
            let args = [&["show", &number, colour.flag()], view].concat();
            let output = wh(args).home(home.path()).capture();
            assert_eq!(output.code, 0, "{number}");
            assert_harmless(&output.stdout, colour);
            assert_harmless(&output.stderr, colour);
        }
    }
}
