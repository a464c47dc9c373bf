//! The admin API: what it shows, how it waits, and what it changes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use serde_json::{Value, json};
use support::client::{
    CALLBACK, Client, NOTIFICATION, VERIFICATION, base64, callback, notification, verification, with,
};
use support::receiver::Receiver;
use support::{A, B, DISPLAY, fast, start};
use voicecall_sandbox::Options;
use voicecall_sandbox::blocking::Sandbox;

fn platform(options: Options) -> (Sandbox, Client) {
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    (sandbox, client)
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["event"].as_str().unwrap())
        .collect()
}

#[test]
fn the_ready_line_is_enough_to_place_a_call() {
    let sandbox = start(fast());
    let ready: Value = serde_json::from_str(&sandbox.ready_line()).unwrap();
    let keys: Vec<_> = ready.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "endpoint",
            "admin",
            "app_key",
            "app_secret",
            "display_numbers",
            "voice_files",
            "templates"
        ]
    );
    assert_eq!(ready["endpoint"], sandbox.endpoint());
    assert_eq!(ready["admin"], sandbox.admin_url());
    assert!(!sandbox.ready_line().contains('\n'));
    assert_eq!(ready["app_secret"], sandbox.ready().app_secret.expose());
    assert_eq!(ready["display_numbers"][0], DISPLAY);
    assert!(
        ready["voice_files"]
            .as_array()
            .unwrap()
            .contains(&json!("notifyvoice.wav"))
    );
    let keys: Vec<_> = ready["templates"][0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys, ["id", "content"]);
}

#[test]
fn a_call_is_shown_as_it_happened_and_may_be_waited_for() {
    let (_sandbox, client) = platform(fast());
    let order = with(callback(), json!({ "userData": "x", "recordFlag": "true" }));
    let session_id = client.post(CALLBACK, &order).session_id();
    let call = client.admin(&format!("/calls/{session_id}?until=ended&wait=20"));
    assert_eq!(
        (&call["phase"], &call["scene"], &call["user_data"]),
        (&json!("ended"), &json!("callback"), &json!("x"))
    );
    assert_eq!(
        names(&call["events"]),
        [
            "callout",
            "alerting",
            "answer",
            "callout",
            "alerting",
            "answer",
            "disconnect"
        ]
    );
    assert_eq!(
        (&call["legs"][1]["called"], &call["legs"][1]["answer"]),
        (&json!(B), &call["events"][5]["time"])
    );
    assert_eq!(
        (&call["end"]["state_code"], &call["end"]["by"]),
        (&json!(0), &json!("callee"))
    );
    assert!(call["recording"].as_str().unwrap().ends_with(".wav"));
    assert_eq!(client.admin("/calls")[0], call);
}

#[test]
fn lists_go_on_after_what_was_seen() {
    let (_sandbox, client) = platform(fast());
    let placed: Vec<_> = (0..3)
        .map(|_| client.post(VERIFICATION, &verification()).session_id())
        .collect();
    let seen = client.admin(&format!("/calls?after={}&limit=1", placed[0]));
    assert_eq!(seen.as_array().unwrap().len(), 1);
    assert_eq!(seen[0]["session_id"], placed[1].as_str());
    assert_eq!(
        client.fetch(&format!("{}/calls/x", client.ready.admin), &[]).status,
        404
    );
}

