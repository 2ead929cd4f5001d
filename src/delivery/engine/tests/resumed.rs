//! Deliveries that wait in a store.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::delivery::{Engine, Job, Journal, Route, Terms, Update, Watch, row};
use crate::retry::BreakerUnit;
use crate::store::{Queued, Reader, Run, Waiting, Writer};

use super::{ORDERED, Receiver, job, provider, route, status};

/// A folder with a store.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    fn writer(&self) -> Writer {
        Writer::open(&self.0.path().join("store.db")).expect("it opens")
    }

    fn reader(&self) -> Reader {
        let reader = Reader::open(&self.0.path().join("store.db"));
        reader.expect("it opens").expect("it is there")
    }

    /// Leaves the rows of these deliveries behind, each by a run of its own.
    fn leave(&self, jobs: &[Job]) {
        for job in jobs {
            self.leave_row(row(job, false));
        }
    }

    fn leave_row(&self, row: Queued) {
        let writer = self.writer();
        let run = writer.begin_run("terms").expect("a run");
        let (tell, told) = channel();
        let done = move |said| drop(tell.send(said));
        writer.enqueue(&run, Box::new(row), Box::new(done));
        told.recv().expect("it is said").expect("it is written");
    }

    /// Takes over what was left.
    fn claim(&self) -> (Writer, Run) {
        let writer = self.writer();
        let run = writer.begin_run("terms").expect("a run");
        writer.claim(&run).expect("it is claimed");
        (writer, run)
    }

    /// The journal of what was left.
    fn journal(&self) -> Journal {
        let (writer, run) = self.claim();
        let reader = self.reader();
        Journal::Queue {
            writer,
            reader,
            run,
        }
    }

    /// What is left now: the webhook ids in their order, and whether an attempt went out.
    fn left(&self) -> Vec<(String, bool)> {
        let (_writer, run) = self.claim();
        let reader = self.reader();
        let mut rows: Vec<Waiting> = Vec::new();
        reader
            .held(&run, |row| rows.push(row))
            .expect("it can be read");
        let left = rows.into_iter().map(|row| {
            let load = reader.load(row.delivery).expect("it can be read");
            let id = load.and_then(|load| load.webhook_id);
            (id.expect("it has one"), row.begun.is_some())
        });
        left.collect()
    }
}

/// A route of its own to the one endpoint.
fn way(receiver: &Receiver, answer: super::Answer) -> Route {
    route(
        provider("cepro"),
        receiver.client(answer),
        Terms {
            speed: 1_000_000.0,
            ..Terms::default()
        },
    )
}

/// The same to a receiver that is disabled after three failures in a row.
fn watched(receiver: &Receiver, endpoint: i64, answer: super::Answer) -> Route {
    way(receiver, answer).watched(Some(Watch {
        endpoint: Some(endpoint),
        called: String::new(),
        limit: 3,
        unit: BreakerUnit::Attempt,
    }))
}

/// One route for each of so many runs.
fn ways(count: i64, make: impl Fn() -> Route) -> Vec<(i64, Arc<Route>)> {
    let numbers = 1..=count;
    numbers.map(|run| (run, Arc::new(make()))).collect()
}

fn of_run(ways: &[(i64, Arc<Route>)], run: i64) -> Option<Arc<Route>> {
    let way = ways.iter().find(|(number, _)| *number == run);
    way.map(|(_, route)| Arc::clone(route))
}

/// Deliveries with these ids, on any way.
fn jobs(route: &Arc<Route>, ids: &[&str]) -> Vec<Job> {
    ids.iter().map(|id| job(route, id)).collect()
}

#[tokio::test]
async fn one_that_stays_after_all_keeps_its_place() {
    let (home, receiver) = (Home::new(), Receiver::new());
    let route = Arc::new(way(&receiver, |_, _| status(200)));
    home.leave(&jobs(&route, &["a", "b"]));
    let mut tell = |_: Update<'_>| Ok(());
    let mut engine = Engine::new(home.journal(), ORDERED, &mut tell);
    let taken = engine.take_up(|_| Some(Arc::clone(&route)));
    taken.expect("it can be read");
    let mut none = Vec::new().into_iter();
    let ended = engine.run(&mut none, std::future::ready(())).await;
    assert_eq!(ended.expect("it ends").unfinished, 2);
    assert!(receiver.came().is_empty());
    let left = ["a", "b"].map(|id| (id.to_owned(), false));
    assert_eq!(home.left(), left);
}

