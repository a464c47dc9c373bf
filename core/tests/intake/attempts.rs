//! Calls whose placing was never answered: registered by their mark, settled by the webhooks that bring it back.

use voicecall_core::AttemptTag;
use voicecall_core::calls::{CREATE_VOICE_NOTIFICATION, PlacedCall, VoiceNotification};
use voicecall_core::intake::{CallFilter, Placing, SETTLED_AFTER, State};

use super::pushes::{A, UNSIGNED, cdr, fee, status};
use super::stores::on_every_store;

fn long_ago() -> Placing {
    let request = VoiceNotification::new()
        .display_nbr("+867550000001")
        .callee_nbr(A)
        .user_data("order-7");
    let placing = Placing::new(&CREATE_VOICE_NOTIFICATION, &request);
    let at = placing.at - 8 * 3600;
    placing.at(at)
}

#[test]
fn an_attempt_is_unsettled_until_a_webhook_brings_its_mark() {
    on_every_store(|place| {
        let intake = place.open();
        let tag = AttemptTag::random().unwrap();
        intake.attempt(&long_ago(), &tag).unwrap();
        intake.attempt(&long_ago(), &tag).unwrap();
        let unsettled = intake.unsettled(SETTLED_AFTER).unwrap();
        assert_eq!((unsettled.len(), unsettled[0].state), (1, State::Attempted));
        assert_eq!(
            (unsettled[0].attempt_tag.as_ref(), &unsettled[0].session_id),
            (Some(&tag), &None)
        );
        assert_eq!(unsettled[0].legs[0].number.as_deref(), Some(A));
        let told = format!(r#","userData":"order-7-{tag}""#);
        intake.receive(UNSIGNED, fee(&[cdr("s-1", &told)]).as_bytes());
        assert!(intake.unsettled(SETTLED_AFTER).unwrap().is_empty());
        let call = intake.call("s-1").unwrap().unwrap();
        assert_eq!(
            (call.attempt_tag, call.user_data.as_deref()),
            (Some(tag), Some("order-7"))
        );
        assert_eq!(call.operation.as_deref(), Some("create_voice_notification"));
        assert_eq!(
            intake
                .calls(&CallFilter::new().user_data("order-7"))
                .unwrap()
                .calls
                .len(),
            1
        );
    });
}

#[test]
fn a_webhook_that_was_faster_than_the_registration_settles_it_too() {
    on_every_store(|place| {
        let intake = place.open();
        let tag = AttemptTag::random().unwrap();
        intake.receive(
            UNSIGNED,
            fee(&[cdr("s-1", &format!(r#","userData":"{tag}""#))]).as_bytes(),
        );
        intake.attempt(&long_ago(), &tag).unwrap();
        assert!(intake.unsettled(SETTLED_AFTER).unwrap().is_empty());
        assert_eq!(place.rows("SELECT session_id FROM attempts"), [["s-1"]]);
    });
}

#[test]
fn an_attempt_that_lives_is_unsettled_as_a_call() {
    on_every_store(|place| {
        let intake = place.open();
        let tag = AttemptTag::random().unwrap();
        intake.attempt(&long_ago(), &tag).unwrap();
        intake.receive(
            UNSIGNED,
            status("s-1", "callout", 24, A, &format!(r#","userData":"{tag}""#)).as_bytes(),
        );
        let unsettled = intake.unsettled(SETTLED_AFTER).unwrap();
        assert_eq!((unsettled.len(), unsettled[0].state), (1, State::Calling));
    });
}

#[test]
fn the_answer_settles_an_attempt_that_was_registered_beforehand() {
    on_every_store(|place| {
        let intake = place.open();
        let tag = AttemptTag::random().unwrap();
        intake.attempt(&long_ago(), &tag).unwrap();
        intake
            .placed(&long_ago(), &PlacedCall::new().session_id("s-1"), Some(&tag))
            .unwrap();
        let unsettled = intake.unsettled(SETTLED_AFTER).unwrap();
        assert_eq!((unsettled.len(), unsettled[0].session_id.as_deref()), (1, Some("s-1")));
    });
}

#[test]
fn an_attempt_that_rang_nobody_is_withdrawn() {
    on_every_store(|place| {
        let intake = place.open();
        let tag = AttemptTag::random().unwrap();
        intake.attempt(&long_ago(), &tag).unwrap();
        intake.withdraw(&tag).unwrap();
        assert!(intake.unsettled(SETTLED_AFTER).unwrap().is_empty());
    });
}
