//! The body of a push. The core's reader, which decodes nothing but positions, has to say the same as the plain reader
//! in `reference`, name the same record and field where it refuses one, take no part of a message for the whole, and show
//! nothing private.

use serde_json::{Map, Value};
use voicecall_core::ErrorKind;
use voicecall_core::descriptor::Sensitivity;
use voicecall_core::webhook::{Cdr, Event, FeeEvent, StatusEvent, Tariff, parse};

use crate::reference::{self, Reading};
use crate::{Seed, privacy, vectors};

/// Panics when a property does not hold.
pub fn check(body: &[u8]) {
    let outcome = parse(body);
    if let Err(error) = &outcome {
        assert_eq!(error.kind(), ErrorKind::MalformedWebhook);
    }
    match (reference::read(body), &outcome) {
        (Reading::Event(wanted), Ok(event)) => assert_eq!(without_reasons(event), wanted),
        (Reading::Event(wanted), Err(error)) => panic!("refused with {error}: {wanted}"),
        (Reading::Malformed, Ok(event)) => panic!("accepted: {event:?}"),
        (Reading::Malformed, Err(_)) | (Reading::NoOpinion, _) => {}
    }
    if let Ok(event) = &outcome {
        let marked = body.strip_prefix(reference::BYTE_ORDER_MARK).unwrap_or(body);
        // What is no text is written with escapes, and what was packed is unpacked.
        if let Ok(text) = std::str::from_utf8(marked) {
            assert_eq!(event.raw(), text);
            a_part_is_not_the_whole(text);
        }
        is_inside_and_hidden(event);
    }
}

/// Whatever is missing at the end of a message, nobody takes it for the message: it would not come again.
fn a_part_is_not_the_whole(text: &str) {
    let whole = text.trim_end().as_bytes();
    // Where records hold no other containers, as the contract has it, nothing else looks like one.
    if reference::depth(text) > 3 || serde_json::from_str::<Value>(text).is_err() {
        return;
    }
    for end in [whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        match parse(&whole[..end]) {
            Err(error) => assert_eq!(error.kind(), ErrorKind::MalformedWebhook),
            Ok(Event::Fee(event)) => assert!(event.is_incomplete(), "cut at {end}: {event:?}"),
            Ok(event) => panic!("cut at {end}: {event:?}"),
        }
    }
}

/// The reasons of rejected records are English text, left to the core.
fn without_reasons(event: &Event) -> Value {
    let mut natural = event.to_json();
    if matches!(event, Event::Fee(event) if !event.rejected().is_empty()) {
        for record in natural["rejected"].as_array_mut().into_iter().flatten() {
            let reason = record.as_object_mut().and_then(|record| record.remove("reason"));
            assert!(reason.is_some_and(|reason| reason.is_string()), "a reason");
        }
    }
    Value::Object(natural)
}

fn is_inside_and_hidden(event: &Event) {
    let shown = format!("{event:?}");
    // A message that serde_json holds no value for is checked for its bounds alone.
    let document = serde_json::from_str(event.raw()).ok();
    match event {
        Event::Status(event) => status_is_sound(event, &shown, document.as_ref()),
        Event::Fee(event) => fee_is_sound(event, &shown, document.as_ref()),
        Event::Unknown(event) => drop((event.session_id(), event.extra())),
        _ => panic!("a kind of event that this target does not know"),
    }
}

fn status_is_sound(event: &StatusEvent, shown: &str, document: Option<&Value>) {
    let _ = event.explain();
    let natural = event.to_json();
    assert_eq!(natural["eventType"], event.event_type().as_str());
    for field in StatusEvent::RECORD.fields {
        if let (Some(text), Some(document)) = (natural.get(field.name).and_then(Value::as_str), document) {
            is_hidden(field.sensitivity(), text, shown, document);
        }
    }
}

fn fee_is_sound(event: &FeeEvent, shown: &str, document: Option<&Value>) {
    let items = document.and_then(|document| document["feeLst"].as_array());
    // Of more, some are told together.
    let items = items.filter(|items| items.len() <= reference::MAX_RECORDS);
    if let Some(items) = items {
        assert_eq!(items.len(), event.cdrs().len() + event.rejected().len());
    }
    for rejected in event.rejected() {
        is_within(rejected.raw(), event.raw());
        if let Some(items) = items {
            assert_eq!(
                serde_json::from_str::<Value>(rejected.raw()).unwrap(),
                items[rejected.index()]
            );
        }
    }
    for cdr in event.cdrs() {
        is_within(cdr.raw(), event.raw());
        cdr_is_sound(cdr, shown, document);
    }
}

