//! `record!`: one declaration gives the type that users fill in and the descriptor that everything else reads.

pub(crate) mod debug;
mod place;
mod read;
mod value;
pub mod wire;

use serde::de::MapAccess;
use serde_json::{Map, Value};

pub use place::Place;
pub use read::{Name, Reading};
pub use value::{FieldData, FieldValue, RecordList};
pub(crate) use value::{leaf, text, wrong_type};

use crate::descriptor::Record;
use crate::error::{Error, Rule};

/// A record whose fields can be read without knowing its type.
pub trait Fields: Send + Sync {
    /// The fields' descriptors.
    fn record(&self) -> &'static Record;
    /// The value of the field at this position of [`Record::fields`]; `None` when unset.
    fn get(&self, index: usize) -> Option<FieldValue<'_>>;
    /// Fields that the contract does not describe, to be sent, or received, as they are.
    fn extra(&self) -> &Map<String, Value>;
}

/// A record that can be made from its natural JSON form: an object whose keys are wire names and whose values are natural,
/// which is to say that booleans are booleans and callback URLs plain. `null` is the same as absent.
pub trait FromNatural: Sized {
    /// Reads the members of an object at this place.
    #[doc(hidden)]
    fn read_members<'de, A: MapAccess<'de>>(
        members: A,
        at: &Place<'_>,
        reading: &mut Reading,
    ) -> Result<Self, A::Error>;

    /// Reads a document in memory.
    fn from_natural(map: Map<String, Value>) -> Result<Self, Error> {
        read::document(map)
    }

    /// Reads JSON text.
    fn from_json(json: &str) -> Result<Self, Error> {
        read::text(json)
    }
}

/// The key under which natural JSON carries undocumented fields.
pub(crate) const EXTRA: &str = "extra";

pub(crate) fn unknown_field(record: &Record, at: &Place<'_>) -> Error {
    let known: Vec<_> = record.fields.iter().map(|field| field.name).collect();
    let message = format!(
        "no such field in {}; it has {}; undocumented fields go into {EXTRA:?}",
        record.name,
        known.join(", ")
    );
    Error::invalid_argument(&at.pointer(), Rule::UnknownField, message)
}

/// The Rust type of a field, by the descriptor's [`FieldType`](crate::descriptor::FieldType).
#[doc(hidden)]
#[macro_export]
macro_rules! field_data {
    (Integer) => { i64 };
    (Flag) => { bool };
    (Secret) => { $crate::secret::Secret };
    (Milliseconds) => { std::time::Duration };
    (TemplateValues) => { Vec<String> };
    (Texts) => { Vec<String> };
    (Enumeration($ty:ty)) => { $ty };
    (Records($ty:ty)) => { Vec<$ty> };
    ($text:ident) => { String };
}

/// The descriptor of a field's type.
#[doc(hidden)]
#[macro_export]
macro_rules! field_type {
    (Enumeration($ty:ty)) => {
        $crate::descriptor::FieldType::Enumeration(<$ty>::ENUMERATION)
    };
    (Records($ty:ty)) => {
        $crate::descriptor::FieldType::Records(<$ty>::RECORD)
    };
    ($simple:ident) => {
        $crate::descriptor::FieldType::$simple
    };
}

