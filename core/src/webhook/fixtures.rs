//! Messages for tests: the contract's examples, and small ones of one's own. Numbers are fictitious.

use super::{Cdr, Event, FeeEvent, StatusEvent, parse};

/// The connected callback of contract pushes.md 8.3, as the official page prints it.
pub(super) const CALLBACK: &str = r#"{"eventType":"fee","feeLst":[{"direction":0,"spId":"CaaS_Test_01","appKey":"ka4k******YnEm2","icid":"CAE-20190124110424-12019775","bindNum":"+8675512****78","sessionId":"1201_612_4294967295_20190124030424@callenabler245.huaweicaas.com","callerNum":"+86138****0022","calleeNum":"+86138****0021","fwdDisplayNum":"+86138****0022","fwdDstNum":"+86138****7021","fwdStartTime":"2019-01-24 03:04:31","fwdAlertingTime":"2019-01-24 03:04:36","fwdAnswerTime":"2019-01-24 03:04:38","callEndTime":"2019-01-24 03:04:49","fwdUnaswRsn":0,"ulFailReason":0,"sipStatusCode":0,"callOutStartTime":"2019-01-24 03:04:24","callOutAlertingTime":"2019-01-24 03:04:27","callOutAnswerTime":"2019-01-24 03:04:31","callOutUnaswRsn":0,"recordFlag":0,"ttsPlayTimes":0,"ttsTransDuration":0,"serviceType":"002","hostName":"callenabler245.huaweicaas.com"}]}"#;

/// The collected keys of contract pushes.md 7.3.
pub(super) const COLLECT_INFO: &str = r#"{"eventType":"collectInfo","statusInfo":{"sessionId":"1201_12897_4294967295_20180522064331@callenabler245.huaweicaas.com","timestamp":"2018-05-22 06:44:03","digitInfo":"1","userData":"CaaS Hosting Test"}}"#;

/// A dialled call of contract pushes.md 7.3.
pub(super) const CALLOUT: &str = r#"{"eventType":"callout","statusInfo":{"sessionId":"1201_612_4294967295_20190124030424@callenabler245.huaweicaas.com","timestamp":"2019-01-24 03:04:24","caller":"+8613800000022","called":"+8613800000021"}}"#;

pub(super) fn fee(message: &str) -> FeeEvent {
    match parse(message.as_bytes()) {
        Ok(Event::Fee(event)) => event,
        other => panic!("no CDR push: {other:?}"),
    }
}

/// The first record of a CDR push.
pub(super) fn cdr(message: &str) -> Cdr {
    fee(message).cdrs()[0].clone()
}

/// A CDR with these fields, given as JSON, and this end.
pub(super) fn cdr_with(fields: &[(&str, &str)], end: &str) -> Cdr {
    let fields: String = fields
        .iter()
        .map(|(name, value)| format!(r#","{name}":{value}"#))
        .collect();
    cdr(&format!(
        r#"{{"eventType":"fee","feeLst":[{{"sessionId":"1","callEndTime":"{end}"{fields}}}]}}"#
    ))
}

/// A `disconnect` event with these fields, given as JSON members.
pub(super) fn status(members: &str) -> StatusEvent {
    let message = format!(r#"{{"eventType":"disconnect","statusInfo":{{"sessionId":"1",{members}}}}}"#);
    match parse(message.as_bytes()) {
        Ok(Event::Status(event)) => event,
        other => panic!("no status push: {other:?}"),
    }
}
