//! What each scene pushes: events, numbers, and the fields of its CDR (contract pushes.md 7 and 8).

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use serde_json::{Map, Value, json};
use support::client::{
    CALLBACK, Client, NOTIFICATION, STOP, VERIFICATION, base64, callback, notification, verification, with,
};
use support::receiver::{Received, Receiver};
use support::{A, B, DISPLAY, DISPLAY_TO_B, PATIENCE, fast, start};
use voicecall_core::codes::Table;
use voicecall_core::webhook::{self, Event, LegName};
use voicecall_sandbox::{Options, PhoneRule};

/// The pushes of one call from its beginning to its CDR.
fn pushes_of(options: Options, path: &str, body: Value) -> Vec<Received> {
    let receiver = Receiver::start();
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let url = base64(&receiver.url("/push"));
    let placed = client.post(path, &with(body, json!({ "statusUrl": url, "feeUrl": url })));
    placed.session_id();
    receiver.wait_for_fee()
}

fn events(pushes: &[Received]) -> Vec<&str> {
    pushes.iter().map(Received::event).collect()
}

fn cdr(pushes: &[Received]) -> &Map<String, Value> {
    let list = pushes.last().unwrap().body["feeLst"].as_array().unwrap();
    assert_eq!(list.len(), 1, "one CDR for a call, callbacks too");
    list[0].as_object().unwrap()
}

fn names(object: &Map<String, Value>) -> Vec<&str> {
    object.keys().map(String::as_str).collect()
}

#[test]
fn a_connected_callback_has_the_fields_of_the_official_example() {
    let pushes = pushes_of(fast(), CALLBACK, callback());
    let example = [
        "direction",
        "spId",
        "appKey",
        "icid",
        "bindNum",
        "sessionId",
        "callerNum",
        "calleeNum",
        "fwdDisplayNum",
        "fwdDstNum",
        "fwdStartTime",
        "fwdAlertingTime",
        "fwdAnswerTime",
        "callEndTime",
        "fwdUnaswRsn",
        "ulFailReason",
        "sipStatusCode",
        "callOutStartTime",
        "callOutAlertingTime",
        "callOutAnswerTime",
        "callOutUnaswRsn",
        "recordFlag",
        "ttsPlayTimes",
        "ttsTransDuration",
        "serviceType",
        "hostName",
    ];
    let cdr = cdr(&pushes);
    assert_eq!(names(cdr), example);
    for (name, value) in [
        ("direction", json!(0)),
        ("bindNum", json!(DISPLAY)),
        ("callerNum", json!(DISPLAY)),
        ("calleeNum", json!(A)),
        ("fwdDisplayNum", json!(DISPLAY_TO_B)),
        ("fwdDstNum", json!(B)),
        ("fwdUnaswRsn", json!(0)),
        ("ulFailReason", json!(0)),
        ("sipStatusCode", json!(0)),
        ("callOutUnaswRsn", json!(0)),
        ("recordFlag", json!(0)),
        ("serviceType", json!("002")),
    ] {
        assert_eq!(cdr[name], value, "{name}");
    }
}

#[test]
fn simulated_seconds_are_exact_at_any_speed() {
    for speed in [50.0, 100_000.0] {
        let mut options = fast();
        options.speed = speed;
        let pushes = pushes_of(options, CALLBACK, with(callback(), json!({ "maxDuration": 1 })));
        let text = pushes.last().unwrap().body.to_string();
        let Event::Fee(fee) = webhook::parse(text.as_bytes()).unwrap() else {
            panic!("no CDR")
        };
        let legs = fee.cdrs()[0].legs();
        let seconds = |name: LegName| legs.iter().find(|leg| leg.leg == name).unwrap().talk_seconds();
        assert_eq!(
            (seconds(LegName::A), seconds(LegName::B)),
            (Some(27), Some(20)),
            "at speed {speed}"
        );
    }
}

