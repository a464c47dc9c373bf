//! The wire form of a record with everything personal or secret taken out, for previews.

use serde_json::{Map, Value, json};

use super::wire::to_wire;
use super::{FieldValue, Fields};
use crate::descriptor::Sensitivity;
use crate::mask;

/// As [`to_wire`], with numbers masked, codes and template values hidden. Values of extra fields are unknown and so
/// hidden too.
pub(crate) fn wire(record: &dyn Fields, fixed: &[(&str, &str)]) -> Map<String, Value> {
    let mut wire = to_wire(record, fixed);
    for (index, field) in record.record().fields.iter().enumerate() {
        let Some(value) = record.get(index) else { continue };
        let shown = match (field.sensitivity(), value) {
            (Sensitivity::Hidden, FieldValue::Texts(texts)) => json!(vec![mask::HIDDEN; texts.len()]),
            (Sensitivity::Hidden, _) => json!(mask::HIDDEN),
            (Sensitivity::LastFour, FieldValue::Text(text)) => json!(mask::phone_number(text)),
            (_, FieldValue::Records(records)) => (0..records.count())
                .filter_map(|i| records.at(i))
                .map(|nested| Value::Object(self::wire(nested, &[])))
                .collect(),
            _ => continue,
        };
        wire.insert(field.name.to_owned(), shown);
    }
    for name in record.extra().keys() {
        wire.insert(name.clone(), json!(mask::HIDDEN));
    }
    wire
}
