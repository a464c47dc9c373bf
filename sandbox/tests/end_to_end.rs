//! The whole way: a signed request, status events in order, and the CDR.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use serde_json::json;
use support::client::{CALLBACK, Client, base64, callback, with};
use support::receiver::Receiver;
use support::{A, B, DISPLAY, DISPLAY_TO_B, PATIENCE, fast, start, talks_for};

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
