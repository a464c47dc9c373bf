//! 获取录音文件下载地址: where a recording can be fetched (contract requests.md 5).

use crate::calls::{read, read_json};
use crate::descriptor::{Limit, Presence};
use crate::operation::{AnswerKind, Method, Operation};
use crate::record;

/// `get_recording_download_url`: gives a short-lived address of a recording (D6).
pub static GET_RECORDING_DOWNLOAD_URL: Operation = Operation {
    name: "get_recording_download_url",
    method: Method::Get,
    path: "/rest/provision/voice/record/v1.0",
    doc: "Gives a short-lived address of a recording.",
    contract: "requests.md 5",
    request: Recording::RECORD,
    fixed: &[],
    answer: AnswerKind::Location,
    rings: false,
    read: read::<Recording>,
    read_json: read_json::<Recording>,
};

record! {
    /// Names the recording of a callback, as its CDR does. Recordings are kept for 7 days; calls under 3 seconds have
    /// none.
    pub struct Recording: "requests.md 5" {
        /// `recordObjectName` of the CDR.
        file_name: "fileName" => Text { presence: Presence::Mandatory, limit: Limit::documented(1, 128) }
        /// `recordDomain` of the CDR. Its length is not enforced: request and CDR disagree about it (D16).
        record_domain: "recordDomain" => Text { presence: Presence::Mandatory, limit: Limit::inferred(1, 128) }
    }
}
