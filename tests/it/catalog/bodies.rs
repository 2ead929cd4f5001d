//! The bodies that the documents print, byte for byte.

use wh::provider::builtin;

use super::{NOW, filled, sent};

/// "Webhook Signing", Example Payload.
const JOB_COMPLETED: &str = r#"{
  "event": "job.completed",
  "timestamp": "2026-03-14T16:45:00.000Z",
  "data": {
    "job_id": "2d74d878-9a62-45da-84de-74d91c4a2b4d",
    "status": "complete"
  }
}"#;

/// "Webhook Integrations", Payload Format.
const PROPOSAL_ACCEPTED: &str = r#"{
  "event": "proposal_accepted",
  "timestamp": "2026-03-08T14:30:00Z",
  "data": {
    "id": "prop_xyz789",
    "client_name": "Jane Smith",
    "client_email": "jane@example.com",
    "total": 2500.00,
    "status": "accepted",
    "accepted_at": "2026-03-08T14:29:45Z"
  }
}"#;

/// "Webhook Integrations", Test Delivery Payload.
const SEND_TEST: &str = r#"{
  "event": "estimate.created",
  "timestamp": "2026-03-08T14:30:00Z",
  "data": {
    "test": true,
    "message": "This is a test webhook from CleanEstimate Pro",
    "estimate_id": "00000000-0000-0000-0000-000000000000",
    "estimate_number": "TEST-001",
    "customer_name": "Test Customer",
    "total": 250.0
  }
}"#;

/// "Quickstart: Webhooks for Developers", Step 5.
const CLIENT_CREATED: &str = r#"{
  "id": 12345,
  "type": "client.created",
  "createdUtc": "2026-01-28T10:30:00Z",
  "payload": {
    "client_id": 5678,
    "first_name": "John",
    "last_name": "Doe",
    "email": "john@example.com"
  }
}"#;

/// The bodies that are sent as they are printed, always.
pub(super) const DOCUMENTED: [&str; 3] = [JOB_COMPLETED, PROPOSAL_ACCEPTED, SEND_TEST];

#[test]
fn the_printed_bodies_are_sent_byte_for_byte() {
    let cepro = builtin("cepro").unwrap();
    let wlcro = builtin("wlcro").unwrap();
    let sample = |name| cepro.event(name).unwrap().sample.clone();
    let client = wlcro.event("client.created").unwrap().sample.clone();
    for (provider, sample, body) in [
        (&cepro, sample("job.completed"), JOB_COMPLETED),
        (&cepro, sample("proposal_accepted"), PROPOSAL_ACCEPTED),
        (&cepro, cepro.test.clone().unwrap().sample, SEND_TEST),
        (&wlcro, client, CLIENT_CREATED),
        (&wlcro, wlcro.test.clone().unwrap().sample, CLIENT_CREATED),
    ] {
        let rendered = filled(&sample, "client.created", "12345", NOW, 7);
        assert_eq!(rendered, body);
        let message = sent(provider, "client.created", &rendered, 1, true);
        assert_eq!(message.body, body);
    }
}

/// No number is written anew on its way out: not in the printed bodies, not in the other samples.
#[test]
fn amounts_keep_their_decimals() {
    for (provider, amount, samples) in [("cepro", "2500.00", 9), ("wlcro", "149.00", 3)] {
        let provider = builtin(provider).unwrap();
        let rendered = provider
            .events
            .iter()
            .map(|event| filled(&event.sample, &event.name, "12345", NOW, 1));
        let with_amount = rendered.filter(|body| body.contains(&format!(": {amount}")));
        assert_eq!(with_amount.count(), samples, "{}", provider.id);
    }
    assert!(PROPOSAL_ACCEPTED.contains("\"total\": 2500.00,"));
    assert!(SEND_TEST.contains("\"total\": 250.0\n"));
}
