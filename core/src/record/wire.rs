//! Between a record and the JSON that travels: truth values become texts, callback URLs Base64. The same JSON with
//! everything personal or secret taken out is what people see in a preview.
//!
//! Writing serves the client. Reading the wire form serves whoever plays the platform: the local platform and tests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use super::{EXTRA, FieldValue, Fields};
use crate::descriptor::{Field, FieldType, Record, Sensitivity};
use crate::mask;
use crate::operation::Operation;

/// The record as the platform reads it: set fields in the order of the contract's table, then the operation's fixed
/// parameters, then extra fields.
pub fn to_wire(record: &dyn Fields, fixed: &[(&str, &str)]) -> Map<String, Value> {
    // Writing into memory cannot fail, and what is written is an object.
    match serde_json::to_value(Wire::for_the_platform(record, fixed)) {
        Ok(Value::Object(wire)) => wire,
        _ => Map::new(),
    }
}

/// A record on its way into JSON. Nothing is copied before it is written.
pub(crate) struct Wire<'a> {
    record: &'a dyn Fields,
    fixed: &'a [(&'a str, &'a str)],
    reader: Reader,
}

/// Who will read the JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Gets everything.
    Platform,
    /// Sees a preview: numbers masked, codes and template values hidden. What extra fields hold is unknown, and so
    /// hidden too.
    Person,
}

impl<'a> Wire<'a> {
    pub(crate) fn for_the_platform(record: &'a dyn Fields, fixed: &'a [(&'a str, &'a str)]) -> Wire<'a> {
        Wire {
            record,
            fixed,
            reader: Reader::Platform,
        }
    }

    pub(crate) fn for_people(record: &'a dyn Fields, fixed: &'a [(&'a str, &'a str)]) -> Wire<'a> {
        Wire {
            record,
            fixed,
            reader: Reader::Person,
        }
    }
}

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (fields, extra) = (self.record.record().fields, self.record.extra());
        let mut object = serializer.serialize_map(Some(fields.len() + self.fixed.len() + extra.len()))?;
        for (index, field) in fields.iter().enumerate() {
            // Without validation an extra field may repeat a declared one, and then stands for it.
            if let Some(value) = self.record.get(index).filter(|_| !extra.contains_key(field.name)) {
                object.serialize_entry(
                    field.name,
                    &WireValue {
                        field,
                        value,
                        reader: self.reader,
                    },
                )?;
            }
        }
        for (name, value) in self.fixed.iter().filter(|(name, _)| !extra.contains_key(*name)) {
            object.serialize_entry(name, value)?;
        }
        for (name, value) in extra {
            match self.reader {
                Reader::Platform => object.serialize_entry(name, value)?,
                Reader::Person => object.serialize_entry(name, mask::HIDDEN)?,
            }
        }
        object.end()
    }
}

/// One declared field's value.
struct WireValue<'a> {
    field: &'static Field,
    value: FieldValue<'a>,
    reader: Reader,
}

impl Serialize for WireValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = match self.reader {
            Reader::Platform => Sensitivity::Plain,
            Reader::Person => self.field.sensitivity(),
        };
        match (shown, self.value) {
            (Sensitivity::Hidden, FieldValue::Texts(texts)) => {
                serializer.collect_seq(texts.iter().map(|_| mask::HIDDEN))
            }
            (Sensitivity::Hidden, _) => serializer.serialize_str(mask::HIDDEN),
            (Sensitivity::LastFour, FieldValue::Text(text)) => serializer.serialize_str(&mask::phone_number(text)),
            (_, FieldValue::Text(text)) if matches!(self.field.ty, FieldType::CallbackUrl) => {
                serializer.serialize_str(&BASE64.encode(text))
            }
            (_, FieldValue::Text(text)) => serializer.serialize_str(text),
            (_, FieldValue::Integer(number)) => serializer.serialize_i64(number),
            (_, FieldValue::Flag(flag)) => serializer.serialize_str(if flag { "true" } else { "false" }),
            (_, FieldValue::Texts(texts)) => serializer.collect_seq(texts),
            (_, FieldValue::Records(records)) => {
                let records = (0..records.count()).filter_map(|index| records.at(index));
                serializer.collect_seq(records.map(|record| Wire {
                    record,
                    fixed: &[],
                    reader: self.reader,
                }))
            }
        }
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
