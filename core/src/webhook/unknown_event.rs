//! A push whose `eventType` this version does not know: kept as it came, and acknowledged (contract pushes.md 6, D7).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::pushed::{self, Message};
use super::scan::Span;
use super::{EVENT_TYPE, json};

/// A push of a kind that this version does not know. Nothing but `eventType` is read of it.
#[derive(Clone)]
pub struct UnknownEvent {
    pub(super) message: Arc<Message>,
    pub(super) session_id: Option<Span>,
}

impl UnknownEvent {
    /// `eventType` as it came.
    pub fn event_type(&self) -> &str {
        self.message.event_type.as_str()
    }

    /// The call that the event is about, where it says so in the place that status events use.
    pub fn session_id(&self) -> Option<Cow<'_, str>> {
        pushed::text(self.session_id?.of(&self.message.text))
    }

    /// The whole message, as it came.
    pub fn raw(&self) -> &str {
        &self.message.text
    }

    /// All fields beside `eventType`, as they came.
    pub fn extra(&self) -> Map<String, Value> {
        json::extra(&self.message.text, &self.message.beside)
    }

    /// `eventType` and the mark `unknown`. What else came is told by [`extra`](UnknownEvent::extra) and
    /// [`raw`](UnknownEvent::raw): nothing is promised about it.
    pub fn to_json(&self) -> Map<String, Value> {
        let attributes = [
            (EVENT_TYPE, Value::from(self.event_type())),
            ("unknown", Value::from(true)),
        ];
        attributes
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

impl fmt::Debug for UnknownEvent {
    /// Shows no field: which of them are personal is unknown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownEvent")
            .field("event_type", &self.event_type())
            .finish_non_exhaustive()
    }
}
