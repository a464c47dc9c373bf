//! `pushed_record!`: one declaration gives the type that users read and the descriptor that everything else reads.
//!
//! The twin of `record!` for what arrives: the fields stay in the message until they are read, so there
//! are getters instead of struct fields, and nothing to set.

/// The getter of a field, by the descriptor's [`FieldType`](crate::descriptor::FieldType).
macro_rules! getter {
    ($index:expr, $ident:ident, [$($doc:literal)+], $wire:literal, Integer) => {
        getter!(@write $index, $ident, [$($doc)+], $wire, Option<i64>, integer);
    };
    ($index:expr, $ident:ident, [$($doc:literal)+], $wire:literal, Time) => {
        getter!(@write $index, $ident, [$($doc)+], $wire, Option<$crate::webhook::Timestamp<'_>>, time);
    };
    // A record without its session id is never handed out.
    ($index:expr, $ident:ident, [$($doc:literal)+], $wire:literal, SessionId) => {
        $(#[doc = $doc])+
        #[doc = concat!("\n\nWire name: `", $wire, "`. Always there.")]
        pub fn $ident(&self) -> std::borrow::Cow<'_, str> {
            self.0.text($index).unwrap_or_default()
        }
    };
    ($index:expr, $ident:ident, [$($doc:literal)+], $wire:literal, UserData) => {
        getter!(@write $index, $ident, [$($doc)+], $wire, Option<std::borrow::Cow<'_, str>>, user_data);
    };
    ($index:expr, $ident:ident, [$($doc:literal)+], $wire:literal, $text:ident) => {
        getter!(@write $index, $ident, [$($doc)+], $wire, Option<std::borrow::Cow<'_, str>>, text);
    };
    (@write $index:expr, $ident:ident, [$($doc:literal)+], $wire:literal, $returns:ty, $read:ident) => {
        $(#[doc = $doc])+
        #[doc = concat!("\n\nWire name: `", $wire, "`.")]
        pub fn $ident(&self) -> $returns {
            self.0.$read($index)
        }
    };
}

macro_rules! pushed_record {
    (
        $(#[doc = $record_doc:literal])+
        pub struct $Name:ident: $contract:literal {
            $(
                $(#[doc = $doc:literal])+
                $ident:ident: $wire:literal => $ty:ident { $($attribute:ident: $value:expr),* $(,)? }
            )+
        }
    ) => {
        $(#[doc = $record_doc])+
        #[doc = concat!("\n\nContract: ", $contract, ".")]
        #[derive(Clone)]
        pub struct $Name(pub(super) $crate::webhook::Pushed);

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
                            ty: $crate::descriptor::FieldType::$ty,
                            doc: concat!($($doc, "\n"),+),
                            $($attribute: $value,)*
                            ..$crate::descriptor::Field::OPTIONAL
                        }
                    ),+],
                );
                RECORD
            };

            $( getter!(Position::$ident as usize, $ident, [$($doc)+], $wire, $ty); )+

            /// The mark that this library added to the request's user data, if it did; see
            /// [`Config::attempt_tag`]($crate::Config::attempt_tag).
            pub fn attempt_tag(&self) -> Option<$crate::AttemptTag> {
                self.0.attempt_tag()
            }

            /// The fields without their types, for code that serves every record alike.
            pub fn pushed(&self) -> &$crate::webhook::Pushed {
                &self.0
            }

            /// The JSON text of one field's value, declared or not, as it came; `None` when the field did not come.
            pub fn raw_field(&self, name: &str) -> Option<&str> {
                self.0.raw_field(name)
            }

            /// The fields that the contract does not describe, as they came.
            pub fn extra(&self) -> serde_json::Map<String, serde_json::Value> {
                self.0.extra()
            }
        }

        /// The positions of the fields in the descriptor.
        #[allow(non_camel_case_types, reason = "one member per field, under the field's own name")]
        #[derive(Clone, Copy)]
        enum Position { $( $ident ),+ }
    };
}

pub(super) use {getter, pushed_record};
