//! Pushes whose body is not what the documentation says.

use axum::body::Bytes;
use serde_json::{Value, json};

use crate::faults::FaultKind;

/// A member that nobody documented, with another inside it.
const UNKNOWN_MEMBER: &str = "xSandboxMember";
/// An `eventType` of the sister service, never documented for this one (contract pushes.md 7.1).
const UNKNOWN_EVENT: &str = "callin";

/// What this fault makes of the body; `None`: it leaves it alone.
pub(super) fn body(kind: FaultKind, body: &Bytes) -> Option<Bytes> {
    let spoil = match kind {
        FaultKind::UnknownFields => unknown_fields,
        FaultKind::UnknownEvent => |body: &mut Value| body["eventType"] = UNKNOWN_EVENT.into(),
        FaultKind::BadRecord => bad_record,
        _ => return None,
    };
    let mut value: Value = serde_json::from_slice(body).ok()?;
    spoil(&mut value);
    Some(value.to_string().into())
}

/// A member in each object that has members of its own.
fn unknown_fields(body: &mut Value) {
    let member = || json!({ "since": 2, "list": [null, "x"] });
    if body["statusInfo"].is_object() {
        body["statusInfo"][UNKNOWN_MEMBER] = member();
    }
    for record in body["feeLst"].as_array_mut().into_iter().flatten() {
        record[UNKNOWN_MEMBER] = member();
    }
    body[UNKNOWN_MEMBER] = member();
}

fn bad_record(body: &mut Value) {
    if let Some(records) = body["feeLst"].as_array_mut() {
        records.insert(0, json!("no record"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoilt(kind: FaultKind, text: &'static str) -> String {
        let bytes = body(kind, &Bytes::from_static(text.as_bytes())).unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn a_bad_record_stands_before_the_good_ones() {
        assert_eq!(
            spoilt(FaultKind::BadRecord, r#"{"eventType":"fee","feeLst":[{"a":1}]}"#),
            r#"{"eventType":"fee","feeLst":["no record",{"a":1}]}"#
        );
    }

    #[test]
    fn unknown_members_are_everywhere() {
        let fee = spoilt(
            FaultKind::UnknownFields,
            r#"{"eventType":"fee","feeLst":[{"a":1},{"a":2}]}"#,
        );
        assert_eq!(fee.matches(UNKNOWN_MEMBER).count(), 3);
        let status = spoilt(FaultKind::UnknownFields, r#"{"eventType":"answer","statusInfo":{}}"#);
        assert_eq!(status.matches(UNKNOWN_MEMBER).count(), 2);
    }

    #[test]
    fn an_unknown_event_keeps_its_data() {
        assert_eq!(
            spoilt(FaultKind::UnknownEvent, r#"{"eventType":"answer","statusInfo":{}}"#),
            r#"{"eventType":"callin","statusInfo":{}}"#
        );
    }
}
