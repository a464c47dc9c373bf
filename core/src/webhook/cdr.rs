//! A call detail record (话单): what became of a call, and what it costs (contract pushes.md 8.1).
//!
//! Here are its fields and where its recording is. What they say together is told by [`legs`](super::legs), [`price`]
//! (super::tariff) and [`explain`](super::explain).

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use super::record::{getter, pushed_record};
use super::{EVENT_TYPE, Event, EventType, fee_event, parse_kept};
use crate::calls::Recording;
use crate::descriptor::{Limit, Presence};
use crate::error::Error;
use crate::recording::RecordingSource;

pushed_record! {
    /// The record of one finished call. A callback has one record for both of its legs: `callOut…` is leg A, `fwd…` is
    /// leg B. Calls of one leg have `callOut…` only.
    pub struct Cdr: "pushes.md 8.1" {
        /// Direction seen from the platform. 0 in every known example, callbacks too; it does not tell the scene.
        direction: "direction" => Integer { presence: Presence::Mandatory, limit: Limit::documented(0, 1) }
        /// The customer's cloud account.
        sp_id: "spId" => Text { presence: Presence::Mandatory, limit: Limit::documented(1, 32) }
        /// Key of the application that placed the call.
        app_key: "appKey" => Text { presence: Presence::Mandatory, limit: Limit::documented(1, 32) }
        /// Identifies this record.
        icid: "icid" => Text { limit: Limit::documented(1, 64) }
        /// The fixed line that made the call.
        bind_num: "bindNum" => PhoneNumber { presence: Presence::Mandatory, limit: Limit::documented(1, 32) }
        /// Identifies the call, as in its status events and in the answer to the request. Opaque.
        session_id: "sessionId" => SessionId { presence: Presence::Mandatory, limit: Limit::documented(1, 256) }
        /// Number shown to the first called party.
        caller_num: "callerNum" => PhoneNumber { presence: Presence::Mandatory, limit: Limit::documented(1, 32) }
        /// The first called party: A of a callback, else the callee.
        callee_num: "calleeNum" => PhoneNumber { presence: Presence::Mandatory, limit: Limit::documented(1, 128) }
        /// Number shown to B. Callbacks only.
        fwd_display_num: "fwdDisplayNum" => PhoneNumber { limit: Limit::documented(1, 32) }
        /// B. Callbacks only.
        fwd_dst_num: "fwdDstNum" => PhoneNumber { limit: Limit::inferred(1, 32) }
        /// When the platform started calling B. Callbacks only.
        fwd_start_time: "fwdStartTime" => Time { limit: Limit::documented(1, 128) }
        /// When B's phone rang. Callbacks only.
        fwd_alerting_time: "fwdAlertingTime" => Time { limit: Limit::documented(1, 128) }
        /// When B answered; absent if B did not. Callbacks only.
        fwd_answer_time: "fwdAnswerTime" => Time { limit: Limit::documented(1, 128) }
        /// When the call ended; failed calls have it too.
        call_end_time: "callEndTime" => Time { limit: Limit::documented(1, 128) }
        /// Q.850 cause of leg B's failure; 0 = not applicable, and may be 0 on a failed call. Spelled `Unasw` on the wire.
        fwd_unasw_rsn: "fwdUnaswRsn" => Integer {}
        /// When a leg failed; only on failure.
        fail_time: "failTime" => Time { limit: Limit::documented(1, 128) }
        /// Where the call was released: 0 = normal hang-up after an answer. See [`explain`](Cdr::explain).
        ul_fail_reason: "ulFailReason" => Integer {}
        /// SIP status of the failed leg; 0 = none.
        sip_status_code: "sipStatusCode" => Integer {}
        /// When the platform started calling the first party.
        call_out_start_time: "callOutStartTime" => Time { limit: Limit::documented(1, 128) }
        /// When the first party's phone rang.
        call_out_alerting_time: "callOutAlertingTime" => Time { limit: Limit::documented(1, 128) }
        /// When the first party answered; absent if it did not.
        call_out_answer_time: "callOutAnswerTime" => Time { limit: Limit::documented(1, 128) }
        /// Q.850 cause why the first party did not answer.
        call_out_unasw_rsn: "callOutUnaswRsn" => Integer {}
        /// When a dynamic voice menu started, as it came: its form is not documented, so no form makes a record
        /// unreadable. Notifications only.
        dyn_ivr_start_time: "dynIVRStartTime" => Text {}
        /// Keys pressed in the dynamic voice menu, joined by `-`. Notifications only.
        dyn_ivr_path: "dynIVRPath" => Digits {}
        /// 1 = recorded, 0 = not.
        record_flag: "recordFlag" => Integer { limit: Limit::documented(0, 1) }
        /// When the recording started; read as UTC, like all times here. Callbacks only.
        record_start_time: "recordStartTime" => Time { limit: Limit::documented(1, 128) }
        /// File name of the recording. Callbacks only. See [`recording`](Cdr::recording).
        record_object_name: "recordObjectName" => Text { limit: Limit::documented(1, 128) }
        /// Directory of the recording. Callbacks only.
        record_bucket_name: "recordBucketName" => Text { limit: Limit::documented(1, 128) }
        /// Storage domain of the recording. Callbacks only.
        record_domain: "recordDomain" => Text { limit: Limit::documented(1, 256) }
        /// Direct address of the recording; only in special set-ups. Not shown in `Debug`: whoever has it can listen.
        record_file_download_url: "recordFileDownloadUrl" => Secret { limit: Limit::documented(1, 1024) }
        /// Number of text-to-speech uses.
        tts_play_times: "ttsPlayTimes" => Integer {}
        /// Total text-to-speech conversion time.
        tts_trans_duration: "ttsTransDuration" => Integer { unit: Some("seconds") }
        /// `002` callback, `001` notification or verification code. These two cannot be told apart here.
        service_type: "serviceType" => Text { limit: Limit::documented(1, 32) }
        /// Host that wrote the record.
        host_name: "hostName" => Text { limit: Limit::documented(1, 128) }
        /// The request's user data.
        user_data: "userData" => UserData { limit: Limit::documented(0, 256) }
    }
}

