//! A call whose answer is lost can be recognised later: the mark that its error tells is the one that went out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

#[path = "support/hostile_peer.rs"]
mod hostile_peer;

use hostile_peer::Peer;
use hostile_peer::Step::{ReadRequest, Reset, Send};
use voicecall_core::calls::VoiceVerificationCode;
use voicecall_core::webhook::{Event, parse};
use voicecall_core::{AttemptTag, CallOptions, Client, Config, Delivery, Rule, split_user_data};

const PLACED: &str = r#"{"resultcode":"0","resultdesc":"Success","sessionId":"1200_1827_4294967295"}"#;

fn client(peer: &Peer, tagged: bool) -> Client {
    let config = Config::new().app_key("k").app_secret("s").endpoint(peer.url(""));
    Client::new(config.attempt_tag(tagged)).unwrap()
}

fn request() -> VoiceVerificationCode {
    VoiceVerificationCode::new()
        .display_nbr("+867550000088")
        .callee_nbr("+8613800000021")
        .language_type(2)
        .pre_tone("welcome.wav")
        .verify_code("1234")
        .user_data("order-7")
}

/// `userData` of the request that the peer has seen.
fn sent_user_data(peer: &Peer) -> String {
    let seen = peer.seen();
    let (_, body) = seen.requests[0].split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    body["userData"].as_str().unwrap().to_owned()
}

#[test]
fn the_mark_of_an_unknown_outcome_is_the_one_that_went_out() {
    let peer = Peer::plain([vec![ReadRequest, Reset]]);
    let error = client(&peer, true)
        .create_voice_verification_code(&request())
        .unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    let sent = sent_user_data(&peer);
    assert_eq!(split_user_data(&sent), (Some("order-7"), error.attempt_tag().cloned()));
    assert_eq!(error.to_json()["attempt_tag"], error.attempt_tag().unwrap().as_str());
}

#[test]
fn a_mark_that_was_registered_beforehand_goes_out_whatever_the_setting() {
    let peer = Peer::plain([vec![ReadRequest, Send(hostile_peer::answer(200, PLACED))]]);
    let tag = AttemptTag::random().unwrap();
    let options = CallOptions::new().attempt_tag(tag.clone());
    client(&peer, false)
        .create_voice_verification_code_with(&request(), &options)
        .unwrap();
    assert_eq!(sent_user_data(&peer), format!("order-7-{tag}"));
}

#[test]
fn reading_a_push_takes_the_mark_off_again() {
    let tag = AttemptTag::random().unwrap();
    for (sent, own) in [(format!("order-7-{tag}"), Some("order-7")), (tag.to_string(), None)] {
        let push = format!(r#"{{"eventType":"callout","statusInfo":{{"sessionId":"1","userData":"{sent}"}}}}"#);
        let Ok(Event::Status(event)) = parse(push.as_bytes()) else {
            panic!("a status event")
        };
        assert_eq!(
            (event.user_data().as_deref(), event.attempt_tag()),
            (own, Some(tag.clone()))
        );
        assert_eq!(event.to_json().get("userData").and_then(|value| value.as_str()), own);
        assert_eq!(event.raw_field("userData"), Some(format!("\"{sent}\"").as_str()));
    }
}

#[test]
fn without_the_setting_user_data_is_sent_as_it_is() {
    let peer = Peer::plain([vec![ReadRequest, Reset]]);
    let error = client(&peer, false)
        .create_voice_verification_code(&request())
        .unwrap_err();
    assert_eq!((sent_user_data(&peer).as_str(), error.attempt_tag()), ("order-7", None));
}

#[test]
fn user_data_that_leaves_no_room_for_the_mark_is_refused() {
    let peer = Peer::plain([]);
    let client = client(&peer, true);
    let error = client
        .create_voice_verification_code(&request().user_data("x".repeat(242)))
        .unwrap_err();
    assert_eq!((error.field(), error.rule()), (Some("/userData"), Some(Rule::Length)));
    assert_eq!(error.attempt_tag(), None);
    assert_eq!(peer.seen().connections, 0);
}