#[test]
fn pushes_are_shown_with_what_came_back_and_may_be_waited_for() {
    let receiver = Receiver::answering(|_, _| (200, r#"{"resultcode":"0"}"#));
    let (_sandbox, client) = platform(fast());
    let fee = base64(&receiver.url("/fee"));
    let session_id = client
        .post(VERIFICATION, &with(verification(), json!({ "feeUrl": fee })))
        .session_id();
    let pushes = client.admin(&format!("/pushes?session_id={session_id}&wait=20"));
    let push = &pushes[0];
    assert_eq!(
        (&push["event"], &push["status"], &push["attempt"]),
        (&json!("fee"), &json!(200), &json!(1))
    );
    assert_eq!(
        (&push["delivered"], &push["reply"]),
        (&json!(true), &json!(r#"{"resultcode":"0"}"#))
    );
    assert_eq!(push["body"]["feeLst"][0]["sessionId"], session_id.as_str());
    assert_eq!(push["url"], receiver.url("/fee"));
    let pushed = receiver.pushes().remove(0);
    let (_, after) = pushed.header("x-aksk").split_once("PasswordDigest=\"").unwrap();
    let digest = after.split_once('"').unwrap().0;
    assert!(!pushes.to_string().contains(digest));
    assert!(pushed.header("x-aksk").contains(push["nonce"].as_str().unwrap()));
    let later = client.admin(&format!("/pushes?after={}", push["id"]));
    assert_eq!(later, json!([]));
    assert_eq!(client.admin("/undelivered-cdrs"), json!([]));
}

#[test]
fn the_journal_tells_everything_in_order() {
    let receiver = Receiver::start();
    let (_sandbox, client) = platform(fast());
    let fee = base64(&receiver.url("/fee"));
    client.post(VERIFICATION, &with(verification(), json!({ "feeUrl": fee })));
    let mut told = Vec::new();
    let mut after = json!(0);
    while told.last().is_none_or(|event| event != "pushed") {
        let lines = client.admin(&format!("/events?after={after}&wait=20"));
        after = lines.as_array().unwrap().last().expect("another line in time")["sequence"].clone();
        told.extend(names(&lines).into_iter().map(str::to_owned));
    }
    assert_eq!(
        told,
        ["placed", "callout", "alerting", "answer", "disconnect", "cdr", "pushed"]
    );
}

#[test]
fn phones_do_as_they_are_told() {
    let (_sandbox, client) = platform(fast());
    assert_eq!(
        client.admin("/phones")["all"],
        json!({
            "alerting_seconds": 3, "answer_seconds": 4, "talk_seconds": 20, "digits": ["1"], "by_hand": false
        })
    );
    assert_eq!(client.admin_put("/phones", &json!({ "digits": ["7"] })), 204);
    assert_eq!(
        client.admin("/phones")["all"]["talk_seconds"],
        20,
        "what a rule leaves out stays"
    );
    assert_eq!(
        client.admin_put(&format!("/phones/{B}"), &json!({ "state_code": 8102 })),
        204
    );

    let ends_with = |path, body: &Value| {
        let session_id = client.post(path, body).session_id();
        client.admin(&format!("/calls/{session_id}?until=ended&wait=20"))
    };
    assert_eq!(ends_with(CALLBACK, &callback())["end"]["state_code"], 8102);
    let items = json!([{ "notifyVoice": "notifyvoice.wav", "collectInd": 1 }]);
    assert_eq!(
        ends_with(NOTIFICATION, &with(notification(), json!({ "playInfoList": items })))["digits"],
        json!(["7"])
    );

    assert_eq!(client.admin_delete(&format!("/phones/{B}")), 204);
    assert_eq!(client.admin_delete(&format!("/phones/{B}")), 404);
    assert_eq!(ends_with(CALLBACK, &callback())["end"]["state_code"], 0);
    assert_eq!(
        client.admin_put("/phones", &json!({ "talk": 1 })),
        422,
        "no such setting"
    );
}

#[test]
fn the_account_may_be_changed_and_never_shows_a_secret() {
    let (sandbox, client) = platform(fast());
    let secret = client.ready.app_secret.expose();
    let account = client.admin("/account");
    assert!(!account.to_string().contains(secret));
    assert_eq!(account["applications"][&client.ready.app_key]["app_secret"], "***");

    let new = item(json!({ "notifyVoice": "new.wav" }));
    assert_eq!(client.post(NOTIFICATION, &new).status, 403);
    assert_eq!(client.admin_put("/voice-files/new.wav", &json!(null)), 204);
    assert_eq!(client.post(NOTIFICATION, &new).status, 200);
    assert_eq!(client.admin_delete("/voice-files/new.wav"), 204);
    assert_eq!(client.post(NOTIFICATION, &new).status, 403);

    let templated = item(json!({ "templateId": "new", "templateParas": ["a"] }));
    assert_eq!(
        client.admin_put("/templates/new", &json!({ "content": "您好${TXT_1}" })),
        204
    );
    assert_eq!(client.post(NOTIFICATION, &templated).status, 200);
    assert_eq!(
        client.admin_put("/templates/new", &json!({ "content": "您好", "approved": false })),
        204
    );
    assert_eq!(client.post(NOTIFICATION, &templated).code().1, "1012002");
    assert_eq!(client.admin_delete("/templates/new"), 204);
    assert_eq!(client.post(NOTIFICATION, &templated).code().1, "1012003");

    let application = json!({ "app_secret": "another-secret", "scene": "verification", "display_numbers": [DISPLAY] });
    assert_eq!(client.admin_put("/applications/Another", &application), 204);
    assert_eq!(
        client.admin_delete(&format!("/applications/{}", client.ready.app_key)),
        204
    );
    assert_eq!(client.post(VERIFICATION, &verification()).code().1, "1010003");
    let another = Client::new(sandbox.ready());
    assert_eq!(another.ready.app_key, "Another");
    assert_eq!(another.post(VERIFICATION, &verification()).status, 200);
    assert_eq!(another.post(CALLBACK, &callback()).code().1, "1010040");
}

fn item(members: Value) -> Value {
    with(notification(), json!({ "playInfoList": [members] }))
}

#[test]
fn finished_calls_beyond_the_limit_are_dropped_oldest_first() {
    let mut options = fast();
    options.finished_calls = 2;
    let (sandbox, client) = platform(options);
    let placed: Vec<_> = (0..4)
        .map(|_| {
            let session_id = client.post(VERIFICATION, &verification()).session_id();
            sandbox.wait_for_end(&session_id, support::PATIENCE).unwrap();
            session_id
        })
        .collect();
    let kept: Vec<_> = sandbox.calls().into_iter().map(|call| call.session_id).collect();
    assert_eq!(kept, placed[2..]);
    assert!(sandbox.call(&placed[0]).is_none());
}

#[test]
fn a_wait_that_is_in_vain_ends() {
    let (_sandbox, client) = platform(Options::default());
    let session_id = client.post(VERIFICATION, &verification()).session_id();
    let call = client.admin(&format!("/calls/{session_id}?until=ended&wait=0.05"));
    assert_eq!(call["phase"], "dialling");
    assert_eq!(call["legs"][0]["called"], A);
    assert_eq!(client.admin("/pushes?wait=0.05"), json!([]));
}
