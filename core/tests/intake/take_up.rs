//! What could not be taken is taken in after all: by a version that can read it, or because somebody says so.

use voicecall_core::intake::{Intake, RejectedFilter};

use super::nonces::{at, checked, signed};
use super::pushes::{UNSIGNED, cdr, fee};
use super::stores::{Place, on_every_store};

const NOW: u64 = 1_770_000_000;

fn ids(intake: &Intake) -> Vec<i64> {
    let page = intake.rejected(&RejectedFilter::new()).unwrap();
    page.texts.iter().map(|text| text.id).collect()
}

/// A text as an older version set it aside.
fn set_aside(place: &Place, class: &str, raw: &str) {
    let sql = format!(
        "INSERT INTO intake_rejected (class, fingerprint, received_at, reason, verdict, size, raw) \
         VALUES ('{class}', '{raw}', 1770000000000, 'r', 'valid', 1, CAST('{raw}' AS {}))",
        if place.file().is_some() { "BLOB" } else { "BYTEA" }
    );
    place.rows(&sql);
    place.rows(&format!(
        "UPDATE intake_rejected_count SET entries = entries + 1, bytes = bytes + {} WHERE class = '{class}'",
        raw.len()
    ));
}

fn counts(place: &Place) -> Vec<Vec<String>> {
    place.rows("SELECT entries, bytes FROM intake_rejected_count ORDER BY class")
}

#[test]
fn what_this_version_reads_is_taken_in_and_the_rest_stays() {
    on_every_store(|place| {
        let intake = place.open();
        set_aside(place, "record", &cdr("s-1", r#","ulFailReason":0.0"#));
        set_aside(
            place,
            "malformed",
            &format!("{}x", fee(&[cdr("s-2", ""), cdr("s-3", "")])),
        );
        set_aside(place, "malformed", "junk");
        set_aside(place, "record", "{}");
        let retried = intake.retry_rejected().unwrap();
        assert_eq!((retried.taken, retried.left, retried.accepted), (2, 2, 3));
        assert_eq!(
            place.rows("SELECT session_id, verdict FROM cdrs ORDER BY 1"),
            [["s-1", "valid"], ["s-2", "valid"], ["s-3", "valid"]]
        );
        // The letter behind the message is kept by itself.
        let kept = intake.rejected(&RejectedFilter::new()).unwrap();
        let mut kept: Vec<_> = kept.texts.iter().map(|text| text.raw.as_slice()).collect();
        kept.sort_unstable();
        assert_eq!(kept, [&b"junk"[..], b"x", b"{}"]);
        assert_eq!(counts(place), [["1", "4"], ["2", "3"], ["0", "0"]]);
        let again = intake.retry_rejected().unwrap();
        assert_eq!((again.taken, again.left, again.accepted), (0, 3, 0));
    });
}

#[test]
fn what_ends_too_early_is_kept_on() {
    on_every_store(|place| {
        let intake = place.open();
        let body = fee(&[cdr("s-1", ""), cdr("s-2", "")]);
        intake.receive(UNSIGNED, &body.as_bytes()[..body.len() - 9]);
        let retried = intake.retry_rejected().unwrap();
        assert_eq!((retried.taken, retried.left, retried.duplicates), (0, 1, 1));
        assert_eq!(ids(&intake).len(), 1);
    });
}

#[test]
fn a_refused_push_is_let_in_by_its_id() {
    on_every_store(|place| {
        let intake = checked(place);
        let unsigned = fee(&[cdr("s-1", ""), "{}".to_owned()]);
        let receipt = intake.receive_at(UNSIGNED, unsigned.as_bytes(), at(NOW));
        assert_eq!((receipt.reply.status, receipt.accepted), (401, 0));
        assert_eq!(
            intake.retry_rejected().unwrap().taken,
            0,
            "what was refused is left alone"
        );
        let refused = ids(&intake);
        let error = intake.admit_rejected(&[refused[0], 4711]).unwrap_err();
        assert_eq!(error.field(), Some("/ids/1"));
        assert!(intake.call("s-1").unwrap().is_none(), "nothing is taken then");
        let admitted = intake.admit_rejected(&refused).unwrap();
        assert_eq!((admitted.taken, admitted.accepted), (1, 1));
        assert_eq!(
            place.rows("SELECT session_id, verdict FROM cdrs"),
            [["s-1", "admitted"]]
        );
        assert_eq!(place.rows("SELECT class FROM rejected"), [["record"]]);
        // A signed one counts more, whatever it tells.
        let genuine = cdr("s-1", "").replace(r#""recordFlag":0,"#, "");
        let receipt = intake.receive_at(signed("a", NOW), fee(&[genuine]).as_bytes(), at(NOW));
        assert_eq!((receipt.reply.status, receipt.conflicts), (200, 1));
        assert_eq!(place.rows("SELECT verdict FROM cdrs"), [["valid"]]);
    });
}

#[test]
fn a_refused_push_is_let_in_where_numbers_are_hashed_too() {
    on_every_store(|place| {
        let webhook = voicecall_core::webhook::Webhook::builder()
            .url("https://push.example.com/fee")
            .application("app-key-0001", "example-secret-0001");
        let config = place.config().numbers_key("a-key-of-the-user-0001");
        let intake = config.build(webhook.build().unwrap()).unwrap();
        intake.receive(UNSIGNED, fee(&[cdr("s-1", "")]).as_bytes());
        assert_eq!(intake.admit_rejected(&ids(&intake)).unwrap().accepted, 1);
        let hash = intake.stored_number("+8613800000021");
        assert_eq!(place.rows("SELECT a_number FROM cdrs"), [[hash.as_str()]]);
    });
}
