//! "May a phone have rung?": every way a call can fail, through the public API and against real peers that misbehave.
//!
//! The peer counts what it received. Whatever happens, a call-placing request of which a byte may have arrived was
//! written exactly once, although every client here is allowed to repeat.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests may fail the test"
)]

#[path = "support/hostile_peer.rs"]
mod hostile_peer;

use std::sync::{LazyLock, mpsc};
use std::thread;
use std::time::Duration;

use hostile_peer::Step::{AwaitEnd, Hold, ReadRequest, ReadSome, Relay, Reset, Send, SendForever, SendRaw};
use hostile_peer::certificates::{self, Identity};
use hostile_peer::{PATIENCE, Peer, RefusingPort, SilentPort, Step, TOO_MUCH, answer};
use voicecall_core::calls::{VoiceCallback, VoiceVerificationCode};
use voicecall_core::{CallOptions, Client, Config, Delivery, Error, ErrorKind};

const PLACED: &str = r#"{"resultcode":"0","resultdesc":"Success","sessionId":"1200_1827_4294967295"}"#;
const BLACKLISTED: &str = r#"{"resultcode":"1012004","resultdesc":"Callee in blacklist."}"#;
/// Repetitions that a client may make.
const RETRIES: i64 = 2;

fn config(endpoint: &str) -> Config {
    Config::new()
        .app_key("app-key-0001")
        .app_secret("example-secret-0001")
        .endpoint(endpoint)
        .retries(RETRIES)
        .timeout(PATIENCE)
        .ca_file(authority_file())
}