#[tokio::test(start_paused = true)]
async fn one_is_waited_for_until_it_is_due_and_never_longer_than_it_was_to_be() {
    const HOUR: Duration = Duration::from_secs(3600);
    // By the wall it is an hour until then, a little of which passes before the row is read.
    for (wait, least, most) in [
        (2 * HOUR, 3_500_000, 3_600_000),
        (HOUR / 60, 60_000, 60_000),
    ] {
        let (home, receiver) = (Home::new(), Receiver::new());
        let route = Arc::new(way(&receiver, |_, _| status(200)));
        let mut row = row(&job(&route, "a"), false);
        row.next.due = Timestamp::now() + SignedDuration::from_hours(1);
        row.next.wait = wait;
        home.leave_row(row);
        let mut tell = |_: Update<'_>| Ok(());
        let mut engine = Engine::new(home.journal(), ORDERED, &mut tell);
        let taken = engine.take_up(|_| Some(Arc::clone(&route)));
        taken.expect("it can be read");
        let mut none = Vec::new().into_iter();
        let ended = engine.run(&mut none, std::future::pending()).await;
        assert_eq!(ended.expect("it ends").tally.delivered, 1);
        let at = receiver.times()[0];
        assert!((least..=most).contains(&at), "{at}");
    }
}

#[tokio::test]
async fn several_ways_to_one_endpoint_keep_one_order() {
    let (home, receiver) = (Home::new(), Receiver::new());
    let make = || way(&receiver, |nth, _| status(if nth < 2 { 500 } else { 200 }));
    let ways = ways(3, make);
    home.leave(&jobs(&ways[0].1, &["a", "b", "c"]));
    let mut tell = |_: Update<'_>| Ok(());
    let mut engine = Engine::new(home.journal(), ORDERED, &mut tell);
    let taken = engine.take_up(|waiting| of_run(&ways, waiting.run));
    taken.expect("it can be read");
    let mut none = Vec::new().into_iter();
    let ended = engine.run(&mut none, std::future::pending()).await;
    assert_eq!(ended.expect("it ends").tally.delivered, 3);
    assert_eq!(receiver.ids(), ["a", "a", "a", "b", "c"]);
}

#[tokio::test]
async fn an_endpoint_that_is_disabled_is_so_on_every_way() {
    let (home, receiver) = (Home::new(), Receiver::new());
    let endpoint = home
        .writer()
        .bare_endpoint("cepro", "http://receiver.test/");
    let number = endpoint.expect("it is entered").number;
    let ways = ways(3, || watched(&receiver, number, |_, _| status(500)));
    home.leave(&jobs(&ways[0].1, &["a", "b", "c"]));
    let mut told = 0;
    let mut tell = |update: Update<'_>| {
        told += u32::from(matches!(update, Update::Disabled { .. }));
        Ok(())
    };
    let mut engine = Engine::new(home.journal(), ORDERED, &mut tell);
    let taken = engine.take_up(|waiting| of_run(&ways, waiting.run));
    taken.expect("it can be read");
    let mut none = Vec::new().into_iter();
    let ended = engine.run(&mut none, std::future::pending()).await;
    assert_eq!(ended.expect("it ends").tally.held, 3);
    assert_eq!(receiver.ids(), ["a", "a", "a"]);
    assert_eq!(told, 1);
    assert_eq!(home.left().len(), 3);
}

#[tokio::test]
async fn an_endpoint_that_somebody_else_has_disabled_is_given_nothing_more() {
    let (home, receiver) = (Home::new(), Receiver::new());
    let writer = home.writer();
    let endpoint = writer.bare_endpoint("cepro", "http://receiver.test/");
    let number = endpoint.expect("it is entered").number;
    let route = Arc::new(watched(&receiver, number, |_, _| status(200)));
    home.leave(&jobs(&route, &["a", "b"]));
    let switched = writer.switch_endpoint(number, false);
    assert_eq!(switched, Ok(true));
    let mut told = Vec::new();
    let mut tell = |update: Update<'_>| {
        if let Update::Disabled { failures, .. } = update {
            told.push(failures);
        }
        Ok(())
    };
    let mut engine = Engine::new(home.journal(), ORDERED, &mut tell);
    let taken = engine.take_up(|_| Some(Arc::clone(&route)));
    taken.expect("it can be read");
    let mut none = Vec::new().into_iter();
    let ended = engine.run(&mut none, std::future::pending()).await;
    assert_eq!(ended.expect("it ends").tally.held, 1);
    assert_eq!(receiver.ids(), ["a"]);
    assert_eq!(told, [None]);
}
