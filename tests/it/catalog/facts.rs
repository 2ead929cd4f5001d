//! What the documents say of each platform, and how their gaps were settled.

use std::time::Duration;

use url::Url;
use wh::provider::{Https, IdForm, Provider, builtin};
use wh::retry::{BreakerAction, BreakerUnit, Rules};

use super::{providers, sent};

/// What is settled of one platform.
struct Facts {
    id: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    /// The header lines of every delivery, in order.
    headers: &'static [&'static str],
    /// Seconds.
    timeout: u64,
    dedupe: Option<&'static str>,
    make: IdForm,
    /// Seconds on both sides.
    tolerance: Option<i64>,
    https: Https,
    message: Option<&'static str>,
    breaker: Option<(u32, BreakerUnit, BreakerAction)>,
    assumed: &'static [&'static str],
}

const FACTS: [Facts; 5] = [
    Facts {
        id: "cepro",
        name: "CleanEstimatePro",
        aliases: &["ce-pro", "cleanestimatepro"],
        headers: &[
            "Content-Type",
            "X-Webhook-ID",
            "X-Webhook-Timestamp",
            "X-Webhook-Event",
            "X-Webhook-Attempt",
            "X-Webhook-Signature",
        ],
        timeout: 10,
        dedupe: Some("header X-Webhook-ID"),
        make: IdForm::Uuid,
        tolerance: None,
        https: Https::Required,
        message: Some("Webhook URL must be an external HTTPS endpoint"),
        breaker: None,
        assumed: &[
            "timestamp.format",
            "id.make",
            "delivery.dedupe_window",
            "any_event.sample",
        ],
    },
    Facts {
        id: "cepro-inbound",
        name: "CleanEstimatePro inbound callbacks",
        aliases: &[],
        headers: &["Content-Type", "Authorization"],
        timeout: 10,
        dedupe: None,
        make: IdForm::Uuid,
        tolerance: None,
        https: Https::Any,
        message: None,
        breaker: None,
        assumed: &[
            "provider.content_type",
            "delivery.timeout",
            "any_event.sample",
        ],
    },
    Facts {
        id: "wlcro",
        name: "WhiteLabelCRO",
        aliases: &["whitelabelcro"],
        headers: &["Content-Type", "X-Webhook-Timestamp", "X-Webhook-Signature"],
        timeout: 10,
        dedupe: Some("body /id"),
        make: IdForm::Integer,
        tolerance: Some(300),
        https: Https::ExceptDev,
        message: None,
        breaker: Some((20, BreakerUnit::Attempt, BreakerAction::Disable)),
        assumed: &[
            "provider.content_type",
            "timestamp.tolerance.future",
            "id.make",
            "delivery.retry.base",
            "delivery.retry.factor",
            "delivery.retry.cap",
            "delivery.breaker.unit",
            "delivery.dedupe_window",
            "any_event.sample",
        ],
    },
    Facts {
        id: "tenant",
        name: "Tenant platform",
        aliases: &[],
        headers: &[
            "Content-Type",
            "X-Webhook-ID",
            "X-Webhook-Event",
            "X-Webhook-Signature",
        ],
        timeout: 10,
        dedupe: Some("header X-Webhook-ID"),
        make: IdForm::Uuid,
        tolerance: None,
        https: Https::Required,
        message: None,
        breaker: None,
        assumed: &[
            "provider.content_type",
            "signature.header",
            "id.from",
            "id.make",
            "event.from",
            "headers.X-Webhook-Event",
            "delivery.timeout",
            "delivery.retry",
            "delivery.dedupe",
            "delivery.dedupe_window",
            "any_event.sample",
        ],
    },
    Facts {
        id: "orgjobs",
        name: "Organisation and jobs platform",
        aliases: &[],
        headers: &["Content-Type", "X-Webhook-Event", "X-Webhook-Signature"],
        timeout: 30,
        dedupe: None,
        make: IdForm::Uuid,
        tolerance: None,
        https: Https::Required,
        message: None,
        breaker: None,
        assumed: &[
            "provider.content_type",
            "headers.X-Webhook-Event",
            "any_event.sample",
        ],
    },
];

