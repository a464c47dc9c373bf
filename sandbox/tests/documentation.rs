//! The admin API does what its documentation says: every documented request is sent as its example shows it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use support::client::{Client, VERIFICATION, verification};
use support::{A, PATIENCE, fast, start};
use voicecall_sandbox::Options;

fn parameters<'a>(path: &'a Value, operation: &'a Value) -> impl Iterator<Item = &'a Value> {
    let lists = [&path["parameters"], &operation["parameters"]];
    lists.into_iter().filter_map(Value::as_array).flatten()
}

#[test]
fn every_documented_request_is_answered_as_documented() {
    let mut options = Options::default();
    options.paused = true;
    options.all_phones.by_hand = Some(true);
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let documented = client.admin("/openapi.json");
    let session_id = client.post(VERIFICATION, &verification()).session_id();
    client.admin_post("/clock/step", &json!({ "seconds": 3 }));
    let finished = client.post(VERIFICATION, &verification()).session_id();
    client.admin_post("/clock/step", &json!({ "seconds": 3 }));
    client.admin_post(&format!("/calls/{finished}/reject"), &json!({}));

    let mut asked = 0;
    for (path, operations) in documented["paths"].as_object().unwrap() {
        let methods = operations
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| *name != "parameters");
        for (method, operation) in methods {
            let mut url = format!("{}{path}", client.ready.admin);
            for parameter in parameters(operations, operation).filter(|parameter| parameter["in"] == "path") {
                let name = parameter["name"].as_str().unwrap();
                let value = match (name, path.ends_with("/cdr")) {
                    ("session_id", false) => session_id.clone(),
                    ("session_id", true) => finished.clone(),
                    ("id", _) if path.starts_with("/faults") => client.admin("/faults")[0]["id"].to_string(),
                    _ => parameter["example"].to_string().trim_matches('"').to_owned(),
                };
                url = url.replace(&format!("{{{name}}}"), &value);
            }
            if url.ends_with(&format!("{A}/hang-up")) {
                assert_eq!(
                    sandbox.call(&session_id).unwrap().phase,
                    "playing",
                    "answered by an earlier request"
                );
            }
            let example = &operation["requestBody"]["content"]["application/json"]["example"];
            let status = client.send(method, &url, Some(example).filter(|example| !example.is_null()));
            let told: BTreeSet<_> = operation["responses"].as_object().unwrap().keys().collect();
            assert!(
                status < 300 && told.contains(&status.to_string()),
                "{method} {path}: {status}"
            );
            // What an earlier request removed is there again for the next one.
            if method == "delete" && path == "/faults" {
                client.admin_post("/faults", &json!({ "on": "fee", "fault": "garbage" }));
            }
            asked += 1;
        }
    }
    assert!(asked > 30, "{asked}");
}

#[test]
fn documented_members_are_those_that_are_understood() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let documented = client.admin("/openapi.json");
    let members = |schema: &str| -> BTreeSet<String> {
        let schema = &documented["components"]["schemas"][schema]["properties"];
        schema.as_object().unwrap().keys().cloned().collect()
    };
    let shown = |value: &Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
    let account = client.admin("/account");
    assert_eq!(shown(&account), members("Account"));
    assert_eq!(
        shown(&account["applications"][&client.ready.app_key]),
        members("Application")
    );
    assert_eq!(shown(&account["templates"]["sandbox_alarm"]), members("Template"));
    assert_eq!(shown(&client.admin("/clock")), members("Clock"));
    // Members without a value are not shown, so these may be fewer than documented.
    let session_id = client.post(VERIFICATION, &verification()).session_id();
    let call = serde_json::to_value(sandbox.wait_for_end(&session_id, PATIENCE).unwrap()).unwrap();
    assert!(shown(&call).is_subset(&members("Call")), "{call}");
    let line = client.admin("/events")[0].clone();
    assert!(shown(&line).is_subset(&members("JournalEntry")), "{line}");
    let rule = client.admin("/phones")["all"].clone();
    assert!(shown(&rule).is_subset(&members("PhoneRule")), "{rule}");
    for kind in client.admin("/fault-kinds")["kinds"].as_array().unwrap() {
        for detail in kind["takes"].as_array().unwrap() {
            assert!(members("Fault").contains(detail.as_str().unwrap()), "{kind}");
        }
    }
}

