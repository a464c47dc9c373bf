//! Waiting for a call to come so far.

use std::time::{Duration, Instant};

use voicecall_core::ErrorKind;
use voicecall_core::intake::{Condition, State};
use voicecall_core::webhook::LegName;

use super::pushes::{A, B, UNSIGNED, callback_cdr, fee, status};
use super::stores::on_every_store;

const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn who_waits_is_woken_by_what_this_process_receives() {
    on_every_store(|place| {
        let intake = place.open();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| intake.wait_for("s-1", Condition::Digits, PATIENCE));
            intake.receive(UNSIGNED, status("s-1", "callout", 24, A, "").as_bytes());
            intake.receive(
                UNSIGNED,
                status("s-2", "collectInfo", 30, A, r#","digitInfo":"9""#).as_bytes(),
            );
            intake.receive(
                UNSIGNED,
                status("s-1", "collectInfo", 30, A, r#","digitInfo":"1""#).as_bytes(),
            );
            let call = waiting.join().unwrap().unwrap().unwrap();
            assert_eq!(call.digits[0].keys, "1");
        });
    });
}

#[test]
fn what_another_process_stores_is_found() {
    on_every_store(|place| {
        let (here, there) = (place.open(), place.open());
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| here.wait_for("s-1", Condition::Reached(State::Billed), PATIENCE));
            there.receive(UNSIGNED, fee(&[callback_cdr("s-1", "")]).as_bytes());
            assert_eq!(waiting.join().unwrap().unwrap().unwrap().state, State::Billed);
        });
    });
}

#[test]
fn waiting_ends_in_time_or_when_it_is_in_vain() {
    on_every_store(|place| {
        let intake = place.open();
        let wait = |session: &str, condition, timeout| intake.wait_for(session, condition, timeout).unwrap();
        assert!(wait("nobody", Condition::Reached(State::Placed), Duration::from_millis(20)).is_none());
        let unanswered = callback_cdr("s-1", "").replace(r#""fwdAnswerTime":"2026-01-27 03:04:38","#, "");
        intake.receive(UNSIGNED, fee(&[unanswered]).as_bytes());
        let begun = Instant::now();
        assert!(wait("s-1", Condition::LegAnswered(LegName::B), PATIENCE).is_none());
        assert!(begun.elapsed() < PATIENCE);
        assert!(wait("s-1", Condition::LegAnswered(LegName::A), PATIENCE).is_some());
        intake.receive(UNSIGNED, status("s-2", "answer", 38, B, "").as_bytes());
        assert!(wait("s-2", Condition::from_id("a_answered").unwrap(), PATIENCE).is_some());
    });
}

#[test]
fn closing_ends_a_wait() {
    on_every_store(|place| {
        let intake = place.open();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| intake.wait_for("s-1", Condition::Digits, PATIENCE));
            intake.close();
            assert_eq!(waiting.join().unwrap().unwrap_err().kind(), ErrorKind::Closed);
        });
    });
}
