//! What must never be shown is never shown: each text that a program might log is searched for it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

use serde_json::{Map, Value, json};
use voicecall_core::calls::{OPERATIONS, PlayContentInfo, VoiceCallback, VoiceNotification, VoiceVerificationCode};
use voicecall_core::record::wire::{from_wire, to_wire};
use voicecall_core::response::{HttpAnswer, decode};
use voicecall_core::{Config, Error, Secret, validate};

/// Texts that stand for everything private; none is part of a field name or a rule.
const PRIVATE: [&str; 7] = [
    "13600000031",
    "13600000032",
    "83726150",
    "Mr Confidential",
    "example-secret-0001",
    "proxy-password-0001",
    "undocumented-value-0001",
];

fn assert_private(shown: &str) {
    for private in PRIVATE {
        assert!(!shown.contains(private), "{private} in: {shown}");
    }
}

fn callback() -> VoiceCallback {
    VoiceCallback::new()
        .display_nbr("+8613600000032")
        .caller_nbr("+8613600000031")
        .display_callee_nbr("+8613600000032")
        .callee_nbr("+8613600000031")
        .extra("bindNbr", "undocumented-value-0001")
}

fn notification() -> VoiceNotification {
    let item = PlayContentInfo::new()
        .template_id("t1")
        .template_paras(["Mr Confidential", "13600000031"]);
    VoiceNotification::new()
        .display_nbr("+8613600000032")
        .callee_nbr("+8613600000031")
        .play_info_list(vec![item])
}

fn verification_code() -> VoiceVerificationCode {
    VoiceVerificationCode::new()
        .display_nbr("+8613600000032")
        .callee_nbr("+8613600000031")
        .language_type(2)
        .pre_tone("pretone.wav")
        .verify_code("83726150")
}

#[test]
fn debug_of_requests_and_settings() {
    assert_private(&format!("{:?}", callback()));
    assert_private(&format!("{:?}", notification()));
    assert_private(&format!("{:?}", verification_code()));
    let config = Config::new()
        .app_key("k")
        .app_secret("example-secret-0001")
        .proxy("http://u:proxy-password-0001@h:1");
    assert_private(&format!("{config:?} {:?}", Secret::from("example-secret-0001")));
    // What is shown instead still identifies the call.
    assert!(format!("{:?}", callback()).contains("0031"));
}

#[test]
fn validation_errors_of_every_field_of_every_operation() {
    let bad: [Value; 6] = [
        json!("Mr Confidential {13600000031}"),
        json!("83726150-83726150"),
        json!(["Mr Confidential Mr Confidential Mr Confidential"]),
        json!([{ "templateId": "t", "templateParas": ["Mr Confidential Mr Confidential Mr Confidential"] }]),
        json!({ "x": "example-secret-0001" }),
        json!("x".repeat(300) + "13600000031"),
    ];
    let valid = [
        to_wire(&callback(), &[]),
        to_wire(&notification(), &[]),
        to_wire(&verification_code(), &[]),
        Map::from_iter([("sessionid".to_owned(), json!("1"))]),
        Map::from_iter([
            ("fileName".to_owned(), json!("a.wav")),
            ("recordDomain".to_owned(), json!("example.com")),
        ]),
    ];
    let mut errors = 0;
    for (operation, valid) in OPERATIONS.into_iter().zip(valid) {
        for field in operation.request.fields {
            for value in &bad {
                let mut arguments = from_wire(operation, valid.clone());
                arguments.insert(field.name.to_owned(), value.clone());
                let outcome = (operation.read)(arguments).and_then(|request| validate(operation, &*request));
                if let Err(error) = outcome {
                    assert_private(&everything(&error));
                    assert!(
                        error
                            .field()
                            .is_some_and(|at| at.starts_with(&format!("/{}", field.name))),
                        "{error}"
                    );
                    errors += 1;
                }
            }
        }
    }
    assert!(errors > 100, "only {errors} errors were looked at");
}

#[test]
fn refusals_that_quote_the_number() {
    let body = r#"{"resultcode":"1013004","resultdesc":"Callee +8613600000031 in blacklist, 13600000032 too."}"#;
    let answer = HttpAnswer {
        status: 403,
        location: None,
        body: body.as_bytes(),
    };
    for operation in OPERATIONS {
        let error = decode(operation, &answer).expect_err("a refusal");
        assert_private(&everything(&error));
        assert!(everything(&error).contains("0031"));
    }
}

/// All texts of an error.
fn everything(error: &Error) -> String {
    format!(
        "{error} {error:?} {} {}",
        error.message(),
        Value::Object(error.to_json())
    )
}
