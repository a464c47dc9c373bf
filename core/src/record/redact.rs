//! The wire form of a record with everything personal or secret taken out, for previews.

use serde_json::{Map, Value, json};

use super::wire::{assembled, wire_value};
use super::{FieldValue, Fields};
use crate::descriptor::{Field, Sensitivity};
use crate::mask;

/// As [`to_wire`](super::wire::to_wire), with numbers masked, codes and template values hidden. Values of extra fields
/// are unknown and so hidden too.
pub(crate) fn wire(record: &dyn Fields, fixed: &[(&str, &str)]) -> Map<String, Value> {
    assembled(record, fixed, shown, |_| json!(mask::HIDDEN))
}

fn shown(field: &Field, value: FieldValue<'_>) -> Value {
    match (field.sensitivity(), value) {
        (Sensitivity::Hidden, FieldValue::Texts(texts)) => json!(vec![mask::HIDDEN; texts.len()]),
        (Sensitivity::Hidden, _) => json!(mask::HIDDEN),
        (Sensitivity::LastFour, FieldValue::Text(text)) => json!(mask::phone_number(text)),
        (_, FieldValue::Records(records)) => (0..records.count())
            .filter_map(|i| records.at(i))
            .map(|nested| Value::Object(wire(nested, &[])))
            .collect(),
        (_, value) => wire_value(field, value),
    }
}
