//! A field's value as the generic code sees it, and how natural JSON becomes a typed value.

use std::time::Duration;

use serde_json::Value;

use super::Fields;
use crate::error::{Error, Rule};
use crate::pointer::Pointer;
use crate::secret::Secret;

/// The value of one field, borrowed from its record.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum FieldValue<'a> {
    /// Text of any kind, enumerations included.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Flag(bool),
    /// A list of texts.
    Texts(&'a [String]),
    /// A list of nested records.
    Records(&'a dyn RecordList),
}

/// A list of nested records, whatever their type.
pub trait RecordList {
    /// Number of records.
    fn count(&self) -> usize;
    /// The record at this position.
    fn at(&self, index: usize) -> Option<&dyn Fields>;
}

impl<T: Fields> RecordList for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn at(&self, index: usize) -> Option<&dyn Fields> {
        self.get(index).map(|record| record as &dyn Fields)
    }
}

/// A Rust type that can be the value of a field.
pub trait FieldData: Sized {
    /// The value as the generic code sees it.
    fn view(&self) -> FieldValue<'_>;
    /// Reads the natural JSON form. An error names the field at `at` and the type that belongs there.
    fn from_natural(value: Value, at: &Pointer) -> Result<Self, Error>;
}

impl FieldData for String {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Text(self)
    }

    fn from_natural(value: Value, at: &Pointer) -> Result<Self, Error> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(wrong_type(at, "a text", &other)),
        }
    }
}

impl FieldData for Secret {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Text(self.expose())
    }

    fn from_natural(value: Value, at: &Pointer) -> Result<Self, Error> {
        String::from_natural(value, at).map(Secret::from)
    }
}

impl FieldData for i64 {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Integer(*self)
    }

    fn from_natural(value: Value, at: &Pointer) -> Result<Self, Error> {
        value.as_i64().ok_or_else(|| wrong_type(at, "a whole number", &value))
    }
}

impl FieldData for Duration {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Integer(i64::try_from(self.as_millis()).unwrap_or(i64::MAX))
    }

    fn from_natural(value: Value, at: &Pointer) -> Result<Self, Error> {
        match value.as_u64() {
            Some(milliseconds) => Ok(Duration::from_millis(milliseconds)),
            None => Err(wrong_type(at, "a whole number of milliseconds, 0 or more", &value)),
        }
    }
}

impl FieldData for bool {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Flag(*self)
    }

    fn from_natural(value: Value, at: &Pointer) -> Result<Self, Error> {
        value.as_bool().ok_or_else(|| wrong_type(at, "true or false", &value))
    }
}

impl FieldData for Vec<String> {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Texts(self)
    }

    fn from_natural(value: Value, at: &Pointer) -> Result<Self, Error> {
        list(value, at, "a list of texts", String::from_natural)
    }
}

impl<T: Fields + super::FromNatural> FieldData for Vec<T> {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Records(self)
    }

    fn from_natural(value: Value, at: &Pointer) -> Result<Self, Error> {
        list(value, at, "a list of objects", |item, at| match item {
            Value::Object(map) => T::from_natural_at(map, at),
            other => Err(wrong_type(at, "an object", &other)),
        })
    }
}

fn list<T>(
    value: Value,
    at: &Pointer,
    expected: &str,
    read: impl Fn(Value, &Pointer) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    match value {
        Value::Array(items) => items
            .into_iter()
            .enumerate()
            .map(|(index, item)| read(item, &at.index(index)))
            .collect(),
        other => Err(wrong_type(at, expected, &other)),
    }
}

/// The error for a JSON value of the wrong type. It tells the type that came, never the value: that may be a secret.
pub(crate) fn wrong_type(at: &Pointer, expected: &str, got: &Value) -> Error {
    let got = match got {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a fractional number",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Error::invalid_argument(at, Rule::Type, format!("expected {expected}, got {got}"))
}
