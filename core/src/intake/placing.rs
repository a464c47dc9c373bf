//! What is known of a call at the moment it is placed: the request, as far as it helps to recognise the call later.
//!
//! Codes that are read out and values of templates are not among it.

use std::fmt;
use std::time::SystemTime;

use serde_json::{Map, Value, json};

use crate::attempt_tag::split_user_data;
use crate::clock::unix_seconds;
use crate::mask;
use crate::operation::Operation;
use crate::record::{FieldValue, Fields};
use crate::webhook::Timestamp;

/// A request that places a call, as [`placed`](super::Intake::placed) and [`attempt`](super::Intake::attempt) register
/// it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Placing {
    /// Name of the operation, e.g. `create_voice_callback`.
    pub operation: String,
    /// When the call was placed, in Unix seconds.
    pub at: i64,
    /// The called numbers with the numbers shown to them: A and B of a callback, else one. Personal data.
    pub called: Vec<Called>,
    /// The request's user data, without the attempt tag.
    pub user_data: Option<String>,
}

/// A number that a request calls.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Called {
    /// The called number.
    pub number: String,
    /// The number shown there.
    pub display_number: Option<String>,
}

/// The fields that name a called number, each with the one that names the number shown there, in the order of the legs.
const LEGS: [(&str, &str); 2] = [("callerNbr", "displayNbr"), ("calleeNbr", "displayCalleeNbr")];
/// A request without a `callerNbr` has one leg, which is shown this.
const ONLY_DISPLAY: &str = "displayNbr";

impl Placing {
    /// Takes from the request what helps to recognise the call. The time is now; see [`at`](Placing::at).
    pub fn new(operation: &Operation, request: &dyn Fields) -> Placing {
        let is_callback = operation.request.field(LEGS[0].0).is_some();
        let called = LEGS.iter().filter_map(|(number, display)| {
            let display = if is_callback { display } else { ONLY_DISPLAY };
            Some(Called {
                number: text(request, number)?,
                display_number: text(request, display),
            })
        });
        Placing {
            operation: operation.name.to_owned(),
            at: unix_seconds(SystemTime::now()).unwrap_or_default(),
            called: called.collect(),
            user_data: text(request, "userData").and_then(|own| split_user_data(&own).0.map(str::to_owned)),
        }
    }

    /// When the call was placed, in Unix seconds.
    #[must_use]
    pub fn at(mut self, unix_seconds: i64) -> Placing {
        self.at = unix_seconds;
        self
    }

    /// The form in which stores keep it, with the id of the call if the platform has named it.
    pub(super) fn to_json(&self, session_id: Option<&str>) -> String {
        let called = self.called.iter().map(|called| match &called.display_number {
            Some(display) => json!({"number": called.number, "displayNumber": display}),
            None => json!({"number": called.number}),
        });
        let mut object = Map::new();
        object.insert("operation".to_owned(), json!(self.operation));
        object.insert("at".to_owned(), json!(self.at));
        object.insert("called".to_owned(), called.collect());
        if let Some(session_id) = session_id {
            object.insert("sessionId".to_owned(), json!(session_id));
        }
        if let Some(own) = &self.user_data {
            object.insert("userData".to_owned(), json!(own));
        }
        Value::Object(object).to_string()
    }

    /// Reads what [`to_json`](Placing::to_json) wrote.
    pub(super) fn from_json(text: &str) -> Option<(Placing, Option<String>)> {
        let object: Value = serde_json::from_str(text).ok()?;
        let string = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let called = object.get("called")?.as_array()?.iter().filter_map(|called| {
            Some(Called {
                number: string(called, "number")?,
                display_number: string(called, "displayNumber"),
            })
        });
        let placing = Placing {
            operation: string(&object, "operation")?,
            at: object.get("at")?.as_i64()?,
            called: called.collect(),
            user_data: string(&object, "userData"),
        };
        Some((placing, string(&object, "sessionId")))
    }

    pub(super) fn timestamp(&self) -> Option<Timestamp<'static>> {
        Timestamp::parse(crate::webhook::time::pushed(self.at))
    }
}

fn text(request: &dyn Fields, name: &str) -> Option<String> {
    match request.get(request.record().index_of(name)?)? {
        FieldValue::Text(text) if !text.is_empty() => Some(text.to_owned()),
        _ => None,
    }
}

impl fmt::Debug for Placing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printed = f.debug_struct("Placing");
        printed
            .field("operation", &self.operation)
            .field("at", &self.at)
            .field("called", &self.called);
        printed.finish_non_exhaustive()
    }
}

impl fmt::Debug for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask::phone_number(&self.number))
    }
}

#[cfg(test)]
mod tests {
    use super::Placing;
    use crate::calls::{CREATE_VOICE_CALLBACK, CREATE_VOICE_VERIFICATION_CODE, VoiceCallback, VoiceVerificationCode};

    #[test]
    fn a_callback_calls_two_numbers_and_each_sees_its_own() {
        let request = VoiceCallback::new()
            .display_nbr("+867550000001")
            .caller_nbr("+8613800000021")
            .display_callee_nbr("+867550000002")
            .callee_nbr("+8613800000022")
            .user_data("order-7");
        let placing = Placing::new(&CREATE_VOICE_CALLBACK, &request).at(1_770_000_000);
        let called: Vec<_> = placing
            .called
            .iter()
            .map(|called| (called.number.as_str(), called.display_number.as_deref()))
            .collect();
        assert_eq!(
            called,
            [
                ("+8613800000021", Some("+867550000001")),
                ("+8613800000022", Some("+867550000002"))
            ]
        );
        assert_eq!(
            Placing::from_json(&placing.to_json(None)),
            Some((placing.clone(), None))
        );
        let (_, session_id) = Placing::from_json(&placing.to_json(Some("s-1"))).unwrap();
        assert_eq!(session_id.as_deref(), Some("s-1"));
    }

    #[test]
    fn the_code_that_is_read_out_is_not_kept() {
        let request = VoiceVerificationCode::new()
            .display_nbr("+867550000001")
            .callee_nbr("+8613800000021")
            .verify_code("424242");
        let placing = Placing::new(&CREATE_VOICE_VERIFICATION_CODE, &request);
        assert_eq!(placing.called[0].display_number.as_deref(), Some("+867550000001"));
        assert!(!placing.to_json(None).contains("424242"));
        assert!(!format!("{placing:?}").contains("13800000021"));
    }
}
