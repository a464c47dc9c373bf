//! `voicecall_error`: the core's error as C reads it.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::ptr;

use serde_json::{Map, Value, json};
use voicecall_core::{Delivery, Error, ErrorKind, Retry, Rule};

use crate::arguments::given;
use crate::boundary::{answer, run};
use crate::numbers::{Attribute, OK, delivery_number, retry_number, voicecall_status};
use crate::text::Text;
use crate::value::voicecall_value;

/// Why a function failed: what happened, whether a phone may have rung, and what to do. Never changes; any number of
/// threads may read it at once.
pub struct voicecall_error {
    kind: ErrorKind,
    delivery: Delivery,
    retry: Retry,
    http_status: Option<u16>,
    /// Under the names that every language uses.
    attributes: Option<Map<String, Value>>,
    /// The attributes that there are, as texts.
    texts: Vec<(Attribute, Text)>,
}

/// What is left when not even an error can be made. Owned by nobody, so never freed.
static LAST_RESORT: voicecall_error = voicecall_error {
    kind: ErrorKind::Internal,
    delivery: Delivery::Unknown,
    retry: Retry::Never,
    http_status: None,
    attributes: None,
    texts: Vec::new(),
};

impl voicecall_error {
    /// An error that the core does not know of: a parameter of a C function, or a fault of this crate.
    pub(crate) fn own(kind: ErrorKind, delivery: Delivery, message: &str) -> voicecall_error {
        let retry = if kind == ErrorKind::Internal {
            Retry::Never
        } else {
            Retry::AfterFix
        };
        let attributes = [
            (Attribute::ErrorKind, kind.id()),
            (Attribute::Delivery, delivery.id()),
            (Attribute::Message, message),
            (Attribute::Advice, kind.advice()),
            (Attribute::Retry, retry.id()),
        ];
        let attributes = attributes
            .into_iter()
            .map(|(name, text)| (name.id().to_owned(), json!(text)))
            .collect();
        voicecall_error::new(kind, delivery, retry, None, attributes)
    }

    /// The same error, told to be about what belongs at this pointer.
    pub(crate) fn at(self, pointer: &str, rule: Rule) -> voicecall_error {
        let message = format!("{pointer}: {}", self.text(Attribute::Message).map_or("", Text::as_str));
        let mut attributes = self.attributes.unwrap_or_default();
        for (name, text) in [
            (Attribute::Message, message.as_str()),
            (Attribute::Field, pointer),
            (Attribute::Rule, rule.id()),
        ] {
            attributes.insert(name.id().to_owned(), json!(text));
        }
        voicecall_error::new(self.kind, self.delivery, self.retry, self.http_status, attributes)
    }

    fn new(
        kind: ErrorKind,
        delivery: Delivery,
        retry: Retry,
        http_status: Option<u16>,
        attributes: Map<String, Value>,
    ) -> voicecall_error {
        let texts = Attribute::ALL.iter().filter_map(|attribute| {
            let text = match attributes.get(attribute.id())? {
                Value::String(text) => Text::new(text),
                other => Text::new(&other.to_string()),
            };
            Some((*attribute, text))
        });
        voicecall_error {
            kind,
            delivery,
            retry,
            http_status,
            texts: texts.collect(),
            attributes: Some(attributes),
        }
    }

    /// The error that needs no memory.
    pub(crate) fn of_last_resort() -> *mut voicecall_error {
        ptr::from_ref(&LAST_RESORT).cast_mut()
    }

    /// Frees an error that went, or would have gone, to a caller.
    pub(crate) fn discard(error: *mut voicecall_error) {
        if error.is_null() || ptr::eq(error, &LAST_RESORT) {
            return;
        }
        // SAFETY: every other `voicecall_error *` that callers get comes from `Box::into_raw`, and the header has them
        // free each one once.
        answer((), || drop(unsafe { Box::from_raw(error) }));
    }

    pub(crate) fn status(&self) -> voicecall_status {
        self.kind.number()
    }

    #[cfg(test)]
    pub(crate) fn delivery(&self) -> i32 {
        delivery_number(self.delivery)
    }

    #[cfg(test)]
    pub(crate) fn message(&self) -> &str {
        self.text(Attribute::Message).map_or("", Text::as_str)
    }

    fn text(&self, attribute: Attribute) -> Option<&Text> {
        self.texts
            .iter()
            .find(|(name, _)| *name == attribute)
            .map(|(_, text)| text)
    }
}