#[test]
fn the_journal_is_a_stream_that_goes_on_where_a_reader_was_cut_off() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let open = |headers: &str| {
        let mut stream = TcpStream::connect(client.ready.endpoint.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = format!(
            "GET /_voicecall/events?after=0 HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        BufReader::new(stream).lines().map_while(Result::ok).filter_map(|line| {
            line.strip_prefix("data: ")
                .map(|data| serde_json::from_str::<Value>(data).unwrap())
        })
    };
    let mut live = open("");
    client.post(VERIFICATION, &verification());
    let told: Vec<_> = live
        .by_ref()
        .take(6)
        .map(|line| line["event"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(told, ["placed", "callout", "alerting", "answer", "disconnect", "cdr"]);
    let next = open("Last-Event-ID: 4\r\n").next().unwrap();
    assert_eq!((&next["sequence"], &next["event"]), (&json!(5), &json!("disconnect")));
}

#[test]
fn undelivered_cdrs_are_pushed_by_hand() {
    let receiver = support::receiver::Receiver::answering(|number, _| (if number < 7 { 500 } else { 200 }, ""));
    let mut options = fast();
    options.speed = 1_000_000.0;
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let fee = support::client::base64(&receiver.url("/fee"));
    client.post(
        VERIFICATION,
        &support::client::with(verification(), json!({ "feeUrl": fee })),
    );
    sandbox.wait_for_push(|push| push.attempt == 7, PATIENCE).unwrap();
    assert_eq!(client.admin("/undelivered-cdrs").as_array().unwrap().len(), 1);
    assert_eq!(client.admin_post("/undelivered-cdrs/push", &json!({})).status, 202);
    let push = sandbox.wait_for_push(|push| push.attempt == 8, PATIENCE).unwrap();
    assert!(push.delivered);
    assert_eq!(client.admin("/undelivered-cdrs"), json!([]));
}

#[test]
fn a_call_is_placed_without_a_signature_and_refused_as_with_one() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let place = |body: Value| {
        client.admin_post(
            "/calls",
            &json!({ "operation": "create_voice_verification_code", "body": body }),
        )
    };
    let session_id = place(verification()).session_id();
    assert!(sandbox.call(&session_id).is_some());
    let refused = place(support::client::with(
        verification(),
        json!({ "displayNbr": "+867559999999" }),
    ));
    assert_eq!(refused.code(), (403, "1010023".to_owned()));
    let unknown = client.admin_post("/calls", &json!({ "operation": "sing", "body": {} }));
    assert_eq!(unknown.status, 404);
}

#[test]
fn the_page_is_one_file_that_needs_nothing_from_elsewhere() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let page = client.fetch(&sandbox.page_url(), &[]);
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    assert!(
        page.header("content-security-policy")
            .unwrap()
            .contains("default-src 'none'")
    );
    let text = String::from_utf8(page.bytes).unwrap();
    for elsewhere in [
        "https://",
        "//cdn",
        "<script src",
        "<link rel=\"stylesheet\"",
        "@import",
    ] {
        assert!(!text.contains(elsewhere), "{elsewhere}");
    }
}

#[test]
fn what_cannot_be_read_is_told_in_one_line() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let told = client.admin_post("/faults", &json!({ "on": "nowhere", "fault": "garbage" }));
    assert_eq!(told.status, 422);
    let error = told.json()["error"].as_str().unwrap().to_owned();
    assert!(
        error.contains("\"nowhere\" is no target") && !error.contains('\n'),
        "{error}"
    );
    let plain = ureq::post(format!("{}/faults", client.ready.admin))
        .content_type("text/plain")
        .send("{}");
    assert!(matches!(plain, Err(ureq::Error::StatusCode(415))), "{plain:?}");
}
