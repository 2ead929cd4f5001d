//! `--resume` and `--discard`: what an ended process left.

use rustix::process::Signal;

use crate::support::{Answer, DATA, Receiver, Reply};

use super::{Desk, verdict};

/// A provider of one's own.
const ACME: &str = r#"
    provider = { id = "acme" }
    signature = { algorithm = "hmac-sha256", signs = "{body}", encoding = "hex", header = "X-Sig", value = "{sig}" }
    any_event = { open = true, sample = "{}" }
"#;

/// A receiver that lets so many attempts hang, and takes what comes then.
fn hanging(times: usize) -> Receiver {
    let hang = std::iter::repeat_n(Answer::Hang, times);
    Receiver::start(hang.chain([Answer::Reply(Reply::new(200))]))
}

/// Begins to send by these words, and kills that while the attempt is on its way.
fn killed(desk: &Desk, words: &str, receiver: &Receiver) {
    let before = receiver.requests().len();
    let sending = desk
        .bare(&format!("send estimate.created --retry {words}"))
        .spawn();
    receiver.wait_for(before + 1);
    sending.signal(Signal::KILL);
    sending.wait();
}

/// A delivery that a killed sender has left, to a receiver that lets so many attempts hang.
fn unfinished(times: usize) -> (Desk, Receiver) {
    let (desk, receiver) = (Desk::new(), hanging(times));
    let words = format!("--url {} --secret-file secret", receiver.url());
    killed(&desk, &words, &receiver);
    (desk, receiver)
}

#[test]
fn what_was_on_its_way_is_told_as_unknown_and_sent_once_more() {
    let (desk, receiver) = unfinished(1);
    desk.bare("replay --resume")
        .stdout_has("the outcome is unknown")
        .stdout_has("[#1]  ✓ signed  attempt 1/4")
        .stdout_has("<-- 200")
        .run();
    let requests = receiver.requests();
    for name in ["X-Webhook-ID", "X-Webhook-Attempt"] {
        assert_eq!(requests[0].header(name), requests[1].header(name));
    }
    assert!(verdict("cepro", &requests[1]).is_valid());
    desk.bare("replay --resume")
        .stderr("note: nothing is unfinished\n")
        .run();
    assert_eq!(receiver.requests().len(), 2);
}

#[test]
fn a_secret_by_value_is_given_again_or_nothing_goes_on() {
    let receiver = hanging(1);
    let desk = Desk::new();
    let url = receiver.url();
    killed(&desk, &format!("--url {url} --secret s3cret"), &receiver);
    for _ in 0..2 {
        desk.bare("replay --resume")
            // It held another one then, for all that anybody knows.
            .env("WH_SECRET", "other")
            .stderr(format!(
                "error: the secret of `cepro` at {url}/ was given by value, which is not kept\n\
                 hint: give it again: --secret-file FILE or --secret-env NAME\n"
            ))
            .exit(7)
            .run();
    }
    let data = desk.dir().path().join(DATA);
    let kept = ["store.db", "store.db-wal"].map(|name| std::fs::read(data.join(name)));
    assert!(kept[0].is_ok());
    for bytes in kept.into_iter().flatten() {
        assert!(!bytes.windows(6).any(|bytes| bytes == b"s3cret"));
    }
    desk.wh("replay --resume").stdout_has("<-- 200").run();
    assert!(verdict("cepro", &receiver.requests()[1]).is_valid());
}

#[test]
fn user_and_password_of_a_url_are_given_again() {
    let receiver = hanging(1);
    let desk = Desk::new();
    let shown = receiver.url();
    let whole = shown.replace("//", "//ann:one@");
    killed(
        &desk,
        &format!("--url {whole} --secret-file secret"),
        &receiver,
    );
    for words in [
        String::new(),
        format!("--url {shown}"),
        "--url 3000".to_owned(),
    ] {
        desk.bare(&format!("replay --resume {words}"))
            .stderr_has(format!(
                "the user and the password of {shown}/ were in the URL"
            ))
            .exit(7)
            .run();
    }
    desk.bare(&format!("replay --resume --url {whole}"))
        .stdout_has("<-- 200")
        .run();
    let requests = receiver.requests();
    assert_eq!(
        requests[1].header("Authorization"),
        requests[0].header("Authorization")
    );
    assert!(requests[1].header("Authorization").is_some());
}

