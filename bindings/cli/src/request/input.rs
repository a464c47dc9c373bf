//! Values that must not stand on a command line, where every user of the machine can read them: codes that are read out
//! and values of templates may come from standard input instead.

use std::io::{self, BufRead};

use serde_json::{Map, Value};
use voicecall_core::descriptor::{FieldType, Record, Sensitivity};

use crate::exit::Failure;

/// Stands for "the next line of standard input".
const FROM_INPUT: &str = "@-";

pub(super) const HELP: &str =
    "@- takes the value from standard input, one line each, so that no other user of this machine sees it.";

/// Puts the lines of standard input in the places that ask for them, in the order of the request.
pub(super) fn filled_in(record: &Record, mut given: Map<String, Value>) -> Result<Map<String, Value>, Failure> {
    fill(record, &mut given, &mut || next_line(&mut io::stdin().lock()))?;
    Ok(given)
}

fn next_line(input: &mut impl BufRead) -> Result<String, Failure> {
    let mut line = String::new();
    match input.read_line(&mut line) {
        Ok(0) => Err(Failure::usage(format!(
            "{FROM_INPUT}: standard input has ended before the value came"
        ))),
        Ok(_) => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
        Err(error) => Err(Failure::local(format!(
            "{FROM_INPUT}: standard input cannot be read: {error}"
        ))),
    }
}

fn fill(
    record: &Record,
    given: &mut Map<String, Value>,
    next: &mut impl FnMut() -> Result<String, Failure>,
) -> Result<(), Failure> {
    for field in record.fields {
        let Some(value) = given.get_mut(field.name) else {
            continue;
        };
        match (&field.ty, value) {
            (FieldType::Records(items), Value::Array(list)) => {
                for item in list.iter_mut().filter_map(Value::as_object_mut) {
                    fill(items, item, next)?;
                }
            }
            (_, Value::Array(list)) if field.sensitivity() == Sensitivity::Hidden => {
                list.iter_mut().try_for_each(|value| replace(value, next))?;
            }
            (_, value) if field.sensitivity() == Sensitivity::Hidden => replace(value, next)?,
            _ => {}
        }
    }
    Ok(())
}

fn replace(value: &mut Value, next: &mut impl FnMut() -> Result<String, Failure>) -> Result<(), Failure> {
    if value == FROM_INPUT {
        *value = Value::from(next()?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use voicecall_core::calls::{VoiceNotification, VoiceVerificationCode};
    use voicecall_core::descriptor::Record;

    use super::{fill, next_line};

    fn filled(record: &Record, given: Value, input: &str) -> Result<Value, String> {
        let mut given = given.as_object().unwrap().clone();
        let mut input = input.as_bytes();
        fill(record, &mut given, &mut || next_line(&mut input)).map_err(|failure| failure.line())?;
        Ok(Value::Object(given))
    }

    #[test]
    fn codes_and_template_values_come_from_the_lines_of_the_input() {
        let given = json!({"verifyCode": "@-", "preTone": "@-"});
        let filled_in = filled(VoiceVerificationCode::RECORD, given, "123456\r\n").unwrap();
        assert_eq!(
            filled_in,
            json!({"verifyCode": "123456", "preTone": "@-"}),
            "other fields are texts"
        );
        let given = json!({"playInfoList": [{"templateParas": ["@-", "x", "@-"]}]});
        let filled_in = filled(VoiceNotification::RECORD, given, "一\n二").unwrap();
        assert_eq!(filled_in["playInfoList"][0]["templateParas"], json!(["一", "x", "二"]));
    }

    #[test]
    fn an_input_that_ends_too_early_is_told() {
        let error = filled(VoiceVerificationCode::RECORD, json!({"verifyCode": "@-"}), "").unwrap_err();
        assert!(error.contains("standard input has ended"), "{error}");
    }
}
