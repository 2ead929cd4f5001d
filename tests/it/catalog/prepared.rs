//! From an event's name to a body: the catalogue as `send` uses it.

use bytes::Bytes;
use jiff::Timestamp;
use wh::provider::{
    BUILTIN_IDS, IdForm, PrepareError, Provider, Wish, builtin, new_id, parse, prepare, template,
};

use super::{NOW, bodies, providers};

const RANDOM: u128 = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef;

fn prepared(provider: &Provider, wish: &Wish<'_>) -> Result<(String, String, Bytes), PrepareError> {
    let now = Timestamp::from_second(NOW).unwrap();
    let prepared = prepare(provider, wish, now, RANDOM)?;
    Ok((prepared.event, prepared.id, prepared.body))
}

#[test]
fn every_event_of_the_catalogue_is_prepared_with_an_id_of_its_form() {
    for provider in providers() {
        for event in &provider.events {
            let wish = Wish {
                event: Some(&event.name),
                ..Wish::default()
            };
            let (name, id, body) = prepared(&provider, &wish).unwrap();
            assert_eq!(
                (&name, &id),
                (&event.name, &new_id(&provider.id_rule.make, RANDOM))
            );
            serde_json::from_slice::<serde_json::Value>(&body).unwrap();
        }
    }
}

#[test]
fn the_printed_bodies_are_prepared_byte_for_byte() {
    let cepro = builtin("cepro").unwrap();
    let wish = |event, test| Wish {
        event,
        test,
        ..Wish::default()
    };
    for (event, test, body) in [
        (Some("job.completed"), false, bodies::DOCUMENTED[0]),
        (Some("proposal_accepted"), false, bodies::DOCUMENTED[1]),
        (None, true, bodies::DOCUMENTED[2]),
    ] {
        assert_eq!(prepared(&cepro, &wish(event, test)).unwrap().2, body);
    }
}

/// The user's own body is sent as it is; what it says of itself is believed.
#[test]
fn a_body_of_ones_own_names_its_event_and_its_id() {
    let wlcro = builtin("wlcro").unwrap();
    for (body, told) in [
        (&br#"{"type":"a.b", "id": 77}"#[..], Ok(("a.b", "77"))),
        (b"\xff", Err(PrepareError::NoEvent)),
        (b"{}", Err(PrepareError::NoEvent)),
    ] {
        let wish = Wish {
            data: Some(Bytes::from_static(body)),
            ..Wish::default()
        };
        let told = told.map(|(event, id)| (event.to_owned(), id.to_owned(), body.into()));
        assert_eq!(prepared(&wlcro, &wish), told);
    }
}

#[test]
fn an_event_that_is_not_in_the_catalogue_is_refused_where_it_is_closed() {
    for id in BUILTIN_IDS {
        let provider = builtin(id).unwrap();
        let wish = |force| Wish {
            event: Some("job.complete"),
            force,
            ..Wish::default()
        };
        let open = provider.any_event.as_ref().unwrap().open;
        assert_eq!(prepared(&provider, &wish(false)).is_ok(), open, "{id}");
        assert!(prepared(&provider, &wish(true)).is_ok(), "{id}");
    }
    let wish = Wish {
        event: Some("job.complete"),
        ..Wish::default()
    };
    let unknown = PrepareError::Unknown {
        provider: "cepro".to_owned(),
        event: "job.complete".to_owned(),
        nearest: Some("job.completed".to_owned()),
    };
    assert_eq!(prepared(&builtin("cepro").unwrap(), &wish), Err(unknown));
}

#[test]
fn ids_have_the_form_their_platform_gives_them() {
    for random in [0, 1, RANDOM, u128::MAX] {
        let uuid = new_id(&IdForm::Uuid, random);
        let uuid = uuid.parse::<uuid::Uuid>().unwrap();
        assert_eq!(uuid.get_version_num(), 4);
        let integer = new_id(&IdForm::Integer, random).parse::<u64>().unwrap();
        assert!((1..1 << 53).contains(&integer), "{integer}");
        let prefixed = new_id(&IdForm::Prefix("msg_".to_owned()), random);
        let rest = prefixed.strip_prefix("msg_").unwrap();
        assert!(rest.len() == 20 && rest.bytes().all(|b| b.is_ascii_alphanumeric()));
    }
    for form in [IdForm::Uuid, IdForm::Integer, IdForm::Prefix(String::new())] {
        assert_ne!(new_id(&form, RANDOM), new_id(&form, RANDOM + 1), "{form:?}");
    }
}

#[test]
fn the_file_that_is_not_written_yet_loads_under_its_id() {
    let provider = parse(&template("my-own")).unwrap();
    assert_eq!((&*provider.id, &*provider.name), ("my-own", "my-own"));
    assert!(!template("my-own").contains('@'));
}