#[test]
fn a_busy_callee_leaves_causes_on_leg_b() {
    let pushes = pushes_of(
        fast(),
        CALLBACK,
        with(callback(), json!({ "calleeNbr": "+8613800008102" })),
    );
    assert_eq!(
        events(&pushes),
        ["callout", "alerting", "answer", "callout", "disconnect", "fee"]
    );
    let disconnect = pushes[4].info();
    assert_eq!(disconnect["stateCode"], 8102);
    assert_eq!(disconnect["stateDesc"], "Callee is busy");
    assert_eq!(
        (&disconnect["caller"], &disconnect["called"]),
        (&json!(DISPLAY_TO_B), &json!("+8613800008102"))
    );
    let cdr = cdr(&pushes);
    for (name, value) in [
        ("ulFailReason", json!(8102)),
        ("fwdUnaswRsn", json!(17)),
        ("callOutUnaswRsn", json!(0)),
        ("sipStatusCode", json!(486)),
        ("failTime", cdr["callEndTime"].clone()),
        ("callEndTime", disconnect["timestamp"].clone()),
    ] {
        assert_eq!(cdr[name], value, "{name}");
    }
    assert!(!cdr.contains_key("fwdAnswerTime") && !cdr.contains_key("fwdAlertingTime"));
    assert!(cdr.contains_key("callOutAnswerTime") && cdr.contains_key("fwdStartTime"));
}

#[test]
fn a_caller_who_cannot_be_reached_leaves_causes_on_leg_a() {
    let pushes = pushes_of(
        fast(),
        CALLBACK,
        with(callback(), json!({ "callerNbr": "+8613800008100" })),
    );
    assert_eq!(events(&pushes), ["callout", "disconnect", "fee"]);
    let cdr = cdr(&pushes);
    assert_eq!((&cdr["callOutUnaswRsn"], &cdr["fwdUnaswRsn"]), (&json!(1), &json!(0)));
    assert_eq!(cdr["sipStatusCode"], 404);
    assert!(!cdr.contains_key("fwdStartTime") && !cdr.contains_key("callOutAnswerTime"));
}

/// Every release point and every Q.850 cause of the tables, also those that no stateCode brings about.
#[test]
fn a_phone_leaves_the_causes_that_its_rule_names() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let causes = |table: Table| table.rows().iter().map(|row| row.first).collect::<Vec<_>>();
    let (points, q850) = (causes(Table::ReleasePoint), causes(Table::Q850));
    for (number, point) in points.iter().enumerate() {
        let q850 = q850[number % q850.len()];
        let rule = json!({ "state_code": 8001, "release_point": point, "q850": q850, "sip_status": 503 });
        assert_eq!(client.admin_put(&format!("/phones/{A}"), &rule), 204);
        let session_id = client.post(VERIFICATION, &verification()).session_id();
        sandbox.wait_for_end(&session_id, PATIENCE).unwrap();
        let cdr = client.admin(&format!("/calls/{session_id}/cdr"));
        let found = (&cdr["ulFailReason"], &cdr["callOutUnaswRsn"], &cdr["sipStatusCode"]);
        assert_eq!(found, (&json!(point), &json!(q850), &json!(503)));
    }
    assert!(points.len() > q850.len(), "each cause had its turn");
}

#[test]
fn a_rejecting_callee_leaves_what_was_observed() {
    let pushes = pushes_of(
        fast(),
        CALLBACK,
        with(callback(), json!({ "calleeNbr": "+8613800008004" })),
    );
    let cdr = cdr(&pushes);
    let causes =
        ["ulFailReason", "sipStatusCode", "fwdUnaswRsn", "callOutUnaswRsn"].map(|name| cdr[name].as_i64().unwrap());
    assert_eq!(causes, [518, 480, 0, 0]);
    assert!(!cdr.contains_key("fwdAnswerTime"));
    assert!(
        ["callEndTime", "failTime", "callOutAnswerTime"]
            .iter()
            .all(|name| cdr.contains_key(*name))
    );
}

