//! The options of a request, made from the core's descriptors: no field, range or default is written down here.
//!
//! A field is a flag. The fields of nested records are flags too: each that begins an item opens the next one, and what
//! follows belongs to it.

mod doc;
mod extra;
pub(crate) mod fault;
pub(crate) mod flag;
mod input;
mod items;
mod preview;
pub(crate) mod text;

use std::marker::PhantomData;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use serde_json::{Map, Value};
use voicecall_core::calls::{
    CREATE_VOICE_CALLBACK, CREATE_VOICE_NOTIFICATION, CREATE_VOICE_VERIFICATION_CODE, GET_RECORDING_DOWNLOAD_URL,
    Recording, TERMINATE_CALL, TerminateCall, VoiceCallback, VoiceNotification, VoiceVerificationCode,
};
use voicecall_core::descriptor::FieldType;
use voicecall_core::operation::{Method, Operation};
use voicecall_core::record::{Fields, FromNatural};
use voicecall_core::{Client, warnings};

use crate::exit::Failure;
use crate::output;

/// A request type of the core, as the type of a command's options.
pub(crate) trait Requested: Fields + FromNatural {
    /// The operation that takes it.
    fn operation() -> &'static Operation;
}

macro_rules! requested {
    ($($request:ident: $operation:ident),+ $(,)?) => {
        $(impl Requested for $request {
            fn operation() -> &'static Operation {
                &$operation
            }
        })+
    };
}

requested! {
    VoiceCallback: CREATE_VOICE_CALLBACK,
    VoiceNotification: CREATE_VOICE_NOTIFICATION,
    VoiceVerificationCode: CREATE_VOICE_VERIFICATION_CODE,
    TerminateCall: TERMINATE_CALL,
    Recording: GET_RECORDING_DOWNLOAD_URL,
}

/// What was typed for a request of type `T`, in the core's natural form.
#[derive(Debug)]
pub(crate) struct Request<T> {
    given: Map<String, Value>,
    of: PhantomData<T>,
}

impl<T: Requested> Request<T> {
    /// The text that was given for the field with this wire name.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.given.get(name)?.as_str()
    }

    /// Sets a field that the program knows, not the user.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.given.insert(name.to_owned(), Value::from(value));
    }

    /// The request in the core's type.
    pub(crate) fn typed(&self) -> Result<T, Failure> {
        let record = T::operation().request;
        let given = input::filled_in(record, self.given.clone())?;
        T::from_natural(given).map_err(|error| fault::of(record, error))
    }

    /// Prints the request as it would be sent, with everything personal and secret hidden, and warns of what has no
    /// effect in it.
    pub(crate) fn show(&self, client: &Client, json: bool) -> Result<(), Failure> {
        let operation = T::operation();
        let request = self.typed()?;
        let preview = client.preview(operation, &request);
        let preview = preview.map_err(|error| fault::of(operation.request, error))?;
        let warnings = warnings(&request);
        if json {
            output::json(&preview::to_json(&preview, &warnings));
        } else {
            output::text(preview::request(&preview).as_bytes());
        }
        for warning in &warnings {
            output::complain(&fault::warning(operation.request, warning));
        }
        Ok(())
    }
}

