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