#[test]
fn a_notification_tells_keys_and_speech() {
    let items = json!([
        { "notifyVoice": "notifyvoice.wav" },
        { "templateId": "sandbox_password", "templateParas": ["李雷", "123456"], "collectInd": 1 },
    ]);
    let body = with(notification(), json!({ "playInfoList": items, "userData": "x" }));
    let pushes = pushes_of(fast(), NOTIFICATION, body);
    assert_eq!(
        events(&pushes),
        ["callout", "alerting", "answer", "collectInfo", "disconnect", "fee"]
    );
    let collected = pushes[3].info().as_object().unwrap();
    assert_eq!(names(collected), ["sessionId", "timestamp", "digitInfo", "userData"]);
    assert_eq!(collected["digitInfo"], "1");
    for push in [&pushes[0], &pushes[1], &pushes[2], &pushes[4]] {
        assert_eq!(
            (&push.info()["caller"], &push.info()["called"]),
            (&json!(DISPLAY), &json!(A))
        );
    }
    let cdr = cdr(&pushes);
    for (name, value) in [
        ("ttsPlayTimes", json!(1)),
        ("ttsTransDuration", json!(1)),
        ("dynIVRPath", json!("1")),
        ("serviceType", json!("001")),
        ("callerNum", json!(DISPLAY)),
        ("calleeNum", json!(A)),
        ("userData", json!("x")),
    ] {
        assert_eq!(cdr[name], value, "{name}");
    }
    assert!(cdr.contains_key("dynIVRStartTime"));
    assert!(
        !cdr.keys().any(|name| name.starts_with("fwd") && name != "fwdUnaswRsn"),
        "no second leg"
    );
    assert!(
        !pushes.iter().any(|push| push.body.to_string().contains("123456")),
        "values are not told"
    );
}

#[test]
fn no_key_is_told_without_digit_info() {
    let mut options = fast();
    options.all_phones.digits = Some(vec![String::new()]);
    let items = json!([{ "notifyVoice": "notifyvoice.wav", "collectInd": 1 }]);
    let pushes = pushes_of(
        options,
        NOTIFICATION,
        with(notification(), json!({ "playInfoList": items })),
    );
    assert_eq!(names(pushes[3].info().as_object().unwrap()), ["sessionId", "timestamp"]);
    assert_eq!(pushes[4].info()["stateCode"], 8008);
    assert_eq!(cdr(&pushes)["ulFailReason"], 100);
}

#[test]
fn a_verification_code_has_one_leg_and_keeps_its_code() {
    let pushes = pushes_of(
        fast(),
        VERIFICATION,
        with(verification(), json!({ "verifyCode": "97531864" })),
    );
    assert_eq!(events(&pushes), ["callout", "alerting", "answer", "disconnect", "fee"]);
    // The shape that the contract puts together (pushes.md 8.3), with the answer time of an answered call.
    let shape = [
        "direction",
        "spId",
        "appKey",
        "icid",
        "bindNum",
        "sessionId",
        "callerNum",
        "calleeNum",
        "callEndTime",
        "fwdUnaswRsn",
        "ulFailReason",
        "sipStatusCode",
        "callOutStartTime",
        "callOutAlertingTime",
        "callOutAnswerTime",
        "callOutUnaswRsn",
        "recordFlag",
        "ttsPlayTimes",
        "ttsTransDuration",
        "serviceType",
        "hostName",
    ];
    assert_eq!(names(cdr(&pushes)), shape);
    assert!(!pushes.iter().any(|push| push.body.to_string().contains("97531864")));
}

