//! What a call tells the outside while it lives (contract pushes.md 7.1).

use serde::Serialize;

use crate::call::Leg;

/// The five status events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EventKind {
    /// The platform starts calling a phone.
    Callout,
    /// The phone rings.
    Alerting,
    /// The phone was answered.
    Answer,
    /// Keys were asked for.
    CollectInfo,
    /// The call is over.
    Disconnect,
}

impl EventKind {
    /// All five, in the order in which a call may have them.
    pub const ALL: [EventKind; 5] = [
        EventKind::Callout,
        EventKind::Alerting,
        EventKind::Answer,
        EventKind::CollectInfo,
        EventKind::Disconnect,
    ];

    /// The text of `eventType`.
    pub const fn wire(self) -> &'static str {
        match self {
            EventKind::Callout => "callout",
            EventKind::Alerting => "alerting",
            EventKind::Answer => "answer",
            EventKind::CollectInfo => "collectInfo",
            EventKind::Disconnect => "disconnect",
        }
    }
}

/// A status event of a call. What else its push holds is read from the call's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) kind: EventKind,
    /// The phone that it is about.
    pub(crate) leg: Leg,
    /// The keys, in `collectInfo`; absent when none came (contract requests.md 18, D20).
    pub(crate) digits: Option<Box<str>>,
    /// Whether the item whose keys these are may be played again.
    pub(crate) replays: bool,
}
