//! The rule of the reply: 200 if and only if each well-formed push is in the store.

use voicecall_core::ErrorKind;
use voicecall_core::intake::RejectedFilter;
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{DigestForm, Event, PushSigner, Verdict, Webhook};

use super::pushes::{A, UNSIGNED, cdr, fee, status};
use super::stores::{on_every_store, sqlite};

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
        let bad = r#"{"sessionId":2,"callEndTime":"soon"}"#;
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
        assert_eq!(kept, [["1", "/feeLst/1/sessionId", bad]]);
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
fn what_is_no_push_is_kept_and_acknowledged_when_it_comes_again_the_same() {
    on_every_store(|place| {
        let intake = place.open();
        for body in [&b"not json"[..], b"\xff\xfe", b"{\"eventType\":\"fee\",\"feeLst\":[]}"] {
            for status in [400, 200, 200] {
                let receipt = intake.receive(UNSIGNED, body);
                assert_eq!(
                    (receipt.reply.status, receipt.rejected, receipt.accepted),
                    (status, 1, 0)
                );
                assert_eq!(receipt.event.unwrap_err().kind(), ErrorKind::MalformedWebhook);
            }
        }
        assert_eq!(
            place.rows("SELECT class, count(*) FROM rejected GROUP BY 1"),
            [["malformed", "3"]]
        );
    });
}

#[test]
fn an_empty_body_is_never_acknowledged() {
    on_every_store(|place| {
        let intake = place.open();
        for body in [&b""[..], b" \r\n\t"] {
            for _ in 0..2 {
                let receipt = intake.receive(UNSIGNED, body);
                assert_eq!((receipt.reply.status, receipt.rejected), (400, 0));
                assert!(receipt.event.unwrap_err().message().contains("has read it already"));
            }
        }
        assert_eq!(place.rows("SELECT count(*) FROM rejected"), [["0"]]);
    });
}

#[test]
fn a_body_that_ends_too_early_is_asked_for_again_and_its_whole_records_are_stored() {
    on_every_store(|place| {
        let intake = place.open();
        let body = fee(&[cdr("s-1", ""), cdr("s-2", ""), cdr("s-3", "")]);
        let cut = &body.as_bytes()[..body.rfind("s-3").unwrap() + 40];
        for (accepted, duplicates) in [(2, 0), (0, 2)] {
            let receipt = intake.receive(UNSIGNED, cut);
            assert_eq!(
                (
                    receipt.reply.status,
                    receipt.accepted,
                    receipt.duplicates,
                    receipt.rejected
                ),
                (500, accepted, duplicates, 1)
            );
        }
        let kept = place.rows("SELECT class, size FROM rejected");
        assert_eq!(kept, [["malformed".to_owned(), cut.len().to_string()]]);
        let whole = intake.receive(UNSIGNED, body.as_bytes());
        assert_eq!((whole.reply.status, whole.accepted, whole.duplicates), (200, 1, 2));
        for body in [&body.as_bytes()[..10], &body.as_bytes()[..40]] {
            for _ in 0..2 {
                assert_eq!(intake.receive(UNSIGNED, body).reply.status, 500);
            }
        }
    });
}

#[test]
fn damaged_text_costs_its_record_and_is_kept_byte_for_byte() {
    let damages: [&[u8]; 2] = [b"\xe5\x91", b"\xd3\xef\xd2\xf4"];
    for (damage, key) in damages.iter().flat_map(|damage| [(damage, false), (damage, true)]) {
        let place = sqlite();
        let config = if key {
            place.config().numbers_key("a-key-of-the-user-0001")
        } else {
            place.config()
        };
        let intake = place.open_with(config);
        let parts = fee(&[cdr("s-1", ""), cdr("s-2", r#","userData":"@""#), cdr("s-3", "")]);
        let (before, after) = parts.split_once('@').unwrap();
        let body = [before.as_bytes(), damage, after.as_bytes()].concat();
        let receipt = intake.receive(UNSIGNED, &body);
        assert_eq!((receipt.reply.status, receipt.accepted, receipt.rejected), (200, 2, 1));
        let page = intake.rejected(&RejectedFilter::new()).unwrap();
        let raw = &page.texts[0].raw;
        assert_eq!(raw.windows(damage.len()).any(|window| window == *damage), !key);
        assert_eq!(raw.windows(7).any(|window| window == b"8613800"), !key);
        let calls = place.rows("SELECT session_id FROM calls ORDER BY 1");
        assert_eq!(calls, [["s-1"], ["s-3"]]);
    }
}

#[test]
fn hashing_numbers_makes_no_push_too_long() {
    on_every_store(|place| {
        let intake = place.open_with(place.config().numbers_key("a-key-of-the-user-0001"));
        let record = |name: &str, blanks: usize| cdr(name, &format!(r#","x":"{}""#, "a".repeat(blanks)));
        let most = 1024 * 1024 - fee(&[record("s-1", 0)]).len();
        let many: Vec<_> = (0..900)
            .map(|number| cdr(&format!("n-{number}"), &format!(r#","x":"{}""#, "a".repeat(700))))
            .collect();
        for body in [fee(&[record("s-1", most)]), fee(&many)] {
            let receipt = intake.receive(UNSIGNED, body.as_bytes());
            assert_eq!((receipt.reply.status, receipt.rejected), (200, 0), "{receipt}");
        }
        let call = intake.call("s-1").unwrap().unwrap();
        assert_eq!(call.cdrs.len(), 1, "what is stored can be read");
        assert_eq!(place.rows("SELECT count(*) FROM cdrs"), [["901"]]);
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
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let seconds = i64::try_from(since.as_secs()).unwrap();
    signer.headers(&sign::nonce().unwrap(), &sign::created(seconds, &CreatedZone::Utc))
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
