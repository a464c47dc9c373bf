//! The answer to a call that was placed (contract requests.md 3, response body).

use crate::descriptor::{Limit, Presence};
use crate::record;

record! {
    /// A call that the platform accepted. What becomes of it is told by webhooks.
    pub struct PlacedCall: "requests.md 3" {
        /// Identifies the call in webhooks and for `terminate_call`. Opaque; never empty.
        session_id: "sessionId" => SessionId { presence: Presence::Mandatory, limit: Limit::documented(1, 256) }
        /// Idle call ports of the platform. Only when the request had `return_idle_port`.
        idle_port: "idlePort" => Integer { limit: Limit::documented(0, 65535), unit: Some("ports") }
    }
}
