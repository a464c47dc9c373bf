//! A field's value as the generic code sees it, and how natural JSON becomes a typed value.

use std::marker::PhantomData;
use std::time::Duration;

use serde::de::MapAccess;
use serde_json::Value;

use super::place::Place;
use super::read::{Objects, Reading};
use super::{Fields, FromNatural};
use crate::error::{Error, Rule};
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
    /// Reads the natural JSON form: the value of the member whose name was read last; `None` for `null`. A fault names the
    /// field at `at` and the type that belongs there.
    fn read<'de, A: MapAccess<'de>>(
        members: &mut A,
        at: &Place<'_>,
        reading: &mut Reading,
    ) -> Result<Option<Self>, A::Error>;
}

/// `FieldData::read` of what a small value in memory becomes.
#[doc(hidden)]
#[macro_export]
macro_rules! leaf {
    (|$value:ident, $at:ident| $read:expr) => {
        fn read<'de, A: serde::de::MapAccess<'de>>(
            members: &mut A,
            $at: &$crate::record::Place<'_>,
            reading: &mut $crate::record::Reading,
        ) -> Result<Option<Self>, A::Error> {
            $crate::record::leaf(members, reading, |$value| $read)
        }
    };
}

/// Reads a value that is small, or whose parts are: by way of a copy.
pub(crate) fn leaf<'de, A: MapAccess<'de>, T>(
    members: &mut A,
    reading: &mut Reading,
    read: impl FnOnce(Value) -> Result<T, Error>,
) -> Result<Option<T>, A::Error> {
    match members.next_value()? {
        Value::Null => Ok(None),
        value => read(value).map(Some).map_err(|error| reading.ends(error)),
    }
}

/// Reads a text.
pub(crate) fn text(value: Value, at: &Place<'_>) -> Result<String, Error> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(wrong_type(at, "a text", &other)),
    }
}

impl FieldData for String {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Text(self)
    }

    leaf!(|value, at| text(value, at));
}

impl FieldData for Secret {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Text(self.expose())
    }

    leaf!(|value, at| text(value, at).map(Secret::from));
}

impl FieldData for i64 {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Integer(*self)
    }

    leaf!(|value, at| { value.as_i64().ok_or_else(|| wrong_type(at, "a whole number", &value)) });
}

impl FieldData for Duration {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Integer(i64::try_from(self.as_millis()).unwrap_or(i64::MAX))
    }

    leaf!(|value, at| {
        let milliseconds = value.as_u64().map(Duration::from_millis);
        milliseconds.ok_or_else(|| wrong_type(at, "a whole number of milliseconds, 0 or more", &value))
    });
}

impl FieldData for bool {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Flag(*self)
    }

    leaf!(|value, at| { value.as_bool().ok_or_else(|| wrong_type(at, "true or false", &value)) });
}

impl FieldData for Vec<String> {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Texts(self)
    }

    leaf!(|value, at| texts(value, at));
}

impl<T: Fields + FromNatural> FieldData for Vec<T> {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Records(self)
    }

    fn read<'de, A: MapAccess<'de>>(
        members: &mut A,
        at: &Place<'_>,
        reading: &mut Reading,
    ) -> Result<Option<Self>, A::Error> {
        members.next_value_seed(Objects {
            at,
            reading,
            record: PhantomData,
        })
    }
}

fn texts(value: Value, at: &Place<'_>) -> Result<Vec<String>, Error> {
    match value {
        Value::Array(items) => items
            .into_iter()
            .enumerate()
            .map(|(index, item)| text(item, &Place::Item(at, index)))
            .collect(),
        other => Err(wrong_type(at, "a list of texts", &other)),
    }
}

/// The error for a JSON value of the wrong type. It tells the type that came, never the value: that may be a secret.
pub(crate) fn wrong_type(at: &Place<'_>, expected: &str, got: &Value) -> Error {
    let got = match got {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a fractional number",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Error::invalid_argument(&at.pointer(), Rule::Type, format!("expected {expected}, got {got}"))
}
