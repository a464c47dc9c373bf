//! 终止呼叫: end a call (contract requests.md 4).

use crate::calls::{read, read_json};
use crate::descriptor::{Limit, Presence, refusal};
use crate::operation::{AnswerKind, Method, Operation};
use crate::record;

/// `terminate_call`: ends a call and releases both parties.
pub static TERMINATE_CALL: Operation = Operation {
    name: "terminate_call",
    method: Method::Post,
    path: "/rest/httpsessions/callStop/v2.0",
    doc: "Ends a call and releases both parties.",
    contract: "requests.md 4",
    request: TerminateCall::RECORD,
    fixed: &[("signal", "call_stop")],
    answer: AnswerKind::Nothing,
    rings: false,
    read: read::<TerminateCall>,
    read_json: read_json::<TerminateCall>,
};

record! {
    /// Which call to end. Documented for callbacks; whether it ends other calls is not.
    pub struct TerminateCall: "requests.md 4" {
        /// The call's id, from the placing answer or a push. Written all in lower case on this one request.
        session_id: "sessionid" => SessionId {
            presence: Presence::Mandatory, limit: Limit::documented(1, 256), refusal: refusal::SESSION
        }
    }
}
