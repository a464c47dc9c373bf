//! A batch in which one record is damaged keeps all the others, whatever the damage is.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail the test")]

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use voicecall_core::webhook::{Event, FeeEvent, parse};

/// Records as senders write them; the numbers in their ids tell them apart.
fn record() -> impl Strategy<Value = String> {
    let member = prop_oneof![
        Just(r#""ulFailReason":0"#.to_owned()),
        Just(r#""callEndTime":"2026-01-27 03:04:49""#.to_owned()),
        Just(r#""calleeNum":"+8613800000021""#.to_owned()),
        Just(r#""userData":"a \"quoted\" {text}, [and] more\\""#.to_owned()),
        Just(r#""userData":"},{\"sessionId\":\"forged\"}""#.to_owned()),
        Just(r#""x":{"y":[1,{"z":null},"]}"],"w":{}}"#.to_owned()),
        Just(r#""hostName":"语音 \u8bed\n""#.to_owned()),
        Just(r#""empty":[]"#.to_owned()),
    ];
    prop::collection::vec(member, 0..6).prop_map(|members| members.join(","))
}

/// What happens to one record. Places are shares of its length.
#[derive(Debug, Clone)]
enum Damage {
    /// A byte becomes another one.
    Byte(prop::sample::Index, u8),
    /// Something is put in.
    Insert(prop::sample::Index, Vec<u8>),
    /// Some bytes are lost.
    Remove(prop::sample::Index, usize),
    /// What stands between two marks of the grammar is replaced.
    Token(prop::sample::Index, Vec<u8>),
    /// Nothing is left of it but this.
    Whole(Vec<u8>),
}

/// What senders, proxies and character sets have put into JSON.
fn junk() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<&[u8]> = vec![
        b"NaN",
        b"-Infinity",
        b"007",
        b"+1",
        b".5",
        b"1.",
        b"undefined",
        b"None",
        b"'",
        b"\"",
        b"\\",
        b"\\\"",
        b"\\u12",
        b"\\ud83d",
        b"\\q",
        b"\0",
        b"\t",
        b"\n",
        b"\x7f",
        b"\xe5\x91",
        b"\xd3\xef\xd2\xf4",
        b"\xb8\x5c",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b",,",
        b"{{",
        b"[[[",
        b"/*",
        b"//",
        b"<br>",
        b"\"\"",
        b"}{",
        b"\":\"",
        b"\r\n\r\n",
    ];
    let known = prop::sample::select(known).prop_map(<[u8]>::to_vec);
    let deep = (1..60_usize).prop_map(|depth| [vec![b'['; depth], vec![b']'; depth]].concat());
    prop_oneof![8 => known, 1 => deep, 2 => prop::collection::vec(any::<u8>(), 0..6)]
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = || any::<prop::sample::Index>();
    prop_oneof![
        (place(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        (place(), junk()).prop_map(|(at, junk)| Damage::Insert(at, junk)),
        (place(), 1..20_usize).prop_map(|(at, count)| Damage::Remove(at, count)),
        (place(), junk()).prop_map(|(at, junk)| Damage::Token(at, junk)),
        junk().prop_map(Damage::Whole),
    ]
}

impl Damage {
    fn to(&self, record: &str) -> Vec<u8> {
        let mut bytes = record.as_bytes().to_vec();
        match self {
            Damage::Byte(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Damage::Insert(at, junk) => {
                let at = at.index(bytes.len() + 1);
                bytes.splice(at..at, junk.iter().copied());
            }
            Damage::Remove(at, count) => {
                let at = at.index(bytes.len());
                let end = (at + count).min(bytes.len());
                bytes.drain(at..end);
            }
            Damage::Token(at, junk) => {
                let is_mark = |(_, byte): &(usize, &u8)| b"{}[]:,\"".contains(byte);
                let marks: Vec<usize> = bytes.iter().enumerate().filter(is_mark).map(|(at, _)| at).collect();
                let first = at.index(marks.len() - 1);
                bytes.splice(marks[first] + 1..marks[first + 1], junk.iter().copied());
            }
            Damage::Whole(junk) => bytes.clone_from(junk),
        }
        bytes
    }
}

fn fee(body: &[u8]) -> FeeEvent {
    match parse(body) {
        Ok(Event::Fee(event)) => event,
        other => panic!("{other:?} of {}", String::from_utf8_lossy(body)),
    }
}

#[test]
fn a_batch_with_one_damaged_record_keeps_all_the_others() {
    let config = Config {
        cases: 20_000,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let batch = (
        prop::collection::vec(record(), 2..6),
        any::<prop::sample::Index>(),
        damage(),
        any::<bool>(),
    );
    let run = runner.run(&batch, |(members, which, damage, kind_comes_last)| {
        let records: Vec<String> = members
            .iter()
            .enumerate()
            .map(|(number, members)| match members.as_str() {
                "" => format!(r#"{{"sessionId":"s-{number}"}}"#),
                members => format!(r#"{{"sessionId":"s-{number}",{members}}}"#),
            })
            .collect();
        let which = which.index(records.len());
        let mut list = Vec::new();
        for (number, record) in records.iter().enumerate() {
            if number > 0 {
                list.push(b',');
            }
            if number == which {
                list.extend(damage.to(record));
            } else {
                list.extend(record.as_bytes());
            }
        }
        let (before, after): (&[u8], &[u8]) = if kind_comes_last {
            (br#"{"feeLst":["#, br#"],"eventType":"fee"}"#)
        } else {
            (br#"{"eventType":"fee","feeLst":["#, b"]}")
        };
        let body = [before, &list, after].concat();
        let event = fee(&body);
        let kept: Vec<&str> = event.cdrs().iter().map(|cdr| cdr.raw()).collect();
        let others = records.iter().enumerate().filter(|(number, _)| *number != which);
        for (number, record) in others {
            prop_assert!(
                kept.contains(&record.as_str()),
                "record {} is lost of {}",
                number,
                String::from_utf8_lossy(&body)
            );
        }
        // Of the damaged one nothing is lost either: what is no record is set aside.
        prop_assert!(kept.len() <= records.len());
        Ok(())
    });
    run.expect("all others are kept");
}

/// The time for the worst bodies that fit: a receiver must not be held up by one.
#[test]
fn the_work_for_a_damaged_body_is_bounded() {
    let begin = r#"{"eventType":"fee","feeLst":[{"sessionId":"s"},"#;
    for piece in [
        "{",
        "[",
        "{x,",
        "{\"a\":[0,",
        ",{\"a\":\"b\"",
        "]",
        "}",
        "\"",
        ",{",
        "{},",
        "\\",
        "0,",
        "\"feeLst\":[{",
        "{\"sessionId\":\"s\"}x,",
        "[{\"a\":1},{\"b\":\"",
        "{\"a\":{},",
        "],\"x\":[",
    ] {
        let body = format!("{begin}{}", piece.repeat((1024 * 1024 - begin.len()) / piece.len()));
        let started = std::time::Instant::now();
        drop(parse(body.as_bytes()));
        // Milliseconds in a release build; quadratic work would take minutes.
        assert!(started.elapsed().as_secs() < 20, "{piece}: {:?}", started.elapsed());
    }
}
