//! Faults of answers, as a client sees them on its socket, and whether a phone rang nevertheless.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::client::{CALLBACK, Client, STOP, VERIFICATION, callback, verification};
use support::{fast, start};
use voicecall_sandbox::Options;
use voicecall_sandbox::blocking::Sandbox;

fn platform(fault: &str) -> (Sandbox, Client) {
    let mut options = fast();
    options.faults.push(fault.parse().unwrap());
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    (sandbox, client)
}

/// What a client reads, how its connection ended, and how many phones rang.
fn seen(fault: &str) -> (String, Result<(), ErrorKind>, usize) {
    let (sandbox, client) = platform(fault);
    let (bytes, end) = client.post_raw(VERIFICATION, &verification());
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (text, end.map_err(|error| error.kind()), sandbox.calls().len())
}

const RESET: Result<(), ErrorKind> = Err(ErrorKind::ConnectionReset);

#[test]
fn a_reset_before_reading_rings_nobody() {
    assert_eq!(seen("calls=reset_before_reading,count=1"), (String::new(), RESET, 0));
}

#[test]
fn a_reset_after_reading_rings_nobody_unless_told_to() {
    assert_eq!(seen("calls=reset_after_reading"), (String::new(), RESET, 0));
    assert_eq!(
        seen("calls=reset_after_reading,carried_out=true"),
        (String::new(), RESET, 1)
    );
}

#[test]
fn a_lost_answer_leaves_a_phone_ringing() {
    assert_eq!(seen("calls=answer_lost"), (String::new(), RESET, 1));
}

#[test]
fn a_late_answer_is_whole() {
    let begun = Instant::now();
    let (text, end, placed) = seen("calls=delay,millis=120");
    assert!(begun.elapsed() >= Duration::from_millis(120));
    assert!(
        text.starts_with("HTTP/1.1 200 OK") && text.contains("sessionId"),
        "{text}"
    );
    assert_eq!((end, placed), (Ok(()), 1));
}

#[test]
fn a_slow_body_comes_whole_in_pieces() {
    let begun = Instant::now();
    let (text, end, placed) = seen("calls=slow_body,millis=5");
    assert!(begun.elapsed() >= Duration::from_millis(5 * 20));
    assert!(text.starts_with("HTTP/1.1 200 OK") && text.ends_with('}'), "{text}");
    assert_eq!((end, placed), (Ok(()), 1));
}

#[test]
fn a_truncated_body_ends_in_order_and_too_early() {
    let (text, end, placed) = seen("calls=truncated_body");
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length: usize = head
        .split_once("Content-Length: ")
        .unwrap()
        .1
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(body.len(), length / 2);
    assert_eq!((end, placed), (Ok(()), 1));
}

#[test]
fn a_wrong_content_length_is_off_by_as_much_as_told() {
    let off = |fault| {
        let (text, _, placed) = seen(fault);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let told: i64 = head
            .split_once("Content-Length: ")
            .unwrap()
            .1
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        (told - body.len() as i64, placed)
    };
    assert_eq!(off("calls=wrong_content_length"), (-1, 1));
    assert_eq!(off("calls=wrong_content_length,bytes=7"), (7, 1));
}

#[test]
fn garbage_is_no_http() {
    let (text, end, placed) = seen("calls=garbage");
    assert!(!text.is_empty() && !text.contains("HTTP/"), "{text}");
    assert_eq!((end, placed), (Ok(()), 1));
}

#[test]
fn another_status_is_not_the_services() {
    let (_sandbox, client) = platform("calls=status,status=502");
    let answer = client.post(VERIFICATION, &verification());
    assert_eq!((answer.status, answer.header("content-type")), (502, Some("text/html")));
    assert_eq!(answer.json(), Value::Null);
    assert_eq!(seen("calls=status").2, 0);
    assert_eq!(seen("calls=status,carried_out=true").2, 1);
}

#[test]
fn a_redirect_leads_back_or_where_it_is_told() {
    let location = |fault| {
        let (sandbox, client) = platform(fault);
        let answer = client.post(VERIFICATION, &verification());
        assert_eq!((answer.status, sandbox.calls().len()), (307, 0));
        answer.header("location").unwrap().to_owned()
    };
    assert_eq!(location("calls=redirect"), VERIFICATION);
    assert_eq!(
        location("calls=redirect,location=http://127.0.0.1:9/"),
        "http://127.0.0.1:9/"
    );
}

#[test]
fn a_refusal_is_the_services_own() {
    let (_sandbox, client) = platform("calls=refusal,code=1023002");
    assert_eq!(
        client.post(VERIFICATION, &verification()).code(),
        (500, "1023002".to_owned())
    );
}

