//! Messages as they come, right and wrong.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{BodyState, MAX_BYTES, parse, read};
use crate::error::{Error, ErrorKind};
use crate::webhook::fixtures::{CALLBACK, CALLOUT, COLLECT_INFO, cdr, cdr_with, fee, status};
use crate::webhook::{Event, FeeEvent};

fn natural(message: &str) -> Value {
    Value::Object(parse(message.as_bytes()).unwrap().to_json())
}

fn error(body: impl AsRef<[u8]>) -> Error {
    let error = parse(body.as_ref()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MalformedWebhook);
    error
}

#[test]
fn the_official_status_examples_read_as_printed() {
    let Ok(Event::Status(callout)) = parse(CALLOUT.as_bytes()) else {
        panic!("a status event")
    };
    assert_eq!(
        callout.session_id(),
        "1201_612_4294967295_20190124030424@callenabler245.huaweicaas.com"
    );
    assert_eq!(callout.timestamp().unwrap().unix_seconds(), 1_548_299_064);
    assert_eq!(callout.caller().as_deref(), Some("+8613800000022"));
    assert_eq!(callout.state_code(), None);
    let collected = natural(COLLECT_INFO);
    assert_eq!(
        (&collected["eventType"], &collected["digitInfo"]),
        (&json!("collectInfo"), &json!("1"))
    );
}

#[test]
fn the_official_cdr_reads_as_printed() {
    let cdr = cdr(CALLBACK);
    assert_eq!(cdr.service_type().as_deref(), Some("002"));
    assert_eq!(
        (cdr.direction(), cdr.record_flag(), cdr.ul_fail_reason()),
        (Some(0), Some(0), Some(0))
    );
    assert_eq!(cdr.fwd_answer_time().unwrap().to_string(), "2019-01-24T03:04:38Z");
    assert_eq!(cdr.fail_time(), None);
    assert_eq!(cdr.recording(), None);
}

