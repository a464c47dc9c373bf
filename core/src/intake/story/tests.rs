//! Stories as facts tell them, in every order.

use serde_json::{Value, json};

use super::timeline::MomentKind;
use super::{Call, Fact, LegState, State, fold};
use crate::attempt_tag::AttemptTag;
use crate::calls::{CREATE_VOICE_CALLBACK, CREATE_VOICE_NOTIFICATION, VoiceCallback, VoiceNotification};
use crate::intake::placing::Placing;
use crate::intake::trust::Trust;
use crate::intake::variant::{stored_cdr, stored_status};
use crate::webhook::{Event, LegName, Scene, parse};

const A: &str = "+8613800000021";
const B: &str = "+8613800000022";

fn push(kind: &str, second: u32, called: &str, more: &str) -> Fact {
    let called = if called.is_empty() {
        String::new()
    } else {
        format!(r#","caller":"+867550000001","called":"{called}""#)
    };
    let raw = format!(
        r#"{{"eventType":"{kind}","statusInfo":{{"sessionId":"s-1","timestamp":"2026-01-27 03:04:{second:02}"{called}{more}}}}}"#
    );
    Fact::Status(stored_status(&raw).unwrap(), Trust::Signed)
}

fn cdr(more: &str) -> Fact {
    let raw = format!(r#"{{"sessionId":"s-1","callEndTime":"2026-01-27 03:04:49"{more}}}"#);
    Fact::Cdr(stored_cdr(&raw).unwrap(), Trust::Signed)
}

fn callback_cdr(more: &str) -> Fact {
    cdr(&format!(
        r#","icid":"c-1","serviceType":"002","calleeNum":"{A}","fwdDstNum":"{B}","callOutStartTime":"2026-01-27 03:04:24",
           "callOutAlertingTime":"2026-01-27 03:04:27","callOutAnswerTime":"2026-01-27 03:04:31",
           "fwdStartTime":"2026-01-27 03:04:31","fwdAnswerTime":"2026-01-27 03:04:38","ulFailReason":0{more}"#
    ))
}

fn callback() -> Placing {
    let request = VoiceCallback::new()
        .display_nbr("+867550000001")
        .caller_nbr(A)
        .callee_nbr(B)
        .user_data("order-7");
    Placing::new(&CREATE_VOICE_CALLBACK, &request).at(1_769_483_060)
}

fn notification() -> Placing {
    let request = VoiceNotification::new().display_nbr("+867550000001").callee_nbr(A);
    Placing::new(&CREATE_VOICE_NOTIFICATION, &request).at(1_769_483_060)
}

fn placed(placing: Placing) -> Fact {
    Fact::Placed("s-1".to_owned(), placing)
}

fn story(facts: &[Fact]) -> Call {
    fold(facts.to_vec()).unwrap()
}

/// Calls `check` with every order of the facts (Heap's algorithm).
fn every_order(facts: &mut [Fact], count: usize, check: &mut dyn FnMut(&[Fact])) {
    if count <= 1 {
        return check(facts);
    }
    for position in 0..count {
        every_order(facts, count - 1, check);
        facts.swap(if count.is_multiple_of(2) { position } else { 0 }, count - 1);
    }
}

fn assert_one_story(mut facts: Vec<Fact>) -> Value {
    let expected = Value::Object(story(&facts).to_json());
    let (mut orders, count) = (0, facts.len());
    every_order(&mut facts, count, &mut |facts| {
        let repeated: Vec<_> = facts.iter().rev().chain(facts).cloned().collect();
        assert_eq!(Value::Object(story(&repeated).to_json()), expected);
        orders += 1;
    });
    assert_eq!(orders, (1..=count).product::<usize>());
    expected
}

#[test]
fn a_callback_has_one_story_in_each_of_its_5040_orders() {
    let story = assert_one_story(vec![
        placed(callback()),
        push("callout", 24, A, ""),
        push("answer", 31, A, ""),
        push("callout", 31, B, ""),
        push("answer", 38, B, ""),
        push("disconnect", 49, B, r#","stateCode":0,"partyType":"callee""#),
        callback_cdr(""),
    ]);
    assert_eq!(
        (&story["state"], &story["scene"], &story["answered"]),
        (&json!("billed"), &json!("callback"), &json!(true))
    );
    assert_eq!(
        (&story["ending"]["hung_up"], &story["ending"]["party_type"]),
        (&json!("b"), &json!("callee"))
    );
    assert_eq!(
        (&story["billable_minutes"], &story["user_data"]),
        (&json!(2), &json!("order-7"))
    );
    assert_eq!(story["legs"][0]["ringing_at"], "2026-01-27T03:04:27Z");
}

#[test]
fn contradictions_have_one_winner_in_every_order() {
    let story = assert_one_story(vec![
        callback_cdr(r#","hostName":"one""#),
        callback_cdr(r#","hostName":"two""#),
        callback_cdr(""),
        push("disconnect", 49, A, r#","stateCode":0"#),
        push("disconnect", 49, A, r#","stateCode":7001"#),
    ]);
    assert_eq!(
        (&story["conflicts"], &story["cdrs"][0]["hostName"]),
        (&json!(3), &json!("two"))
    );
    assert_eq!(story["cdrs"].as_array().unwrap().len(), 1);
}

#[test]
fn two_placings_and_two_endings_have_one_story() {
    let story = assert_one_story(vec![
        placed(callback().at(7)),
        placed(callback().at(8)),
        Fact::Attempted(AttemptTag::random().unwrap(), callback()),
        push("disconnect", 50, A, r#","stateCode":0"#),
        push("disconnect", 49, B, r#","stateCode":0"#),
        push("collectInfo", 40, "", r#","digitInfo":"1""#),
    ]);
    assert_eq!(
        (&story["placed_at"], &story["ending"]["hung_up"]),
        (&json!("1970-01-01T00:00:07Z"), &json!("b"))
    );
}

#[test]
fn each_fact_proves_its_state() {
    let states = [
        (
            vec![Fact::Attempted(AttemptTag::random().unwrap(), notification())],
            State::Attempted,
        ),
        (vec![placed(notification())], State::Placed),
        (vec![push("callout", 1, A, "")], State::Calling),
        (vec![push("alerting", 2, A, "")], State::Ringing),
        (vec![push("answer", 3, A, "")], State::Answered),
        (vec![push("collectInfo", 4, "", "")], State::Answered),
        (vec![push("disconnect", 5, A, r#","stateCode":8105"#)], State::Ended),
        (vec![cdr("")], State::Billed),
    ];
    for (facts, state) in states {
        assert_eq!(story(&facts).state, state);
    }
    assert!(fold(Vec::new()).is_none());
}

#[test]
fn without_request_and_record_the_first_called_party_is_a() {
    let call = story(&[
        push("callout", 31, B, ""),
        push("callout", 24, A, ""),
        push("answer", 31, A, ""),
    ]);
    assert_eq!(call.scene, Scene::Callback);
    assert_eq!(call.leg(LegName::A).unwrap().number.as_deref(), Some(A));
    let b = call.leg(LegName::B).unwrap();
    assert_eq!((b.number.as_deref(), b.state), (Some(B), LegState::Calling));
    // Whatever became of the other pushes: time tells, not the kind.
    let call = story(&[push("alerting", 32, B, ""), push("callout", 24, A, "")]);
    assert_eq!(call.leg(LegName::A).unwrap().number.as_deref(), Some(A));
}

#[test]
fn b_waits_until_it_is_called() {
    let call = story(&[placed(callback()), push("alerting", 27, A, "")]);
    let states: Vec<_> = call.legs.iter().map(|leg| leg.state).collect();
    assert_eq!(states, [LegState::Ringing, LegState::Waiting]);
    assert!(!call.answered());
}

#[test]
fn an_ending_without_an_answer_says_why_and_what_to_do() {
    let call = story(&[
        push("callout", 24, A, ""),
        push("disconnect", 30, A, r#","stateCode":7001"#),
    ]);
    let explanation = call.ending.as_ref().unwrap().explanation.as_ref().unwrap();
    assert!(!explanation.succeeded && explanation.cause.meaning.is_some());
    assert_eq!((call.answered(), call.ending.unwrap().hung_up), (false, None));
}

#[test]
fn the_attempt_tag_is_taken_off_the_user_data() {
    let tag = AttemptTag::random().unwrap();
    let call = story(&[push("callout", 24, A, &format!(r#","userData":"order-7-{tag}""#))]);
    assert_eq!(
        (call.user_data.as_deref(), call.attempt_tag),
        (Some("order-7"), Some(tag))
    );
}

#[test]
fn a_notification_has_one_leg_and_its_keys_in_order_of_time() {
    let call = story(&[
        placed(notification()),
        push("collectInfo", 42, "", r#","digitInfo":"2""#),
        push("collectInfo", 40, "", r#","digitInfo":"1""#),
    ]);
    assert_eq!((call.legs.len(), call.legs[0].state), (1, LegState::Answered));
    assert_eq!(
        call.digits
            .iter()
            .map(|digits| digits.keys.as_str())
            .collect::<Vec<_>>(),
        ["1", "2"]
    );
}

#[test]
fn a_push_of_an_unknown_kind_still_names_the_call() {
    let raw = r#"{"eventType":"callin","statusInfo":{"sessionId":"s-1"}}"#;
    let Ok(Event::Unknown(event)) = parse(raw.as_bytes()) else {
        panic!("an unknown event")
    };
    let call = story(&[Fact::Unknown(event)]);
    assert_eq!((call.state, call.session_id.as_deref()), (State::Placed, Some("s-1")));
    assert_eq!(call.unknown_events, ["callin"]);
}

#[test]
fn the_timeline_is_in_order_of_time() {
    let call = story(&[placed(callback()), callback_cdr("")]);
    let moments: Vec<_> = call.timeline().iter().map(|moment| (moment.what, moment.leg)).collect();
    let (a, b) = (Some(LegName::A), Some(LegName::B));
    assert_eq!(
        moments,
        [
            (MomentKind::Placed, None),
            (MomentKind::Calling, a),
            (MomentKind::Ringing, a),
            (MomentKind::Answered, a),
            (MomentKind::Calling, b),
            (MomentKind::Answered, b),
            (MomentKind::Ended, None),
        ]
    );
}

#[test]
fn debug_shows_no_number_and_no_keys() {
    let call = story(&[
        placed(callback()),
        push("collectInfo", 40, "", r#","digitInfo":"4242""#),
        callback_cdr(""),
    ]);
    let shown = format!("{call:?}");
    assert!(
        !shown.contains("4242") && !shown.contains("13800000021") && shown.contains("0021"),
        "{shown}"
    );
}
