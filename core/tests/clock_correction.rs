//! A request refused for its time is corrected once, and what worked is remembered (contract requests.md 2.3, 18, D15).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

#[path = "support/hostile_peer.rs"]
mod hostile_peer;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hostile_peer::Step::{ReadRequest, Send};
use hostile_peer::{Peer, Step};
use voicecall_core::calls::VoiceCallback;
use voicecall_core::sign::{CreatedZone, created};
use voicecall_core::{Client, Config, ConnectionReuse, Error, ErrorKind};

const PLACED: &str = r#"{"resultcode":"0","resultdesc":"Success","sessionId":"1200_366_0"}"#;
const REFUSED_FOR_TIME: &str = r#"{"resultcode":"1010013","resultdesc":"Time out limit."}"#;
const HOUR: i64 = 3600;

/// A platform whose clock is this many seconds ahead, answering one connection.
fn answering(status: u16, body: &str, ahead: i64) -> Vec<Step> {
    let skewed = now().saturating_add(ahead).unsigned_abs();
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(skewed));
    let length = body.len();
    let answer = format!("HTTP/1.1 {status} X\r\ndate: {date}\r\ncontent-length: {length}\r\n\r\n{body}");
    vec![ReadRequest, Send(answer.into_bytes())]
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
        .try_into()
        .unwrap()
}

fn client(peer: &Peer) -> Client {
    let config = Config::new().app_key("k").app_secret("s").endpoint(peer.url(""));
    Client::new(config.connection_reuse(ConnectionReuse::Never)).unwrap()
}

fn place(client: &Client) -> Result<(), Error> {
    let request = VoiceCallback::new()
        .display_nbr("+867550000088")
        .caller_nbr("+8613800000021")
        .display_callee_nbr("+867550000088")
        .callee_nbr("+8613800000022");
    client.create_voice_callback(&request).map(drop)
}

/// Whether the request was signed for about this time.
fn is_signed_for(request: &str, seconds: i64, zone: CreatedZone) -> bool {
    (-5..=5).any(|slip| request.contains(&created(seconds + slip, &zone)))
}

#[test]
fn a_clock_that_is_off_is_set_by_the_answers_date() {
    let peer = Peer::plain([
        answering(401, REFUSED_FOR_TIME, 2 * HOUR),
        answering(200, PLACED, 2 * HOUR),
        answering(200, PLACED, 2 * HOUR),
    ]);
    let client = client(&peer);
    place(&client).unwrap();
    place(&client).unwrap();
    let requests = peer.seen().requests;
    assert!(is_signed_for(&requests[0], now(), CreatedZone::Utc), "{}", requests[0]);
    assert!(
        is_signed_for(&requests[1], now() + 2 * HOUR, CreatedZone::Utc),
        "{}",
        requests[1]
    );
    assert!(
        is_signed_for(&requests[2], now() + 2 * HOUR, CreatedZone::Utc),
        "remembered: {}",
        requests[2]
    );
    assert_eq!(requests.len(), 3);
}

#[test]
fn a_clock_that_is_right_has_the_wrong_zone() {
    let peer = Peer::plain([
        answering(401, REFUSED_FOR_TIME, 0),
        answering(200, PLACED, 0),
        answering(200, PLACED, 0),
    ]);
    let client = client(&peer);
    place(&client).unwrap();
    place(&client).unwrap();
    let requests = peer.seen().requests;
    assert!(
        is_signed_for(&requests[1], now(), CreatedZone::Beijing),
        "{}",
        requests[1]
    );
    assert!(
        is_signed_for(&requests[2], now(), CreatedZone::Beijing),
        "remembered: {}",
        requests[2]
    );
}

#[test]
fn a_second_refusal_ends_the_call_and_is_not_remembered() {
    let peer = Peer::plain([
        answering(401, REFUSED_FOR_TIME, 2 * HOUR),
        answering(401, REFUSED_FOR_TIME, 2 * HOUR),
        answering(200, PLACED, 0),
    ]);
    let client = client(&peer);
    let error = place(&client).unwrap_err();
    assert_eq!(
        (error.kind(), error.result_code()),
        (ErrorKind::Authentication, Some("1010013"))
    );
    assert_eq!(peer.seen().requests.len(), 2, "more failures would lock the sender out");
    place(&client).unwrap();
    assert!(is_signed_for(&peer.seen().requests[2], now(), CreatedZone::Utc));
}

#[test]
fn a_corrected_request_that_is_refused_for_another_reason_shows_that_the_time_was_right() {
    let callee_blacklisted = r#"{"resultcode":"1013004","resultdesc":"Callee in blacklist."}"#;
    let peer = Peer::plain([
        answering(401, REFUSED_FOR_TIME, 2 * HOUR),
        answering(403, callee_blacklisted, 2 * HOUR),
        answering(200, PLACED, 2 * HOUR),
    ]);
    let client = client(&peer);
    assert_eq!(place(&client).unwrap_err().result_code(), Some("1013004"));
    place(&client).unwrap();
    assert!(is_signed_for(
        &peer.seen().requests[2],
        now() + 2 * HOUR,
        CreatedZone::Utc
    ));
}

#[test]
fn no_other_refusal_is_corrected() {
    for (status, body) in [
        (403, REFUSED_FOR_TIME),
        (401, r#"{"resultcode":"1010010","resultdesc":"Invalid digest."}"#),
        (
            400,
            r#"{"resultcode":"1023006","resultdesc":"Authorization not contained in the HTTP header."}"#,
        ),
    ] {
        let peer = Peer::plain([answering(status, body, 2 * HOUR)]);
        assert_eq!(place(&client(&peer)).unwrap_err().kind(), ErrorKind::Authentication);
        assert_eq!(peer.seen().requests.len(), 1, "{body}");
    }
}
