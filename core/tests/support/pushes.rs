//! Pushes as the platform sends them, for tests of the intake. Numbers are fictitious.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "included by several tests, none of which uses all of it"
)]

/// The numbers of the two parties of [`callback_cdr`].
pub const A: &str = "+8613800000021";
pub const B: &str = "+8613800000022";
/// Headers of a push without a signature.
pub const UNSIGNED: [(&str, &str); 1] = [("Content-Type", "application/json;charset=UTF-8")];

/// A status push at this second of 2026-01-27 03:04, with more members as JSON, each after a comma.
pub fn status(session: &str, kind: &str, second: u32, called: &str, more: &str) -> String {
    format!(
        r#"{{"eventType":"{kind}","statusInfo":{{"sessionId":"{session}","timestamp":"2026-01-27 03:04:{second:02}","caller":"+867550000001","called":"{called}"{more}}}}}"#
    )
}

/// The record of a call of one leg that was answered and lasted 18 seconds.
pub fn cdr(session: &str, more: &str) -> String {
    format!(
        r#"{{"direction":0,"spId":"CaaS_Test_01","appKey":"app-key-0001","icid":"icid-{session}","bindNum":"+867550000001","sessionId":"{session}","callerNum":"+867550000001","calleeNum":"{A}","callOutStartTime":"2026-01-27 03:04:24","callOutAlertingTime":"2026-01-27 03:04:27","callOutAnswerTime":"2026-01-27 03:04:31","callEndTime":"2026-01-27 03:04:49","ulFailReason":0,"sipStatusCode":0,"callOutUnaswRsn":0,"recordFlag":0,"serviceType":"001"{more}}}"#
    )
}

/// The record of a callback whose parties talked for 11 seconds.
pub fn callback_cdr(session: &str, more: &str) -> String {
    format!(
        r#"{{"appKey":"app-key-0002","icid":"icid-{session}","sessionId":"{session}","callerNum":"+867550000001","calleeNum":"{A}","fwdDisplayNum":"+867550000002","fwdDstNum":"{B}","callOutStartTime":"2026-01-27 03:04:24","callOutAnswerTime":"2026-01-27 03:04:31","fwdStartTime":"2026-01-27 03:04:31","fwdAnswerTime":"2026-01-27 03:04:38","callEndTime":"2026-01-27 03:04:49","ulFailReason":0,"serviceType":"002"{more}}}"#
    )
}

/// A CDR push of these records.
pub fn fee(records: &[String]) -> String {
    format!(r#"{{"eventType":"fee","feeLst":[{}]}}"#, records.join(","))
}