#[test]
fn every_provider_is_as_it_was_settled() {
    assert_eq!(providers().count(), FACTS.len());
    for facts in &FACTS {
        facts.hold();
    }
}

impl Facts {
    fn hold(&self) {
        let id = self.id;
        let provider = builtin(id).unwrap();
        assert_eq!(provider.name, self.name, "{id}");
        assert_eq!(provider.aliases, self.aliases, "{id}");
        assert_eq!(provider.assumed, self.assumed, "{id}");
        assert_eq!(provider.content_type, "application/json", "{id}");
        assert_eq!(provider.id_rule.make, self.make, "{id}");
        self.hold_of_headers(&provider);
        self.hold_of_delivery(&provider);
    }

    fn hold_of_headers(&self, provider: &Provider) {
        let id = self.id;
        for attempt in [1, 2] {
            let message = sent(provider, "a.b", "{}", attempt, true);
            let names: Vec<_> = message.headers.iter().map(|(name, _)| name).collect();
            assert_eq!(names, self.headers, "{id} attempt {attempt}");
            let message = sent(provider, "a.b", "{}", attempt, false);
            let unsigned: Vec<_> = message.headers.iter().map(|(name, _)| name).collect();
            let (_, all_but_the_signature) = self.headers.split_last().unwrap();
            assert_eq!(unsigned, all_but_the_signature, "{id} attempt {attempt}");
        }
        let rule = provider.timestamp.as_ref();
        let [past, future] = [
            rule.and_then(|rule| rule.tolerance.past),
            rule.and_then(|rule| rule.tolerance.future),
        ]
        .map(|limit| limit.map(|limit| limit.as_secs()));
        assert_eq!((past, future), (self.tolerance, self.tolerance), "{id}");
    }

    fn hold_of_delivery(&self, provider: &Provider) {
        let (id, delivery) = (self.id, &provider.delivery);
        assert_eq!(delivery.jitter_percent, 0, "{id}");
        assert_eq!(delivery.timeout, Duration::from_secs(self.timeout), "{id}");
        assert_eq!(delivery.connect_timeout, delivery.timeout, "{id}");
        let successes: Vec<u16> = (100..600)
            .filter(|s| delivery.rules.success.contains(*s))
            .collect();
        assert_eq!(successes, (200..300).collect::<Vec<_>>(), "{id}");
        assert_eq!(delivery.rules, Rules::default(), "{id}");
        let dedupe = delivery.dedupe.as_ref().map(ToString::to_string);
        assert_eq!(dedupe.as_deref(), self.dedupe, "{id}");
        let day = Duration::from_secs(24 * 60 * 60);
        assert_eq!(delivery.dedupe_window, day, "{id}");
        assert_eq!(delivery.live_only, id == "cepro", "{id}");
        assert_eq!(delivery.url.https, self.https, "{id}");
        assert_eq!(delivery.url.rejects_private, id == "cepro", "{id}");
        assert_eq!(delivery.url.message.as_deref(), self.message, "{id}");
        let breaker = delivery.breaker.map(|b| (b.failures, b.unit, b.action));
        assert_eq!(breaker, self.breaker, "{id}");
        assert_eq!(provider.signs_optionally(), id == "orgjobs", "{id}");
    }
}

