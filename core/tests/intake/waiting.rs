//! Waiting for a call to come so far.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use voicecall_core::intake::{Condition, Intake, Lane, State};
use voicecall_core::webhook::LegName;
use voicecall_core::{Cancellation, Error, ErrorKind};

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

#[test]
fn hundreds_wait_at_once_without_a_thread_each_while_webhooks_come() {
    const MANY: usize = 300;
    on_every_store(|place| {
        let intake = place.open();
        let (done, outcomes) = channel();
        let threads = threads_of_this_process();
        let jobs: Vec<_> = (0..MANY)
            .map(|number| {
                let done = done.clone();
                let session = format!("s-{number}");
                intake.submit_wait(&session, Condition::Reached(State::Billed), PATIENCE, move |outcome| {
                    done.send(outcome).unwrap();
                })
            })
            .collect();
        if let (Some(before), Some(now)) = (threads, threads_of_this_process()) {
            assert!(now < before + MANY / 2, "{before} threads became {now}");
        }
        for number in 0..MANY {
            let push = fee(&[callback_cdr(&format!("s-{number}"), "")]);
            assert_eq!(intake.receive(UNSIGNED, push.as_bytes()).reply.status, 200);
        }
        for _ in 0..MANY {
            let call = outcomes.recv_timeout(PATIENCE).unwrap().unwrap().unwrap();
            assert_eq!(call.state, State::Billed);
        }
        drop(jobs);
    });
}

/// Where the system tells.
fn threads_of_this_process() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/task").ok()?.count())
}

#[test]
fn a_wait_that_is_given_up_ends_at_once_and_a_new_one_begins_after_it() {
    on_every_store(|place| {
        let intake = place.open();
        let (done, outcomes) = channel();
        let wait = |intake: &Intake| {
            let done = done.clone();
            intake.submit_wait("s-1", Condition::Digits, PATIENCE, move |outcome| {
                done.send(outcome).unwrap()
            })
        };
        wait(&intake).cancel();
        let error = outcomes.recv_timeout(PATIENCE / 2).unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Closed);
        let _job = wait(&intake);
        // The last handle: nobody can be waited for any more.
        drop(intake);
        assert!(outcomes.recv_timeout(PATIENCE / 2).unwrap().is_err());
    });
}

#[test]
fn work_that_is_submitted_reports_its_outcome() {
    on_every_store(|place| {
        let intake = place.open();
        let (done, outcomes) = channel();
        for number in 0..100 {
            let done = done.clone();
            let push = fee(&[callback_cdr(&format!("s-{number}"), "")]);
            let receive = move |intake: &Intake, _: &Cancellation| {
                Ok::<_, Error>(intake.receive(UNSIGNED, push.as_bytes()).reply.status)
            };
            intake.submit(Lane::Receive, receive, move |status| {
                done.send(status.unwrap()).unwrap()
            });
        }
        for _ in 0..100 {
            assert_eq!(outcomes.recv_timeout(PATIENCE), Ok(200));
        }
        assert!(intake.call("s-99").unwrap().is_some());
    });
}
