//! Between a record and the JSON that travels: truth values become texts, callback URLs Base64.
//!
//! Writing serves the client. Reading the wire form serves whoever plays the platform: the local platform and tests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value, json};

use super::{EXTRA, FieldValue, Fields};
use crate::descriptor::{Field, FieldType, Record};
use crate::operation::Operation;

/// The record as the platform reads it: set fields in the order of the contract's table, then the operation's fixed
/// parameters, then extra fields.
pub fn to_wire(record: &dyn Fields, fixed: &[(&str, &str)]) -> Map<String, Value> {
    assembled(record, fixed, wire_value, Value::clone)
}

/// The record with each declared value written by one function and each extra value by another.
pub(super) fn assembled(
    record: &dyn Fields,
    fixed: &[(&str, &str)],
    declared: impl Fn(&Field, FieldValue<'_>) -> Value,
    extra: impl Fn(&Value) -> Value,
) -> Map<String, Value> {
    let fields = record.record().fields;
    let mut wire = Map::with_capacity(fields.len() + fixed.len() + record.extra().len());
    for (index, field) in fields.iter().enumerate() {
        if let Some(value) = record.get(index) {
            wire.insert(field.name.to_owned(), declared(field, value));
        }
    }
    wire.extend(fixed.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
    wire.extend(record.extra().iter().map(|(name, value)| (name.clone(), extra(value))));
    wire
}

pub(super) fn wire_value(field: &Field, value: FieldValue<'_>) -> Value {
    match value {
        FieldValue::Text(text) if matches!(field.ty, FieldType::CallbackUrl) => json!(BASE64.encode(text)),
        FieldValue::Text(text) => json!(text),
        FieldValue::Integer(number) => json!(number),
        FieldValue::Flag(flag) => json!(if flag { "true" } else { "false" }),
        FieldValue::Texts(texts) => json!(texts),
        FieldValue::Records(records) => (0..records.count())
            .filter_map(|i| records.at(i))
            .map(|nested| Value::Object(to_wire(nested, &[])))
            .collect(),
    }
}

/// The natural form of what a client sent. Values that do not have the wire form's type stay as they are, so that
/// reading the result into the request type names the field at fault. Undeclared fields land in `extra`.
pub fn from_wire(operation: &Operation, mut wire: Map<String, Value>) -> Map<String, Value> {
    for (name, _) in operation.fixed {
        wire.shift_remove(*name);
    }
    natural_record(operation.request, wire)
}

fn natural_record(record: &Record, wire: Map<String, Value>) -> Map<String, Value> {
    let mut natural = Map::new();
    let mut extra = Map::new();
    for (name, value) in wire {
        match record.field(&name) {
            Some(field) => natural.insert(name, natural_value(field, value)),
            None => extra.insert(name, value),
        };
    }
    if !extra.is_empty() {
        natural.insert(EXTRA.to_owned(), Value::Object(extra));
    }
    natural
}

fn natural_value(field: &Field, value: Value) -> Value {
    match (&field.ty, value) {
        (FieldType::Flag, Value::String(text)) if text == "true" => json!(true),
        (FieldType::Flag, Value::String(text)) if text == "false" => json!(false),
        // The wire has texts only; a JSON boolean is not what the contract describes.
        (FieldType::Flag, Value::Bool(flag)) => json!({ "not a text": flag }),
        (FieldType::CallbackUrl, Value::String(text)) => decode_url(&text),
        (FieldType::Records(record), Value::Array(items)) => items
            .into_iter()
            .map(|item| match item {
                Value::Object(map) => Value::Object(natural_record(record, map)),
                other => other,
            })
            .collect(),
        (_, other) => other,
    }
}

/// A text that is no Base64 of UTF-8 becomes a list, which no URL field accepts.
fn decode_url(text: &str) -> Value {
    let decoded = BASE64.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.map_or_else(|| json!(["not Base64"]), Value::String)
}

#[cfg(test)]
mod tests {
    use super::{from_wire, to_wire};
    use crate::calls::{CREATE_VOICE_NOTIFICATION, PlayContentInfo, VoiceNotification};
    use crate::record::FromNatural;

    #[test]
    fn what_is_written_reads_back_as_the_same_request() {
        let request = VoiceNotification::new()
            .display_nbr("+867550000088")
            .callee_nbr("+8613800000021")
            .play_info_list(vec![
                PlayContentInfo::new()
                    .notify_voice("notifyvoice.wav")
                    .collect_ind(1)
                    .replay_after_collection(true),
            ])
            .status_url("https://push.example.com/status")
            .return_idle_port(false)
            .extra("bindNbr", "+867550000099");
        let wire = to_wire(&request, CREATE_VOICE_NOTIFICATION.fixed);
        assert_eq!(wire["playInfoList"][0]["replayAfterCollection"], "true");
        assert_eq!(wire["statusUrl"], "aHR0cHM6Ly9wdXNoLmV4YW1wbGUuY29tL3N0YXR1cw==");
        let natural = from_wire(&CREATE_VOICE_NOTIFICATION, wire);
        assert_eq!(VoiceNotification::from_natural(natural).unwrap(), request);
    }

    #[test]
    fn a_json_boolean_is_refused_where_the_wire_has_a_text() {
        let wire = serde_json::json!({ "returnIdlePort": true });
        let natural = from_wire(&CREATE_VOICE_NOTIFICATION, wire.as_object().unwrap().clone());
        let error = VoiceNotification::from_natural(natural).unwrap_err();
        assert_eq!(error.field(), Some("/returnIdlePort"));
    }
}
