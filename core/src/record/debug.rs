//! `Debug` of a record, driven by its descriptor: numbers masked, codes and template values hidden.

use std::fmt;

use super::{FieldValue, Fields};
use crate::descriptor::{Field, Sensitivity};
use crate::mask::{self, HIDDEN};

/// Prints the fields that are set. Of extra fields only the names: what they hold is unknown, and may be personal.
pub(crate) fn record(record: &dyn Fields, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let descriptor = record.record();
    let mut printed = f.debug_struct(descriptor.name);
    for (index, field) in descriptor.fields.iter().enumerate() {
        if let Some(value) = record.get(index) {
            printed.field(field.ident, &Shown { field, value });
        }
    }
    if !record.extra().is_empty() {
        printed.field("extra", &record.extra().keys().collect::<Vec<_>>());
    }
    printed.finish()
}

/// One value as far as its field's sensitivity allows.
struct Shown<'a> {
    field: &'a Field,
    value: FieldValue<'a>,
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.field.sensitivity(), self.value) {
            (Sensitivity::Hidden, FieldValue::Texts(texts)) => write!(f, "[{HIDDEN}; {}]", texts.len()),
            (Sensitivity::Hidden, _) => f.write_str(HIDDEN),
            (Sensitivity::LastFour, FieldValue::Text(text)) => mask::phone_number(text).fmt(f),
            (_, FieldValue::Text(text)) => text.fmt(f),
            (_, FieldValue::Integer(number)) => number.fmt(f),
            (_, FieldValue::Flag(flag)) => flag.fmt(f),
            (_, FieldValue::Texts(texts)) => texts.fmt(f),
            (_, FieldValue::Records(records)) => f
                .debug_list()
                .entries((0..records.count()).filter_map(|i| records.at(i)).map(Nested))
                .finish(),
        }
    }
}

struct Nested<'a>(&'a dyn Fields);

impl fmt::Debug for Nested<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        record(self.0, f)
    }
}
