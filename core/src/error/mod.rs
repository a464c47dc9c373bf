//! The one error type: what happened, whether a phone may have rung, and what to do.
//!
//! Messages name no secret, no digest and no full phone number; `result_desc`, which the platform writes, is masked on
//! the way in.

mod attributes;
mod kind;

use std::fmt;

use serde_json::{Map, Value, json};

pub use attributes::{Delivery, Retry, Rule};
pub use kind::ErrorKind;

use crate::attempt_tag::AttemptTag;
use crate::mask;
use crate::pointer::Pointer;

/// Why an operation failed.
///
/// Boxed, so that a `Result` stays small. [`kind`](Error::kind) says what happened, [`delivery`](Error::delivery)
/// whether a phone may have rung; the other attributes are there where they apply.
pub struct Error(Box<Attributes>);

#[derive(Debug)]
struct Attributes {
    kind: ErrorKind,
    delivery: Delivery,
    message: String,
    field: Option<String>,
    rule: Option<Rule>,
    measured: Option<Measured>,
    result_code: Option<String>,
    result_desc: Option<String>,
    http_status: Option<u16>,
    meaning: Option<&'static str>,
    advice: Option<&'static str>,
    retry: Retry,
    /// Whether the request behind it makes no phone ring, so that it may be repeated whatever its delivery.
    harmless: bool,
    attempt_tag: Option<AttemptTag>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What was found where a rule is broken. Never the value itself where that may be personal or secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Measured {
    /// A length in the unit of the rule, a number of items, or an integer value.
    Number(i64),
    /// A value that may be shown.
    Text(String),
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Measured::Number(number) => number.fmt(f),
            Measured::Text(text) => text.fmt(f),
        }
    }
}

impl Error {
    /// An error of this kind with the retry advice that fits kind and delivery.
    pub(crate) fn new(kind: ErrorKind, delivery: Delivery, message: impl Into<String>) -> Error {
        Error(Box::new(Attributes {
            kind,
            delivery,
            message: message.into(),
            field: None,
            rule: None,
            measured: None,
            result_code: None,
            result_desc: None,
            http_status: None,
            meaning: None,
            advice: None,
            retry: usual_retry(kind, delivery),
            harmless: false,
            attempt_tag: None,
            source: None,
        }))
    }

    /// An argument breaks `rule` at `at`; `message` says what belongs there and what came.
    pub(crate) fn invalid_argument(at: &Pointer, rule: Rule, message: impl fmt::Display) -> Error {
        Error::broken_rule(ErrorKind::InvalidArgument, at, rule, message)
    }

    /// A setting breaks `rule` at `at`.
    pub(crate) fn configuration(at: &Pointer, rule: Rule, message: impl fmt::Display) -> Error {
        Error::broken_rule(ErrorKind::Configuration, at, rule, message)
    }

    fn broken_rule(kind: ErrorKind, at: &Pointer, rule: Rule, message: impl fmt::Display) -> Error {
        let mut error = Error::new(kind, Delivery::NotSent, format!("{at}: {message}"));
        error.0.field = Some(at.as_str().to_owned());
        error.0.rule = Some(rule);
        error
    }

