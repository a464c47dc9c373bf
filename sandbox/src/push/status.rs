//! The body of a status push (contract pushes.md 7).
//!
//! The names here are written, never read: a test holds them against the descriptors of the core, which declare them.

use serde::Serialize;
use voicecall_core::webhook::StatusEvent;

use crate::call::event::{Event, EventKind};
use crate::call::{Call, SceneKind};
use crate::cdr;
use crate::choices::Choices;
use crate::moment::Moment;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    event_type: EventKind,
    status_info: StatusInfo<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusInfo<'a> {
    session_id: String,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    called: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digit_info: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    party_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_desc: Option<&'static str>,
}

/// The JSON text that tells this event of the call.
pub(crate) fn json(call: &Call, event: &Event, at: Moment, choices: &Choices) -> Option<String> {
    // The official collectInfo example names no numbers.
    let numbers = (event.kind != EventKind::CollectInfo).then(|| call.order.numbers(event.leg));
    let ending = call.record().end.filter(|_| event.kind == EventKind::Disconnect);
    let ending = ending.map(|(_, ending)| ending);
    // Callbacks only, and only when asked for.
    let tells_party = call.order.tells_party && call.order.scene == SceneKind::Callback;
    let no_digits = (choices.empty_digit_info && event.kind == EventKind::CollectInfo).then_some("");
    let body = Body {
        event_type: event.kind,
        status_info: StatusInfo {
            session_id: call.session_id(),
            timestamp: at.wire(),
            caller: numbers.map(|numbers| &*numbers.display),
            called: numbers.map(|numbers| &*numbers.called),
            digit_info: event.digits.as_deref().or(no_digits),
            user_data: call.order.user_data.as_deref(),
            party_type: ending
                .filter(|_| tells_party)
                .map(|ending| ending.by.text(&choices.party_types)),
            state_code: ending.map(|ending| ending.state_code),
            state_desc: ending.map(|ending| ending.description()),
        },
    };
    if choices.empty_fields {
        let info = serde_json::to_value(&body.status_info).ok()?;
        let info = cdr::with_empty_fields(info, StatusEvent::RECORD)?;
        return Some(format!(
            r#"{{"eventType":"{}","statusInfo":{info}}}"#,
            event.kind.wire()
        ));
    }
    serde_json::to_string(&body).ok()
}
