//! A field as a flag: its name, what it takes, and how what was typed is read.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::Value;
use voicecall_core::descriptor::{Field, FieldType, Presence, Record};

use super::{doc, text};
use crate::spelling;

/// Heading of what a request cannot do without.
const REQUIRED: &str = "Required";
/// Heading of the rest of a request.
pub(crate) const REQUEST: &str = "Request";

/// The flag of a request's field.
pub(super) fn of_request(record: &'static Record, field: &'static Field) -> Arg {
    let mandatory = field.presence == Presence::Mandatory;
    plain(record, field)
        .required(mandatory)
        .help_heading(if mandatory { REQUIRED } else { REQUEST })
}

/// The flag of any field.
pub(crate) fn plain(record: &'static Record, field: &'static Field) -> Arg {
    let arg = Arg::new(field.name)
        .long(spelling::flag(field))
        .value_name(value_name(&field.ty))
        .value_parser(FieldParser(field))
        .help(doc::short(record, field))
        .long_help(doc::long(record, field));
    match field.ty {
        FieldType::Flag => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
        FieldType::Integer => arg.allow_negative_numbers(true),
        FieldType::TemplateValues | FieldType::Texts => arg.num_args(1..).action(ArgAction::Append),
        _ => arg,
    }
}

/// What was typed for the field, in natural form.
pub(crate) fn read(matches: &ArgMatches, field: &Field) -> Option<Value> {
    let mut values = matches.get_many::<Value>(field.name)?;
    match field.ty {
        FieldType::TemplateValues | FieldType::Texts => Some(values.cloned().collect()),
        _ => values.next_back().cloned(),
    }
}

/// What stands for the value in help.
fn value_name(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::PhoneNumber => "NUMBER",
        FieldType::VoiceFile => "NAME",
        FieldType::CallbackUrl => "URL",
        FieldType::Integer => "N",
        FieldType::Milliseconds => "TIME",
        FieldType::Flag => "BOOL",
        FieldType::Enumeration(_) => "WORD",
        FieldType::SessionId => "ID",
        FieldType::VerifyCode | FieldType::Digits => "DIGITS",
        _ => "TEXT",
    }
}

/// Reads the values of a field. Words of an enumeration are offered for completion and not enforced: which values are
/// allowed is the core's to say.
#[derive(Clone)]
struct FieldParser(&'static Field);

impl TypedValueParser for FieldParser {
    type Value = Value;

    fn parse_ref(&self, command: &Command, _: Option<&Arg>, value: &OsStr) -> Result<Value, clap::Error> {
        let read = match value.to_str() {
            Some(value) => text::natural(&self.0.ty, value),
            None => Err("must be UTF-8"),
        };
        let refused = |why| {
            let message = format!("--{}: {why}\n", spelling::flag(self.0));
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        };
        read.map_err(refused)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        match self.0.ty {
            FieldType::Enumeration(enumeration) => {
                let words = enumeration.values.iter();
                Some(Box::new(
                    words.map(|word| PossibleValue::new(word.wire).help(doc::sentence(word.doc))),
                ))
            }
            FieldType::Flag => Some(Box::new(["true", "false"].into_iter().map(PossibleValue::new))),
            _ => None,
        }
    }
}
