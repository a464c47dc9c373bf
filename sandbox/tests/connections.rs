//! Connections: who closes, and when the platform is gone (contract requests.md 13.1).

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

use support::client::{CALLBACK, Client, callback};
use support::{PATIENCE, fast, start};
use voicecall_sandbox::{Options, Sandbox};

/// A connection that has sent a signed request and not closed.
fn connection(client: &Client) -> TcpStream {
    let mut stream = TcpStream::connect(client.ready.endpoint.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    send(&mut stream, client);
    stream
}

fn send(stream: &mut TcpStream, client: &Client) {
    stream.write_all(request(client).as_bytes()).unwrap();
}

fn request(client: &Client) -> String {
    let headers = client.good_headers();
    let body = callback().to_string();
    format!(
        "POST {CALLBACK} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\nAuthorization: {}\r\nX-AKSK: {}\r\n\r\n{body}",
        body.len(),
        headers.authorization.unwrap(),
        headers.x_aksk.unwrap(),
    )
}

/// Head of one answer with a body that ends in `}`.
fn one_answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"}") {
        stream.read_exact(&mut byte).unwrap();
        text.extend(byte);
    }
    String::from_utf8(text).unwrap().to_ascii_lowercase()
}

#[test]
fn the_platform_closes_first_after_each_answer() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let mut stream = connection(&client);
    let mut answer = String::new();
    // Reads to the platform's FIN; this side has not closed.
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(!answer.to_ascii_lowercase().contains("connection:"), "{answer}");
    assert!(answer.ends_with('}'), "{answer}");
}

#[test]
fn a_second_request_on_a_connection_that_ends_is_not_carried_out() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let mut stream = TcpStream::connect(client.ready.endpoint.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
        .write_all([request(&client), request(&client)].concat().as_bytes())
        .unwrap();
    let mut answer = Vec::new();
    // Whether the end is in order or a reset is the network's affair, as unread bytes remain.
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.starts_with(b"HTTP/1.1 200 OK"));
    assert_eq!(sandbox.calls().len(), 1);
}

#[test]
fn a_connection_that_was_announced_as_kept_can_be_closed_all_the_same() {
    let mut options = fast();
    options.keep_alive = true;
    options.faults.push("calls=silent_close,millis=1".parse().unwrap());
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let mut stream = connection(&client);
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("\r\nConnection: keep-alive\r\n"), "{answer}");
    assert!(answer.ends_with('}'), "{answer}");
    assert_eq!(sandbox.calls().len(), 1, "the call was placed");
}

#[test]
fn what_is_no_part_of_the_service_announces_its_end() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    for url in [client.ready.endpoint.clone(), format!("{}/clock", client.ready.admin)] {
        assert_eq!(client.fetch(&url, &[]).header("connection"), Some("close"), "{url}");
    }
}

#[test]
fn only_programs_of_this_machine_are_answered() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let status = |path: &str, name: &str, value: &str| {
        client
            .fetch(&format!("{}{path}", client.ready.endpoint), &[(name, value)])
            .status
    };
    for path in ["/", "/_voicecall/calls", CALLBACK, "/_recordings/x.wav"] {
        assert_eq!(status(path, "host", "rebound.example"), 421, "{path}");
        assert_eq!(status(path, "origin", "https://elsewhere.example"), 403, "{path}");
    }
    assert_eq!(status("/_voicecall/calls", "host", "localhost:1"), 200);
    assert_eq!(status("/_voicecall/calls", "origin", &client.ready.endpoint), 200);
}

#[test]
fn a_refusal_of_an_unsigned_request_with_a_body_arrives_whole() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let mut stream = TcpStream::connect(client.ready.endpoint.trim_start_matches("http://")).unwrap();
    let body = vec![b'x'; 100_000];
    let head = format!(
        "POST {CALLBACK} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("1023006"), "{answer}");
}

#[test]
fn a_connection_is_kept_when_told_so() {
    let mut options = fast();
    options.keep_alive = true;
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let mut stream = connection(&client);
    assert!(one_answer(&mut stream).contains("\r\nconnection: keep-alive\r\n"));
    send(&mut stream, &client);
    assert!(one_answer(&mut stream).starts_with("http/1.1 200 ok"));
}

#[test]
fn a_dropped_platform_listens_no_more() {
    let sandbox = start(fast());
    let address = sandbox.endpoint().trim_start_matches("http://").to_owned();
    drop(sandbox);
    assert_eq!(
        TcpStream::connect(&address).unwrap_err().kind(),
        ErrorKind::ConnectionRefused
    );
}

#[tokio::test]
async fn in_a_runtime_of_its_own_a_program_starts_and_stops_it_without_threads() {
    let sandbox = Sandbox::start(fast()).await.unwrap();
    let address = sandbox.endpoint().trim_start_matches("http://").to_owned();
    assert!(tokio::net::TcpStream::connect(&address).await.is_ok());
    sandbox.stop().await;
    assert!(tokio::net::TcpStream::connect(&address).await.is_err());
}

#[test]
fn a_taken_address_and_a_senseless_speed_are_errors() {
    let sandbox = start(fast());
    let mut options = Options::default();
    options.listen = sandbox.endpoint().trim_start_matches("http://").parse().unwrap();
    let taken = voicecall_sandbox::blocking::Sandbox::start(options).unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::AddrInUse);
    for speed in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e7] {
        let mut options = Options::default();
        options.speed = speed;
        let senseless = voicecall_sandbox::blocking::Sandbox::start(options).unwrap_err();
        assert_eq!(senseless.kind(), ErrorKind::InvalidInput);
    }
}
