//! What a record says when its fields are taken together, as the core concludes it.

use serde_json::{Map, Value, json};
use voicecall_core::RecordingSource;
use voicecall_core::record::wire;
use voicecall_core::webhook::{Cdr, Leg, StatusEvent, Tariff};

pub(super) fn of_status(event: &StatusEvent) -> Map<String, Value> {
    present([(
        "explanation",
        event.explain().map(|explanation| Value::Object(explanation.to_json())),
    )])
}

pub(super) fn of_cdr(cdr: &Cdr, tariff: Option<&Tariff>) -> Map<String, Value> {
    let legs: Vec<_> = cdr.legs().iter().map(|leg| Value::Object(of_leg(leg))).collect();
    present([
        ("scene", Some(json!(cdr.scene().id()))),
        ("answered", Some(json!(cdr.answered()))),
        ("talk_seconds", cdr.talk_seconds().map(|seconds| json!(seconds))),
        ("legs", Some(Value::Array(legs))),
        (
            "billable_minutes",
            cdr.billable().map(|billable| json!(billable.minutes)),
        ),
        (
            "price",
            tariff
                .and_then(|tariff| cdr.price(tariff))
                .map(|price| json!(price.amount())),
        ),
        (
            "recording",
            cdr.recording().map(|source| Value::Object(of_recording(source))),
        ),
        (
            "explanation",
            cdr.explain().map(|explanation| Value::Object(explanation.to_json())),
        ),
    ])
}

fn of_leg(leg: &Leg<'_>) -> Map<String, Value> {
    present([
        ("leg", Some(json!(leg.name.id()))),
        ("number", leg.number.as_deref().map(|number| json!(number))),
        (
            "display_number",
            leg.display_number.as_deref().map(|number| json!(number)),
        ),
        ("answered", Some(json!(leg.answered()))),
        ("talk_seconds", leg.talk_seconds().map(|seconds| json!(seconds))),
        (
            "billable_minutes",
            leg.billable().map(|billable| json!(billable.minutes)),
        ),
        ("inferred", Some(json!(leg.inferred))),
    ])
}

/// As `voicecall_client_download_recording` takes it.
fn of_recording(source: RecordingSource) -> Map<String, Value> {
    match source {
        RecordingSource::Stored(recording) => wire::to_wire(&recording, &[]),
        RecordingSource::Direct(url) => present([("recordFileDownloadUrl", Some(json!(url)))]),
        _ => Map::new(),
    }
}

fn present<const N: usize>(members: [(&str, Option<Value>); N]) -> Map<String, Value> {
    members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}
