//! Asking a store: one call, pages of calls, what is unsettled.

use std::time::Duration;

use voicecall_core::ErrorKind;
use voicecall_core::calls::{CREATE_VOICE_CALLBACK, PlacedCall, VoiceCallback};
use voicecall_core::intake::{CallFilter, Intake, Placing, SETTLED_AFTER, State};
use voicecall_core::webhook::LegName;

use super::pushes::{A, B, UNSIGNED, callback_cdr, cdr, fee, status};
use super::stores::on_every_store;

fn sessions(intake: &Intake, filter: &CallFilter) -> Vec<String> {
    let page = intake.calls(filter).unwrap();
    page.calls.iter().map(|call| call.session_id.clone().unwrap()).collect()
}

#[test]
fn the_story_of_a_callback_grows_with_each_push() {
    on_every_store(|place| {
        let intake = place.open();
        assert!(intake.call("s-1").unwrap().is_none());
        let steps = [
            ("callout", 24, A, State::Calling),
            ("alerting", 27, A, State::Ringing),
            ("answer", 31, A, State::Answered),
            ("callout", 31, B, State::Answered),
            ("disconnect", 49, B, State::Ended),
        ];
        for (kind, second, called, state) in steps {
            intake.receive(UNSIGNED, status("s-1", kind, second, called, "").as_bytes());
            assert_eq!(intake.call("s-1").unwrap().unwrap().state, state, "{kind}");
        }
        intake.receive(UNSIGNED, fee(&[callback_cdr("s-1", "")]).as_bytes());
        let call = intake.call("s-1").unwrap().unwrap();
        assert_eq!(
            (call.state, call.answered(), call.talk_seconds()),
            (State::Billed, true, Some(11))
        );
        assert_eq!(call.leg(LegName::B).unwrap().number.as_deref(), Some(B));
        assert_eq!(
            place.rows("SELECT leg, number, talk_seconds FROM legs ORDER BY leg"),
            [["a", A, "18"], ["b", B, "11"]]
        );
    });
}

#[test]
fn calls_are_found_by_time_number_user_data_and_state() {
    on_every_store(|place| {
        let intake = place.open();
        intake.receive(
            UNSIGNED,
            status("live", "alerting", 10, B, r#","userData":"order-1""#).as_bytes(),
        );
        intake.receive(
            UNSIGNED,
            fee(&[cdr("done", r#","userData":"order-2""#), callback_cdr("both", "")]).as_bytes(),
        );
        let found = |filter: CallFilter| {
            let mut found = sessions(&intake, &filter);
            found.sort();
            found
        };
        let filter = CallFilter::new;
        assert_eq!(found(filter()), ["both", "done", "live"]);
        assert_eq!(found(filter().number(A)), ["both", "done"]);
        assert_eq!(found(filter().number(B)), ["both", "live"]);
        assert_eq!(found(filter().user_data("order-1")), ["live"]);
        assert_eq!(found(filter().state("billed")), ["both", "done"]);
        assert_eq!(found(filter().state("ringing").number(B)), ["live"]);
        assert_eq!(found(filter().app_key("app-key-0002")), ["both"]);
        assert_eq!(found(filter().display_number("+867550000001")), ["both", "done"]);
        assert_eq!(found(filter().from("2026-01-27T03:04:20Z")), ["both", "done"]);
        assert_eq!(found(filter().until("2026-01-27T03:04:20Z")), ["live"]);
        assert!(found(filter().from("2026-01-28")).is_empty());
        let error = intake.calls(&filter().from("yesterday!!")).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::InvalidArgument, Some("/from"))
        );
    });
}

#[test]
fn pages_give_each_call_once_the_latest_first() {
    on_every_store(|place| {
        let intake = place.open();
        for number in 0..7 {
            intake.receive(
                UNSIGNED,
                status(&format!("s-{number}"), "callout", number / 2, A, "").as_bytes(),
            );
        }
        let (mut found, mut filter) = (Vec::new(), CallFilter::new().limit(3));
        loop {
            let page = intake.calls(&filter).unwrap();
            found.extend(page.calls.iter().map(|call| call.session_id.clone().unwrap()));
            let told = page.to_json();
            assert_eq!(told["calls"].as_array().unwrap().len(), page.calls.len());
            assert_eq!(told.get("next").and_then(|next| next.as_str()), page.next.as_deref());
            match page.next {
                Some(mark) => filter = filter.after(mark),
                None => break,
            }
        }
        assert_eq!(found, ["s-6", "s-5", "s-4", "s-3", "s-2", "s-1", "s-0"]);
    });
}

#[test]
fn a_placed_call_is_unsettled_until_its_cdr_is_here() {
    on_every_store(|place| {
        let intake = place.open();
        let request = VoiceCallback::new().caller_nbr(A).callee_nbr(B).user_data("order-7");
        let placing = Placing::new(&CREATE_VOICE_CALLBACK, &request);
        let answer = PlacedCall::new().session_id("s-1");
        let long_ago = placing.at - 8 * 3600;
        for _ in 0..2 {
            intake.placed(&placing.clone().at(long_ago), &answer, None).unwrap();
        }
        intake
            .placed(&placing, &PlacedCall::new().session_id("s-2"), None)
            .unwrap();
        let unsettled = intake.unsettled(SETTLED_AFTER).unwrap();
        assert_eq!(unsettled.len(), 1);
        assert_eq!(
            (unsettled[0].session_id.as_deref(), unsettled[0].state),
            (Some("s-1"), State::Placed)
        );
        assert_eq!(unsettled[0].operation.as_deref(), Some("create_voice_callback"));
        assert_eq!(intake.unsettled(Duration::ZERO).unwrap().len(), 2);
        assert_eq!(sessions(&intake, &CallFilter::new().number(B)), ["s-2", "s-1"]);
        intake.receive(UNSIGNED, fee(&[callback_cdr("s-1", "")]).as_bytes());
        assert!(intake.unsettled(SETTLED_AFTER).unwrap().is_empty());
        assert_eq!(
            intake.call("s-1").unwrap().unwrap().user_data.as_deref(),
            Some("order-7")
        );
    });
}