#[test]
fn of_two_at_once_one_has_the_work() {
    let (desk, receiver) = unfinished(2);
    let first = desk.bare("replay --resume").spawn();
    receiver.wait_for(2);
    desk.bare("replay --resume")
        .stderr("note: nothing is unfinished\n")
        .run();
    desk.wh("replay 1").stderr_has("note: #1 is left out").run();
    first.signal(Signal::KILL);
    first.wait();
    desk.bare("replay --resume").stdout_has("<-- 200").run();
    assert_eq!(receiver.requests().len(), 3);
}

#[test]
fn others_say_that_there_is_something_to_resume() {
    let (desk, receiver) = unfinished(1);
    let url = receiver.url();
    desk.wh(&format!("send estimate.created --retry --url {url}"))
        .stdout_has("<-- 200")
        .stderr("hint: 1 unfinished from earlier: wh replay --resume\n")
        .run();
    desk.bare("replay --discard")
        .stderr_has("error: nobody is asked whether to give up 1 unfinished delivery\n")
        .exit(2)
        .run();
    desk.bare("replay --discard --yes")
        .stderr("note: 1 unfinished delivery given up\n")
        .run();
    for words in ["--resume", "--discard"] {
        desk.bare(&format!("replay {words}"))
            .stderr("note: nothing is unfinished\n")
            .run();
    }
    assert_eq!(receiver.requests().len(), 2);
}

#[test]
fn what_waits_for_a_disabled_endpoint_stays_in_the_queue() {
    let receiver = Receiver::start([500, 200]);
    let desk = Desk::new();
    let url = receiver.url();
    let send = format!("send estimate.created --retry --disable-after 1 --url {url}");
    desk.wh(&format!("{send} --speed 1000000x"))
        .stdout_has("<-- 500")
        .stderr_has("is disabled after 1 failure\n")
        .exit(5)
        .run();
    desk.bare("replay --resume")
        .stderr_has(format!(
            "note: 1 to `{url}/` stays in the queue: the endpoint is disabled\n"
        ))
        .stderr_has(format!(
            "hint: wh endpoint enable {url}/, then wh replay --resume\n"
        ))
        .run();
    desk.bare(&format!("endpoint enable {url}/"))
        .stdout_has("")
        .stderr_has("")
        .run();
    desk.bare("replay --resume").stdout_has("attempt 2/4").run();
    assert_eq!(receiver.requests().len(), 2);
}

#[test]
fn a_provider_that_has_gone_is_an_error_and_takes_nothing() {
    let receiver = hanging(1);
    let desk = Desk::new();
    let url = receiver.url();
    let file = desk.dir().path().join("mine.toml");
    let text = desk.bare("provider show cepro --toml").capture();
    assert_eq!(text.code, 0);
    std::fs::write(&file, &text.stdout).unwrap();
    let words = "--provider-file mine.toml --secret-file secret";
    killed(&desk, &format!("--url {url} {words}"), &receiver);
    std::fs::remove_file(&file).unwrap();
    desk.bare("replay --resume")
        .stderr_has("mine.toml")
        .exit(7)
        .run();
    std::fs::write(&file, &text.stdout).unwrap();
    desk.bare("replay --resume").stdout_has("<-- 200").run();
}

#[test]
fn it_names_nothing_else() {
    let desk = Desk::new();
    for words in [
        "1",
        "status:5xx",
        "--edit",
        "--last 3",
        "--discard",
        "--event x",
    ] {
        desk.bare(&format!("replay --resume {words}"))
            .stderr_has("cannot be used with")
            .exit(2)
            .run();
    }
}

#[test]
fn what_is_in_the_queue_before_an_error_is_told() {
    let receiver = Receiver::start([200]);
    let desk = Desk::new();
    desk.sends("-P wlcro client.created", &receiver);
    // It has no place for an id.
    desk.sends("-P wlcro client.created --data {}", &receiver);
    desk.wh("replay 1 2 --new-id --yes")
        .stderr_has("1 in the queue by then: wh replay --resume sends what is there")
        .exit(7)
        .run();
    assert_eq!(receiver.requests().len(), 2);
    desk.wh("replay 2 --new-id").stderr_has("").exit(7).run();
    desk.bare("replay --resume").stdout_has("<-- 200").run();
    assert_eq!(receiver.requests().len(), 3);
}