impl<T: Requested> Args for Request<T> {
    fn augment_args(command: Command) -> Command {
        let record = T::operation().request;
        let command = record.fields.iter().fold(command, |command, field| match field.ty {
            FieldType::Records(items) => items::augment(command, field, items),
            _ => command.arg(flag::of_request(record, field)),
        });
        match T::operation().method {
            Method::Post => command.arg(extra::argument()),
            // Extra fields are fields of a body.
            _ => command,
        }
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: Requested> FromArgMatches for Request<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Request<T>, clap::Error> {
        let mut given = Map::new();
        for field in T::operation().request.fields {
            let value = match field.ty {
                FieldType::Records(items) => items::read(matches, items)?,
                _ => flag::read(matches, field),
            };
            given.extend(value.map(|value| (field.name.to_owned(), value)));
        }
        given.extend(extra::read(matches)?);
        Ok(Request { given, of: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command, FromArgMatches};
    use serde_json::json;
    use voicecall_core::calls::{Recording, TerminateCall, VoiceCallback, VoiceNotification, VoiceVerificationCode};
    use voicecall_core::descriptor::FieldType;

    use super::{Request, Requested};

    fn given<T: Requested>(line: &[&str]) -> Result<serde_json::Value, String> {
        let command = Request::<T>::augment_args(Command::new("call").no_binary_name(true));
        let matches = command.try_get_matches_from(line).map_err(|error| error.to_string())?;
        let request = Request::<T>::from_arg_matches(&matches).map_err(|error| error.to_string())?;
        Ok(serde_json::Value::Object(request.given))
    }

    const PARTIES: [&str; 4] = ["--display-nbr", "+867550000088", "--callee-nbr", "+8613800000021"];

    fn items(line: &[&str]) -> Result<serde_json::Value, String> {
        given::<VoiceNotification>(&[&PARTIES, line].concat()).map(|given| given["playInfoList"].clone())
    }

    fn has_a_flag_for_every_field<T: Requested>() {
        let command = Request::<T>::augment_args(Command::new("x"));
        for field in T::operation().request.fields {
            let fields = match field.ty {
                FieldType::Records(items) => items.fields.iter().collect(),
                _ => vec![field],
            };
            for field in fields {
                let long = field.ident.replace('_', "-");
                let found = command.get_arguments().find(|arg| arg.get_long() == Some(&long));
                assert!(found.is_some_and(|arg| arg.get_long_help().is_some()), "--{long}");
            }
        }
    }

    #[test]
    fn every_field_of_every_request_is_a_flag() {
        has_a_flag_for_every_field::<VoiceCallback>();
        has_a_flag_for_every_field::<VoiceNotification>();
        has_a_flag_for_every_field::<VoiceVerificationCode>();
        has_a_flag_for_every_field::<TerminateCall>();
        has_a_flag_for_every_field::<Recording>();
    }

    #[test]
    fn flags_numbers_and_words_have_their_natural_types() {
        let line = [
            &PARTIES[..],
            &["--caller-nbr", "+1", "--display-callee-nbr", "+2"],
            &["--max-duration", "-1", "--record-flag", "--play-pre-voice=false"],
            &[
                "--callee-media",
                "unheard-of",
                "--extra",
                "bindNbr=\"+3\"",
                "--extra",
                "n={\"a\":1}",
            ],
        ]
        .concat();
        let given = given::<VoiceCallback>(&line).unwrap();
        assert_eq!(given["maxDuration"], -1);
        assert_eq!(
            (&given["recordFlag"], &given["playPreVoice"]),
            (&json!(true), &json!(false))
        );
        assert_eq!(given["calleeMedia"], "unheard-of", "the core decides, not the shell");
        assert_eq!(given["extra"], json!({"bindNbr": "+3", "n": {"a": 1}}));
    }

    #[test]
    fn each_file_or_template_begins_an_item_and_what_follows_belongs_to_it() {
        let line = [
            &[
                "--notify-voice",
                "a.wav",
                "--collect-ind",
                "1",
                "--replay-after-collection",
            ][..],
            &[
                "--template-id",
                "t",
                "--template-paras",
                "3",
                "1栋",
                "--template-paras=-5",
            ],
            &["--notify-voice=b.wav", "--replay-after-collection=false"],
        ]
        .concat();
        assert_eq!(
            items(&line).unwrap(),
            json!([
                {"notifyVoice": "a.wav", "collectInd": 1, "replayAfterCollection": true},
                {"templateId": "t", "templateParas": ["3", "1栋", "-5"]},
                {"notifyVoice": "b.wav", "replayAfterCollection": false},
            ])
        );
    }

    #[test]
    fn what_belongs_to_no_item_or_stands_twice_in_one_is_wrong_usage() {
        let error = items(&["--collect-ind", "1", "--notify-voice", "a.wav"]).unwrap_err();
        assert!(
            error.contains("put --collect-ind behind --notify-voice or --template-id"),
            "{error}"
        );
        let error = items(&["--notify-voice", "a.wav", "--collect-ind", "1", "--collect-ind", "2"]).unwrap_err();
        assert!(error.contains("--collect-ind stands twice for item 1"), "{error}");
        assert!(items(&[]).unwrap_err().contains("--notify-voice"), "at least one item");
    }

    #[test]
    fn extra_fields_are_json() {
        for wrong in ["bindNbr", "bindNbr=+3", "=1"] {
            let line = [&PARTIES[..], &["--notify-voice", "a.wav", "--extra", wrong]].concat();
            assert!(given::<VoiceNotification>(&line).is_err(), "{wrong}");
        }
    }
}