fn cdr_is_sound(cdr: &Cdr, shown: &str, document: Option<&Value>) {
    let tariff = Tariff::new("0.18", "CNY").expect("a tariff");
    let minutes = cdr.billable().map(|billable| billable.minutes);
    let _ = (
        cdr.price(&tariff).map(|price| price.amount()),
        cdr.explain(),
        cdr.recording(),
        cdr.answered(),
    );
    if let Some(minutes) = minutes {
        let legs = cdr.legs().into_iter().filter_map(|leg| Some(leg.billable()?.minutes));
        assert_eq!(legs.fold(0, u64::saturating_add), minutes);
    }
    let natural = cdr.to_json();
    let unreadable: Map<String, Value> = cdr.pushed().unreadable().collect();
    for (name, value) in &unreadable {
        assert!(
            natural.get(name).is_none() && Cdr::RECORD.field(name).is_some(),
            "{name}"
        );
        is_told(cdr, name, value);
    }
    for (name, value) in &cdr.extra() {
        assert_eq!(natural.get(name), Some(value));
        if name == "unreadable" && !unreadable.is_empty() {
            assert_eq!(value.as_object(), Some(&unreadable));
        } else {
            is_told(cdr, name, value);
        }
    }
    for field in Cdr::RECORD.fields {
        if let Some(raw) = cdr.raw_field(field.name) {
            is_within(raw, cdr.raw());
        }
        if let (Some(text), Some(document)) = (natural.get(field.name).and_then(Value::as_str), document) {
            is_hidden(field.sensitivity(), text, shown, document);
        }
    }
}

/// A field is told as what it is, or as its text: a number beyond all doubles, what is deeper than others read, what is no JSON.
fn is_told(cdr: &Cdr, name: &str, value: &Value) {
    let raw = cdr.raw_field(name).expect("the text of a field that is there");
    is_within(raw, cdr.raw());
    match serde_json::from_str::<Value>(raw) {
        Ok(read) if read == *value => {}
        Ok(_) => assert!(
            value == raw && reference::depth_of_any(raw) >= reference::MAX_DEPTH,
            "{raw}"
        ),
        // Of a string with control characters as they are these are told too.
        Err(_) => assert!(value == raw || (raw.starts_with('"') && value.is_string()), "{raw}"),
    }
}

/// A part is a piece of the whole itself, not of some other text.
fn is_within(part: &str, whole: &str) {
    let (part, whole) = (part.as_bytes().as_ptr_range(), whole.as_bytes().as_ptr_range());
    assert!(whole.start <= part.start && part.end <= whole.end);
}

fn is_hidden(sensitivity: Sensitivity, text: &str, shown: &str, document: &Value) {
    let private = match sensitivity {
        Sensitivity::Hidden => true,
        // Of a number with a letter in it all digits but the last four are masked all the same.
        Sensitivity::LastFour => privacy::longest_number(text) > 4,
        _ => false,
    };
    if private {
        privacy::assert_hidden(text, shown, &privacy::other_texts(document, text));
    }
}

/// The bodies of the vectors.
pub fn seeds() -> Vec<Seed> {
    let cases = vectors::cases("webhooks.json");
    let bodies = cases
        .iter()
        .filter_map(|case| Some((vectors::name(case), vectors::body(&case["given"])?)));
    let records = vectors::cases("cdrs.json");
    let records = records.iter().map(|case| {
        let message = serde_json::json!({ "eventType": "fee", "feeLst": [case["given"]["record"]] });
        (vectors::name(case), message.to_string().into_bytes())
    });
    bodies.chain(records).collect()
}

/// Names of fields, kinds of events, forms of values.
pub fn words() -> Vec<String> {
    let fields = StatusEvent::RECORD.fields.iter().chain(Cdr::RECORD.fields);
    let names = fields.map(|field| format!("\"{}\":", field.name));
    let kinds = voicecall_core::webhook::EventType::ENUMERATION.values.iter();
    let kinds = kinds.map(|kind| format!("\"{}\"", kind.wire));
    let others = [
        "\"eventType\":",
        "\"statusInfo\":{",
        "\"feeLst\":[{",
        "\"2019-01-24 03:04:24\"",
        "null",
        "true",
        "1e999",
        "-0",
        "9223372036854775808",
        "\\u0031",
        "\\ud83d\\ude00",
        "\\ud83d",
    ];
    names.chain(kinds).chain(others.map(str::to_owned)).collect()
}
