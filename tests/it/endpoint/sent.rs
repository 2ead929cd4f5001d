//! `wh send --endpoint`.

use crate::support::Receiver;

use super::Desk;

/// HMAC-SHA256 of `{}` by `s3cret` and by `other`, made with Python's `hmac`.
const BY_S3CRET: &str = "adbde1ce40c89c14215687d5d762a47df6dfaefcfad61e2e86718ffc8498571b";
const BY_OTHER: &str = "32df24e34f0e9ecb137fa4320ab0d50bcc30843d88000f1360748b6144b4e8e5";

const SIGNATURE: &str = "X-Webhook-Signature";

#[test]
fn url_provider_and_secret_are_the_endpoints() {
    let receiver = Receiver::start([200, 200]);
    let desk = Desk::new();
    let url = receiver.url();
    desk.add(&format!("shop --url {url} --secret-file secret"));
    desk.add(&format!("office -P wlcro --url {url} --secret-env WLCRO"));
    let send = |name: &str| {
        let send = desk.wh(&format!("send x --data {{}} -q --endpoint {name}"));
        send.stdout_has("<-- 200").env("WLCRO", "s3cret")
    };
    // What the environment names is for whatever has none of its own.
    send("shop")
        .env("WH_SECRET", "other")
        .env("WH_PROVIDER", "tenant")
        .env("WH_URL", "http://127.0.0.1:1/")
        .run();
    send("office").run();
    let requests = receiver.requests();
    assert_eq!(requests[0].header(SIGNATURE), Some(BY_S3CRET));
    let by_wlcro = requests[1].header(SIGNATURE).unwrap();
    assert!(by_wlcro.starts_with("sha256="), "{by_wlcro}");
}

#[test]
fn a_secret_of_a_flag_counts_and_one_of_the_environment_where_it_has_none() {
    let receiver = Receiver::start([200, 200]);
    let desk = Desk::new();
    desk.add(&format!(
        "shop --url {} --secret-file secret",
        receiver.url()
    ));
    desk.add(&format!("bare --url {}", receiver.url()));
    for (args, variable) in [("shop --secret-env OTHER", "OTHER"), ("bare", "WH_SECRET")] {
        desk.wh(&format!("send x --data {{}} -q --endpoint {args}"))
            .env(variable, "other")
            .stdout_has("<-- 200")
            .run();
    }
    for request in receiver.requests() {
        assert_eq!(request.header(SIGNATURE), Some(BY_OTHER));
    }
}

#[test]
fn one_that_is_disabled_is_given_nothing() {
    let desk = Desk::furnished();
    desk.endpoint("disable shop").stdout_has("disabled").run();
    desk.trip("office");
    for (name, because) in [
        ("shop", "by hand"),
        ("office", "20 failed attempts in a row"),
    ] {
        desk.wh(&format!("send x --force --endpoint {name}"))
            .stderr(format!(
                "error: the endpoint `{name}` is disabled: {because}\nhint: wh endpoint enable {name}\n"
            ))
            .exit(7)
            .run();
    }
}

#[test]
fn an_event_that_it_does_not_take_is_forced_or_not_sent() {
    let receiver = Receiver::start([200, 200, 200]);
    let desk = Desk::new();
    let url = receiver.url();
    desk.add(&format!(
        "shop --url {url} --secret-file secret --events invoice.*"
    ));
    let send = |args: &str| desk.wh(&format!("send -q --endpoint shop {args}"));
    for args in ["estimate.created", "estimate.created --data {}"] {
        send(args)
            .stderr(
                "error: the endpoint `shop` does not take `estimate.created`: its events are invoice.*\n\
                 hint: --force sends it anyway\n",
            )
            .exit(7)
            .run();
    }
    for args in ["estimate.created --force", "invoice.paid", "--test"] {
        send(args).stdout_has("<-- 200").run();
    }
    assert_eq!(receiver.requests().len(), 3);
}

#[test]
fn another_provider_or_url_is_a_mistake() {
    let desk = Desk::furnished();
    desk.wh("send estimate.created --endpoint shop -P wlcro")
        .stderr(
            "error: the endpoint `shop` is of the provider `cepro`, not of `wlcro`\n\
             hint: leave -P out: an endpoint brings its provider along\n",
        )
        .exit(2)
        .run();
    desk.wh("send estimate.created --endpoint shop --url 3000")
        .stderr_has("cannot be used with")
        .exit(2)
        .run();
    desk.wh("send estimate.created --endpoint shop -P ce-pro --dry-run")
        .stdout_has("POST /hooks HTTP/1.1\n")
        .run();
}

#[test]
fn one_that_is_not_there_is_told() {
    let desk = Desk::furnished();
    desk.wh("send estimate.created --endpoint shoop")
        .stderr("error: there is no endpoint `shoop`\nhint: did you mean `shop`?\n")
        .exit(7)
        .run();
    desk.wh("send estimate.created --endpoint shop --store none")
        .stderr(
            "error: with `--store none` there are no endpoints\nhint: --store FILE names a store\n",
        )
        .exit(2)
        .run();
}

#[test]
fn one_that_is_given_up_is_called_by_its_name_where_it_is_kept() {
    let receiver = Receiver::start([500]);
    let desk = Desk::new();
    let url = receiver.url();
    let words = "send x --data {} --retry --disable-after 1 --secret-file secret";
    let warning = format!("warning: cepro {url}/ is disabled after 1 failure\n");
    desk.add(&format!("shop --url {url}"));
    desk.wh(&format!("{words} --endpoint shop"))
        .stdout_has("<-- 500")
        .stderr_has(format!(
            "{warning}hint: wh endpoint enable shop, then wh replay --resume\n"
        ))
        .exit(5)
        .run();
    let output = desk
        .wh(&format!("{words} --url {url} --store none"))
        .capture();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains(&warning) && !said.contains("wh endpoint"),
        "{said}"
    );
}