#[test]
fn a_secret_that_is_given_again_signs_nothing_that_has_its_own() {
    let receiver = hanging(2);
    let desk = Desk::new();
    let url = receiver.url();
    std::fs::write(desk.dir().path().join("other"), "another").unwrap();
    killed(
        &desk,
        &format!("--url {url}/kept --secret-file secret"),
        &receiver,
    );
    killed(
        &desk,
        &format!("--url {url}/value --secret another"),
        &receiver,
    );
    desk.bare("replay --resume --secret-file other")
        .stdout_has("2 deliveries: 2 delivered")
        .run();
    for request in &receiver.requests()[2..] {
        let is_kept = request.head.starts_with(b"POST /kept ");
        assert_eq!(verdict("cepro", request).is_valid(), is_kept);
    }
}

#[test]
fn a_secret_whose_file_is_gone_is_given_by_another() {
    let receiver = hanging(1);
    let desk = Desk::new();
    let url = receiver.url();
    let file = desk.dir().path().join("moved");
    std::fs::write(&file, "s3cret").unwrap();
    killed(
        &desk,
        &format!("--url {url} --secret-file moved"),
        &receiver,
    );
    std::fs::remove_file(&file).unwrap();
    desk.bare("replay --resume")
        .stderr_has("hint: --secret-file FILE or --secret-env NAME names another\n")
        .exit(7)
        .run();
    desk.wh("replay --resume").stdout_has("<-- 200").run();
    assert!(verdict("cepro", &receiver.requests()[1]).is_valid());
}

#[test]
fn the_schedule_that_was_begun_goes_on_and_no_other_is_taken() {
    let desk = Desk::new();
    for words in [
        "--resume --speed 60x",
        "--resume --timings once",
        "--resume --allow-self",
        "--discard --speed 60x",
        "--discard --concurrency 2",
    ] {
        desk.bare(&format!("replay {words}"))
            .stderr_has("cannot be used with")
            .exit(2)
            .run();
    }
}

#[test]
fn an_endpoint_is_called_as_it_is_enabled() {
    let receiver = Receiver::start([500]);
    let desk = Desk::new();
    let url = format!("{}/hooks?a=1&b=2", receiver.url());
    let send = "send estimate.created --retry --disable-after 1";
    desk.bare(&format!(
        "endpoint add shop --url {url} --secret-file secret"
    ))
    .stdout_has("added")
    .stderr_has("note")
    .run();
    desk.wh(&format!("{send} --endpoint shop"))
        .stdout_has("1 held back from a disabled endpoint")
        .stderr_has("is disabled after 1 failure\n")
        .stderr_has("hint: wh endpoint enable shop, then wh replay --resume\n")
        .exit(5)
        .run();
    desk.bare("replay --resume")
        .stderr_has("note: 1 to `shop` stays in the queue: the endpoint is disabled\n")
        .run();
    desk.wh(&format!("{send} --url {url}"))
        .stdout_has("1 held back from a disabled endpoint")
        .stderr_has(format!("hint: wh endpoint enable '{url}', then"))
        .exit(5)
        .run();
    let output = desk
        .wh(&format!("{send} --url {url} --store none"))
        .capture();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("is disabled after 1 failure\n"), "{said}");
    assert!(!said.contains("wh endpoint enable"), "{said}");
}

#[test]
fn a_provider_file_that_is_gone_is_put_back_or_what_waits_for_it_given_up() {
    let receiver = hanging(1);
    let desk = Desk::new();
    let (file, url) = (desk.dir().path().join("acme.toml"), receiver.url());
    std::fs::write(&file, ACME).unwrap();
    let sending = desk
        .wh(&format!(
            "send e.v --provider-file acme.toml --retry --url {url}"
        ))
        .spawn();
    receiver.wait_for(1);
    sending.signal(Signal::KILL);
    sending.wait();
    std::fs::remove_file(&file).unwrap();
    desk.bare("replay --resume")
        .stderr_has("hint: put it back, or wh replay --discard\n")
        .exit(7)
        .run();
    std::fs::write(&file, ACME).unwrap();
    desk.bare("replay --resume").stdout_has("<-- 200").run();
}
