//! Retention.

use std::time::{Duration, SystemTime};

use voicecall_core::AttemptTag;
use voicecall_core::calls::{CREATE_VOICE_NOTIFICATION, VoiceNotification};
use voicecall_core::intake::{CallFilter, Placing};

use super::pushes::{A, UNSIGNED, callback_cdr, cdr, fee, status};
use super::stores::on_every_store;

/// 2026-01-28T00:00:00Z.
fn the_day_after() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_769_558_400)
}

#[test]
fn what_is_older_goes_and_the_rest_stays() {
    on_every_store(|place| {
        let intake = place.open();
        let old: Vec<_> = (0..450).map(|number| cdr(&format!("old-{number}"), "")).collect();
        for records in old.chunks(50) {
            intake.receive(UNSIGNED, fee(records).as_bytes());
        }
        intake.receive(
            UNSIGNED,
            fee(&[callback_cdr("old-0", ""), cdr("old-1", r#","hostName":"h""#)]).as_bytes(),
        );
        intake.receive(UNSIGNED, status("old-1", "callout", 24, A, "").as_bytes());
        let younger = cdr("young", "").replace("2026-01-27 03:04:49", "2026-01-28 00:00:00");
        intake.receive(UNSIGNED, fee(&[younger]).as_bytes());
        let placing = Placing::new(&CREATE_VOICE_NOTIFICATION, &VoiceNotification::new().callee_nbr(A));
        intake.attempt(&placing.at(0), &AttemptTag::random().unwrap()).unwrap();

        let purged = intake.purge(the_day_after()).unwrap();
        assert_eq!((purged.calls, purged.attempts, purged.others), (450, 1, 0));
        let told = serde_json::Value::Object(purged.to_json());
        assert_eq!(told, serde_json::json!({"calls": 450, "attempts": 1, "others": 0}));
        for (view, left) in [
            ("calls", "1"),
            ("cdrs", "1"),
            ("events", "0"),
            ("conflicts", "0"),
            ("intake_number", "1"),
        ] {
            assert_eq!(place.rows(&format!("SELECT count(*) FROM {view}")), [[left]], "{view}");
        }
        assert_eq!(
            intake.calls(&CallFilter::new()).unwrap().calls[0].session_id.as_deref(),
            Some("young")
        );
        assert_eq!(intake.purge(the_day_after()).unwrap().calls, 0);
    });
}

#[test]
fn a_file_that_was_purged_is_small_again() {
    let place = super::stores::sqlite();
    let intake = place.open();
    for message in 0..80 {
        let records: Vec<_> = (0..50)
            .map(|record| cdr(&format!("s-{message}-{record}"), ""))
            .collect();
        intake.receive(UNSIGNED, fee(&records).as_bytes());
    }
    assert_eq!(intake.purge(the_day_after()).unwrap().calls, 4000);
    let size = std::fs::metadata(place.file().unwrap()).unwrap().len();
    assert!(size < 512 * 1024, "{size}");
}

#[test]
fn a_purge_while_old_pushes_come_leaves_nothing_without_its_call() {
    on_every_store(|place| {
        let (receiver, purger) = (place.open(), place.open());
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0..400 {
                    let session = format!("s-{}", number % 7);
                    let body = match number % 2 {
                        0 => fee(&[cdr(&session, "")]),
                        _ => status(&session, "callout", number % 60, A, ""),
                    };
                    assert_eq!(receiver.receive(UNSIGNED, body.as_bytes()).reply.status, 200);
                }
                done.store(true, std::sync::atomic::Ordering::SeqCst);
            });
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                purger.purge(the_day_after()).unwrap();
            }
        });
        for table in ["intake_event", "intake_cdr", "intake_number"] {
            let lost = format!("SELECT count(*) FROM {table} WHERE call_id NOT IN (SELECT id FROM intake_call)");
            assert_eq!(place.rows(&lost), [["0"]], "{table}");
        }
    });
}

#[test]
fn what_was_rejected_goes_by_the_time_of_its_arrival() {
    on_every_store(|place| {
        let intake = place.open();
        intake.receive(UNSIGNED, b"not json");
        assert_eq!(intake.purge(the_day_after()).unwrap().others, 0);
        let purged = intake.purge(SystemTime::now() + Duration::from_secs(60)).unwrap();
        assert_eq!(purged.others, 1);
        assert_eq!(
            place.rows("SELECT sum(entries), sum(bytes) FROM intake_rejected_count"),
            [["0", "0"]]
        );
    });
}

#[test]
fn deleted_numbers_are_not_in_the_file_any_more() {
    let place = super::stores::sqlite();
    let intake = place.open();
    intake.receive(UNSIGNED, fee(&[callback_cdr("s-1", "")]).as_bytes());
    intake.purge(the_day_after()).unwrap();
    let folder = place.file().unwrap().parent().unwrap();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"13800000021"));
    }
}
