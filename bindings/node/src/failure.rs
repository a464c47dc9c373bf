//! The core's errors as JSON text, which the TypeScript side makes into `VoiceCallError`.

use std::error::Error as _;

use serde_json::{Map, Value, json};
use voicecall_core::{Delivery, Error, ErrorKind, Retry};

/// Why something failed: the attributes that every language has, and the text of the error behind it.
#[derive(Debug)]
pub(crate) struct Failure(Map<String, Value>);

impl Failure {
    /// A caller's mistake that only this binding can see.
    pub(crate) fn invalid_argument(message: &str) -> Failure {
        Failure::own(ErrorKind::InvalidArgument, Delivery::NotSent, Retry::AfterFix, message)
    }

    /// A fault of the binding, told before anything was sent.
    pub(crate) fn internal(message: &str) -> Failure {
        Failure::own(ErrorKind::Internal, Delivery::NotSent, Retry::Never, message)
    }

    pub(crate) fn intake_closed() -> Failure {
        Failure::own(
            ErrorKind::Closed,
            Delivery::NotSent,
            Retry::Never,
            "the intake is closed",
        )
    }

    /// A file that cannot be written.
    pub(crate) fn storage(message: &str, cause: &std::io::Error) -> Failure {
        let mut failure = Failure::own(ErrorKind::Storage, Delivery::NotSent, Retry::AfterFix, message);
        failure.0.insert("cause".to_owned(), json!(cause.to_string()));
        failure
    }

    pub(crate) fn panicked() -> Failure {
        Failure::own(
            ErrorKind::Internal,
            Delivery::Unknown,
            Retry::Never,
            "a panic was caught",
        )
    }

    fn own(kind: ErrorKind, delivery: Delivery, retry: Retry, message: &str) -> Failure {
        let attributes = [
            ("kind", kind.id()),
            ("delivery", delivery.id()),
            ("message", message),
            ("advice", kind.advice()),
            ("retry", retry.id()),
        ];
        Failure(
            attributes
                .into_iter()
                .map(|(name, text)| (name.to_owned(), json!(text)))
                .collect(),
        )
    }

    pub(crate) fn into_attributes(self) -> Map<String, Value> {
        self.0
    }

    pub(crate) fn to_json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let mut attributes = error.to_json();
        if let Some(source) = error.source() {
            attributes.insert("cause".to_owned(), json!(source.to_string()));
        }
        Failure(attributes)
    }
}

/// Thrown by a function that answers at once. The TypeScript side recognises the JSON text in the message.
impl From<Failure> for napi::Error {
    fn from(failure: Failure) -> napi::Error {
        napi::Error::from_reason(failure.to_json())
    }
}
