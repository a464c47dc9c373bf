//! Header names travel as the documentation prints them (contract requests.md 18, D22): the official Java SDK and PHP
//! programs look them up by their case. Bytes are compared here, as HTTP libraries hide the case.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::json;
use support::client::{CALLBACK, Client, RECORDING, VERIFICATION, base64, callback, verification, with};
use support::{PATIENCE, fast, start};

/// Names of the headers of a message, in order.
fn names(message: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(message);
    let head = text.split_once("\r\n\r\n").unwrap().0;
    let lines = head.lines().skip(1);
    lines.map(|line| line.split_once(':').unwrap().0.to_owned()).collect()
}

fn asked(client: &Client, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(client.ready.endpoint.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

#[test]
fn answers_have_their_documented_names() {
    for fault in [None, Some("calls=slow_body,millis=1"), Some("calls=silent_close")] {
        let mut options = fast();
        options.faults.extend(fault.map(|fault| fault.parse().unwrap()));
        let sandbox = start(options);
        let client = Client::new(sandbox.ready());
        let (answer, _) = client.post_raw(CALLBACK, &callback());
        let mut names = names(&answer);
        names.sort();
        assert_eq!(names, ["Content-Length", "Content-Type", "Date"], "{fault:?}");
    }
}

#[test]
fn a_recording_has_its_location_and_announces_the_end() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let body = with(callback(), json!({ "recordFlag": "true" }));
    let session_id = client.post(CALLBACK, &body).session_id();
    let file = sandbox.wait_for_end(&session_id, PATIENCE).unwrap().recording.unwrap();
    let headers = client.good_headers();
    let (authorization, x_aksk) = (headers.authorization.unwrap(), headers.x_aksk.unwrap());
    let answer = asked(
        &client,
        &format!(
            "GET {RECORDING}?fileName={file}&recordDomain=ostor.sandbox.invalid HTTP/1.1\r\nHost: localhost\r\n\
             Authorization: {authorization}\r\nX-AKSK: {x_aksk}\r\n\r\n"
        ),
    );
    let text = String::from_utf8(answer).unwrap();
    assert!(text.starts_with("HTTP/1.1 301 "), "{text}");
    for line in ["Connection: close", "Content-Length: 0"] {
        assert!(text.contains(&format!("\r\n{line}\r\n")), "{text}");
    }
    let location = text.split_once("\r\nLocation: ").unwrap().1.lines().next().unwrap();
    let path = location.strip_prefix(&client.ready.endpoint).unwrap();
    let file = asked(
        &client,
        &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-9\r\n\r\n"),
    );
    for name in names(&file) {
        assert!(name.starts_with(|c: char| c.is_ascii_uppercase()), "{name}");
    }
    for name in ["Content-Type", "Content-Range", "Accept-Ranges"] {
        assert!(names(&file).contains(&name.to_owned()), "{name}");
    }
}

#[test]
fn pushes_have_their_documented_names() {
    for fault in [None, Some("callout=slow_body,millis=1"), Some("callout=delay,millis=1")] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/status", listener.local_addr().unwrap());
        let mut options = fast();
        options.faults.extend(fault.map(|fault| fault.parse().unwrap()));
        let sandbox = start(options);
        let client = Client::new(sandbox.ready());
        client.post(
            VERIFICATION,
            &with(verification(), json!({ "statusUrl": base64(&url) })),
        );
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        while !bytes.ends_with(b"}}") {
            let length = stream.read(&mut buffer).unwrap();
            assert!(length > 0);
            bytes.extend(&buffer[..length]);
        }
        assert_eq!(
            names(&bytes),
            [
                "Host",
                "Connection",
                "Content-Type",
                "Authorization",
                "X-AKSK",
                "Content-Length"
            ],
            "{fault:?}"
        );
    }
}
