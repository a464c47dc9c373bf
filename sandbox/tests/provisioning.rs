//! What is provisioned decides what is refused (contract codes/result_codes.csv), from a file or over the admin API.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use serde_json::{Value, json};
use support::client::{CALLBACK, Client, STOP, VERIFICATION, callback, verification, with};
use support::{A, B, DISPLAY, DISPLAY_TO_B, PATIENCE, fast, start};
use voicecall_sandbox::Options;
use voicecall_sandbox::blocking::Sandbox;

fn platform() -> (Sandbox, Client) {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    (sandbox, client)
}

/// What a callback is answered after the account was changed so.
fn after_account(patch: Value) -> String {
    let (_sandbox, client) = platform();
    let answer = client.admin_patch("/account", &patch);
    assert_eq!(answer.status, 204, "{}", answer.json());
    client.post(CALLBACK, &callback()).code().1
}

/// What a callback is answered after its application was changed so.
fn after_application(patch: &Value) -> String {
    let (_sandbox, client) = platform();
    let answer = client.admin_patch(&format!("/applications/{}", client.ready.app_key), patch);
    assert_eq!(answer.status, 204, "{}", answer.json());
    client.post(CALLBACK, &callback()).code().1
}

#[test]
fn each_state_of_an_application_has_its_code() {
    for (patch, code) in [
        (json!({ "state": "active" }), "0"),
        (json!({ "state": "suspended" }), "1010008"),
        (json!({ "state": "unavailable" }), "1010021"),
        (json!({ "state": "trial" }), "1010011"),
        (json!({ "scene": "verification" }), "1010040"),
        (json!({ "ip_white_list": ["192.0.2.1"] }), "1020166"),
        (json!({ "ip_white_list": ["127.0.0.1"] }), "0"),
        (json!({ "ip_black_list": ["127.0.0.1"] }), "1020168"),
        (json!({ "ports": 0 }), "1020165"),
    ] {
        assert_eq!(after_application(&patch), code, "{patch}");
    }
}

#[test]
fn each_state_of_an_account_has_its_code() {
    for (patch, code) in [
        (json!({ "balance_fen": 1 }), "0"),
        (json!({ "balance_fen": 0 }), "1010007"),
        (json!({ "platform_ports": 0 }), "1020154"),
        (json!({ "limits": { "account_calls": 0 } }), "1013001"),
        (json!({ "limits": { "application_calls": 0 } }), "1013002"),
        (json!({ "limits": { "display_number_calls": 0 } }), "1013003"),
        (json!({ "limits": { "service_number_calls": 0 } }), "1013118"),
        (json!({ "limits": { "caller_calls": 0 } }), "1013116"),
        (json!({ "limits": { "callee_calls": 0 } }), "1013117"),
        (json!({ "limits": { "application_requests": 0 } }), "1010009"),
        (json!({ "limits": { "platform_requests": 0 } }), "1010010"),
        (json!({ "limits": { "sender_requests": 0 } }), "1011006"),
        (json!({ "controls": { "callee_black_list": [B] } }), "1013004"),
        (json!({ "controls": { "caller_black_list": [A] } }), "1013010"),
        (json!({ "controls": { "callee_white_list": [A] } }), "1013011"),
        (json!({ "controls": { "calling_hours": [0, 0] } }), "1013121"),
        (json!({ "controls": { "sub_enterprise_suspended": true } }), "1013122"),
    ] {
        assert_eq!(after_account(patch.clone()), code, "{patch}");
    }
}

#[test]
fn an_international_callee_may_be_out_of_reach() {
    let (_sandbox, client) = platform();
    let abroad = with(callback(), json!({ "calleeNbr": "+4930000021" }));
    assert_eq!(client.post(CALLBACK, &abroad).code().1, "0");
    client.admin_patch("/account", &json!({ "controls": { "international": false } }));
    assert_eq!(client.post(CALLBACK, &abroad).code().1, "1013112");
    assert_eq!(client.post(CALLBACK, &callback()).code().1, "0");
}

#[test]
fn flow_control_is_told_from_a_wrong_digest_by_status_and_text() {
    let (_sandbox, client) = platform();
    client.admin_patch("/account", &json!({ "limits": { "platform_requests": 0 } }));
    let answer = client.post(CALLBACK, &callback());
    assert_eq!(answer.code(), (403, "1010010".to_owned()));
    assert!(answer.json()["resultdesc"].as_str().unwrap().contains("flow control"));
}

#[test]
fn a_display_number_is_usable_in_one_way_and_unusable_in_four() {
    let (_sandbox, client) = platform();
    let own = format!("/applications/{}", client.ready.app_key);
    let shows = |number: &str| {
        let answer = client.post(CALLBACK, &with(callback(), json!({ "displayNbr": number })));
        answer.code().1
    };
    client.admin_patch("/account", &json!({ "unordered_numbers": ["+867550000001"] }));
    let another = json!({ "app_secret": "another-secret", "display_numbers": ["+867550000002"] });
    client.admin_put("/applications/Another", &another);
    assert_eq!(shows(DISPLAY), "0");
    assert_eq!(shows("+867550000001"), "1012006");
    assert_eq!(shows("+867550000002"), "1012001");
    assert_eq!(shows("+867550000003"), "1010023");
    let suspended = json!({ "display_numbers": [DISPLAY, DISPLAY_TO_B], "suspended_numbers": [DISPLAY, DISPLAY_TO_B] });
    client.admin_patch(&own, &suspended);
    assert_eq!(shows(DISPLAY), "1013119");
}

