//! Says what is wrong with a request in the words of who typed it: flags instead of JSON pointers and wire names.

use voicecall_core::descriptor::{FieldType, Record};
use voicecall_core::{Error, Warning};

use crate::exit::Failure;
use crate::spelling;

/// The error of a request of this type, told with flags.
pub(crate) fn of(record: &'static Record, error: Error) -> Failure {
    let message = in_flags(record, error.field(), error.message());
    Failure::call(error, &message)
}

/// A warning about a request of this type, told with flags.
pub(super) fn warning(record: &'static Record, warning: &Warning) -> String {
    in_flags(record, Some(&warning.field), &warning.message)
}

fn in_flags(record: &'static Record, field: Option<&str>, message: &str) -> String {
    let Some((place, inner)) = field.and_then(|pointer| place(record, pointer)) else {
        return message.to_owned();
    };
    let rest = field
        .and_then(|pointer| message.strip_prefix(pointer))
        .and_then(|rest| rest.strip_prefix(": "));
    format!("{place}: {}", with_flags(inner, rest.unwrap_or(message)))
}

/// `/playInfoList/2/templateParas/0` is the first value of `--template-paras` of the third item.
fn place(record: &'static Record, pointer: &str) -> Option<(String, &'static Record)> {
    let mut steps = pointer.strip_prefix('/')?.split('/');
    let field = record.field(steps.next()?)?;
    let index = steps.next().map(str::parse::<usize>).transpose().ok()?;
    match (&field.ty, index) {
        (FieldType::Records(items), Some(index)) => {
            let inner: Vec<_> = steps.collect();
            let (place, record) = place(items, &format!("/{}", inner.join("/")))?;
            Some((format!("{place} of item {}", index + 1), record))
        }
        (FieldType::Records(_), None) => Some(("what is played".to_owned(), record)),
        (_, Some(index)) => Some((format!("value {} of --{}", index + 1, spelling::flag(field)), record)),
        (_, None) => Some((format!("--{}", spelling::flag(field)), record)),
    }
}

/// Names of the record's fields become flags. Names of one word stay: they may be words of the sentence.
fn with_flags(record: &Record, message: &str) -> String {
    let words = message.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    let told = words.map(|piece| {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        match record.field(word) {
            Some(field) if word.contains(|c: char| c.is_ascii_uppercase()) => {
                format!(
                    "--{}{}",
                    spelling::flag(field),
                    piece.strip_prefix(word).unwrap_or_default()
                )
            }
            _ => piece.to_owned(),
        }
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use voicecall_core::calls::{VoiceCallback, VoiceNotification};

    use super::in_flags;

    #[test]
    fn pointers_and_wire_names_become_flags() {
        for (pointer, message, told) in [
            (
                "/calleeNbr",
                "/calleeNbr: must be + and 3 to 30 digits",
                "--callee-nbr: must be + and 3 to 30 digits",
            ),
            (
                "/lastMinVoice",
                "/lastMinVoice: has no effect unless maxDuration is other than 0",
                "--last-min-voice: has no effect unless --max-duration is other than 0",
            ),
            (
                "/extra/calleeNbr",
                "/extra/calleeNbr: repeats",
                "/extra/calleeNbr: repeats",
            ),
        ] {
            assert_eq!(in_flags(VoiceCallback::RECORD, Some(pointer), message), told);
        }
        for (pointer, told) in [
            ("/playInfoList/1/collectInd", "--collect-ind of item 2: no"),
            (
                "/playInfoList/0/templateParas/2",
                "value 3 of --template-paras of item 1: no",
            ),
            ("/playInfoList", "what is played: no"),
        ] {
            assert_eq!(
                in_flags(VoiceNotification::RECORD, Some(pointer), &format!("{pointer}: no")),
                told
            );
        }
    }
}