impl Cdr {
    /// Reads one record again from its text, as [`raw`](Cdr::raw) gave it.
    ///
    /// # Errors
    ///
    /// `malformed_webhook` when the text is not exactly one record that can be read.
    pub fn from_raw(raw: &str) -> Result<Cdr, Error> {
        let (fee, list) = (EventType::Fee, fee_event::CONTENT);
        let message = format!(r#"{{"{EVENT_TYPE}":"{fee}","{list}":[{raw}]}}"#);
        match parse_kept(&message)? {
            // Nothing more than the record itself: a text that closes the list may not open another.
            Event::Fee(event) => match (event.cdrs(), event.rejected()) {
                ([cdr], []) if cdr.raw().trim() != raw.trim() => Err(Error::malformed_webhook("not one record")),
                ([cdr], []) => Ok(cdr.clone()),
                ([], [rejected]) => Err(Error::malformed_webhook(format!(
                    "{}: {}",
                    rejected.field(),
                    rejected.reason()
                ))),
                _ => Err(Error::malformed_webhook("not one record")),
            },
            _ => Err(Error::malformed_webhook("not a record")),
        }
    }

    /// Where the call's recording is; `None` when there is none. Calls under 3 seconds have none even when recording was
    /// asked for, and recordings are kept for 7 days.
    pub fn recording(&self) -> Option<RecordingSource> {
        if let (Some(file_name), Some(domain)) = (self.record_object_name(), self.record_domain()) {
            let stored = Recording::new().file_name(file_name).record_domain(domain);
            return Some(RecordingSource::Stored(stored));
        }
        // The platform leaves the names empty where the direct address is to be used (contract pushes.md 8.1).
        self.record_file_download_url()
            .map(Cow::into_owned)
            .map(RecordingSource::Direct)
    }

    /// The record, as it came.
    pub fn raw(&self) -> &str {
        self.0.raw()
    }

    /// The natural JSON form under wire names: whole numbers are numbers, times RFC 3339, undocumented fields as they
    /// came; absent fields are left out.
    pub fn to_json(&self) -> Map<String, Value> {
        self.0.to_json()
    }
}

impl fmt::Debug for Cdr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printed = f.debug_struct("Cdr");
        self.0.debug(&mut printed);
        printed.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Cdr;
    use crate::webhook::fixtures::{CALLBACK, cdr};

    #[test]
    fn a_record_reads_again_from_its_own_text() {
        let first = cdr(CALLBACK);
        let again = Cdr::from_raw(first.raw()).unwrap();
        assert_eq!((again.raw(), again.to_json()), (first.raw(), first.to_json()));
    }

    #[test]
    fn what_is_not_exactly_one_record_is_refused() {
        let one = r#"{"sessionId":"1"}"#;
        for raw in [
            "",
            "7",
            "{}",
            "{",
            &format!("{one},{one}"),
            &format!("{one}],\"eventType\":\"answer\",\"x\":[1"),
        ] {
            assert!(Cdr::from_raw(raw).is_err(), "{raw}");
        }
    }
}
