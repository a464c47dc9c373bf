//! Phones in somebody's hands, and a clock that stands still until it is stepped.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use serde_json::{Value, json};
use support::client::{CALLBACK, Client, NOTIFICATION, callback, notification, with};
use support::{A, B, start};
use voicecall_sandbox::Options;
use voicecall_sandbox::blocking::Sandbox;

struct Stage {
    _sandbox: Sandbox,
    client: Client,
    session_id: String,
}

impl Stage {
    /// A call on a clock that stands still, at phones that wait for somebody.
    fn with(path: &str, body: &Value) -> Stage {
        let mut options = Options::default();
        options.paused = true;
        options.all_phones.by_hand = Some(true);
        let sandbox = start(options);
        let client = Client::new(sandbox.ready());
        let session_id = client.post(path, body).session_id();
        Stage {
            _sandbox: sandbox,
            client,
            session_id,
        }
    }

    fn callback() -> Stage {
        Stage::with(CALLBACK, &callback())
    }

    fn collecting(keys: u32) -> Stage {
        let items = json!([{ "notifyVoice": "notifyvoice.wav", "collectInd": keys }]);
        let stage = Stage::with(NOTIFICATION, &with(notification(), json!({ "playInfoList": items })));
        stage.step(3);
        stage.act("answer", &json!({}));
        stage.step(5);
        stage
    }

    fn step(&self, seconds: u32) {
        let answer = self.client.admin_post("/clock/step", &json!({ "seconds": seconds }));
        assert_eq!(answer.status, 200);
    }

    fn call(&self) -> Value {
        self.client.admin(&format!("/calls/{}", self.session_id))
    }

    /// HTTP status, and the call as it is then.
    fn act(&self, action: &str, how: &Value) -> u16 {
        self.client
            .admin_post(&format!("/calls/{}/{action}", self.session_id), how)
            .status
    }

    /// Phase, and stateCode and party of the end.
    fn state(&self) -> (String, Value, Value) {
        let call = self.call();
        let phase = call["phase"].as_str().unwrap().to_owned();
        (phase, call["end"]["state_code"].clone(), call["end"]["by"].clone())
    }
}

fn ended(state_code: u16, by: &str) -> (String, Value, Value) {
    ("ended".to_owned(), json!(state_code), json!(by))
}

#[test]
fn a_callback_is_answered_at_both_phones_and_hung_up_at_either() {
    for (leg, by) in [("A", "caller"), ("B", "callee")] {
        let stage = Stage::callback();
        assert_eq!(stage.call()["legs"][0]["can"], json!(["let-ring"]));
        stage.step(3);
        assert_eq!(
            stage.call()["legs"][0]["can"],
            json!(["answer", "reject", "hang-up", "let-ring"])
        );
        assert_eq!(stage.act("answer", &json!({ "leg": "A" })), 200);
        stage.step(3);
        assert_eq!(stage.call()["legs"][1]["state"], "rings");
        assert_eq!(stage.act("answer", &json!({})), 200);
        stage.step(3600);
        assert_eq!(stage.state().0, "talking", "nobody hangs up by himself");
        assert_eq!(stage.act("hang-up", &json!({ "leg": leg })), 200);
        assert_eq!(stage.state(), ended(0, by));
    }
}

#[test]
fn a_phone_is_rejected_or_rings_out() {
    let stage = Stage::callback();
    stage.step(3);
    assert_eq!(stage.act("reject", &json!({})), 200);
    assert_eq!(stage.state(), ended(8004, "caller"));
    let stage = Stage::callback();
    stage.step(62);
    assert_eq!(stage.state().0, "ringing");
    stage.step(1);
    assert_eq!(stage.state(), ended(8003, "platform"));
}

