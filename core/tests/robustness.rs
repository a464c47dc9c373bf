//! Whatever comes in, nothing panics, and an answer that cannot be read is never taken for "not placed".

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use voicecall_core::calls::OPERATIONS;
use voicecall_core::response::{HttpAnswer, decode};
use voicecall_core::{Config, Delivery, record::FromNatural, validate};

/// Any JSON, with the wire names mixed in so that typed fields are reached.
fn any_json() -> impl Strategy<Value = Value> {
    let names: Vec<&'static str> = OPERATIONS
        .iter()
        .flat_map(|operation| operation.request.fields)
        .map(|field| field.name)
        .collect();
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,40}".prop_map(Value::from),
        "\\+[0-9]{0,33}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        let name = prop_oneof![
            proptest::sample::select(names.clone()).prop_map(str::to_owned),
            ".{0,12}"
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => Map::from_iter([("playInfoList".to_owned(), other)]),
    }
}

proptest! {
    #[test]
    fn arguments_of_any_shape_are_accepted_or_named(value in any_json()) {
        let arguments = object(value);
        for operation in OPERATIONS {
            let outcome = (operation.read)(arguments.clone()).and_then(|request| validate(operation, &*request));
            if let Err(error) = outcome {
                prop_assert!(error.field().is_some() && error.rule().is_some());
                prop_assert_eq!(error.delivery(), Delivery::NotSent);
            }
        }
    }

    #[test]
    fn settings_of_any_shape_are_accepted_or_named(value in any_json()) {
        if let Err(error) = Config::from_natural(object(value)).and_then(|config| config.check()) {
            prop_assert!(error.field().is_some() && error.rule().is_some());
        }
    }

    #[test]
    fn an_unreadable_answer_to_a_call_is_never_a_success_and_never_not_sent(
        status in 200_u16..600,
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            any_json().prop_map(|value| value.to_string().into_bytes()),
        ],
    ) {
        for operation in OPERATIONS {
            let answer = HttpAnswer { status, location: None, body: &body };
            let error = decode(operation, &answer).expect_err("no result code 0 with a session id is in there");
            prop_assert_ne!(error.delivery(), Delivery::NotSent);
            if error.result_code().is_none() && !(300..500).contains(&status) {
                prop_assert_eq!(error.delivery(), Delivery::Unknown);
            }
        }
    }
}
