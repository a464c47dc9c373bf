//! The whole way: a signed request, status events in order, and the CDR.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use serde_json::json;
use support::client::{CALLBACK, Client, base64, callback, with};
use support::receiver::Receiver;
use support::{A, B, DISPLAY, DISPLAY_TO_B, PATIENCE, fast, start, talks_for};
use voicecall_core::calls::VoiceCallback;
use voicecall_core::webhook::{Event, Freshness, Policy, Verdict, Webhook};
use voicecall_core::{Config, RecordingSource};

#[test]
fn a_recorded_callback_of_75_seconds_from_request_to_cdr() {
    let receiver = Receiver::start();
    let mut options = fast();
    options.phones.insert(B.to_owned(), talks_for(75));
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());

    let (status, fee) = (receiver.url("/status"), receiver.url("/fee"));
    let order = json!({
        "statusUrl": base64(&status), "feeUrl": base64(&fee), "recordFlag": "true", "userData": "customerId123"
    });
    let answer = client.post(CALLBACK, &with(callback(), order));
    assert_eq!(answer.code(), (200, "0".to_owned()));
    let session_id = answer.session_id();

    let pushes = receiver.wait_for_fee();
    let shown: Vec<_> = pushes
        .iter()
        .filter(|push| push.event() != "fee")
        .map(|push| {
            let info = push.info();
            assert_eq!(info["sessionId"], session_id.as_str());
            assert_eq!(info["userData"], "customerId123");
            (
                push.event(),
                info["caller"].as_str().unwrap(),
                info["called"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("callout", DISPLAY, A),
            ("alerting", DISPLAY, A),
            ("answer", DISPLAY, A),
            ("callout", DISPLAY_TO_B, B),
            ("alerting", DISPLAY_TO_B, B),
            ("answer", DISPLAY_TO_B, B),
            ("disconnect", DISPLAY_TO_B, B),
        ]
    );
    let disconnect = pushes.iter().find(|push| push.event() == "disconnect").unwrap().info();
    assert_eq!(disconnect["stateCode"], 0);
    assert_eq!(disconnect["stateDesc"], "The user releases the call.");

    let cdr = &pushes.last().unwrap().body["feeLst"][0];
    assert_eq!(cdr["sessionId"], session_id.as_str());
    assert_eq!((&cdr["recordFlag"], &cdr["serviceType"]), (&json!(1), &json!("002")));
    assert_eq!(cdr["callEndTime"], disconnect["timestamp"]);

    let call = sandbox.wait_for_end(&session_id, PATIENCE).unwrap();
    assert_eq!(call.end.unwrap().state_code, 0);
    assert_eq!(call.recording.as_deref(), cdr["recordObjectName"].as_str());
}

#[test]
fn the_library_and_the_platform_understand_each_other() {
    let receiver = Receiver::start();
    let sandbox = start(fast());
    let ready = sandbox.ready();
    let (status, fee) = (receiver.url("/status"), receiver.url("/fee"));
    let config = Config::new()
        .app_key(&ready.app_key)
        .app_secret(ready.app_secret.clone())
        .endpoint(sandbox.endpoint());
    let client = voicecall_core::Client::new(config).unwrap();
    let webhook = Webhook::builder()
        .url(&status)
        .url(&fee)
        .application(&ready.app_key, ready.app_secret)
        .policy(Policy::Require)
        .freshness(Freshness::All)
        .build()
        .unwrap();

    let request = VoiceCallback::new()
        .display_nbr(DISPLAY)
        .caller_nbr(A)
        .display_callee_nbr(DISPLAY_TO_B)
        .callee_nbr(B)
        .record_flag(true)
        .status_url(&status)
        .fee_url(&fee);
    let placed = client.create_voice_callback(&request).unwrap();
    let mut recording = None;
    for push in receiver.wait_for_fee() {
        let received = webhook.receive(push.headers.iter().map(|(name, value)| (name, value)), &push.raw);
        assert!(
            matches!(received.verdict, Verdict::Valid { .. }),
            "{:?}",
            received.verdict
        );
        match received.event.unwrap() {
            Event::Status(event) => assert_eq!(Some(&*event.session_id()), placed.session_id.as_deref()),
            Event::Fee(event) => recording = event.cdrs()[0].recording(),
            other => panic!("{other:?}"),
        }
    }
    let Some(RecordingSource::Stored(recording)) = recording else {
        panic!("a recorded call names its recording")
    };
    let url = client.get_recording_download_url(&recording).unwrap();
    assert!(url.starts_with(sandbox.endpoint()), "{url}");
    let over = client
        .terminate_call(placed.session_id.as_deref().unwrap())
        .unwrap_err();
    assert_eq!(over.result_code(), Some("1020152"));
}
