//! Records, enumerations and operations as templates see them.

use serde::Serialize;
use voicecall_core::descriptor;
use voicecall_core::operation::{self, AnswerKind};

use super::field::Field;

#[derive(Debug, Serialize)]
pub(super) struct Record {
    /// `VoiceCallback`.
    pub(super) name: &'static str,
    doc: &'static str,
    /// Where the contract describes it.
    contract: &'static str,
    pub(super) fields: Vec<Field>,
    /// Whether it stands in lists of another record.
    pub(super) nested: bool,
}

impl Record {
    pub(super) fn new(record: &'static descriptor::Record, nested: bool) -> Record {
        Record {
            name: record.name,
            doc: record.doc,
            contract: record.contract,
            fields: record.fields.iter().map(|field| Field::new(record, field)).collect(),
            nested,
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Enumeration {
    /// `CalleeMedia`.
    pub(super) name: &'static str,
    doc: &'static str,
    values: Vec<EnumerationValue>,
}

#[derive(Debug, Serialize)]
struct EnumerationValue {
    /// `ToCaller`.
    name: &'static str,
    /// `toa`.
    wire: &'static str,
    doc: &'static str,
}

impl From<&'static descriptor::Enumeration> for Enumeration {
    fn from(enumeration: &'static descriptor::Enumeration) -> Enumeration {
        let values = enumeration.values.iter();
        Enumeration {
            name: enumeration.name,
            doc: enumeration.doc,
            values: values
                .map(|value| EnumerationValue {
                    name: value.ident,
                    wire: value.wire,
                    doc: value.doc,
                })
                .collect(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Operation {
    /// `create_voice_callback`.
    pub(super) name: &'static str,
    /// `POST`.
    method: &'static str,
    path: &'static str,
    doc: &'static str,
    contract: &'static str,
    /// What it takes: the name of a request.
    request: &'static str,
    /// The only field of the request, where it has one: such an operation takes the value itself.
    only_field: Option<Field>,
    /// What it gives: `placed_call`, `nothing` or `url`.
    answer: &'static str,
    /// Whether it makes a phone ring.
    rings: bool,
}

impl From<&'static operation::Operation> for Operation {
    fn from(operation: &'static operation::Operation) -> Operation {
        Operation {
            name: operation.name,
            method: operation.method.as_str(),
            path: operation.path,
            doc: operation.doc,
            contract: operation.contract,
            request: operation.request.name,
            only_field: match operation.request.fields {
                [only] => Some(Field::new(operation.request, only)),
                _ => None,
            },
            answer: match operation.answer {
                AnswerKind::PlacedCall => "placed_call",
                AnswerKind::Location => "url",
                // A kind that this crate does not know gives users nothing until a template says what.
                _ => "nothing",
            },
            rings: operation.rings,
        }
    }
}
