//! The Rust types of attributes, and their JSON values.

use std::borrow::Cow;

use serde_json::Value;

use super::AttributeType;
use crate::attempt_tag::AttemptTag;
use crate::calls::Recording;
use crate::descriptor::FieldType;
use crate::recording::RecordingSource;
use crate::webhook::{Cdr, Timestamp};

/// How times, and records of the service, appear in a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Times are RFC 3339 texts, records objects.
    Natural,
    /// For bindings with types of their own: times are Unix seconds, records the JSON text that was received.
    Native,
}

/// A Rust type that can be the value of an attribute.
pub trait AttributeValue {
    /// Its type.
    const TYPE: AttributeType;
    /// Whether it may be absent.
    const OPTIONAL: bool = false;
    /// The value in JSON; `None` when it is absent.
    fn value(&self, form: Form) -> Option<Value>;
}

/// Types whose JSON value serde knows.
macro_rules! plain {
    ($($ty:ty => $kind:ident),+ $(,)?) => {
        $( impl AttributeValue for $ty {
            const TYPE: AttributeType = AttributeType::Value(FieldType::$kind);

            fn value(&self, _: Form) -> Option<Value> {
                Some(Value::from(self.clone()))
            }
        } )+
    };
}

plain! {
    String => Text,
    &'static str => Text,
    Cow<'_, str> => Text,
    i64 => Integer,
    u64 => Integer,
    u16 => Integer,
    usize => Integer,
    bool => Flag,
}

impl AttributeValue for Timestamp<'_> {
    const TYPE: AttributeType = AttributeType::Value(FieldType::Time);

    fn value(&self, form: Form) -> Option<Value> {
        Some(match form {
            Form::Natural => Value::from(self.to_string()),
            Form::Native => Value::from(self.unix_seconds()),
        })
    }
}

impl AttributeValue for AttemptTag {
    const TYPE: AttributeType = AttributeType::Value(FieldType::Text);

    fn value(&self, _: Form) -> Option<Value> {
        Some(Value::from(self.as_str()))
    }
}

impl AttributeValue for Cdr {
    const TYPE: AttributeType = AttributeType::Record(Cdr::RECORD);

    fn value(&self, form: Form) -> Option<Value> {
        Some(match form {
            Form::Natural => Value::Object(self.to_json()),
            Form::Native => Value::from(self.raw()),
        })
    }
}

impl AttributeValue for RecordingSource {
    const TYPE: AttributeType = AttributeType::Record(Recording::RECORD);

    fn value(&self, _: Form) -> Option<Value> {
        Some(Value::Object(self.to_json()))
    }
}

impl<T: AttributeValue> AttributeValue for Option<T> {
    const TYPE: AttributeType = T::TYPE;
    const OPTIONAL: bool = true;

    fn value(&self, form: Form) -> Option<Value> {
        self.as_ref()?.value(form)
    }
}

impl<T: AttributeValue> AttributeValue for Vec<T> {
    const TYPE: AttributeType = AttributeType::List(&T::TYPE);

    fn value(&self, form: Form) -> Option<Value> {
        Some(self.iter().filter_map(|item| item.value(form)).collect())
    }
}
