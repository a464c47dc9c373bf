//! The rule of the reply: 200 if and only if each well-formed push is in the store.

use voicecall_core::ErrorKind;
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{DigestForm, Event, PushSigner, Verdict, Webhook};

use super::pushes::{A, UNSIGNED, cdr, fee, status};
use super::stores::on_every_store;

#[test]
fn fifty_cdrs_are_stored_once_however_often_they_come() {
    on_every_store(|place| {
        let intake = place.open();
        let records: Vec<_> = (0..50).map(|number| cdr(&format!("s-{number}"), "")).collect();
        let first = intake.receive(UNSIGNED, fee(&records).as_bytes());
        assert_eq!(
            (first.reply.status, first.accepted, first.duplicates, first.rejected),
            (200, 50, 0, 0)
        );
        assert_eq!(first.reply.body, r#"{"resultcode":"0","resultdesc":"Success"}"#);
        assert_eq!(first.new_cdrs().count(), 50);
        let again = intake.receive(UNSIGNED, fee(&records).as_bytes());
        assert_eq!((again.reply.status, again.accepted, again.duplicates), (200, 0, 50));
        assert!(again.new_cdrs().next().is_none() && again.new_event().is_none());
        assert_eq!(
            place.rows("SELECT count(*), count(DISTINCT session_id) FROM cdrs"),
            [["50", "50"]]
        );
    });
}

#[test]
fn a_record_twice_in_one_message_is_one_record() {
    on_every_store(|place| {
        let receipt = place
            .open()
            .receive(UNSIGNED, fee(&[cdr("s-1", ""), cdr("s-1", "")]).as_bytes());
        assert_eq!((receipt.accepted, receipt.duplicates, receipt.conflicts), (1, 1, 0));
        assert_eq!([0, 1, 2].map(|position| receipt.is_new(position)), [true, false, false]);
        let told = serde_json::Value::Object(receipt.to_json());
        assert_eq!((&told["status"], &told["new"]), (&200.into(), &serde_json::json!([0])));
    });
}

#[test]
fn a_bad_record_never_costs_its_neighbours_and_is_kept_raw() {
    on_every_store(|place| {
        let intake = place.open();
        let bad = r#"{"sessionId":"s-2","callEndTime":"soon"}"#;
        let body = fee(&[cdr("s-1", ""), bad.to_owned(), cdr("s-3", "")]);
        for round in 0..2 {
            let receipt = intake.receive(UNSIGNED, body.as_bytes());
            assert_eq!((receipt.reply.status, receipt.rejected), (200, 1));
            assert_eq!(receipt.accepted, if round == 0 { 2 } else { 0 });
        }
        let kept = place.rows("SELECT position, field, raw FROM rejected");
        #[cfg(feature = "intake-postgres")]
        let kept: Vec<Vec<String>> = kept
            .iter()
            .map(|row| row.iter().map(|text| readable(text)).collect())
            .collect();
        assert_eq!(kept, [["1", "/feeLst/1/callEndTime", bad]]);
        assert_eq!(
            place.rows("SELECT session_id FROM calls ORDER BY 1"),
            [["s-1"], ["s-3"]]
        );
    });
}

/// PostgreSQL shows bytes in hexadecimal digits.
#[cfg(feature = "intake-postgres")]
fn readable(text: &str) -> String {
    let Some(digits) = text.strip_prefix("\\x") else {
        return text.to_owned();
    };
    let bytes = (0..digits.len() / 2).map(|byte| u8::from_str_radix(&digits[2 * byte..2 * byte + 2], 16).unwrap());
    String::from_utf8(bytes.collect()).unwrap()
}

#[test]
fn what_is_no_push_is_kept_and_acknowledged() {
    on_every_store(|place| {
        let intake = place.open();
        for body in [
            &b"not json"[..],
            b"\xff\xfe",
            b"",
            b"{\"eventType\":\"fee\",\"feeLst\":[]}",
        ] {
            let receipt = intake.receive(UNSIGNED, body);
            assert_eq!((receipt.reply.status, receipt.rejected, receipt.accepted), (200, 1, 0));
            assert_eq!(receipt.event.unwrap_err().kind(), ErrorKind::MalformedWebhook);
        }
        assert_eq!(
            place.rows("SELECT class, count(*) FROM rejected GROUP BY 1"),
            [["malformed", "4"]]
        );
    });
}

#[test]
fn a_refused_signature_gets_401_and_is_kept() {
    on_every_store(|place| {
        let url = "https://push.example.com/fee";
        let webhook = || {
            Webhook::builder()
                .url(url)
                .application("app-key-0001", "example-secret-0001")
        };
        let intake = place.config().build(webhook().build().unwrap()).unwrap();
        let body = fee(&[cdr("s-1", "")]);
        let receipt = intake.receive(signed("example-secret-0002", url), body.as_bytes());
        assert_eq!((receipt.reply.status, receipt.accepted, receipt.rejected), (401, 0, 1));
        let receipt = intake.receive(signed("example-secret-0001", url), body.as_bytes());
        assert_eq!((receipt.reply.status, receipt.accepted), (200, 1));
        assert!(matches!(receipt.verdict, Verdict::Valid(_)));
        assert_eq!(
            place.rows("SELECT class, verdict FROM rejected"),
            [["refused", "refused"]]
        );
        assert_eq!(place.rows("SELECT verdict FROM cdrs"), [["valid"]]);
    });
}

fn signed(secret: &str, url: &str) -> [(&'static str, String); 3] {
    let secret = &secret.into();
    let signer = PushSigner {
        app_key: "app-key-0001",
        app_secret: secret,
        url,
        form: DigestForm::Newest,
    };
    signer.headers(
        &sign::nonce().unwrap(),
        &sign::created(1_770_000_000, &CreatedZone::Utc),
    )
}

#[test]
fn a_push_of_an_unknown_kind_is_stored_and_acknowledged() {
    on_every_store(|place| {
        let intake = place.open();
        let named = r#"{"eventType":"callin","statusInfo":{"sessionId":"s-1"},"more":[1]}"#;
        let nameless = r#"{"eventType":"placed","operation":"x"}"#;
        for body in [named, nameless] {
            let receipt = intake.receive(UNSIGNED, body.as_bytes());
            assert_eq!((receipt.reply.status, receipt.accepted), (200, 1));
            assert!(matches!(receipt.new_event(), Some(Event::Unknown(_))));
            assert_eq!(intake.receive(UNSIGNED, body.as_bytes()).duplicates, 1);
        }
        assert_eq!(
            place.rows("SELECT session_id, type FROM events ORDER BY type"),
            [["s-1", "?callin"], ["-", "?placed"]]
        );
        assert_eq!(intake.call("s-1").unwrap().unwrap().unknown_events, ["callin"]);
    });
}

#[test]
fn fields_that_a_database_could_choke_on_are_kept() {
    on_every_store(|place| {
        let intake = place.open();
        let long = "语".repeat(50_000);
        let bodies = [
            status(
                "nul-\\u0000-end",
                "callout",
                24,
                "a\\u0000b",
                r#","userData":"x\u0000""#,
            ),
            status(&long, "callout", 24, &long, &format!(r#","userData":"{long}""#)),
            fee(&[cdr(&format!("{long}2"), &format!(r#","hostName":"{long}""#))]),
            status(
                "quote-'-\\\"-;",
                "disconnect",
                49,
                A,
                r#","stateCode":-9223372036854775808"#,
            ),
        ];
        for body in &bodies {
            let receipt = intake.receive(UNSIGNED, body.as_bytes());
            assert_eq!((receipt.reply.status, receipt.accepted), (200, 1));
            assert_eq!(intake.receive(UNSIGNED, body.as_bytes()).duplicates, 1);
        }
        for session in ["nul-\0-end", &long, &format!("{long}2"), "quote-'-\"-;"] {
            assert_eq!(
                intake.call(session).unwrap().unwrap().session_id.as_deref(),
                Some(session)
            );
        }
    });
}

#[test]
fn what_stands_beside_the_records_is_kept_with_each() {
    on_every_store(|place| {
        let body = format!(r#"{{"eventType":"fee","trace":[1],"feeLst":[{}]}}"#, cdr("s-1", ""));
        assert_eq!(place.open().receive(UNSIGNED, body.as_bytes()).accepted, 1);
        assert_eq!(place.rows("SELECT beside FROM cdrs"), [[r#"{"trace":[1]}"#]]);
    });
}

#[test]
fn many_threads_at_once_lose_nothing() {
    on_every_store(|place| {
        let intake = place.open();
        std::thread::scope(|scope| {
            for thread in 0..16 {
                let intake = &intake;
                scope.spawn(move || {
                    for number in 0..20 {
                        let own = status(&format!("own-{thread}-{number}"), "callout", 24, A, "");
                        let shared = fee(&[cdr(&format!("shared-{number}"), "")]);
                        assert_eq!(intake.receive(UNSIGNED, own.as_bytes()).accepted, 1);
                        let receipt = intake.receive(UNSIGNED, shared.as_bytes());
                        assert_eq!((receipt.reply.status, receipt.accepted + receipt.duplicates), (200, 1));
                    }
                });
            }
        });
        assert_eq!(place.rows("SELECT count(*) FROM cdrs"), [["20"]]);
        assert_eq!(place.rows("SELECT count(*) FROM events"), [["320"]]);
    });
}

#[test]
fn a_closed_intake_stores_nothing_and_says_500() {
    on_every_store(|place| {
        let intake = place.open();
        intake.close();
        let receipt = intake.receive(UNSIGNED, fee(&[cdr("s-1", "")]).as_bytes());
        assert_eq!((receipt.reply.status, receipt.accepted), (500, 0));
        assert_eq!(receipt.event.unwrap_err().kind(), ErrorKind::Closed);
    });
}
