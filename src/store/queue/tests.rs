//! The queue: rows that come, are worked and go, and the bodies that they share with attempts.

use std::thread;

use bytes::Bytes;

use super::{Enqueued, Follow, Queued, Target, Waiting};
use crate::store::samples::{Shelf, answer, attempt_of, next, queued, sample};
use crate::store::{Opening, Reader, Run, Writer};

fn begin(shelf: &Shelf) -> Run {
    shelf.writer().begin_run("terms").expect("a run")
}

fn held(reader: &Reader, run: &Run) -> Vec<Waiting> {
    let mut rows = Vec::new();
    reader
        .held(run, |row| rows.push(row))
        .expect("it can be read");
    rows
}

fn known(delivery: i64) -> Queued {
    Queued {
        delivery: Target::Known(delivery),
        ..queued()
    }
}

/// The rows of the queue, of attempts and of bodies.
fn counts(shelf: &Shelf) -> [i64; 3] {
    ["queue", "attempts", "bodies"]
        .map(|table| shelf.number(&format!("SELECT count(*) FROM {table}")))
}

#[test]
fn a_delivery_is_worked_until_it_is_finished() {
    let shelf = Shelf::new();
    let run = begin(&shelf);
    let one = queued();
    let Target::New(opening) = one.delivery.clone() else {
        panic!("{one:?}");
    };
    let Enqueued::Here(opened) = shelf.enqueue(&run, one.clone()) else {
        panic!("nobody else has it");
    };
    assert_eq!(opened.id, opening.id);
    let delivery = opened.number;
    let reader = shelf.reader();
    assert_eq!(
        reader.find(&format!("#{delivery}")).expect("it is there"),
        delivery
    );
    let row = |attempt, begun| Waiting {
        delivery,
        run: run.number,
        provider: opening.provider.clone(),
        endpoint: opening.endpoint.clone(),
        next: next(attempt),
        begun,
    };
    assert_eq!(held(&reader, &run), [row(1, None)]);
    let load = reader
        .load(delivery)
        .expect("it can be read")
        .expect("a row");
    assert_eq!(
        (load.id, &load.webhook_id),
        (opened.id, &opening.webhook_id)
    );
    assert_eq!((load.event, load.next), (one.event, next(1)));
    assert_eq!((load.headers, load.body), (one.headers, one.body));

    let at = next(7).due;
    assert_eq!(
        answer(|done| shelf.writer().set_out(&run, delivery, at, done)),
        Ok(true)
    );
    assert_eq!(held(&reader, &run), [row(1, Some(at))]);
    let place = shelf.settle(&run, attempt_of(delivery), Follow::Retry(next(2)));
    assert_eq!((place.delivery, place.nth), (delivery, 1));
    assert_eq!(held(&reader, &run), [row(2, None)]);
    assert_eq!(
        shelf.settle(&run, attempt_of(delivery), Follow::Finish).nth,
        2
    );
    assert_eq!(counts(&shelf), [0, 2, 1]);
    assert_eq!(reader.load(delivery).expect("it can be read"), None);
    assert_eq!(
        answer(|done| shelf.writer().set_out(&run, delivery, at, done)),
        Ok(false)
    );
}

#[test]
fn rows_are_held_in_the_order_in_which_they_were_queued() {
    let shelf = Shelf::new();
    let run = begin(&shelf);
    let numbers: Vec<_> = (0..5).map(|_| shelf.enqueue_new(&run)).collect();
    // One that is queued anew comes last.
    shelf.enqueue(&run, known(numbers[1]));
    let found = held(&shelf.reader(), &run);
    let found: Vec<_> = found.iter().map(|row| row.delivery).collect();
    assert_eq!(found, [1, 3, 4, 5, 2]);
}

#[test]
fn a_delivery_is_in_one_queue_at_a_time() {
    let shelf = Shelf::new();
    let (one, other) = (begin(&shelf), begin(&shelf));
    let delivery = shelf.enqueue_new(&one);
    let alike = |is_new| {
        let Target::New(opening) = queued().delivery else {
            panic!("it is new");
        };
        let delivery = Target::New(Opening {
            webhook_id: Some("a".to_owned()),
            is_new,
            ..opening
        });
        Queued {
            delivery,
            ..queued()
        }
    };
    shelf.enqueue(&one, alike(true));
    for queued in [known(delivery), alike(false)] {
        let found = shelf.enqueue(&other, queued);
        assert!(matches!(found, Enqueued::Elsewhere(_)), "{found:?}");
    }
    assert_eq!(held(&shelf.reader(), &one).len(), 2);
    let at = next(1).due;
    let sets_out = |run| answer(|done| shelf.writer().set_out(run, delivery, at, done));
    assert_eq!((sets_out(&other), sets_out(&one)), (Ok(false), Ok(true)));
    shelf
        .writer()
        .withdraw(&other, delivery)
        .expect("nothing is done");
    shelf.settle(&other, attempt_of(delivery), Follow::Finish);
    assert_eq!(held(&shelf.reader(), &one).len(), 2);

    one.crash();
    let found = shelf.enqueue(&other, known(delivery));
    assert!(matches!(found, Enqueued::Here(_)), "{found:?}");
    let found = held(&shelf.reader(), &other);
    assert_eq!((found[0].run, found[0].begun), (other.number, None));
    assert_eq!((sets_out(&one), sets_out(&other)), (Ok(false), Ok(true)));
}