#[test]
fn what_means_nothing_is_refused_and_changes_nothing() {
    let stage = Stage::callback();
    for action in ["answer", "reject", "hang-up"] {
        assert_eq!(stage.act(action, &json!({})), 409, "{action} before it rings");
    }
    assert_eq!(stage.act("press", &json!({ "digits": "1" })), 409);
    assert_eq!(stage.act("press", &json!({ "digits": "x" })), 422);
    assert_eq!(stage.act("press", &json!({})), 422);
    assert_eq!(stage.act("sing", &json!({})), 404);
    assert_eq!(stage.client.admin_post("/calls/x/answer", &json!({})).status, 404);
    assert_eq!(stage.state().0, "dialling");
}

#[test]
fn keys_add_up_until_as_many_as_asked_for_are_there() {
    let stage = Stage::collecting(3);
    assert_eq!(stage.call()["keys_awaited"], 3);
    assert_eq!(stage.act("press", &json!({ "digits": "4" })), 200);
    assert_eq!(stage.call()["keys_awaited"], 2);
    let told = stage.client.admin("/events");
    let phases = told.as_array().unwrap().iter().filter(|line| line["event"] == "phase");
    assert_eq!(phases.count(), 2, "keys are awaited, and one was pressed");
    assert_eq!(stage.act("press", &json!({ "digits": "2#9" })), 200);
    assert_eq!(stage.state(), ended(0, "platform"));
    assert_eq!(stage.call()["digits"], json!(["42#"]));
}

#[test]
fn the_window_for_keys_closes_after_five_seconds_with_those_that_were_pressed() {
    let stage = Stage::collecting(2);
    stage.act("press", &json!({ "digits": "7" }));
    stage.step(4);
    assert_eq!(stage.state().0, "collecting");
    stage.step(1);
    assert_eq!(stage.call()["digits"], json!(["7"]));
    let stage = Stage::collecting(1);
    stage.step(5);
    assert_eq!(stage.state(), ended(8008, "platform"));
}

#[test]
fn a_phone_that_would_answer_is_let_ring() {
    let mut options = Options::default();
    options.paused = true;
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let session_id = client.post(CALLBACK, &callback()).session_id();
    let step = |seconds: u32| client.admin_post("/clock/step", &json!({ "seconds": seconds }));
    step(5);
    assert_eq!(
        client.admin_post(&format!("/phones/{A}/let-ring"), &json!({})).status,
        200
    );
    step(20);
    assert_eq!(sandbox.call(&session_id).unwrap().phase, "ringing");
    step(38);
    assert_eq!(sandbox.call(&session_id).unwrap().end.unwrap().state_code, 8003);
}

#[test]
fn a_number_stands_for_its_phone_in_the_newest_call() {
    let stage = Stage::callback();
    let second = stage.client.post(CALLBACK, &callback()).session_id();
    stage.step(3);
    let answered = stage
        .client
        .admin_post(&format!("/phones/{A}/answer"), &json!({}))
        .json();
    assert_eq!(answered["session_id"], second.as_str());
    let answered = stage
        .client
        .admin_post(&format!("/phones/{A}/answer"), &json!({}))
        .json();
    assert_eq!(
        answered["session_id"],
        stage.session_id.as_str(),
        "the other one still rings"
    );
    assert_eq!(
        stage
            .client
            .admin_post(&format!("/phones/{A}/answer"), &json!({}))
            .status,
        409
    );
    assert_eq!(
        stage
            .client
            .admin_post(&format!("/phones/{B}9/answer"), &json!({}))
            .status,
        404
    );
}

#[test]
fn the_clock_is_shown_set_and_stepped() {
    let sandbox = start(Options::default());
    let client = Client::new(sandbox.ready());
    assert_eq!(client.admin_put("/clock", &json!({ "paused": true, "speed": 7 })), 200);
    let before = client.admin("/clock");
    assert_eq!((&before["paused"], &before["speed"]), (&json!(true), &json!(7.0)));
    let after = client.admin_post("/clock/step", &json!({ "seconds": 1.5 })).json();
    let millis = |clock: &Value| clock["unix_millis"].as_i64().unwrap();
    assert_eq!(millis(&after) - millis(&before), 1500);
    assert_eq!(client.admin_put("/clock", &json!({ "speed": 0 })), 422);
    assert_eq!(client.admin_post("/clock/step", &json!({ "seconds": -1 })).status, 422);
}
