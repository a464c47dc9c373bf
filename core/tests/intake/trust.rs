//! Nobody without a secret changes what was signed.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use voicecall_core::intake::{Intake, TotalBy, TotalsQuery};
use voicecall_core::webhook::{Policy, Webhook};

use super::nonces::{at, signed};
use super::pushes::{A, B, UNSIGNED, cdr, fee, status};
use super::stores::{Place, on_every_store, sqlite};

const NOW: u64 = 1_770_000_000;

/// One that lets in what nobody signed.
fn open(place: &Place) -> Intake {
    let webhook = Webhook::builder()
        .url("https://push.example.com/push")
        .application("app-key-0001", "example-secret-0001")
        .policy(Policy::IfPresent);
    place.config().build(webhook.build().unwrap()).unwrap()
}

fn genuine() -> Vec<String> {
    let mut pushes: Vec<_> = [("callout", 24), ("alerting", 27), ("answer", 31), ("disconnect", 49)]
        .map(|(kind, second)| status("s-1", kind, second, A, ""))
        .into();
    pushes.push(fee(&[cdr("s-1", "")]));
    pushes
}

fn receive(intake: &Intake, number: usize, body: &str, is_signed: bool) {
    let status = if is_signed {
        intake.receive_at(signed(&format!("n{number}"), NOW), body.as_bytes(), at(NOW))
    } else {
        intake.receive_at(UNSIGNED, body.as_bytes(), at(NOW))
    };
    assert_eq!(status.reply.status, 200, "{status}");
}

/// What must stay as it is.
fn said(place: &Place, intake: &Intake) -> String {
    let by = [
        TotalBy::Month,
        TotalBy::Application,
        TotalBy::DisplayNumber,
        TotalBy::UserData,
    ];
    let query = by.into_iter().fold(TotalsQuery::new(), TotalsQuery::by);
    let totals = intake.totals(&query).unwrap();
    let signed = place.rows("SELECT session_id, icid, raw FROM cdrs UNION ALL SELECT session_id, type, raw FROM events WHERE verdict = 'valid' ORDER BY 1, 2, 3");
    let call = intake.call("s-1").unwrap().unwrap();
    let legs: Vec<_> = call
        .legs
        .iter()
        .map(|leg| (leg.answered_at.clone(), leg.talk_seconds))
        .collect();
    format!("{totals:?} {signed:?} {legs:?} {:?} {:?}", call.ending, call.billable())
}

/// Pushes that somebody makes up who knows the session.
fn forged() -> impl Strategy<Value = String> {
    let more = prop::sample::select(vec![
        "",
        r#","userData":"forged","x":1,"y":2,"z":3"#,
        r#","callEndTime":"2026-01-28 03:04:49","x":1"#,
        r#","icid":"other""#,
        r#","icid":"","ttsPlayTimes":7"#,
    ]);
    let kind = prop::sample::select(vec!["callout", "alerting", "answer", "disconnect"]);
    let called = prop::sample::select(vec![A, B]);
    prop_oneof![
        more.clone().prop_map(|more| fee(&[cdr("s-1", more)])),
        (
            kind,
            20..59_u32,
            called,
            prop::sample::select(vec!["", r#","stateCode":7001,"a":1,"b":2"#])
        )
            .prop_map(|(kind, second, called, more)| status("s-1", kind, second, called, more)),
    ]
}

#[test]
fn no_set_of_unsigned_pushes_changes_totals_or_what_was_signed() {
    let expected = {
        let place = sqlite();
        let intake = open(&place);
        genuine()
            .iter()
            .enumerate()
            .for_each(|(number, body)| receive(&intake, number, body, true));
        said(&place, &intake)
    };
    let of_a = |body: &String| !body.contains(B);
    let mut runner = TestRunner::new(Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    });
    let pushes = prop::collection::vec(forged().prop_filter("about the party that was called", of_a), 1..8);
    let strategy = (pushes, any::<prop::sample::Index>(), any::<bool>());
    let run = runner.run(&strategy, |(forged, place_in_order, reversed)| {
        let place = sqlite();
        let intake = open(&place);
        let mut all: Vec<_> = genuine().into_iter().map(|body| (body, true)).collect();
        if reversed {
            all.reverse();
        }
        let at = place_in_order.index(all.len() + 1);
        all.splice(at..at, forged.into_iter().map(|body| (body, false)));
        for (number, (body, is_signed)) in all.iter().enumerate() {
            receive(&intake, number, body, *is_signed);
        }
        prop_assert_eq!(said(&place, &intake), expected.clone());
        Ok(())
    });
    run.unwrap();
}

#[test]
fn a_forged_record_goes_beside_whether_it_comes_before_or_after() {
    on_every_store(|place| {
        let intake = open(place);
        let forged = fee(&[cdr("s-1", r#","callEndTime":"2026-01-28 03:04:49","x":1,"y":2"#)]);
        let other = fee(&[cdr("s-1", r#","icid":"other","ttsPlayTimes":3"#)]);
        receive(&intake, 0, &forged, false);
        receive(&intake, 1, &other, false);
        assert_eq!(place.rows("SELECT count(*) FROM cdrs"), [["2"]]);
        receive(&intake, 2, &fee(&[cdr("s-1", "")]), true);
        for _ in 0..2 {
            assert_eq!(place.rows("SELECT talk_seconds, verdict FROM cdrs"), [["18", "valid"]]);
            assert_eq!(
                place.rows("SELECT party, verdict FROM conflicts ORDER BY party"),
                [["icid-s-1", "unsigned"], ["other", "unsigned"]]
            );
            let call = intake.call("s-1").unwrap().unwrap();
            assert_eq!((call.cdrs.len(), call.conflicts, call.talk_seconds()), (1, 2, Some(18)));
            receive(&intake, 3, &forged, false);
            receive(&intake, 4, &other, false);
        }
    });
}

#[test]
fn the_same_record_signed_later_counts_as_signed() {
    on_every_store(|place| {
        let intake = open(place);
        let body = fee(&[cdr("s-1", "")]);
        receive(&intake, 0, &body, false);
        receive(&intake, 1, &body, true);
        assert_eq!(place.rows("SELECT verdict FROM cdrs"), [["valid"]]);
        receive(&intake, 2, &fee(&[cdr("s-1", r#","x":1"#)]), false);
        assert_eq!(place.rows("SELECT verdict, raw FROM cdrs")[0][1], cdr("s-1", ""));
    });
}
