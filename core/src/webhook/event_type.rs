//! The kinds of event, as `eventType` names them (contract pushes.md 7.1).

use crate::enumeration;

enumeration! {
    /// What happened, as a push says it in `eventType`. Case matters: what is written otherwise is unknown, and kept.
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
