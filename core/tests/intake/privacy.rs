//! Numbers that are kept as hashes, and what errors and files give away.

use voicecall_core::calls::{CREATE_VOICE_NOTIFICATION, PlacedCall, VoiceNotification};
use voicecall_core::intake::{CallFilter, Placing, TotalBy, TotalsQuery};
use voicecall_core::webhook::Webhook;
use voicecall_core::{AttemptTag, ErrorKind};

use super::pushes::{A, B, UNSIGNED, callback_cdr, fee, status};
use super::stores::{on_every_store, sqlite};

const KEY: &str = "a-key-of-the-user-0001";

#[test]
fn hashed_numbers_are_found_and_counted() {
    on_every_store(|place| {
        let config = || {
            place
                .config()
                .numbers_key(KEY)
                .plain_numbers(["+867550000001", "+867550000002"])
        };
        let intake = place.open_with(config());
        let body = fee(&[callback_cdr("s-1", "")]);
        let receipt = intake.receive(UNSIGNED, body.as_bytes());
        assert_eq!((receipt.reply.status, receipt.accepted), (200, 1));
        assert_eq!(receipt.new_cdrs().next().unwrap().callee_num().as_deref(), Some(A));
        assert_eq!(intake.receive(UNSIGNED, body.as_bytes()).duplicates, 1);
        let found = intake.calls(&CallFilter::new().number(A)).unwrap().calls;
        let number = found[0].legs[0].number.clone().unwrap();
        assert_eq!(number, intake.stored_number(A));
        assert!(number.starts_with('#') && found[0].legs[1].number != found[0].legs[0].number);
        let totals = intake.totals(&TotalsQuery::new().by(TotalBy::DisplayNumber)).unwrap();
        assert_eq!(totals[0].display_number.as_deref(), Some("+867550000001"));
    });
}

#[test]
fn no_file_of_the_store_holds_a_number() {
    let place = sqlite();
    let intake = place.open_with(place.config().numbers_key(KEY));
    let request = VoiceNotification::new().display_nbr("+867550000001").callee_nbr(A);
    let placing = Placing::new(&CREATE_VOICE_NOTIFICATION, &request);
    intake
        .placed(&placing, &PlacedCall::new().session_id("s-2"), None)
        .unwrap();
    intake.attempt(&placing, &AttemptTag::random().unwrap()).unwrap();
    let bad = format!(
        r#"{{"sessionId":"s-3","calleeNum":{},"origCalleeNum":"{B}","callEndTime":"soon"}}"#,
        &A[1..]
    );
    intake.receive(UNSIGNED, fee(&[callback_cdr("s-1", ""), bad]).as_bytes());
    intake.receive(
        UNSIGNED,
        status("s-1", "callout", 24, A, &format!(r#","displayCallerNum":"{B}""#)).as_bytes(),
    );
    intake.receive(
        UNSIGNED,
        status("s-1", "callout", 24, A, r#","stateCode":7"#).as_bytes(),
    );
    intake.receive(UNSIGNED, format!("{{broken {A}").as_bytes());
    intake.receive(UNSIGNED, format!(r#"{{"eventType":"callin","who":"{A}"}}"#).as_bytes());
    assert_eq!(place.rows("SELECT count(*) FROM conflicts"), [["1"]]);
    let folder = place.file().unwrap().parent().unwrap();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for number in [A, B] {
            assert!(
                !bytes
                    .windows(number.len() - 1)
                    .any(|window| window == &number.as_bytes()[1..])
            );
        }
    }
}

#[test]
fn a_store_keeps_one_way_and_one_key() {
    on_every_store(|place| {
        drop(place.open_with(place.config().numbers_key(KEY)));
        for config in [place.config(), place.config().numbers_key("another-key-of-the-user")] {
            let error = config.build(Webhook::builder().build().unwrap()).unwrap_err();
            assert_eq!(
                (error.kind(), error.field()),
                (ErrorKind::Configuration, Some("/numbersKey"))
            );
        }
        drop(place.open_with(place.config().numbers_key(KEY)));
    });
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let place = sqlite();
    let _intake = place.open();
    for file in std::fs::read_dir(place.file().unwrap().parent().unwrap()).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_receipt_in_a_log_tells_numbers_of_pushes_only() {
    on_every_store(|place| {
        let intake = place.open();
        let receipt = intake.receive(UNSIGNED, fee(&[callback_cdr("s-1", "")]).as_bytes());
        assert_eq!(
            receipt.to_string(),
            "200 not_checked: 1 new, 0 known, 0 contradicting, 0 unreadable"
        );
        for text in [
            format!("{receipt:?}"),
            format!("{intake:?}"),
            serde_json::Value::Object(receipt.to_json()).to_string(),
        ] {
            assert!(!text.contains(&A[3..]), "{text}");
        }
    });
}
