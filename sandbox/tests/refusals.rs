//! What is refused, and with which code, status and text (contract requests.md 3 to 13).

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use serde_json::{Value, json};
use support::client::{
    Answer, CALLBACK, Client, NOTIFICATION, RECORDING, STOP, VERIFICATION, callback, notification, verification, with,
};
use support::{DISPLAY, fast, start};
use voicecall_core::codes::Table;
use voicecall_sandbox::SceneKind;
use voicecall_sandbox::blocking::Sandbox;

fn platform() -> (Sandbox, Client) {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    (sandbox, client)
}

/// HTTP status, code and text.
fn told(answer: &Answer) -> (u16, String, String) {
    let (status, code) = answer.code();
    (
        status,
        code,
        answer.json()["resultdesc"].as_str().unwrap_or_default().to_owned(),
    )
}

fn refusal(status: u16, code: &str, text: &str) -> (u16, String, String) {
    (status, code.to_owned(), text.to_owned())
}

fn item(members: Value) -> Value {
    with(notification(), json!({ "playInfoList": [members] }))
}

#[test]
fn the_examples_of_the_tests_are_accepted() {
    let (_sandbox, client) = platform();
    for (path, body) in [
        (CALLBACK, callback()),
        (NOTIFICATION, notification()),
        (VERIFICATION, verification()),
    ] {
        let answer = client.post(path, &body);
        assert_eq!(told(&answer), refusal(200, "0", "Success"), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json;charset=UTF-8"));
    }
}

#[test]
fn a_wrong_path_is_404_without_a_code() {
    let (_sandbox, client) = platform();
    for path in [
        "/",
        "/rest/httpsessions/callVerify/v2.0",
        "/rest/httpsessions/click2Call/v2.0/",
    ] {
        let answer = client.post(path, &callback());
        assert_eq!((answer.status, answer.bytes.len()), (404, 0), "{path}");
    }
}

#[test]
fn a_wrong_method_is_1010006() {
    let (_sandbox, client) = platform();
    assert_eq!(
        told(&client.get(CALLBACK)),
        refusal(403, "1010006", "Invalid Rest API.")
    );
    assert_eq!(client.post(RECORDING, &json!({})).code().1, "1010006");
}

#[test]
fn a_body_that_is_no_json_object_is_an_invalid_request() {
    let (_sandbox, client) = platform();
    for body in ["", "x", "[]", "{", "\"text\"", "{}{}"] {
        let answer = client.post_with(CALLBACK, body.as_bytes(), &client.good_headers());
        assert_eq!(answer.code(), (403, "1010002".to_owned()), "{body}");
    }
    let huge = vec![b' '; 3 << 20];
    let answer = client.post_with(CALLBACK, &huge, &client.good_headers());
    assert_eq!(
        told(&answer),
        refusal(403, "1010002", "Invalid request.The body is too large.")
    );
}

#[test]
fn a_bad_parameter_has_the_code_that_the_core_predicts() {
    let (_sandbox, client) = platform();
    for (path, body, code, text) in [
        (
            CALLBACK,
            with(callback(), json!({ "calleeNbr": null })),
            "1010002",
            "Invalid request.calleeNbr is invalid.",
        ),
        (
            CALLBACK,
            with(callback(), json!({ "calleeNbr": "13800000021" })),
            "1010002",
            "Invalid request.The number format is incorrect.",
        ),
        (
            CALLBACK,
            with(callback(), json!({ "callerNbr": "x" })),
            "1010024",
            "Invalid caller number.",
        ),
        (
            CALLBACK,
            with(callback(), json!({ "displayNbr": "x" })),
            "1010023",
            "Display number invalid.",
        ),
        (
            CALLBACK,
            with(callback(), json!({ "maxDuration": 1441 })),
            "1010002",
            "Invalid request.maxDuration is invalid.",
        ),
        (
            CALLBACK,
            with(callback(), json!({ "maxDuration": "60" })),
            "1010002",
            "Invalid request.maxDuration is invalid.",
        ),
        (
            CALLBACK,
            with(callback(), json!({ "recordFlag": "yes" })),
            "1010002",
            "Invalid request.recordFlag is invalid.",
        ),
        (
            CALLBACK,
            with(callback(), json!({ "statusUrl": "http://x" })),
            "1010002",
            "Invalid request.statusUrl is invalid.",
        ),
        (
            NOTIFICATION,
            item(json!({})),
            "1010002",
            "Invalid request.playInfoList/0/notifyVoice is invalid.",
        ),
        (
            VERIFICATION,
            with(verification(), json!({ "verifyCode": "1" })),
            "1010002",
            "Invalid request.verifyCode is invalid.",
        ),
        (
            VERIFICATION,
            with(verification(), json!({ "languageType": 1 })),
            "1010002",
            "Invalid request.languageType is invalid.",
        ),
    ] {
        assert_eq!(told(&client.post(path, &body)), refusal(403, code, text), "{body}");
    }
}

#[test]
fn an_undocumented_parameter_changes_nothing() {
    let (_sandbox, client) = platform();
    let body = with(callback(), json!({ "bindNbr": "+867550000099" }));
    assert_eq!(client.post(CALLBACK, &body).status, 200);
}

#[test]
fn numbers_of_others_cannot_be_shown() {
    let (_sandbox, client) = platform();
    for field in ["displayNbr", "displayCalleeNbr"] {
        let body = with(callback(), json!({ field: "+867559999999" }));
        assert_eq!(
            told(&client.post(CALLBACK, &body)),
            refusal(403, "1010023", "Display number invalid.")
        );
    }
}

#[test]
fn each_voice_file_has_to_be_there() {
    let (_sandbox, client) = platform();
    let missing = refusal(403, "1010002", "Invalid request.missing.wav does not exist");
    for (field, with_it) in [
        ("lastMinVoice", json!({ "maxDuration": 5 })),
        ("preVoice", json!({ "playPreVoice": "true" })),
        ("waitVoice", json!({})),
        ("recordHintTone", json!({ "recordFlag": "true" })),
    ] {
        let body = with(with(callback(), with_it), json!({ field: "missing.wav" }));
        assert_eq!(told(&client.post(CALLBACK, &body)), missing, "{field}");
    }
    for field in ["preTone", "posTone"] {
        let body = with(verification(), json!({ field: "missing.wav" }));
        assert_eq!(told(&client.post(VERIFICATION, &body)), missing, "{field}");
    }
    let body = item(json!({ "notifyVoice": "missing.wav" }));
    assert_eq!(told(&client.post(NOTIFICATION, &body)), missing);
}

#[test]
fn templates_are_checked_against_their_variables() {
    let (sandbox, client) = platform();
    sandbox.change_account(|account| {
        if let Some(template) = account.templates.get_mut("sandbox_alarm") {
            template.approved = false;
        }
    });
    let values = |id: &str, values: Value| item(with(json!({ "templateId": id }), json!({ "templateParas": values })));
    for (body, code, text) in [
        (
            values("sandbox_alarm", Value::Null),
            "1012002",
            "The template ID is not approved.",
        ),
        (
            values("unknown", Value::Null),
            "1012003",
            "The template ID does not exist.",
        ),
        (
            values("sandbox_password", Value::Null),
            "1010002",
            "Invalid request.templateParas is missing.",
        ),
        (
            values("sandbox_password", json!(["a"])),
            "1012004",
            "The template ID does not exist.",
        ),
        (
            values("sandbox_password", json!(["a", "12x"])),
            "1012005",
            "NUM_6 of templateParas does not meet template requirements",
        ),
        (
            values("sandbox_password", json!(["李雷a", "1234567"])),
            "1012005",
            "NUM_6 of templateParas does not meet template requirements",
        ),
        (
            values("sandbox_password", json!(["李雷雷", "123456"])),
            "1012005",
            "TXT_8 of templateParas does not meet template requirements",
        ),
        (
            values("sandbox_pickup", json!(["a", "2017-07-16", "14:30"])),
            "1012005",
            "DATE of templateParas does not meet template requirements",
        ),
        (
            values("sandbox_pickup", json!(["a", "2017/07/16", "2 pm"])),
            "1012005",
            "TIME of templateParas does not meet template requirements",
        ),
    ] {
        assert_eq!(
            told(&client.post(NOTIFICATION, &body)),
            refusal(403, code, text),
            "{body}"
        );
    }
    let body = values("sandbox_pickup", json!(["李雷", "2017/07/16", "14:30:30"]));
    assert_eq!(client.post(NOTIFICATION, &body).status, 200);
}

#[test]
fn an_application_records_and_calls_as_it_is_allowed_to() {
    let (sandbox, client) = platform();
    sandbox.change_account(|account| {
        for application in account.applications.values_mut() {
            application.recording = false;
            application.scene = Some(SceneKind::Callback);
        }
    });
    let recorded = with(callback(), json!({ "recordFlag": "true" }));
    assert_eq!(
        told(&client.post(CALLBACK, &recorded)),
        refusal(403, "1012012", "Application does not open recording function.")
    );
    assert_eq!(client.post(CALLBACK, &callback()).status, 200);
    assert_eq!(
        client.post(NOTIFICATION, &notification()).code(),
        (403, "1010040".to_owned())
    );
    assert_eq!(
        client.post(VERIFICATION, &verification()).code(),
        (403, "1010040".to_owned())
    );
}

#[test]
fn a_number_that_ends_in_a_result_code_is_refused_with_it() {
    let (sandbox, client) = platform();
    for row in Table::Result.rows().iter().filter(|row| row.code.len() == 7) {
        let body = with(callback(), json!({ "calleeNbr": format!("+86138{}", row.code) }));
        let (status, code) = client.post(CALLBACK, &body).code();
        // The number provokes flow control; the other meaning of this code is about the digest.
        let expected = if code == "1010010" { None } else { row.http_status };
        assert_eq!((status, &code), (expected.unwrap_or(403), &row.code));
    }
    let body = with(callback(), json!({ "callerNbr": "+861381013010" }));
    assert_eq!(client.post(CALLBACK, &body).code(), (403, "1013010".to_owned()));
    assert_eq!(sandbox.calls().len(), 0, "no phone has rung");
}

#[test]
fn stopping_needs_the_signal_and_a_live_callback_of_the_application() {
    let (_sandbox, client) = platform();
    let stop = |body: Value| told(&client.post(STOP, &body));
    let invalid = refusal(403, "1020152", "Invalid sessionId.");
    assert_eq!(
        stop(json!({ "sessionid": "1201_9_4294967295_20190124030424@x", "signal": "call_stop" })),
        invalid
    );
    assert_eq!(stop(json!({ "sessionid": "x", "signal": "call_stop" })), invalid);
    let no_signal = refusal(403, "1010002", "Invalid request.signal is invalid.");
    assert_eq!(stop(json!({ "sessionid": "x" })), no_signal);
    assert_eq!(stop(json!({ "sessionid": "x", "signal": "stop" })), no_signal);
}

#[test]
fn a_refusal_names_no_session() {
    let (_sandbox, client) = platform();
    let answer = client.post(CALLBACK, &json!({ "displayNbr": DISPLAY })).json();
    let names: Vec<_> = answer.as_object().unwrap().keys().collect();
    assert_eq!(names, ["resultcode", "resultdesc"]);
}

#[test]
fn an_older_version_may_no_longer_be_called() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    for path in [
        "/rest/httpsessions/click2Call/v1.0",
        "/rest/httpsessions/callnotify/v1.0",
    ] {
        let answer = client.post(path, &json!({}));
        assert_eq!(answer.code(), (403, "1010028".to_owned()), "{path}");
        assert_eq!(answer.json()["resultdesc"], "The API is not allowed to be invoked.");
        assert_eq!(client.get(path).code().1, "1010006", "{path}");
        let mut unsigned = client.good_headers();
        unsigned.x_aksk = None;
        assert_eq!(client.post_with(path, b"{}", &unsigned).code().1, "1023033", "{path}");
    }
    assert!(sandbox.calls().is_empty());
}