#[test]
fn absent_null_and_empty_are_alike() {
    for absent in [
        "",
        r#","stateCode":null,"stateDesc":null"#,
        r#","stateCode":"","timestamp":"""#,
    ] {
        let event = status(&format!(r#""partyType":"x"{absent}"#));
        assert_eq!(
            (event.state_code(), event.state_desc(), event.timestamp()),
            (None, None, None),
            "{absent}"
        );
    }
}

#[test]
fn an_integer_is_any_text_of_a_whole_number() {
    for (value, code) in [
        ("8105", 8105),
        (r#""8105""#, 8105),
        ("-1", -1),
        (r#""-1""#, -1),
        (r#""\u0031""#, 1),
        ("0.0", 0),
        ("-0", 0),
        ("-0.00e9", 0),
        ("1e0", 1),
        ("1E2", 100),
        (r#""1.50e+1""#, 15),
        ("8100e-2", 81),
        ("007", 7),
        ("-9223372036854775808.0", i64::MIN),
        ("9.223372036854775807e18", i64::MAX),
        ("0e99999999999", 0),
    ] {
        assert_eq!(
            status(&format!(r#""stateCode":{value}"#)).state_code(),
            Some(code),
            "{value}"
        );
    }
}

#[test]
fn what_is_no_value_of_its_field_costs_the_field_alone_and_is_kept() {
    for value in [
        "0.5",
        "1e-1",
        "1e99",
        "9223372036854775808.0",
        r#""+1""#,
        r#""1 ""#,
        r#""-""#,
        r#""1.""#,
        r#"".5""#,
        r#""1e""#,
        "true",
        "{}",
        "[1]",
        "99999999999999999999",
        "NaN",
        "+1",
    ] {
        let event = status(&format!(r#""stateCode":{value},"stateDesc":"d""#));
        assert_eq!(
            (event.state_code(), event.state_desc().as_deref()),
            (None, Some("d")),
            "{value}"
        );
        assert_eq!(event.raw_field("stateCode"), Some(value));
        let told = &event.to_json()["unreadable"]["stateCode"];
        assert_eq!(*told, serde_json::from_str(value).unwrap_or(json!(value)), "{value}");
    }
    let cdr = cdr_with(
        &[
            ("calleeNum", "8613800000021"),
            ("failTime", "\"soon\""),
            ("icid", r#""\ud83d""#),
        ],
        "",
    );
    assert_eq!((cdr.callee_num(), cdr.fail_time(), cdr.icid()), (None, None, None));
    assert_eq!(
        cdr.extra()["unreadable"],
        json!({"calleeNum": 8613800000021_u64, "failTime": "soon", "icid": r#""\ud83d""#})
    );
}

#[test]
fn a_bad_record_is_told_beside_its_good_neighbours() {
    let event = fee(r#"{"eventType":"fee","feeLst":[{"sessionId":"1"},{"sessionId":2},7,
           {"icid":"x"},{"sessionId":"\ud83d"},{"sessionId":"6","a":"\q"},{"sessionId":"7"}]}"#);
    assert_eq!(sessions(&event), ["1", "7"]);
    let rejected: Vec<_> = event
        .rejected()
        .iter()
        .map(|record| (record.index(), record.field()))
        .collect();
    assert_eq!(
        rejected,
        [
            (1, "/feeLst/1/sessionId"),
            (2, "/feeLst/2"),
            (3, "/feeLst/3/sessionId"),
            (4, "/feeLst/4/sessionId"),
            (5, "/feeLst/5"),
        ]
    );
    assert_eq!(event.rejected()[4].raw(), r#"{"sessionId":"6","a":"\q"}"#);
    assert_eq!(
        event.to_json()["rejected"][1],
        json!({"index": 2, "field": "/feeLst/2", "reason": "not an object"})
    );
}

fn sessions(event: &FeeEvent) -> Vec<String> {
    event.cdrs().iter().map(|cdr| cdr.session_id().into_owned()).collect()
}

#[test]
fn an_unreadable_text_outside_the_records_costs_no_record() {
    for message in [
        r#"{"eventType":"fee","x":"\ud83d","feeLst":[{"sessionId":"1"}]}"#,
        r#"{"eventType":"fee","feeLst":[{"sessionId":"1"}],"x":"\ud83d"}"#,
        r#"{"eventType":"fee","feeLst":[{"sessionId":"1"}],"x":NaN}"#,
        r#"{"eventType":"fee","feeLst":[{"sessionId":"1"},],}"#,
    ] {
        let event = fee(message);
        assert_eq!((sessions(&event).len(), event.rejected().len()), (1, 0), "{message}");
    }
    for message in [
        r#"{"eventType":"fee","x":"\q","feeLst":[{"sessionId":"1"}]}"#,
        r#"{"eventType":"fee","x":"a,"feeLst":[{"sessionId":"1"}]}"#,
        r#"{"eventType":"fee","feeLst":[{"sessionId":"1"}],"x":"\q"}"#,
        r#"{"eventType":"fee","feeLst":[{"sessionId":"1"}]} and more"#,
    ] {
        let event = fee(message);
        assert_eq!((sessions(&event).len(), event.rejected().len()), (1, 1), "{message}");
        assert!(!event.is_incomplete(), "{message}");
    }
}

#[test]
fn a_message_that_ends_too_early_gives_its_whole_records() {
    let whole =
        r#"{"eventType":"fee","feeLst":[{"sessionId":"1","x":"]}"},{"sessionId":"2\u8bed语"},{"sessionId":"3"}]}"#;
    let ends: Vec<_> = whole.match_indices("},{").map(|(at, _)| at + 1).collect();
    for end in 0..whole.len() {
        let expected = ends.iter().filter(|at| **at <= end).count() + usize::from(end >= whole.len() - 2);
        let Ok(event) = parse(&whole.as_bytes()[..end]) else {
            assert_eq!(
                (expected, read(&whole.as_bytes()[..end]).state == BodyState::Whole),
                (0, false),
                "{end}"
            );
            continue;
        };
        let Event::Fee(event) = event else { panic!("{end}") };
        assert_eq!(sessions(&event).len(), expected, "{end}");
        assert!(
            event.is_incomplete() && event.to_json()["incomplete"] == json!(true),
            "{end}"
        );
    }
    assert!(!fee(whole).is_incomplete());
}

#[test]
fn bytes_that_are_no_text_cost_their_record() {
    let parts: [&[u8]; 3] = [
        br#"{"eventType":"fee","feeLst":[{"sessionId":"1"},{"sessionId":"2","userData":"a"#,
        b"\xe5\x91",
        br#""},{"sessionId":"3"}]}"#,
    ];
    let Ok(Event::Fee(event)) = parse(&parts.concat()) else {
        panic!("a CDR push")
    };
    assert_eq!(sessions(&event), ["1", "3"]);
    let [rejected] = event.rejected() else {
        panic!("one record")
    };
    assert_eq!(
        rejected.raw_bytes(),
        b"{\"sessionId\":\"2\",\"userData\":\"a\xe5\x91\"}"
    );
    assert_eq!(rejected.reason(), "bytes that are not UTF-8 text");
    // What is kept as text is read as it was.
    assert_eq!(fee(event.raw()).to_json(), event.to_json());
}

#[test]
fn unknown_fields_and_original_texts_are_kept() {
    let message = r#"{"eventType":"fee","trace":[1],"feeLst":[{"sessionId":"1","direction":"0","callType":{"a":1e999},"callType":2.50}]}"#;
    let cdr = cdr(message);
    assert_eq!(Value::Object(cdr.extra()), json!({"callType": 2.5}));
    assert_eq!(
        (cdr.raw_field("callType"), cdr.raw_field("direction")),
        (Some("2.50"), Some("\"0\""))
    );
    assert_eq!((cdr.raw_field("nothing"), cdr.raw_field("icid")), (None, None));
    assert_eq!(
        cdr.raw(),
        message
            .split_once("[{")
            .unwrap()
            .1
            .split_once("]}")
            .map(|(raw, _)| format!("{{{raw}"))
            .unwrap()
    );
    assert_eq!(natural(message)["trace"], json!([1]));
}

#[test]
fn of_a_field_that_came_twice_the_last_one_counts() {
    let event = status(r#""stateCode":"bad","stateCode":7001,"sessionId":"2""#);
    assert_eq!((event.state_code(), event.session_id().as_ref()), (Some(7001), "2"));
    let message = r#"{"eventType":"answer","feeLst":[7],"eventType":"fee","feeLst":[{"sessionId":"1"}]}"#;
    assert_eq!((fee(message).cdrs().len(), fee(message).rejected().len()), (1, 0));
}

#[test]
fn names_may_be_written_with_escapes_and_in_any_order() {
    let message =
        r#"{"feeLst":[{"hostName":"h","session\u0049d":"1"},{"sessionId":"2","hostName":"i"}],"event\u0054ype":"fee"}"#;
    let hosts: Vec<_> = fee(message)
        .cdrs()
        .iter()
        .map(|cdr| cdr.host_name().unwrap().into_owned())
        .collect();
    assert_eq!(hosts, ["h", "i"]);
}

#[test]
fn an_unknown_event_is_kept_whole() {
    let message = r#"{"eventType":"callin","statusInfo":{"sessionId":"s-1","stateCode":{}},"more":1}"#;
    let Ok(Event::Unknown(event)) = parse(message.as_bytes()) else {
        panic!("an unknown event")
    };
    assert_eq!(
        (event.event_type(), event.session_id().as_deref(), event.raw()),
        ("callin", Some("s-1"), message)
    );
    assert_eq!(event.extra()["more"], 1);
    assert_eq!(natural(message), json!({"eventType": "callin", "unknown": true}));
}

#[test]
fn faults_name_the_position() {
    let message = error("{\"eventType\":\n \"语\" x}").message().to_owned();
    assert_eq!(message, "expected , or } at byte 21 (line 2, column 6)");
    assert_eq!(
        error(b"{\"a\":\"\xff\"}").message(),
        "bytes that are not UTF-8 text at byte 6 (line 1, column 7)"
    );
    assert_eq!(
        error("{").message(),
        "the text ends too early at byte 1 (line 1, column 2)"
    );
    assert!(error(" \n").message().starts_with("the body is empty"));
    assert_eq!(error("[]").message(), "expected an object at byte 0 (line 1, column 1)");
    assert_eq!(error(r#"{"eventType":"fee","feeLst":{}}"#).field(), Some("/feeLst"));
}

#[test]
fn limits_hold_before_anything_is_kept() {
    let padded = |length: usize| format!("{CALLOUT}{}", " ".repeat(length - CALLOUT.len()));
    assert!(parse(padded(MAX_BYTES).as_bytes()).is_ok());
    assert!(error(padded(MAX_BYTES + 1)).message().contains("1048577 bytes"));
    let batch = |count: usize| format!(r#"{{"eventType":"fee","feeLst":[{}]}}"#, vec!["0"; count].join(","));
    assert_eq!(fee(&batch(1000)).rejected().len(), 1000);
    let many = fee(&batch(3000));
    assert_eq!(
        (many.rejected().len(), many.rejected()[999].raw().len()),
        (1000, 2 * 2000 + 1)
    );
    let good = batch(3000).replace('0', r#"{"sessionId":"s"}"#);
    assert_eq!(fee(&good).cdrs().len(), 3000);
}

#[test]
fn debug_shows_no_number_no_key_and_no_address_of_a_recording() {
    let record = r#"{"sessionId":"1","calleeNum":"+8613800000021","dynIVRPath":"0-2-3","secretThing":"s3cret",
        "recordFileDownloadUrl":"https://ostor.example.com/token-9f"}"#;
    let shown = format!(
        "{:?}",
        parse(format!(r#"{{"eventType":"fee","feeLst":[{record},{{"a":"s3cret"}}]}}"#).as_bytes())
    );
    assert!(shown.contains("0021") && shown.contains("secretThing"), "{shown}");
    for private in ["138000", "0-2-3", "s3cret", "token-9f"] {
        assert!(!shown.contains(private), "{private} in {shown}");
    }
    let shown = format!("{:?}", parse(COLLECT_INFO.as_bytes()));
    assert!(
        shown.contains("CollectInfo") && !shown.contains("digit_info: \"1\""),
        "{shown}"
    );
}

/// Reads all there is of an event; whatever came in, nothing of this may panic.
fn read_everything(body: &[u8]) {
    let Ok(event) = parse(body) else { return };
    let _ = (format!("{event:?}"), event.to_json(), event.raw().len());
    match event {
        Event::Status(event) => drop((event.explain(), event.extra())),
        Event::Fee(event) => event.cdrs().iter().for_each(|cdr| {
            let price = cdr
                .price(&crate::webhook::Tariff::new("0.18", "CNY").unwrap())
                .map(|price| price.to_string());
            let _ = (
                cdr.legs(),
                cdr.billable(),
                price,
                cdr.recording(),
                cdr.explain(),
                cdr.raw_field("a"),
            );
        }),
        Event::Unknown(event) => drop((event.session_id(), event.extra())),
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let names = crate::webhook::Cdr::RECORD
        .fields
        .iter()
        .chain(crate::webhook::StatusEvent::RECORD.fields);
    let names: Vec<_> = names
        .map(|field| field.name)
        .chain(["eventType", "statusInfo", "feeLst", ""])
        .collect();
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("2019-01-24 03:04:24")),
        prop::sample::select(vec!["fee", "callout", "disconnect", "collectInfo"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        let name = prop::sample::select(names.clone()).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A value that each field type can hold, with the texts that it may be written as.
fn cdr_members() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    use crate::descriptor::FieldType;
    let fields: Vec<_> = crate::webhook::Cdr::RECORD.fields.iter().collect();
    prop::sample::subsequence(fields, 0..=35).prop_flat_map(|fields| {
        let members: Vec<_> = fields
            .into_iter()
            .map(|field| {
                let value = match field.ty {
                    FieldType::Integer => any::<i64>().prop_map(Value::from).boxed(),
                    FieldType::Time => (0..4_000_000_000_i64)
                        .prop_map(|seconds| Value::from(crate::webhook::time::pushed(seconds)))
                        .boxed(),
                    _ => ".{1,20}".prop_map(Value::from).boxed(),
                };
                value.prop_map(|value| (field.name, value))
            })
            .collect();
        members
    })
}

proptest! {
    #[test]
    fn random_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        read_everything(&body);
    }

    #[test]
    fn random_json_never_panics(event_type in prop::sample::select(vec!["fee", "answer", "new"]), info in any_json(), list in any_json()) {
        read_everything(json!({ "eventType": event_type, "statusInfo": info, "feeLst": list }).to_string().as_bytes());
        read_everything(json!({ "eventType": event_type, "statusInfo": info, "feeLst": [list, info] }).to_string().as_bytes());
        read_everything(info.to_string().as_bytes());
    }

    #[test]
    fn mutated_messages_never_panic(
        message in prop::sample::select(vec![CALLBACK, CALLOUT, COLLECT_INFO]),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 1..6),
    ) {
        let mut body = message.as_bytes().to_vec();
        for (at, byte, kind) in edits {
            let at = at.index(body.len());
            match kind {
                0 => body[at] = byte,
                1 => body.insert(at, byte),
                _ => body.truncate(at.max(1)),
            }
        }
        read_everything(&body);
    }

    #[test]
    fn what_was_written_is_what_is_read(members in cdr_members(), escaped in any::<bool>()) {
        let mut record: serde_json::Map<_, _> = members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        record.insert("sessionId".to_owned(), json!("s"));
        let mut text = json!({ "feeLst": [record], "eventType": "fee" }).to_string();
        if escaped {
            text = text.chars().map(|c| if c.is_ascii() { c.to_string() } else {
                c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
            }).collect();
        }
        let cdr = cdr(&text);
        let natural = cdr.to_json();
        for (index, field) in crate::webhook::Cdr::RECORD.fields.iter().enumerate() {
            let expected = match record.get(field.name) {
                Some(Value::String(time)) if matches!(field.ty, crate::descriptor::FieldType::Time) =>
                    Some(json!(time.replace(' ', "T") + "Z")),
                other => other.cloned(),
            };
            prop_assert_eq!(natural.get(field.name), expected.as_ref(), "{}", field.name);
            prop_assert_eq!(cdr.pushed().value(index).is_some(), expected.is_some());
        }
    }
}
