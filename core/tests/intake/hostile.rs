//! Whatever comes: a verdict, a reply that brings it back no more, and no neighbour lost.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

use super::pushes::{A, UNSIGNED, callback_cdr, cdr, fee, status};
use super::stores::on_every_store;

/// Bits of JSON, and of what is none, that a database or a reader could choke on.
const HOSTILE: &[&str] = &[
    "\\u0000",
    "\0",
    "\\ud800",
    "\"",
    "\\",
    "{",
    "]",
    ",",
    "null",
    "-9223372036854775809",
    "1e999",
    "\"\"",
    "[[[[[[[[[[[[[[[[",
    "2026-01-27 03:04:99",
    "9999-99-99 99:99:99",
    "'; DROP TABLE intake_cdr; --",
    "\u{10FFFF}",
    "\"sessionId\":\"other\",",
    "\"eventType\":\"\\u0000\",",
    "?1 $1 %s",
];

/// A good push in which some places were replaced.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let good = select(vec![
        status("s-1", "disconnect", 49, A, r#","stateCode":0,"userData":"order-1""#),
        fee(&[
            cdr("s-2", ""),
            callback_cdr("s-3", ""),
            cdr("s-4", r#","userData":"x""#),
        ]),
        r#"{"eventType":"callin","statusInfo":{"sessionId":"s-5","timestamp":"2026-01-27 03:04:24"}}"#.to_owned(),
    ]);
    let hostile = prop_oneof![
        4 => select(HOSTILE).prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..4),
        1 => select(vec![1030_usize, 70_000]).prop_map(|length| vec![b'7'; length]),
    ];
    let changes = vec((any::<Index>(), 0..12_usize, hostile), 0..4);
    (good, changes).prop_map(|(good, changes)| {
        let mut body = good.into_bytes();
        for (at, length, hostile) in changes {
            let at = at.index(body.len() + 1);
            let end = (at + length).min(body.len());
            body.splice(at..end, hostile);
        }
        body
    })
}

#[test]
fn nothing_that_comes_is_taken_twice_or_asked_for_in_vain() {
    on_every_store(|place| {
        let intake = place.open();
        let good = fee(&[cdr("good", "")]);
        intake.receive(UNSIGNED, good.as_bytes());
        let mut runner = TestRunner::new(Config {
            cases: 400,
            failure_persistence: None,
            ..Config::default()
        });
        let run = runner.run(&body(), |body| {
            let first = intake.receive(UNSIGNED, &body);
            let known = first.accepted + first.duplicates;
            // What cannot be read may have been damaged on its way; when it comes again the same, it was not.
            let (blank, cut) = (body.trim_ascii().is_empty(), first.reply.status == 500);
            prop_assert_eq!(first.reply.status == 200, first.event.is_ok() && !cut, "{}", first);
            prop_assert!(blank || known + first.rejected > 0);
            let again = intake.receive(UNSIGNED, &body);
            let expected = if blank {
                400
            } else if cut {
                500
            } else {
                200
            };
            prop_assert_eq!(
                (again.reply.status, again.accepted, again.duplicates),
                (expected, 0, known)
            );
            prop_assert_eq!(again.rejected, first.rejected);
            Ok(())
        });
        run.unwrap();
        assert_eq!(intake.receive(UNSIGNED, good.as_bytes()).duplicates, 1);
        intake.check().unwrap();
    });
}