/// Written by whoever comes first, and found whole by the others.
fn authority_file() -> String {
    static PATH: LazyLock<String> = LazyLock::new(|| {
        let path = format!("{}/delivery-{}.pem", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        std::fs::write(&path, certificates::authority_pem()).unwrap();
        path
    });
    PATH.clone()
}

fn client(endpoint: &str) -> Client {
    Client::new(config(endpoint)).unwrap()
}

/// With a time-out that a test can wait for.
fn hasty(endpoint: &str) -> Client {
    Client::new(config(endpoint).timeout(Duration::from_millis(200))).unwrap()
}

fn callback() -> VoiceCallback {
    VoiceCallback::new()
        .display_nbr("+867550000088")
        .caller_nbr("+8613800000021")
        .display_callee_nbr("+867550000088")
        .callee_nbr("+8613800000022")
}

/// Places a call that fails.
fn failure(client: &Client) -> Error {
    client.create_voice_callback(&callback()).unwrap_err()
}

fn assert_outcome(what: &str, error: &Error, kind: ErrorKind, delivery: Delivery) {
    assert_eq!((error.kind(), error.delivery()), (kind, delivery), "{what}: {error}");
}

struct Row {
    what: &'static str,
    /// What the peer does after it has read the request.
    then: Vec<Step>,
    kind: ErrorKind,
    delivery: Delivery,
    http_status: Option<u16>,
    result_code: Option<&'static str>,
}

fn sent(text: &str) -> Vec<Step> {
    vec![Send(text.as_bytes().to_vec())]
}

fn broken(what: &'static str, then: Vec<Step>, kind: ErrorKind) -> Row {
    Row {
        what,
        then,
        kind,
        delivery: Delivery::Unknown,
        http_status: None,
        result_code: None,
    }
}

fn answered(what: &'static str, status: u16, body: &str, kind: ErrorKind, delivery: Delivery) -> Row {
    Row {
        what,
        then: vec![Send(answer(status, body)), AwaitEnd],
        kind,
        delivery,
        http_status: Some(status),
        result_code: body.contains("1012004").then_some("1012004"),
    }
}

/// Peers that receive the whole request.
fn rows() -> Vec<Row> {
    use Delivery::{Answered, Unknown};
    let page = "<html>nginx</html>";
    vec![
        broken(
            "reset after the request was written",
            vec![Reset],
            ErrorKind::ConnectionLost,
        ),
        broken("end instead of an answer", vec![], ErrorKind::ConnectionLost),
        broken(
            "end within the head",
            sent("HTTP/1.1 200 OK\r\ncont"),
            ErrorKind::ConnectionLost,
        ),
        broken(
            "truncated body",
            sent("HTTP/1.1 200 OK\r\ncontent-length: 80\r\n\r\n{\"resultcode\":\"0\""),
            ErrorKind::ConnectionLost,
        ),
        broken(
            "body announced over the limit",
            sent("HTTP/1.1 200 OK\r\ncontent-length: 1048577\r\n\r\n"),
            ErrorKind::Protocol,
        ),
        broken(
            "endless body",
            [sent("HTTP/1.1 200 OK\r\n\r\n"), vec![SendForever(vec![b' '; 65536])]].concat(),
            ErrorKind::Protocol,
        ),
        broken("no HTTP", sent("SSH-2.0-OpenSSH_9.6\r\n"), ErrorKind::Protocol),
        Row {
            http_status: Some(200),
            ..broken(
                "truncated body without length",
                sent("HTTP/1.1 200 OK\r\n\r\n{\"resultcode\":\"0\""),
                ErrorKind::Protocol,
            )
        },
        answered("200 that is not JSON", 200, page, ErrorKind::Protocol, Unknown),
        answered("200 without a body", 200, "", ErrorKind::Protocol, Unknown),
        answered(
            "success without sessionId",
            200,
            r#"{"resultcode":"0"}"#,
            ErrorKind::Protocol,
            Unknown,
        ),
        answered("301", 301, "", ErrorKind::Protocol, Answered),
        answered("302 with a page", 302, page, ErrorKind::Protocol, Answered),
        answered("307", 307, "", ErrorKind::Protocol, Answered),
        answered("404 with a page", 404, page, ErrorKind::Protocol, Answered),
        answered("403 with JSON", 403, BLACKLISTED, ErrorKind::Rejected, Answered),
        answered("500 with JSON", 500, BLACKLISTED, ErrorKind::Rejected, Answered),
        answered("502 with a page", 502, page, ErrorKind::Protocol, Unknown),
        answered(
            "resultcode that is not 0 with 200",
            200,
            BLACKLISTED,
            ErrorKind::Rejected,
            Answered,
        ),
    ]
}

fn assert_row(row: &Row, peer: &Peer) {
    let error = failure(&client(&peer.url("")));
    assert_outcome(row.what, &error, row.kind, row.delivery);
    assert_eq!(
        (error.http_status(), error.result_code()),
        (row.http_status, row.result_code),
        "{}",
        row.what
    );
    let seen = peer.until(|seen| seen.finished == 1);
    assert_eq!(
        (seen.connections, seen.requests.len()),
        (1, 1),
        "{}: written once",
        row.what
    );
    assert!(seen.requests[0].contains("+8613800000022"), "{}: and whole", row.what);
}

#[test]
fn a_request_that_arrived_is_written_once_whatever_follows() {
    let tls = certificates::server(Identity::Right);
    for row in rows() {
        let script = [vec![ReadRequest], row.then.clone()].concat();
        assert_row(&row, &Peer::plain([script.clone()]));
        assert_row(&row, &Peer::tls(tls.clone(), [script]));
    }
}

#[test]
fn a_longest_answer_is_read() {
    let padded = format!("{PLACED}{}", " ".repeat(1024 * 1024 - PLACED.len()));
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, &padded)), AwaitEnd]]);
    let placed = client(&peer.url("")).create_voice_callback(&callback()).unwrap();
    assert_eq!(placed.session_id.as_deref(), Some("1200_1827_4294967295"));
}

#[test]
fn reset_before_the_request_was_read() {
    for script in [vec![Reset], vec![ReadSome, Reset]] {
        let peer = Peer::plain([script]);
        assert_outcome(
            "reset",
            &failure(&client(&peer.url(""))),
            ErrorKind::ConnectionLost,
            Delivery::Unknown,
        );
        let seen = peer.seen();
        assert_eq!((seen.connections, seen.requests.len()), (1, 0));
    }
}

#[test]
fn an_alert_after_the_request() {
    let alert = SendRaw(vec![21, 3, 3, 0, 2, 2, 80]);
    let peer = Peer::tls(
        certificates::server(Identity::Right),
        [vec![ReadRequest, alert, AwaitEnd]],
    );
    assert_outcome(
        "alert",
        &failure(&client(&peer.url(""))),
        ErrorKind::Tls,
        Delivery::Unknown,
    );
    assert_eq!(peer.seen().requests.len(), 1);
}

#[test]
fn refused_connection() {
    let port = RefusingPort::new();
    let error = failure(&client(&format!("http://{}", port.address())));
    assert_outcome("refused", &error, ErrorKind::Connect, Delivery::NotSent);
}

