//! What the platform pushes: status events and CDRs (contract pushes.md).
//!
//! [`parse`] reads a body; [`Webhook`] also judges the signature and says what to answer. Nothing here does I/O: the
//! receiver is the user's own HTTP server.
//!
//! A signature does not cover the body (D5). It shows that the sender knows the secret for the URL, not that the content
//! is genuine: use HTTPS, and check that `sessionId` belongs to a call that was really placed.

mod cdr;
mod config;
mod event_type;
mod explain;
mod fee_event;
#[cfg(test)]
mod fixtures;
mod json;
mod layout;
mod legs;
mod parse;
mod pushed;
mod receiver;
mod record;
mod replay;
mod reply;
mod salvage;
mod scan;
mod signature;
mod status_event;
mod summary;
mod tariff;
mod text;
pub mod time;
mod unknown_event;
mod verdict;
mod verify;

use std::fmt;

use serde_json::{Map, Value};

pub use cdr::Cdr;
pub use config::{Application, Freshness, Policy, WebhookConfig};
pub use event_type::EventType;
pub use explain::{Cause, Explanation};
pub use fee_event::{FeeEvent, RejectedRecord};
#[cfg(feature = "intake")]
pub(crate) use json::string as decoded_string;
pub use legs::{Billable, Leg, LegName, Scene};
pub(crate) use parse::parse_kept;
#[cfg(feature = "intake")]
pub(crate) use parse::{BodyState, Reading, read_kept};
pub use parse::{MAX_BYTES, parse};
#[cfg(feature = "intake")]
pub(crate) use pushed::UNREADABLE;
pub use pushed::{Pushed, PushedValue};
pub use receiver::{Received, Webhook};
pub use reply::Reply;
pub use signature::{DigestForm, HEADER as SIGNATURE_HEADER, PushSigner};
pub use status_event::StatusEvent;
pub use summary::{CdrSummary, StatusSummary};
pub use tariff::{Price, Tariff};
pub use time::Timestamp;
pub use unknown_event::UnknownEvent;
pub use verdict::{Hint, Reason, Refusal, Signature, Verdict};
#[cfg(feature = "intake")]
pub(crate) use verify::Nonce;

/// The field of every push that tells its kind.
const EVENT_TYPE: &str = "eventType";

/// What a push says.
#[derive(Clone)]
#[non_exhaustive]
pub enum Event {
    /// Something happened in a call that still lives, or it ended.
    Status(StatusEvent),
    /// The records of finished calls.
    Fee(FeeEvent),
    /// A kind of push that this version does not know. Acknowledge it like any other.
    Unknown(UnknownEvent),
}

impl Event {
    /// `eventType`.
    pub fn event_type(&self) -> &str {
        match self {
            Event::Status(event) => event.event_type().as_str(),
            Event::Fee(_) => "fee",
            Event::Unknown(event) => event.event_type(),
        }
    }

    /// The whole message, as it came. Holds personal data.
    pub fn raw(&self) -> &str {
        match self {
            Event::Status(event) => event.raw(),
            Event::Fee(event) => event.raw(),
            Event::Unknown(event) => event.raw(),
        }
    }

    /// The natural JSON form; see the same method of each kind of event.
    pub fn to_json(&self) -> Map<String, Value> {
        match self {
            Event::Status(event) => event.to_json(),
            Event::Fee(event) => event.to_json(),
            Event::Unknown(event) => event.to_json(),
        }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Status(event) => event.fmt(f),
            Event::Fee(event) => event.fmt(f),
            Event::Unknown(event) => event.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cdr, Event, Webhook};

    #[test]
    fn events_travel_between_threads_and_are_cheap_to_clone() {
        fn shared<T: Send + Sync>() {}
        fn copied<T: Clone + Send + Sync + 'static>() {}
        shared::<Webhook>();
        copied::<Event>();
        copied::<Cdr>();
        assert!(size_of::<Cdr>() <= 64, "{}", size_of::<Cdr>());
    }
}