#[test]
fn another_number_is_shown_for_a_suspended_one() {
    let (sandbox, client) = platform();
    let own = format!("/applications/{}", client.ready.app_key);
    client.admin_patch(&own, &json!({ "suspended_numbers": [DISPLAY] }));
    let session_id = client.post(VERIFICATION, &verification()).session_id();
    let shown = sandbox.call(&session_id).unwrap().legs[0].display.clone();
    let usable = &client.ready.display_numbers;
    assert!(shown != DISPLAY && usable.contains(&shown), "{shown}");
}

#[test]
fn ports_are_free_again_when_calls_are_over() {
    let sandbox = start(Options::default());
    let client = Client::new(sandbox.ready());
    client.admin_patch(
        &format!("/applications/{}", client.ready.app_key),
        &json!({ "ports": 2 }),
    );
    let order = with(callback(), json!({ "returnIdlePort": "true" }));
    let first = client.post(CALLBACK, &order);
    assert_eq!(first.json()["idlePort"], 1);
    assert_eq!(client.post(CALLBACK, &order).json()["idlePort"], 0);
    assert_eq!(client.post(CALLBACK, &order).code().1, "1020165");
    let stop = json!({ "sessionid": first.session_id(), "signal": "call_stop" });
    assert_eq!(client.post(STOP, &stop).code().1, "0");
    assert_eq!(client.post(CALLBACK, &order).code().1, "0");
}

#[test]
fn calls_cost_each_started_minute_of_each_leg() {
    let mut options = fast();
    options.phones.insert(B.to_owned(), support::talks_for(61));
    options.account.balance_fen = Some(100);
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let session_id = client.post(CALLBACK, &callback()).session_id();
    sandbox.wait_for_end(&session_id, PATIENCE).unwrap();
    // A's 68 seconds and B's 61 are two minutes each.
    assert_eq!(client.admin("/account")["balance_fen"], 100 - 4 * 18);
    let session_id = client
        .post(CALLBACK, &with(callback(), json!({ "calleeNbr": "+8613800008102" })))
        .session_id();
    sandbox.wait_for_end(&session_id, PATIENCE).unwrap();
    assert_eq!(client.admin("/account")["balance_fen"], 100 - 5 * 18, "A's leg alone");
    let session_id = client.post(CALLBACK, &callback()).session_id();
    sandbox.wait_for_end(&session_id, PATIENCE).unwrap();
    assert_eq!(client.post(CALLBACK, &callback()).code().1, "1010007");
}

#[test]
fn a_patch_leaves_secrets_and_all_else_as_they_are() {
    let (_sandbox, client) = platform();
    let before = client.admin("/account");
    assert_eq!(client.admin_patch("/account", &before).status, 204);
    assert_eq!(client.post(CALLBACK, &callback()).code().1, "0");
    assert_eq!(client.admin("/account"), before);
    let answer = client.admin_patch("/account", &json!({ "balance": 1 }));
    assert_eq!(answer.status, 422);
    assert!(answer.json()["error"].as_str().unwrap().contains("balance"));
    assert_eq!(client.admin_patch("/applications/Nobody", &json!({})).status, 404);
}

#[test]
fn a_file_provisions_everything() {
    let text = r#"
        speed = 1000
        recording_link_seconds = 1800
        faults = [{ on = "terminate_call", fault = "status", count = 1 }]

        [push]
        signature = "older"
        timeout_seconds = 0.5
        created_zone = "utc"

        [authentication]
        accepted_zone = "utc"

        [choices]
        unknown_status = 400

        [account]
        sp_id = "FileAccount"
        balance_fen = 18
        voice_files = ["file.wav"]
        limits = { callee_calls = 1000 }

        [account.templates.file]
        content = "您好${TXT_4}"

        [account.applications.FileKey]
        app_secret = "file-secret-0001"
        scene = "callback"
        display_numbers = ["+867550000088", "+867550000089"]
        recording = false

        [phones."+8613800000022"]
        state_code = 8102
    "#;
    let sandbox = start(Options::from_toml(text).unwrap());
    let ready = sandbox.ready();
    assert_eq!(
        (ready.app_key.as_str(), ready.app_secret.expose()),
        ("FileKey", "file-secret-0001")
    );
    let client = Client::new(ready);
    let stop = json!({ "sessionid": "x", "signal": "call_stop" });
    assert_eq!(client.post(STOP, &stop).status, 503);
    assert_eq!(client.post(STOP, &stop).code(), (400, "1020152".to_owned()));
    let recorded = with(callback(), json!({ "recordFlag": "true" }));
    assert_eq!(client.post(CALLBACK, &recorded).code().1, "1012012");
    let session_id = client.post(CALLBACK, &callback()).session_id();
    let call = sandbox.wait_for_end(&session_id, PATIENCE).unwrap();
    assert_eq!(call.end.unwrap().state_code, 8102);
    // A's minute has used up the balance.
    assert_eq!(client.post(CALLBACK, &callback()).code().1, "1010007");
}

#[test]
fn a_file_that_cannot_be_used_says_where() {
    let error = |text| Options::from_toml(text).unwrap_err();
    assert!(error("spede = 2").contains("unknown field `spede`"));
    assert!(error("\n\n[account]\nsp_id = 3").contains("line 4, column 9"));
    let beside_a_secret = "account.applications.K = { app_secret = \"s3cret\", scene = \"sing\" }";
    let told = error(beside_a_secret);
    assert!(
        told.contains("unknown variant `sing`") && !told.contains("s3cret"),
        "{told}"
    );
    assert!(!told.contains('\n'), "{told}");
    assert!(error("speed = 0").contains("greater than 0"));
    assert!(error(r#"faults = [{ on = "fee", fault = "redirect" }]"#).contains("answers, not pushes"));
    assert!(error("[push]\ncreated_zone = \"cet\"").contains("utc or beijing"));
}