/// Name, description, the event that took its place, and whether the fields of its sample are assumed.
type Row = (&'static str, &'static str, Option<&'static str>, bool);

const CURRENT: [Row; 9] = [
    ("lead.created", "A new lead is created.", None, true),
    ("lead.status_changed", "A lead changes status.", None, true),
    ("estimate.created", "A new estimate is created.", None, true),
    (
        "estimate.accepted",
        "A customer accepts an estimate.",
        None,
        true,
    ),
    ("job.created", "A job is created.", None, true),
    (
        "job.completed",
        "A scheduled job is marked complete.",
        None,
        false,
    ),
    ("invoice.created", "A new invoice is created.", None, true),
    (
        "invoice.paid",
        "An invoice is fully paid through the approved payment flow.",
        None,
        true,
    ),
    (
        "bug_report_created",
        "A bug report is submitted through the in-app reporting flow.",
        None,
        true,
    ),
];

const LEGACY: [Row; 6] = [
    (
        "proposal_created",
        "A legacy internal proposal is generated.",
        None,
        true,
    ),
    (
        "proposal_sent",
        "A legacy internal proposal is delivered.",
        None,
        true,
    ),
    (
        "proposal_accepted",
        "A legacy internal proposal is accepted.",
        None,
        false,
    ),
    (
        "proposal_declined",
        "A legacy internal proposal is declined.",
        None,
        true,
    ),
    (
        "estimate_created",
        "A legacy estimate-created event for older integrations.",
        Some("estimate.created"),
        true,
    ),
    (
        "job_completed",
        "A legacy job-completed event for older integrations.",
        Some("job.completed"),
        true,
    ),
];

#[test]
fn clean_estimate_pro_has_fifteen_events_six_of_them_legacy() {
    let provider = builtin("cepro").unwrap();
    let rows = |legacy| {
        let events = provider.events.iter().filter(move |e| e.legacy == legacy);
        let row = events.map(|event| {
            let description = event.description.as_deref().unwrap();
            (
                &*event.name,
                description,
                event.replaced_by.as_deref(),
                event.assumed,
            )
        });
        row.collect::<Vec<_>>()
    };
    assert_eq!(
        (rows(false), rows(true)),
        (CURRENT.to_vec(), LEGACY.to_vec())
    );
    let test = provider.test.as_ref().map(|test| &*test.event);
    assert_eq!(test, Some("estimate.created"));
}

#[test]
fn the_other_platforms_have_the_events_their_documents_name() {
    for (id, open, test, documented, assumed) in [
        ("cepro-inbound", true, None, &[][..], &[][..]),
        (
            "wlcro",
            false,
            Some("client.created"),
            &["client.created"],
            &[
                "payment.succeeded",
                "payment.failed",
                "invoice.created",
                "agreement.signed",
            ],
        ),
        ("tenant", true, None, &[], &[]),
        (
            "orgjobs",
            false,
            None,
            &["job.created", "job.updated"],
            &["job.deleted"],
        ),
    ] {
        let provider = builtin(id).unwrap();
        let names = |assumed| {
            let events = provider.events.iter().filter(move |e| e.assumed == assumed);
            events.map(|event| &*event.name).collect::<Vec<_>>()
        };
        assert_eq!(
            (names(false), names(true)),
            (documented.to_vec(), assumed.to_vec()),
            "{id}"
        );
        assert_eq!(provider.any_event.as_ref().unwrap().open, open, "{id}");
        assert_eq!(
            provider.test.as_ref().map(|test| &*test.event),
            test,
            "{id}"
        );
    }
}

/// `changes` belongs to `job.updated` alone, though the page prints it under `job.created`.
#[test]
fn only_an_updated_job_says_what_changed() {
    let provider = builtin("orgjobs").unwrap();
    let changed = provider
        .events
        .iter()
        .filter(|event| event.sample.contains("\"changes\""));
    assert_eq!(
        changed.map(|event| &*event.name).collect::<Vec<_>>(),
        ["job.updated"]
    );
}

#[test]
fn an_attempt_carries_what_its_platform_tells_of_it() {
    for (id, attempt, lines) in [
        (
            "cepro",
            1,
            &[
                "Content-Type: application/json",
                "X-Webhook-ID: 12345",
                "X-Webhook-Timestamp: 2026-01-28T10:30:00.000Z",
                "X-Webhook-Event: a.b",
                "X-Webhook-Attempt: 1",
                "X-Webhook-Signature: 77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13",
            ][..],
        ),
        (
            "cepro",
            4,
            &[
                "Content-Type: application/json",
                "X-Webhook-ID: 12345",
                "X-Webhook-Timestamp: 2026-01-28T10:30:03.000Z",
                "X-Webhook-Event: a.b",
                "X-Webhook-Attempt: 4",
                // The body alone is signed, and it stays.
                "X-Webhook-Signature: 77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13",
            ],
        ),
        (
            "wlcro",
            1,
            &[
                "Content-Type: application/json",
                "X-Webhook-Timestamp: 1769596200",
                "X-Webhook-Signature: sha256=930c0f5b4e191040fcd8859e0f75723e41a34c15f2c2b4ffe10144812db115d5",
            ],
        ),
        (
            "wlcro",
            11,
            &[
                "Content-Type: application/json",
                "X-Webhook-Timestamp: 1769596210",
                "X-Webhook-Signature: sha256=bbc3db00002820801bd5e80f4e4b24dbdcee4bc8d2ac435d46cc39338dc7f2f0",
            ],
        ),
        (
            "orgjobs",
            1,
            &[
                "Content-Type: application/json",
                "X-Webhook-Event: a.b",
                "X-Webhook-Signature: sha256=77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13",
            ],
        ),
        (
            "cepro-inbound",
            1,
            &[
                "Content-Type: application/json",
                "Authorization: Bearer secret",
            ],
        ),
    ] {
        let message = sent(&builtin(id).unwrap(), "a.b", "{}", attempt, true);
        let text = |(name, value)| format!("{name}: {}", str::from_utf8(value).unwrap());
        assert_eq!(
            message.headers.iter().map(text).collect::<Vec<_>>(),
            lines,
            "{id} {attempt}"
        );
        assert_eq!(
            (&*message.method, &*message.target),
            ("POST", "/hooks"),
            "{id}"
        );
    }
}

const NOT_HTTPS: &str = "it is not HTTPS";

#[test]
fn each_platform_takes_the_urls_its_document_allows() {
    const CEPRO: &str = "Webhook URL must be an external HTTPS endpoint";
    const UNTOLD: &str = "the platform refuses this URL";
    for (id, url, refusal) in [
        ("cepro", "https://example.com/hooks", None),
        ("cepro", "https://abc123.ngrok.io/webhooks/cepro", None),
        (
            "cepro",
            "http://example.com/hooks",
            Some((CEPRO, NOT_HTTPS)),
        ),
        ("cepro", "http://localhost:3000/", Some((CEPRO, NOT_HTTPS))),
        (
            "cepro",
            "https://localhost/",
            Some((CEPRO, "`localhost` is not an external host")),
        ),
        (
            "cepro",
            "https://10.0.0.1/",
            Some((CEPRO, "`10.0.0.1` is not an external host")),
        ),
        (
            "cepro",
            "https://[::1]/",
            Some((CEPRO, "`[::1]` is not an external host")),
        ),
        ("wlcro", "https://example.com/", None),
        ("wlcro", "http://localhost:3000/", None),
        ("wlcro", "http://127.0.0.1/", None),
        ("wlcro", "http://example.com/", Some((UNTOLD, NOT_HTTPS))),
        ("tenant", "https://localhost/", None),
        ("tenant", "http://localhost/", Some((UNTOLD, NOT_HTTPS))),
        ("orgjobs", "https://10.0.0.1/", None),
        ("orgjobs", "http://example.com/", Some((UNTOLD, NOT_HTTPS))),
        ("cepro-inbound", "http://localhost/", None),
    ] {
        let policy = builtin(id).unwrap().delivery.url;
        let checked = policy.check(&Url::parse(url).unwrap(), &[]);
        let found = checked
            .err()
            .map(|problem| (problem.message, problem.because));
        let refusal = refusal.map(|(m, b): (&str, &str)| (m.to_owned(), b.to_owned()));
        assert_eq!(found, refusal, "{id} {url}");
    }
    let resolved = builtin("cepro").unwrap().delivery.url.check(
        &Url::parse("https://example.com/").unwrap(),
        &["93.184.216.34", "192.168.1.1"].map(|address| address.parse().unwrap()),
    );
    let because = "its name resolves to 192.168.1.1, which is not external";
    assert_eq!(resolved.unwrap_err().because, because);
}
