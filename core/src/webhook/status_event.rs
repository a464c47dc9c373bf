//! A status push: one event in the life of a call (contract pushes.md 7).

use std::fmt;

use serde_json::{Map, Value};

use super::record::{getter, pushed_record};
use super::{EVENT_TYPE, EventType, json};
use crate::descriptor::{Limit, Presence};

pushed_record! {
    /// One event in the life of a call: it is dialled, rings, is answered, keys are pressed, it ends.
    pub struct StatusEvent: "pushes.md 7.2" {
        /// When it happened.
        timestamp: "timestamp" => Time { presence: Presence::Mandatory, limit: Limit::documented(1, 128) }
        /// The request's user data; only if the request had it.
        user_data: "userData" => UserData { limit: Limit::documented(1, 256) }
        /// Identifies the call, as in the answer to the request. Opaque.
        session_id: "sessionId" => SessionId { presence: Presence::Mandatory, limit: Limit::documented(1, 256) }
        /// Calling number. May differ from the request's: a suspended display number is replaced. Not in `collectInfo`.
        caller: "caller" => PhoneNumber { limit: Limit::documented(1, 32) }
        /// Called number. Not in `collectInfo`.
        called: "called" => PhoneNumber { limit: Limit::documented(1, 32) }
        /// Who hung up: the platform's text, as it comes; the possible texts are not documented (D14). Only in the
        /// `disconnect` of a callback whose request asked for it.
        party_type: "partyType" => Text {}
        /// Why the call ended; only in `disconnect`. See [`explain`](StatusEvent::explain).
        state_code: "stateCode" => Integer {}
        /// The platform's text for the state code.
        state_desc: "stateDesc" => Text { limit: Limit::documented(1, 128) }
        /// Keys that were pressed; only in `collectInfo`. Absent when no key came.
        digit_info: "digitInfo" => Digits {}
    }
}

/// The field of the outermost object that holds the record.
pub(super) const CONTENT: &str = "statusInfo";

impl StatusEvent {
    /// What happened. Never [`EventType::Fee`], never unknown.
    pub fn event_type(&self) -> &EventType {
        &self.0.message().event_type
    }

    /// The whole message, as it came.
    pub fn raw(&self) -> &str {
        &self.0.message().text
    }

    /// The natural JSON form: `eventType` and all fields side by side under wire names, times as RFC 3339, undocumented
    /// fields as they came; absent fields are left out.
    pub fn to_json(&self) -> Map<String, Value> {
        let message = self.0.message();
        let beside = json::extra(&message.text, &message.beside);
        let mut object = Map::new();
        object.insert(EVENT_TYPE.to_owned(), Value::from(self.event_type().as_str()));
        // An undocumented field hides nothing: what stands beside `statusInfo` gives way to what stands in it, and both
        // to the kind of the event.
        for (name, value) in self.0.to_json().into_iter().chain(beside) {
            object.entry(name).or_insert(value);
        }
        object
    }
}

impl fmt::Debug for StatusEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printed = f.debug_struct("StatusEvent");
        printed.field("event_type", self.event_type());
        self.0.debug(&mut printed);
        printed.finish()
    }
}