#[test]
fn no_body_is_kept_twice_or_for_nobody() {
    let shelf = Shelf::new();
    let run = begin(&shelf);
    let edited = |delivery| Queued {
        body: Bytes::from_static(b"edited"),
        ..known(delivery)
    };
    let load = |delivery| {
        let load = shelf.reader().load(delivery).expect("it can be read");
        load.expect("it is queued").body
    };
    // One without an attempt.
    let delivery = shelf.enqueue_new(&run);
    shelf.enqueue(&run, known(delivery));
    assert_eq!(counts(&shelf), [1, 0, 1]);
    shelf.enqueue(&run, edited(delivery));
    assert_eq!(
        (counts(&shelf), load(delivery)),
        ([1, 0, 1], "edited".into())
    );
    shelf.writer().withdraw(&run, delivery).expect("it goes");
    assert_eq!(counts(&shelf), [0, 0, 0]);
    // One whose attempt had the body.
    let delivery = shelf.record(sample()).delivery;
    shelf.enqueue(&run, known(delivery));
    assert_eq!((counts(&shelf), load(delivery)), ([1, 1, 1], queued().body));
    shelf.enqueue(&run, edited(delivery));
    assert_eq!(counts(&shelf), [1, 1, 2]);
    // What is recorded beside the queue shares it too.
    let mut entry = attempt_of(delivery);
    entry.exchange.request.body = Bytes::from_static(b"edited");
    entry.attempt.size = 6;
    shelf.record(entry.clone());
    assert_eq!(counts(&shelf), [1, 2, 2]);
    shelf.settle(&run, entry, Follow::Finish);
    assert_eq!(counts(&shelf), [0, 3, 2]);
    // One without a body.
    let empty = Queued {
        body: Bytes::new(),
        ..known(delivery)
    };
    shelf.enqueue(&run, empty);
    assert_eq!((counts(&shelf), load(delivery)), ([1, 3, 2], Bytes::new()));
    shelf.writer().withdraw(&run, delivery).expect("it goes");
    assert_eq!(counts(&shelf), [0, 3, 2]);
}

#[test]
fn a_long_body_is_made_on_the_writers_side() {
    let shelf = Shelf::new();
    let run = begin(&shelf);
    let body = Bytes::from(vec![b'x'; super::super::writer::SMALL + 1]);
    let long = Queued {
        body: body.clone(),
        ..queued()
    };
    shelf.enqueue(&run, long);
    let load = shelf.reader().load(1).expect("it can be read");
    assert_eq!(load.expect("it is queued").body, body);
    let mut entry = attempt_of(1);
    entry.attempt.size = body.len() as u64;
    entry.exchange.request.body = body;
    shelf.settle(&run, entry, Follow::Finish);
    assert_eq!(counts(&shelf), [0, 1, 1]);
}

#[test]
fn a_delivery_that_was_pruned_fails_alone() {
    let shelf = Shelf::new();
    let run = begin(&shelf);
    let gone = answer(|done| shelf.writer().enqueue(&run, Box::new(known(99)), done));
    let error = gone.expect_err("there is none");
    assert_eq!(error.reason, "the delivery is gone: it was pruned");
    shelf.enqueue_new(&run);
}

#[test]
fn what_had_begun_is_known_to_who_takes_it_up() {
    let shelf = Shelf::new();
    let ended = begin(&shelf);
    let begun = Queued {
        begun: true,
        ..queued()
    };
    shelf.enqueue(&ended, begun);
    shelf.enqueue_new(&ended);
    ended.crash();
    let heir = begin(&shelf);
    assert_eq!(shelf.writer().claim(&heir), Ok(2));
    let rows = held(&shelf.reader(), &heir);
    let found: Vec<_> = rows.iter().map(|row| (row.run, row.begun)).collect();
    assert_eq!(
        found,
        [(ended.number, Some(next(1).due)), (ended.number, None)]
    );
    assert!(held(&shelf.reader(), &ended).is_empty());
}

#[test]
fn each_row_is_claimed_once() {
    const ROWS: usize = 2_000;
    let shelf = Shelf::new();
    let ended = [begin(&shelf), begin(&shelf)];
    for nth in 0..ROWS {
        let run = &ended[nth % 2];
        shelf.writer().enqueue(
            run,
            Box::new(queued()),
            Box::new(|done| {
                done.expect("it is queued");
            }),
        );
    }
    shelf.record(sample());
    ended.iter().for_each(Run::crash);
    let path = shelf.path();
    let claim = || {
        let writer = Writer::open(&path).expect("it opens");
        let run = writer.begin_run("terms").expect("a run");
        let claimed = writer.claim(&run).expect("it is done");
        let reader = Reader::open(&path).expect("it opens").expect("a store");
        let rows = held(&reader, &run);
        assert_eq!(u64::try_from(rows.len()), Ok(claimed));
        // Neither ends before both have claimed.
        (rows, run)
    };
    let (one, other) = thread::scope(|scope| {
        let other = scope.spawn(claim);
        (claim(), other.join().expect("it ends"))
    });
    let mut claimed: Vec<_> = [one.0, other.0].concat();
    claimed.sort_unstable_by_key(|row| row.delivery);
    claimed.dedup_by_key(|row| row.delivery);
    assert_eq!(claimed.len(), ROWS);
}
