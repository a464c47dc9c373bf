//! The kinds of event, as `eventType` names them (contract pushes.md 7.1).

use crate::enumeration;

enumeration! {
    /// What happened, as a push says it in `eventType`, in whatever case (D7).
    pub enum EventType {
        /// The platform starts calling a party. In a callback: A, then B.
        Callout = "callout",
        /// The party's phone rings.
        Alerting = "alerting",
        /// The party answered.
        Answer = "answer",
        /// Keys were collected; notifications only.
        CollectInfo = "collectInfo",
        /// The call ended; `stateCode` says how.
        Disconnect = "disconnect",
        /// Call detail records (话单).
        Fee = "fee",
    }
}

impl EventType {
    /// The kind that a push names. Another kind is kept as it is written.
    pub(super) fn read(text: &str) -> EventType {
        let known = EventType::ENUMERATION.values.iter();
        let mut known = known
            .map(|value| value.wire)
            .filter(|wire| wire.eq_ignore_ascii_case(text));
        EventType::from(known.next().unwrap_or(text))
    }
}