    /// A webhook body that cannot be read; `message` says where and why.
    pub(crate) fn malformed_webhook(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::MalformedWebhook, Delivery::NotSent, message)
    }

    /// The same error as a fault of the settings: validation serves requests and settings alike. The platform never sees
    /// a setting, so it has no code for it.
    pub(crate) fn of_settings(mut self) -> Error {
        self.0.kind = ErrorKind::Configuration;
        self.0.result_code = None;
        self
    }

    pub(crate) fn with_measured(mut self, measured: Measured) -> Error {
        self.0.measured = Some(measured);
        self
    }

    pub(crate) fn with_field(mut self, at: &Pointer) -> Error {
        self.0.field = Some(at.as_str().to_owned());
        self
    }

    pub(crate) fn with_result_code(mut self, code: impl Into<String>) -> Error {
        self.0.result_code = Some(code.into());
        self
    }

    /// Keeps the platform's text with the phone numbers in it masked.
    pub(crate) fn with_result_desc(mut self, text: &str) -> Error {
        self.0.result_desc = Some(mask::numbers_in(text)).filter(|text| !text.is_empty());
        self
    }

    pub(crate) fn with_http_status(mut self, status: u16) -> Error {
        self.0.http_status = Some(status);
        self
    }

    pub(crate) fn with_meaning(mut self, meaning: Option<&'static str>, advice: Option<&'static str>) -> Error {
        self.0.meaning = meaning;
        self.0.advice = advice;
        self
    }

    pub(crate) fn with_retry(mut self, retry: Retry) -> Error {
        self.0.retry = retry;
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        self.0.source = Some(source.into());
        self
    }

    /// The request rings nobody: an unknown outcome is no reason not to repeat it.
    pub(crate) fn of_harmless_request(mut self) -> Error {
        self.0.harmless = true;
        if self.0.delivery == Delivery::Unknown {
            self.0.retry = Retry::Later;
        }
        self
    }

    pub(crate) fn with_attempt_tag(mut self, tag: AttemptTag) -> Error {
        self.0.attempt_tag = Some(tag);
        self
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the request reached the platform.
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// One English sentence. Holds no secret and no full phone number.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// JSON pointer to the argument or setting at fault, e.g. `/playInfoList/2/templateParas`.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The rule that the field breaks.
    pub fn rule(&self) -> Option<Rule> {
        self.0.rule
    }

    /// What was found at the field, in the unit of the rule.
    pub fn measured(&self) -> Option<&Measured> {
        self.0.measured.as_ref()
    }

    /// The platform's result code. On an `invalid_argument`: the code that the platform would have answered.
    pub fn result_code(&self) -> Option<&str> {
        self.0.result_code.as_deref()
    }

    /// The platform's text for the result code, with phone numbers masked. Decide by the code, not by the text.
    pub fn result_desc(&self) -> Option<&str> {
        self.0.result_desc.as_deref()
    }

    /// HTTP status of the answer.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// What the result code means, from the platform's documentation.
    pub fn meaning(&self) -> Option<&'static str> {
        self.0.meaning
    }

    /// What to do: the advice of the result code where it has one, else that of the kind.
    pub fn advice(&self) -> &'static str {
        match (self.0.delivery, self.0.harmless) {
            (Delivery::Unknown, false) => {
                "The phone may be ringing. Do not place the call again before a webhook or a person tells."
            }
            (Delivery::Unknown, true) => "This request rings nobody: it may be repeated.",
            _ => self.0.advice.unwrap_or_else(|| self.0.kind.advice()),
        }
    }

    /// Whether placing the call again makes sense.
    pub fn retry(&self) -> Retry {
        self.0.retry
    }

    /// The mark that the request carried in its `userData`, if it carried one: a call whose outcome is unknown is
    /// recognised by it when its webhooks arrive.
    pub fn attempt_tag(&self) -> Option<&AttemptTag> {
        self.0.attempt_tag.as_ref()
    }

    /// All attributes as JSON, with the names that every language uses; absent ones are left out.
    pub fn to_json(&self) -> Map<String, Value> {
        let a = &*self.0;
        let measured = a.measured.as_ref().map(|measured| match measured {
            Measured::Number(number) => json!(number),
            Measured::Text(text) => json!(text),
        });
        let attributes = [
            ("kind", Some(json!(a.kind.id()))),
            ("delivery", Some(json!(a.delivery.id()))),
            ("message", Some(json!(a.message))),
            ("field", a.field.as_ref().map(|field| json!(field))),
            ("rule", a.rule.map(|rule| json!(rule.id()))),
            ("measured", measured),
            ("result_code", a.result_code.as_ref().map(|code| json!(code))),
            ("result_desc", a.result_desc.as_ref().map(|text| json!(text))),
            ("http_status", a.http_status.map(|status| json!(status))),
            ("meaning", a.meaning.map(|meaning| json!(meaning))),
            ("advice", Some(json!(self.advice()))),
            ("retry", Some(json!(a.retry.id()))),
            ("attempt_tag", a.attempt_tag.as_ref().map(|tag| json!(tag.as_str()))),
        ];
        attributes
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }
}

/// What is usually sensible when no code table says it.
fn usual_retry(kind: ErrorKind, delivery: Delivery) -> Retry {
    match (delivery, kind) {
        (Delivery::Unknown, _) => Retry::Never,
        (_, ErrorKind::InvalidArgument | ErrorKind::Configuration | ErrorKind::Authentication) => Retry::AfterFix,
        (_, ErrorKind::Tls | ErrorKind::Signature) => Retry::AfterFix,
        (_, ErrorKind::Throttled) => Retry::Later,
        (
            Delivery::NotSent,
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::ConnectionLost | ErrorKind::Closed,
        ) => Retry::Later,
        _ => Retry::Never,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.0.kind.id(), self.0.delivery.id(), self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }

    #[test]
    fn an_unknown_outcome_always_advises_against_redialling() {
        let error = Error::new(ErrorKind::Rejected, Delivery::Unknown, "timed out")
            .with_meaning(Some("Response time-out"), Some("Send the request again."));
        assert!(error.advice().contains("Do not place the call again"));
        assert_eq!(error.retry(), Retry::Never);
    }

    #[test]
    fn a_request_that_rings_nobody_may_be_repeated_after_an_unknown_outcome() {
        let error = Error::new(ErrorKind::Timeout, Delivery::Unknown, "timed out").of_harmless_request();
        assert!(!error.advice().contains("ringing"));
        assert_eq!(error.retry(), Retry::Later);
    }

    #[test]
    fn the_platforms_text_is_masked_before_it_is_kept() {
        let error =
            Error::new(ErrorKind::Rejected, Delivery::Answered, "refused").with_result_desc("用户13800000021在黑名单");
        assert_eq!(error.result_desc(), Some("用户*******0021在黑名单"));
        assert!(!format!("{error:?}").contains("13800000021"));
    }
}