#[test]
fn who_hung_up_is_told_only_when_asked_for() {
    let asked = with(callback(), json!({ "partyTypeRequiredInDisconnect": "true" }));
    let party = |pushes: Vec<Received>| pushes[pushes.len() - 2].info().get("partyType").cloned();
    assert_eq!(party(pushes_of(fast(), CALLBACK, asked.clone())), Some(json!("callee")));
    assert_eq!(party(pushes_of(fast(), CALLBACK, callback())), None);
    let busy = with(asked.clone(), json!({ "callerNbr": "+8613800008102" }));
    assert_eq!(party(pushes_of(fast(), CALLBACK, busy)), Some(json!("caller")));
    let blocked = with(asked, json!({ "calleeNbr": "+8613800007001" }));
    assert_eq!(party(pushes_of(fast(), CALLBACK, blocked)), Some(json!("platform")));
}

#[test]
fn callback_addresses_may_be_provisioned_and_the_requests_win() {
    let (own, provisioned) = (Receiver::start(), Receiver::start());
    let mut options = fast();
    for application in options.account.applications.values_mut() {
        application.status_url = Some(provisioned.url("/status"));
        application.fee_url = Some(provisioned.url("/fee"));
    }
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    client.post(
        VERIFICATION,
        &with(verification(), json!({ "statusUrl": base64(&own.url("/own")) })),
    );
    provisioned.wait_for_fee();
    own.wait_for(4, |_| true);
    assert_eq!(events(&provisioned.pushes()), ["fee"]);
    assert_eq!(events(&own.pushes()), ["callout", "alerting", "answer", "disconnect"]);
}

#[test]
fn a_call_without_addresses_pushes_nothing() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let placed = client.post(VERIFICATION, &verification());
    sandbox.wait_for_end(&placed.session_id(), PATIENCE).unwrap();
    assert_eq!(sandbox.pushes().len(), 0);
}

#[test]
fn idle_ports_are_told_when_asked_for() {
    let sandbox = start(Options::default());
    let client = Client::new(sandbox.ready());
    let asked = with(verification(), json!({ "returnIdlePort": "true" }));
    assert_eq!(client.post(VERIFICATION, &asked).json()["idlePort"], 65_534);
    assert_eq!(client.post(VERIFICATION, &asked).json()["idlePort"], 65_533);
    assert_eq!(client.post(VERIFICATION, &verification()).json().get("idlePort"), None);
}

#[test]
fn a_stopped_callback_ends_with_8017_and_cannot_be_stopped_again() {
    let receiver = Receiver::start();
    let mut options = fast();
    options.phones.insert(B.to_owned(), {
        let mut rule = PhoneRule::default();
        rule.talk_seconds = Some(100_000);
        rule
    });
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let url = base64(&receiver.url("/"));
    let asked = json!({ "statusUrl": url, "feeUrl": url, "partyTypeRequiredInDisconnect": "true" });
    let session_id = client.post(CALLBACK, &with(callback(), asked)).session_id();
    receiver.wait_for(2, |push| push.event() == "answer");

    let stop = json!({ "sessionid": session_id, "signal": "call_stop" });
    let answer = client.post(STOP, &stop);
    assert_eq!(answer.json(), json!({ "resultcode": "0", "resultdesc": "Success" }));
    let pushes = receiver.wait_for_fee();
    let disconnect = pushes[pushes.len() - 2].info();
    assert_eq!(
        (&disconnect["stateCode"], &disconnect["partyType"]),
        (&json!(8017), &json!("platform"))
    );
    let cdr = cdr(&pushes);
    assert_eq!(cdr["ulFailReason"], 8017);
    assert!(cdr.contains_key("fwdAnswerTime") && !cdr.contains_key("failTime"));
    assert_eq!(client.post(STOP, &stop).code().1, "1020152");
}

#[test]
fn stopping_is_for_callbacks_unless_a_setting_says_otherwise() {
    for (every_scene, code) in [(false, "1020152"), (true, "0")] {
        let mut options = Options::default();
        options.choices.stop_ends_every_scene = every_scene;
        let sandbox = start(options);
        let client = Client::new(sandbox.ready());
        let session_id = client.post(VERIFICATION, &verification()).session_id();
        let stop = json!({ "sessionid": session_id, "signal": "call_stop" });
        assert_eq!(client.post(STOP, &stop).code().1, code);
    }
}