#[test]
fn dns_failure() {
    // `.invalid` never exists (RFC 6761).
    let client = Client::new(config("https://voice.invalid").retries(0)).unwrap();
    assert_outcome("DNS", &failure(&client), ErrorKind::Connect, Delivery::NotSent);
}

#[test]
fn tls_failure() {
    for identity in [Identity::WrongName, Identity::UnknownAuthority, Identity::Expired] {
        let peer = Peer::tls(certificates::server(identity), [vec![ReadRequest]]);
        let error = failure(&client(&peer.url("")));
        assert_outcome("certificate", &error, ErrorKind::Tls, Delivery::NotSent);
        let seen = peer.until(|seen| seen.finished == 1);
        assert_eq!(
            (seen.connections, seen.bytes),
            (1, 0),
            "{identity:?}: it would fail again"
        );
    }
    let peer = Peer::plain([vec![
        ReadSome,
        Send(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        AwaitEnd,
    ]]);
    let error = failure(&client(&format!("https://{}", peer.address)));
    assert_outcome("no TLS", &error, ErrorKind::Tls, Delivery::NotSent);
}

#[test]
fn a_handshake_that_breaks_is_repeated_as_often_as_allowed() {
    let peer = Peer::plain([vec![ReadSome, Reset]]);
    let error = failure(&client(&format!("https://{}", peer.address)));
    assert_outcome("broken handshake", &error, ErrorKind::Tls, Delivery::NotSent);
    assert_eq!(peer.seen().connections as i64, 1 + RETRIES);
}

#[test]
fn what_was_not_sent_is_sent_when_the_way_is_free_again() {
    let target = Peer::plain([vec![ReadRequest, Send(answer(200, PLACED)), AwaitEnd]]);
    let refusal = Send(b"HTTP/1.1 503 Service Unavailable\r\n\r\n".to_vec());
    let opening = Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec());
    let proxy = Peer::plain([vec![ReadRequest, refusal], vec![ReadRequest, opening, Relay]]);
    let client = Client::new(config(&target.url("")).proxy(proxy.url(""))).unwrap();
    client.create_voice_callback(&callback()).unwrap();
    assert_eq!((proxy.seen().connections, target.seen().requests.len()), (2, 1));
}

#[test]
fn what_rings_nobody_is_repeated_although_it_may_have_arrived() {
    let done = vec![
        ReadRequest,
        Send(answer(200, r#"{"resultcode":"0","resultdesc":"Success"}"#)),
        AwaitEnd,
    ];
    let peer = Peer::plain([vec![ReadRequest, Reset], vec![ReadRequest], done]);
    client(&peer.url("")).terminate_call("1200_1827_4294967295").unwrap();
    assert_eq!(peer.seen().requests.len(), 3);
}

#[test]
fn what_may_have_arrived_once_stays_unknown_however_the_repetitions_end() {
    let target = Peer::plain([vec![ReadRequest]]);
    let opening = Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec());
    let refusal = Send(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n".to_vec());
    let proxy = Peer::plain([vec![ReadRequest, opening, Relay], vec![ReadRequest, refusal]]);
    let client = Client::new(config(&target.url("")).proxy(proxy.url(""))).unwrap();
    let error = client.terminate_call("1200_1827_4294967295").unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Connect, Delivery::Unknown),
        "{error}"
    );
    assert!(error.advice().contains("may be repeated"), "{}", error.advice());
    assert_eq!(target.seen().requests.len(), 1);
}

#[test]
fn time_out_while_connecting() {
    let port = SilentPort::new();
    let error = failure(&hasty(&format!("http://{}", port.address())));
    assert_outcome("connect", &error, ErrorKind::Timeout, Delivery::NotSent);
    let quick = config(&format!("http://{}", port.address())).connect_timeout(Duration::from_millis(50));
    let error = failure(&Client::new(quick.retries(0)).unwrap());
    assert_outcome("connect", &error, ErrorKind::Timeout, Delivery::NotSent);
}

#[test]
fn time_out_within_the_tls_handshake() {
    let peer = Peer::plain([vec![Hold]]);
    let error = failure(&hasty(&format!("https://{}", peer.address)));
    assert_outcome("handshake", &error, ErrorKind::Timeout, Delivery::NotSent);
}

