//! What cannot be taken is kept within bounds.

use serde_json::json;
use voicecall_core::intake::{RejectedClass, RejectedFilter};

use super::pushes::{UNSIGNED, cdr, fee};
use super::stores::{Place, on_every_store, sqlite};

fn counts(place: &Place, class: &str) -> Vec<String> {
    let sql = "SELECT entries, bytes, dropped, dropped_bytes FROM intake_rejected_count WHERE class = ";
    place.rows(&format!("{sql}'{class}'")).remove(0)
}

/// The numbers of the texts that are kept, which are as long as they are great.
fn kept(place: &Place) -> Vec<String> {
    let rows = place.rows("SELECT size FROM rejected ORDER BY size");
    rows.into_iter().flatten().collect()
}

#[test]
fn the_oldest_go_last_the_newest_is_always_kept_and_what_went_is_counted() {
    on_every_store(|place| {
        let intake = place.open_with(place.config().rejected_entries(5));
        for number in 1..=12 {
            intake.receive(UNSIGNED, &vec![b'x'; number]);
        }
        assert_eq!(kept(place), ["1", "2", "10", "11", "12"]);
        let went: usize = (3..=9).sum();
        assert_eq!(counts(place, "malformed"), ["5", "36", "7", &went.to_string()]);
        let narrower = place.open_with(place.config().rejected_entries(1));
        narrower.receive(UNSIGNED, &[b'x'; 13]);
        assert_eq!(kept(place), ["13"]);
    });
}

#[test]
fn what_was_purged_makes_room_for_the_oldest_of_tomorrow() {
    on_every_store(|place| {
        let intake = place.open_with(place.config().rejected_entries(4));
        let push = |number: usize| drop(intake.receive(UNSIGNED, &vec![b'x'; number]));
        (1..=6).for_each(push);
        intake
            .purge(std::time::SystemTime::now() + std::time::Duration::from_secs(60))
            .unwrap();
        (11..=16).for_each(push);
        assert_eq!(kept(place), ["11", "12", "15", "16"]);
    });
}

#[test]
fn bytes_are_bounded_too_and_the_newest_always_stays() {
    on_every_store(|place| {
        let intake = place.open_with(place.config().rejected_bytes(100));
        for number in 0..9 {
            intake.receive(UNSIGNED, format!("junk {number:035}").as_bytes());
        }
        assert_eq!(counts(place, "malformed"), ["2", "80", "7", "280"]);
        intake.receive(UNSIGNED, &[b'x'; 5000]);
        // The first is of the older half: it would fit, but with this one nothing does, and the newest stays.
        assert_eq!(counts(place, "malformed"), ["1", "5000", "9", "360"]);
    });
}

#[test]
fn a_flood_of_junk_does_not_push_out_a_record_that_could_not_be_read() {
    on_every_store(|place| {
        let intake = place.open_with(place.config().rejected_entries(3));
        let receipt = intake.receive(UNSIGNED, fee(&[r#"{"callEndTime":"soon"}"#.to_owned()]).as_bytes());
        assert_eq!((receipt.reply.status, receipt.rejected), (200, 1));
        for number in 0..20 {
            intake.receive(UNSIGNED, format!("junk {number}").as_bytes());
        }
        assert_eq!(counts(place, "record")[0], "1");
    });
}

#[test]
fn the_same_text_is_kept_once() {
    on_every_store(|place| {
        let intake = place.open();
        for _ in 0..3 {
            intake.receive(UNSIGNED, b"junk");
        }
        assert_eq!(counts(place, "malformed"), ["1", "4", "0", "0"]);
    });
}

#[test]
fn a_body_beyond_every_limit_is_cut_and_its_size_told() {
    on_every_store(|place| {
        let intake = place.open();
        // Never acknowledged: what is cut off would be lost.
        for _ in 0..2 {
            let receipt = intake.receive(UNSIGNED, &vec![b'x'; 5 * 1024 * 1024]);
            assert_eq!((receipt.reply.status, receipt.rejected), (400, 1));
        }
        assert_eq!(
            place.rows("SELECT size, length(raw) FROM rejected"),
            [["5242880", "4194304"]]
        );
    });
}

#[test]
fn what_could_not_be_taken_is_listed_the_oldest_first_page_by_page() {
    on_every_store(|place| {
        let intake = place.open();
        assert!(intake.rejected(&RejectedFilter::new()).unwrap().texts.is_empty());
        intake.receive(UNSIGNED, b"junk \xff 1");
        let unreadable = r#"{"sessionId":1,"callEndTime":"soon"}"#;
        intake.receive(UNSIGNED, fee(&[cdr("s-2", ""), unreadable.to_owned()]).as_bytes());
        intake.receive(UNSIGNED, b"junk 2");

        let first = intake.rejected(&RejectedFilter::new().limit(2)).unwrap();
        let [junk, record] = first.texts.as_slice() else {
            panic!("{first:?}")
        };
        assert_eq!(
            (junk.class, junk.size, junk.position),
            (RejectedClass::Malformed, 8, None)
        );
        assert_eq!(junk.raw, b"junk \xff 1");
        let told = record.to_json();
        assert_eq!(
            (&told["class"], &told["position"], &told["field"], &told["raw"]),
            (
                &json!("record"),
                &json!(1),
                &json!("/feeLst/1/sessionId"),
                &json!(unreadable)
            )
        );
        assert_eq!(junk.to_json()["raw_base64"], "anVuayD/IDE=");
        assert!(told["received_at"].as_str().unwrap().ends_with('Z'));

        let after = first.next.unwrap();
        let last = intake.rejected(&RejectedFilter::new().limit(2).after(after)).unwrap();
        assert_eq!((last.texts.len(), last.next.as_deref()), (1, None));
        let records = intake.rejected(&RejectedFilter::new().class("record")).unwrap();
        assert_eq!(records.texts, std::slice::from_ref(record));
    });
}

#[test]
fn a_page_of_what_could_not_be_taken_ends_before_it_grows_large() {
    on_every_store(|place| {
        let intake = place.open();
        for number in 0..6_u8 {
            intake.receive(UNSIGNED, &vec![b'a' + number; 1024 * 1024]);
        }
        let first = intake.rejected(&RejectedFilter::new()).unwrap();
        assert_eq!(first.texts.len(), 4);
        let rest = intake
            .rejected(&RejectedFilter::new().after(first.next.unwrap()))
            .unwrap();
        assert_eq!((rest.texts.len(), rest.next), (2, None));
    });
}

#[test]
fn a_question_about_rejected_texts_that_makes_no_sense_is_refused() {
    on_every_store(|place| {
        let intake = place.open();
        let fault = |filter: RejectedFilter| intake.rejected(&filter).unwrap_err().field().unwrap().to_owned();
        assert_eq!(fault(RejectedFilter::new().class("lost")), "/class");
        assert_eq!(fault(RejectedFilter::new().limit(0)), "/limit");
        assert_eq!(fault(RejectedFilter::new().after("yesterday")), "/after");
        assert_eq!(fault(RejectedFilter::new().extra("klass", "record")), "/klass");
    });
}

#[test]
fn a_rejected_text_is_not_printed_by_debug() {
    let place = sqlite();
    let intake = place.open();
    intake.receive(UNSIGNED, b"secret +8613800000021");
    let printed = format!("{:?}", intake.rejected(&RejectedFilter::new()).unwrap());
    assert!(!printed.contains("secret") && !printed.contains("8613800"), "{printed}");
}