#[test]
fn silence_lasts_until_the_client_goes() {
    let (sandbox, client) = platform("calls=silence");
    let headers = client.good_headers();
    let mut stream = TcpStream::connect(client.ready.endpoint.trim_start_matches("http://")).unwrap();
    let request = format!(
        "POST {VERIFICATION} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nAuthorization: {}\r\n\r\n",
        headers.authorization.unwrap()
    );
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    // The platform has seen the request when it tells of the fault; from then on nothing comes.
    client.admin("/events?wait=20");
    stream.set_read_timeout(Some(Duration::from_millis(30))).unwrap();
    let error = std::io::Read::read(&mut stream, &mut [0]).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{error}"
    );
    assert_eq!(sandbox.calls().len(), 0);
}

#[test]
fn a_shut_door_refuses_connections_and_opens_again() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let address = client.ready.endpoint.trim_start_matches("http://").to_owned();
    let shut = json!({ "on": "calls", "fault": "refuse", "seconds": 1 });
    assert_eq!(client.admin_post("/faults", &shut).status, 204);
    assert_eq!(
        TcpStream::connect(&address).unwrap_err().kind(),
        ErrorKind::ConnectionRefused
    );
    let begun = Instant::now();
    while TcpStream::connect(&address).is_err() {
        assert!(begun.elapsed() < support::PATIENCE, "it stays shut");
        std::thread::yield_now();
    }
    assert_eq!(client.post(CALLBACK, &callback()).status, 200);
}

#[test]
fn a_fault_strikes_the_call_it_names_as_often_as_it_says() {
    let (_sandbox, client) = platform("terminate_call=status,count=1");
    let stop = json!({ "sessionid": "x", "signal": "call_stop" });
    assert_eq!(client.post(VERIFICATION, &verification()).status, 200);
    assert_eq!(client.post(STOP, &stop).status, 503);
    assert_eq!(client.post(STOP, &stop).code().1, "1020152");
}

#[test]
fn the_file_of_a_recording_suffers_too() {
    let (sandbox, client) = platform("recording_file=truncated_body,count=1");
    let session_id = client
        .post(
            CALLBACK,
            &support::client::with(callback(), json!({ "recordFlag": "true" })),
        )
        .session_id();
    let call = sandbox.wait_for_end(&session_id, support::PATIENCE).unwrap();
    let file = call.recording.unwrap();
    let asked = format!(
        "{}?fileName={file}&recordDomain=ostor.sandbox.invalid",
        support::client::RECORDING
    );
    let url = client.get(&asked).header("location").unwrap().to_owned();
    let whole = |url: &str| ureq::get(url).call().unwrap().body_mut().read_to_vec();
    assert!(whole(&url).is_err());
    assert_eq!(whole(&url).unwrap().len(), 58 + 20 * 8000);
}

#[test]
fn faults_are_armed_shown_and_disarmed_over_the_admin_api() {
    let sandbox = start(Options::default());
    let client = Client::new(sandbox.ready());
    let fault = json!({ "on": "create_voice_callback", "fault": "status", "count": 2, "status": 504 });
    let id = client.admin_post("/faults", &fault).json()["id"].clone();
    assert_eq!(client.post(CALLBACK, &callback()).status, 504);
    assert_eq!(
        client.admin("/faults"),
        json!([{ "id": id, "struck": 1, "on": "create_voice_callback", "fault": "status", "count": 2,
                 "probability": 1.0, "status": 504 }])
    );
    let lines = client.admin("/events");
    assert_eq!(
        (&lines[0]["event"], &lines[0]["fault"], &lines[0]["on"]),
        (&json!("fault"), &json!("status"), &json!("create_voice_callback"))
    );
    assert_eq!(client.admin_delete(&format!("/faults/{id}")), 204);
    assert_eq!(client.admin_delete(&format!("/faults/{id}")), 404);
    assert_eq!(client.post(CALLBACK, &callback()).status, 200);

    let senseless = client.admin_post("/faults", &json!({ "on": "fee", "fault": "redirect" }));
    assert_eq!(senseless.status, 422);
    assert!(
        senseless.json()["error"]
            .as_str()
            .unwrap()
            .contains("answers, not pushes")
    );
    client.admin_post("/faults", &fault);
    assert_eq!(client.admin_delete("/faults"), 204);
    assert_eq!(client.admin("/faults"), json!([]));
}

#[test]
fn a_refused_request_stands_in_the_journal() {
    let sandbox = start(Options::default());
    let client = Client::new(sandbox.ready());
    client.post(STOP, &json!({ "sessionid": "x", "signal": "call_stop" }));
    let line = &client.admin("/events")[0];
    assert_eq!(
        (&line["event"], &line["on"], &line["code"]),
        (&json!("refused"), &json!("terminate_call"), &json!("1020152"))
    );
}