impl From<&Error> for voicecall_error {
    fn from(error: &Error) -> voicecall_error {
        voicecall_error::new(
            error.kind(),
            error.delivery(),
            error.retry(),
            error.http_status(),
            error.to_json(),
        )
    }
}

/// The status that the function returned: one of VOICECALL_INVALID_ARGUMENT and so on. VOICECALL_OK for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_error_status(error: Option<&voicecall_error>) -> voicecall_status {
    answer(OK, || error.map_or(OK, voicecall_error::status))
}

/// Whether the request reached the platform: one of VOICECALL_DELIVERY_NOT_SENT and so on. After
/// VOICECALL_DELIVERY_UNKNOWN the phone may be ringing: do not place the call again by program. 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_error_delivery(error: Option<&voicecall_error>) -> i32 {
    answer(0, || error.map_or(0, |error| delivery_number(error.delivery)))
}

/// Whether placing the call again makes sense: one of VOICECALL_RETRY_NEVER and so on. 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_error_retry(error: Option<&voicecall_error>) -> i32 {
    answer(0, || error.map_or(0, |error| retry_number(error.retry)))
}

/// The HTTP status of the platform's answer; 0 when there was no answer, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_error_http_status(error: Option<&voicecall_error>) -> i32 {
    answer(0, || error.and_then(|error| error.http_status).map_or(0, i32::from))
}

/// One English sentence that tells what happened; "" for NULL. Names no secret and no full phone number.
///
/// Returns a text that is borrowed until the error is freed. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_error_message(error: Option<&voicecall_error>) -> *const c_char {
    answer(c"".as_ptr(), || match error {
        Some(error) => error
            .text(Attribute::Message)
            .map_or(c"the library met a fault of its own".as_ptr(), Text::as_ptr),
        None => c"".as_ptr(),
    })
}

/// One of the error's texts.
///
/// `attribute`: one of VOICECALL_ERROR_MESSAGE and so on.
/// `length`: gets the number of bytes; may be NULL.
///
/// Returns a text that is borrowed until the error is freed; NULL when the error has no such text, for NULL, and for
/// an unknown `attribute` (`length` is then not written).
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_error_text(
    error: Option<&voicecall_error>,
    attribute: i32,
    length: Option<&mut MaybeUninit<usize>>,
) -> *const c_char {
    answer(ptr::null(), || {
        let Some(text) = error.and_then(|error| error.text(Attribute::from_number(attribute)?)) else {
            return ptr::null();
        };
        if let Some(length) = length {
            length.write(text.as_str().len());
        }
        text.as_ptr()
    })
}

/// All attributes as a value: an object with the members kind, delivery, message, retry, advice and, where they apply,
/// field, rule, measured, result_code, result_desc, http_status, meaning, attempt_tag. The names are the same in every
/// language.
///
/// `attributes`: gets a new value, owned by the caller, free with voicecall_value_free().
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_error_value(
    error: Option<&voicecall_error>,
    attributes: Option<&mut MaybeUninit<*mut voicecall_value>>,
    failure: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(failure, || {
        let error = given(error, "error")?;
        let out = given(attributes, "attributes")?;
        out.write(voicecall_value::hand_over(Value::Object(
            error.attributes.clone().unwrap_or_default(),
        )));
        Ok(())
    })
}

/// Frees an error. NULL is fine. Must not be called twice with the same error.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_error_free(error: *mut voicecall_error) {
    voicecall_error::discard(error);
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    #[test]
    fn the_error_of_last_resort_tells_what_it_can_and_may_be_freed() {
        let last = voicecall_error::of_last_resort();
        let error = Some(&LAST_RESORT);
        assert!(ptr::eq(last, &LAST_RESORT));
        assert_eq!(voicecall_error_status(error), 901);
        assert_eq!(voicecall_error_delivery(error), 3, "nobody knows how far a call came");
        assert_eq!(voicecall_error_retry(error), 1);
        assert!(voicecall_error_text(error, Attribute::ErrorKind.number(), None).is_null());
        // SAFETY: a text that lives for ever.
        let message = unsafe { CStr::from_ptr(voicecall_error_message(error)) };
        assert_eq!(message, c"the library met a fault of its own");
        voicecall_error_free(last);
        voicecall_error_free(last);
        assert_eq!(voicecall_error_status(error), 901);
    }
}
