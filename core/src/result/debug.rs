//! `Debug` of a result, driven by its descriptor: numbers masked, keys and secrets hidden.

use std::fmt;

use serde_json::Value;

use super::{AttributeType, Attributes, Form, ResultType};
use crate::descriptor::{Record, Sensitivity};
use crate::mask::{self, HIDDEN};

/// Prints the attributes that are present. Records of the service are printed by name only: their own `Debug` shows them.
pub(crate) fn result(result: &dyn Attributes, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let descriptor = result.result_type();
    let values = (0..descriptor.attributes.len()).map(|index| result.attribute(index, Form::Natural));
    attributes(descriptor, values, f)
}

fn attributes(
    descriptor: &ResultType,
    values: impl Iterator<Item = Option<Value>>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut printed = f.debug_struct(descriptor.name);
    for (attribute, value) in descriptor.attributes.iter().zip(values) {
        if let Some(value) = value {
            let ty = &attribute.ty;
            printed.field(attribute.name, &Shown { ty, value: &value });
        }
    }
    printed.finish()
}

/// A value as far as its type's sensitivity allows.
struct Shown<'a> {
    ty: &'a AttributeType,
    value: &'a Value,
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.ty, self.value) {
            (AttributeType::List(ty), Value::Array(items)) => f
                .debug_list()
                .entries(items.iter().map(|value| Shown { ty, value }))
                .finish(),
            (AttributeType::Result(descriptor), Value::Object(members)) => {
                let values = descriptor
                    .attributes
                    .iter()
                    .map(|attribute| members.get(attribute.name).cloned());
                attributes(descriptor, values, f)
            }
            (AttributeType::Record(Record { name, .. }), _) => f.write_str(name),
            (ty, value) => match (ty.sensitivity(), value) {
                (Sensitivity::Hidden, _) => f.write_str(HIDDEN),
                (Sensitivity::LastFour, Value::String(text)) => mask::phone_number(text).fmt(f),
                (_, Value::String(text)) => text.fmt(f),
                (_, value) => write!(f, "{value}"),
            },
        }
    }
}
