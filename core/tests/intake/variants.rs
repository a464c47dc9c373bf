//! What contradicts is kept, and what a store holds does not depend on the order in which it came.

use super::pushes::{A, B, UNSIGNED, callback_cdr, cdr, fee, status};
use super::stores::{Place, on_every_store, sqlite};

/// Everything that a store holds but for the times of arrival, in an order of its own.
fn contents(place: &Place) -> Vec<Vec<String>> {
    [
        "SELECT session_id, state, opened_at, ended_at, scene, answered, talk_seconds, billable_minutes, a_number, b_number, \
         app_key, user_data, attempt_tag FROM calls ORDER BY session_id",
        "SELECT session_id, icid, raw FROM cdrs ORDER BY session_id, icid",
        "SELECT session_id, type, at, called, state_code, raw FROM events ORDER BY session_id, type, at, called",
        "SELECT session_id, kind, party, raw FROM conflicts ORDER BY session_id, kind, raw",
        "SELECT number, count(*) FROM intake_number GROUP BY number ORDER BY number",
    ]
    .iter()
    .flat_map(|sql| place.rows(sql))
    .collect()
}

#[test]
fn a_duplicate_that_differs_is_a_conflict_and_visible() {
    on_every_store(|place| {
        let intake = place.open();
        let (one, other) = (cdr("s-1", r#","ttsPlayTimes":1"#), cdr("s-1", r#","ttsPlayTimes":2"#));
        assert_eq!(
            intake
                .receive(UNSIGNED, fee(std::slice::from_ref(&one)).as_bytes())
                .accepted,
            1
        );
        let receipt = intake.receive(UNSIGNED, fee(std::slice::from_ref(&other)).as_bytes());
        assert_eq!(
            (
                receipt.reply.status,
                receipt.accepted,
                receipt.duplicates,
                receipt.conflicts
            ),
            (200, 0, 1, 1)
        );
        let again = intake.receive(UNSIGNED, fee(&[one.clone(), other.clone()]).as_bytes());
        assert_eq!((again.accepted, again.duplicates, again.conflicts), (0, 2, 0));
        assert_eq!(
            place.rows("SELECT session_id, kind, party FROM conflicts"),
            [["s-1", "cdr", "icid-s-1"]]
        );
        assert_eq!(intake.call("s-1").unwrap().unwrap().conflicts, 1);
    });
}

#[test]
fn the_same_record_in_other_clothes_is_no_conflict() {
    on_every_store(|place| {
        let intake = place.open();
        intake.receive(UNSIGNED, fee(&[cdr("s-1", "")]).as_bytes());
        let other = cdr("s-1", "")
            .replace(":0,", ":\"0\",")
            .replace("2026-01-27 ", "2026-01-27  ");
        let receipt = intake.receive(UNSIGNED, fee(&[other]).as_bytes());
        assert_eq!((receipt.duplicates, receipt.conflicts), (1, 0));
    });
}

#[test]
fn without_an_icid_the_session_tells_records_apart() {
    on_every_store(|place| {
        let intake = place.open();
        let without =
            |session: &str, more: &str| cdr(session, more).replace(&format!(r#""icid":"icid-{session}","#), "");
        let records = [without("s-1", ""), without("s-2", "")];
        assert_eq!(intake.receive(UNSIGNED, fee(&records).as_bytes()).accepted, 2);
        assert_eq!(intake.receive(UNSIGNED, fee(&records).as_bytes()).duplicates, 2);
        let receipt = intake.receive(UNSIGNED, fee(&[without("s-1", r#","hostName":"h""#)]).as_bytes());
        assert_eq!((receipt.conflicts, receipt.accepted), (1, 0));
    });
}

#[test]
fn two_records_of_one_call_are_both_kept_and_counted() {
    on_every_store(|place| {
        let intake = place.open();
        let second = cdr("s-1", "").replace("icid-s-1", "icid-other");
        assert_eq!(
            intake
                .receive(UNSIGNED, fee(&[cdr("s-1", ""), second]).as_bytes())
                .accepted,
            2
        );
        let call = intake.call("s-1").unwrap().unwrap();
        assert_eq!((call.cdrs.len(), call.conflicts), (2, 0));
        assert_eq!(place.rows("SELECT count(*) FROM calls"), [["1"]]);
    });
}

#[test]
fn every_order_of_arrival_leaves_the_same_store() {
    let bodies = [
        status("s-1", "callout", 24, A, r#","userData":"b""#),
        status("s-1", "callout", 31, B, r#","userData":"a""#),
        status("s-1", "disconnect", 49, B, r#","stateCode":0"#),
        status("s-1", "disconnect", 49, B, r#","stateCode":7001"#),
        fee(&[callback_cdr("s-1", ""), callback_cdr("s-2", "")]),
        fee(&[callback_cdr("s-1", r#","hostName":"h""#)]),
    ];
    let arrive = |order: &[usize]| {
        let place = sqlite();
        let intake = place.open();
        for position in order.iter().chain(order) {
            assert_eq!(intake.receive(UNSIGNED, bodies[*position].as_bytes()).reply.status, 200);
        }
        let story = serde_json::Value::Object(intake.call("s-1").unwrap().unwrap().to_json());
        (contents(&place), story)
    };
    let expected = arrive(&[0, 1, 2, 3, 4, 5]);
    assert!(expected.0.len() > 10);
    // All 720 would take minutes of waiting for the disk; the fold alone is tested with all of them.
    let mut order = [0, 1, 2, 3, 4, 5];
    for step in 0..60 {
        order.rotate_left(1 + step % 4);
        order.swap(step % 6, (step * 5 + 2) % 6);
        assert_eq!(arrive(&order), expected, "{order:?}");
    }
}

#[test]
fn both_kinds_of_store_hold_the_same() {
    let mut all = Vec::new();
    let seen = std::cell::RefCell::new(&mut all);
    on_every_store(|place| {
        let intake = place.open();
        for more in ["", r#","ttsPlayTimes":1"#, r#","ttsPlayTimes":2"#] {
            intake.receive(UNSIGNED, fee(&[callback_cdr("s-1", more), cdr("s-2", "")]).as_bytes());
        }
        intake.receive(
            UNSIGNED,
            status("s-3", "callout", 24, A, r#","userData":"语""#).as_bytes(),
        );
        // How a time is printed is the database's own.
        let rows: Vec<Vec<String>> = contents(place)
            .into_iter()
            .map(|row| {
                row.iter()
                    .map(|value| value.replace('T', " ").replace("+00", "").replace('Z', ""))
                    .collect()
            })
            .collect();
        seen.borrow_mut().push(rows);
    });
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{all:#?}");
}

#[test]
fn a_cdr_is_kept_even_where_calls_were_taken_out_by_hand() {
    let place = sqlite();
    let intake = place.open();
    let push = |record: String| intake.receive(UNSIGNED, fee(&[record]).as_bytes());
    assert_eq!(push(cdr("s-1", "")).accepted, 1);
    // What the next call is known by is then what the CDR that was left behind is known by.
    place.rows("DELETE FROM intake_call");
    let receipt = push(cdr("s-2", "").replace("icid-s-2", "icid-s-1"));
    assert_eq!((receipt.reply.status, receipt.conflicts), (200, 1));
    let kept = "SELECT raw FROM intake_cdr UNION ALL SELECT raw FROM intake_conflict";
    assert_eq!(place.rows(kept).len(), 2);
}