/// The setter of a field: takes what is natural to write.
#[doc(hidden)]
#[macro_export]
macro_rules! field_setter {
    ($ident:ident, [$($doc:literal)+], $wire:literal, TemplateValues) => {
        $crate::field_setter!(@list $ident, [$($doc)+], $wire);
    };
    ($ident:ident, [$($doc:literal)+], $wire:literal, Texts) => {
        $crate::field_setter!(@list $ident, [$($doc)+], $wire);
    };
    (@list $ident:ident, [$($doc:literal)+], $wire:literal) => {
        $(#[doc = $doc])+
        #[doc = concat!("\n\nWire name: `", $wire, "`.")]
        #[must_use]
        pub fn $ident(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
            self.$ident = Some(values.into_iter().map(Into::into).collect());
            self
        }
    };
    ($ident:ident, [$($doc:literal)+], $wire:literal, $($ty:tt)+) => {
        $(#[doc = $doc])+
        #[doc = concat!("\n\nWire name: `", $wire, "`.")]
        #[must_use]
        pub fn $ident(mut self, value: impl Into<$crate::field_data!($($ty)+)>) -> Self {
            self.$ident = Some(value.into());
            self
        }
    };
}

/// Declares a record: its fields with wire name, type, rules and documentation, once.
///
/// The macro writes the struct with one optional public field and one setter per declared field, its descriptor
/// (`RECORD`), and the reading and writing that the descriptor drives.
#[doc(hidden)]
#[macro_export]
macro_rules! record {
    (
        $(#[doc = $record_doc:literal])+
        pub struct $Name:ident: $contract:literal {
            $(
                $(#[doc = $doc:literal])+
                $ident:ident: $wire:literal => $ty:ident $(($param:ty))? { $($attribute:ident: $value:expr),* $(,)? }
            )+
        }
    ) => {
        $(#[doc = $record_doc])+
        #[doc = concat!("\n\nContract: ", $contract, ".")]
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $Name {
            $( $(#[doc = $doc])+ pub $ident: Option<$crate::field_data!($ty $(($param))?)>, )+
            /// Fields that the contract does not describe, sent or received as they are.
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $Name {
            /// What each field is, in the order of the contract's table.
            pub const RECORD: &'static $crate::descriptor::Record = {
                const RECORD: &$crate::descriptor::Record = &$crate::descriptor::Record::new(
                    stringify!($Name),
                    concat!($($record_doc, "\n"),+),
                    $contract,
                    &[$(
                        $crate::descriptor::Field {
                            name: $wire,
                            ident: stringify!($ident),
                            ty: $crate::field_type!($ty $(($param))?),
                            doc: concat!($($doc, "\n"),+),
                            $( $attribute: $value, )*
                            ..$crate::descriptor::Field::OPTIONAL
                        }
                    ),+],
                );
                RECORD
            };

            /// An empty record; fill it with the setters.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            $( $crate::field_setter!($ident, [$($doc)+], $wire, $ty $(($param))?); )+

            /// Adds a field that the contract does not describe.
            #[must_use]
            pub fn extra(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
                self.extra.insert(name.into(), value.into());
                self
            }
        }

        impl $crate::record::Fields for $Name {
            fn record(&self) -> &'static $crate::descriptor::Record {
                Self::RECORD
            }

            #[allow(unused_assignments, reason = "after the last field nobody asks for the position")]
            fn get(&self, index: usize) -> Option<$crate::record::FieldValue<'_>> {
                let mut position = 0;
                $(
                    if index == position {
                        return self.$ident.as_ref().map($crate::record::FieldData::view);
                    }
                    position += 1;
                )+
                None
            }

            fn extra(&self) -> &serde_json::Map<String, serde_json::Value> {
                &self.extra
            }
        }

        impl $crate::record::FromNatural for $Name {
            fn read_members<'de, A: serde::de::MapAccess<'de>>(
                mut members: A,
                at: &$crate::record::Place<'_>,
                reading: &mut $crate::record::Reading,
            ) -> Result<Self, A::Error> {
                let mut record = Self::default();
                while let Some(name) = members.next_key::<$crate::record::Name<'de>>()? {
                    let here = $crate::record::Place::Member(at, name.as_str());
                    match name.as_str() {
                        $( $wire => {
                            if let value @ Some(_) = $crate::record::FieldData::read(&mut members, &here, reading)? {
                                record.$ident = value;
                            }
                        } )+
                        "extra" => match members.next_value()? {
                            serde_json::Value::Null => {}
                            serde_json::Value::Object(extra) => record.extra = extra,
                            other => return Err(reading.ends($crate::record::wrong_type(&here, "an object", &other))),
                        },
                        _ => return Err(reading.ends($crate::record::unknown_field(Self::RECORD, &here))),
                    }
                }
                Ok(record)
            }
        }

        impl std::fmt::Debug for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::record::debug::record(self, f)
            }
        }
    };
}

/// Declares an enumeration of the service: known values, and a variant that keeps any other.
#[doc(hidden)]
#[macro_export]
macro_rules! enumeration {
    (
        $(#[doc = $outer:literal])+
        pub enum $Name:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $wire:literal, )+ }
    ) => {
        $(#[doc = $outer])+
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $Name {
            $( $(#[doc = $doc])+ $variant, )+
            /// A value that this version does not know, kept as it came.
            Unknown(String),
        }

        impl $Name {
            /// The known values.
            pub const ENUMERATION: &'static $crate::descriptor::Enumeration = {
                const ENUMERATION: &$crate::descriptor::Enumeration = &$crate::descriptor::Enumeration::new(
                    stringify!($Name),
                    concat!($($outer, "\n"),+),
                    &[$( $crate::descriptor::EnumerationValue {
                        wire: $wire,
                        ident: stringify!($variant),
                        doc: concat!($($doc, "\n"),+),
                    } ),+],
                );
                ENUMERATION
            };

            /// The text on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( $Name::$variant => $wire, )+
                    $Name::Unknown(text) => text,
                }
            }
        }

        impl From<&str> for $Name {
            fn from(text: &str) -> $Name {
                match text {
                    $( $wire => $Name::$variant, )+
                    other => $Name::Unknown(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::record::FieldData for $Name {
            fn view(&self) -> $crate::record::FieldValue<'_> {
                $crate::record::FieldValue::Text(self.as_str())
            }

            $crate::leaf!(|value, at| $crate::record::text(value, at).map(|text| $Name::from(text.as_str())));
        }
    };
}