#[test]
fn time_out_while_writing() {
    let peer = Peer::plain([vec![Hold]]);
    let request = callback().extra("padding", "x".repeat(TOO_MUCH));
    // Time enough to get there: so much text also takes its time before it is sent.
    let patient = Client::new(config(&peer.url("")).timeout(Duration::from_secs(3))).unwrap();
    let error = patient.create_voice_callback(&request).unwrap_err();
    assert_outcome("write", &error, ErrorKind::Timeout, Delivery::Unknown);
    assert_eq!(peer.seen().connections, 1);
}

#[test]
fn time_out_while_reading() {
    for beginning in ["", "HTTP/1.1 200 OK\r\ncontent-length: 80\r\n\r\n{"] {
        let peer = Peer::plain([vec![ReadRequest, Send(beginning.into()), Hold]]);
        assert_outcome(
            "read",
            &failure(&hasty(&peer.url(""))),
            ErrorKind::Timeout,
            Delivery::Unknown,
        );
        let seen = peer.seen();
        assert_eq!((seen.connections, seen.requests.len()), (1, 1));
    }
}

/// Closes the client once the call `hangs`; the call has to end at once.
fn closed_while(endpoint: &str, request: &VoiceCallback, hangs: impl FnOnce()) -> Error {
    let client = client(endpoint);
    let (outcome, outcomes) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| outcome.send(client.create_voice_callback(request)).unwrap());
        hangs();
        client.close();
        let error = outcomes
            .recv_timeout(PATIENCE / 4)
            .expect("closing to end the call")
            .unwrap_err();
        assert_outcome("afterwards", &failure(&client), ErrorKind::Closed, Delivery::NotSent);
        error
    })
}

#[test]
fn closing_while_connecting() {
    let port = SilentPort::new();
    let error = closed_while(&format!("http://{}", port.address()), &callback(), || {
        port.until_tried()
    });
    assert_outcome("connect", &error, ErrorKind::Closed, Delivery::NotSent);
}

#[test]
fn closing_within_the_tls_handshake() {
    let peer = Peer::plain([vec![ReadSome, Hold]]);
    let error = closed_while(&format!("https://{}", peer.address), &callback(), || {
        peer.until(|seen| seen.holding == 1);
    });
    assert_outcome("handshake", &error, ErrorKind::Closed, Delivery::NotSent);
}

#[test]
fn closing_while_writing() {
    let peer = Peer::plain([vec![ReadSome, Hold]]);
    let request = callback().extra("padding", "x".repeat(TOO_MUCH));
    let error = closed_while(&peer.url(""), &request, || {
        peer.until(|seen| seen.holding == 1);
    });
    assert_outcome("write", &error, ErrorKind::Closed, Delivery::Unknown);
}

#[test]
fn closing_while_reading() {
    for beginning in ["", "HTTP/1.1 200 OK\r\n\r\n{"] {
        let script = vec![ReadRequest, Send(beginning.into()), Hold];
        for peer in [
            Peer::plain([script.clone()]),
            Peer::tls(certificates::server(Identity::Right), [script]),
        ] {
            let error = closed_while(&peer.url(""), &callback(), || {
                peer.until(|seen| seen.holding == 1);
            });
            assert_outcome("read", &error, ErrorKind::Closed, Delivery::Unknown);
            assert_eq!(peer.seen().requests.len(), 1);
        }
    }
}

#[test]
fn closing_while_waiting_to_repeat() {
    let peer = Peer::plain([vec![ReadSome, Reset]]);
    let endpoint = format!("https://{}", peer.address);
    let error = closed_while(&endpoint, &callback(), || {
        peer.until(|seen| seen.finished == 1);
    });
    assert_outcome("pause", &error, ErrorKind::Closed, Delivery::NotSent);
}

#[test]
fn an_endless_time_out_is_a_long_one() {
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, PLACED))]]);
    let options = CallOptions::new().timeout(Duration::MAX);
    client(&peer.url(""))
        .create_voice_callback_with(&callback(), &options)
        .unwrap();
}

#[test]
fn what_is_invalid_is_not_sent() {
    let peer = Peer::plain([vec![ReadRequest]]);
    let request = VoiceVerificationCode::new().callee_nbr("13800000021");
    let error = client(&peer.url(""))
        .create_voice_verification_code(&request)
        .unwrap_err();
    assert_outcome("invalid", &error, ErrorKind::InvalidArgument, Delivery::NotSent);
    assert_eq!(peer.seen().connections, 0);
}
