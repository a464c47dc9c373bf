//! What cannot be taken is kept within bounds.

use super::pushes::{UNSIGNED, fee};
use super::stores::{Place, on_every_store};

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
        let receipt = intake.receive(UNSIGNED, &vec![b'x'; 3 * 1024 * 1024]);
        assert_eq!((receipt.reply.status, receipt.rejected), (200, 1));
        assert_eq!(
            place.rows("SELECT size, length(raw) FROM rejected"),
            [["3145728", "1048576"]]
        );
    });
}
