//! A nonce belongs to the body that it came with: for every receiver of a store, after a restart, and only once the push is
//! safe.

use std::time::{Duration, SystemTime};

use voicecall_core::Secret;
use voicecall_core::intake::Intake;
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{DigestForm, PushSigner, Verdict, Webhook};

use super::pushes::{A, cdr, fee, status};
use super::stores::{Place, on_every_store, sqlite};

const URL: &str = "https://push.example.com/push";
const NOW: u64 = 1_770_000_000;

pub(crate) fn checked(place: &Place) -> Intake {
    let webhook = Webhook::builder()
        .url(URL)
        .application("app-key-0001", "example-secret-0001");
    place.config().build(webhook.build().unwrap()).unwrap()
}

pub(crate) fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

pub(crate) fn signed(nonce: &str, seconds: u64) -> [(&'static str, String); 3] {
    let app_secret = &Secret::from("example-secret-0001");
    let signer = PushSigner {
        app_key: "app-key-0001",
        app_secret,
        url: URL,
        form: DigestForm::Newest,
    };
    let created = sign::created(i64::try_from(seconds).unwrap(), &CreatedZone::Utc);
    signer.headers(nonce, &created)
}

fn reply(intake: &Intake, nonce: &str, body: &str, seconds: u64) -> (u16, usize, usize) {
    let receipt = intake.receive_at(signed(nonce, NOW), body.as_bytes(), at(seconds));
    (receipt.reply.status, receipt.accepted, receipt.duplicates)
}

#[test]
fn a_nonce_carries_one_body_whoever_receives_it() {
    on_every_store(|place| {
        let genuine = fee(&[cdr("s-1", "")]);
        let forged = fee(&[cdr("s-9", "")]);
        let one = checked(place);
        assert_eq!(reply(&one, "a", &genuine, NOW), (200, 1, 0));
        assert_eq!(reply(&one, "a", &genuine, NOW + 3600), (200, 0, 1));
        for intake in [&one, &checked(place)] {
            assert_eq!(reply(intake, "a", &forged, NOW + 3600), (401, 0, 0));
            assert_eq!(reply(intake, "a", &genuine, NOW + 8 * 3600), (200, 0, 1));
        }
        assert_eq!(place.rows("SELECT session_id FROM cdrs"), [["s-1"]]);
        assert_eq!(
            place.rows("SELECT class, verdict FROM rejected"),
            [["refused", "refused"]]
        );
        let again = one.receive_at(signed("a", NOW), genuine.as_bytes(), at(NOW));
        assert!(matches!(again.verdict, Verdict::Valid(signature) if signature.repeated));
    });
}

#[test]
fn two_bodies_at_the_same_time_are_one() {
    on_every_store(|place| {
        let intake = checked(place);
        std::thread::scope(|scope| {
            for number in 0..16 {
                let intake = &intake;
                scope.spawn(move || {
                    let body = fee(&[cdr(&format!("s-{number}"), "")]);
                    let (status, ..) = reply(intake, "a", &body, NOW);
                    assert!(matches!(status, 200 | 401), "{status}");
                });
            }
        });
        assert_eq!(place.rows("SELECT count(*) FROM cdrs"), [["1"]]);
    });
}

#[test]
fn what_is_stored_gets_200_whatever_its_nonce() {
    on_every_store(|place| {
        let intake = checked(place);
        let one = fee(&[cdr("s-1", "")]);
        let both = fee(&[cdr("s-1", ""), cdr("s-2", "")]);
        let event = status("s-1", "answer", 31, A, "");
        assert_eq!(reply(&intake, "a", &both, NOW), (200, 2, 0));
        assert_eq!(reply(&intake, "b", &event, NOW), (200, 1, 0));
        assert_eq!(reply(&intake, "a", &one, NOW), (200, 0, 1));
        assert_eq!(reply(&intake, "a", &event, NOW), (200, 0, 1));
        let more = fee(&[cdr("s-1", r#","hostName":"h""#)]);
        assert_eq!(reply(&intake, "a", &more, NOW), (401, 0, 0));
    });
}

#[test]
fn a_push_that_was_not_stored_or_not_whole_has_spent_nothing() {
    let place = sqlite();
    let impatient = place.config().store_timeout(Duration::from_millis(50));
    let webhook = Webhook::builder()
        .url(URL)
        .application("app-key-0001", "example-secret-0001");
    let intake = impatient.build(webhook.build().unwrap()).unwrap();
    let body = fee(&[cdr("s-1", ""), cdr("s-2", "")]);
    let lock = rusqlite::Connection::open(place.file().unwrap()).unwrap();
    lock.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(reply(&intake, "a", &body, NOW), (500, 0, 0));
    lock.execute_batch("ROLLBACK").unwrap();
    assert_eq!(reply(&intake, "a", &body[..body.len() - 30], NOW), (500, 1, 0));
    assert_eq!(reply(&intake, "a", &body, NOW), (200, 1, 1));
}

#[test]
fn what_has_expired_is_forgotten() {
    on_every_store(|place| {
        let intake = checked(place);
        let push = |number: u64, now: u64| {
            let body = status(&format!("s-{number}"), "answer", 31, A, "");
            let headers = signed(&format!("n{number}"), now);
            assert_eq!(intake.receive_at(headers, body.as_bytes(), at(now)).reply.status, 200);
        };
        (0..20).for_each(|number| push(number, NOW));
        assert_eq!(place.rows("SELECT count(*) FROM intake_nonce"), [["20"]]);
        // Each 256th or so cleans up.
        (20..3000).for_each(|number| push(number, NOW + 40_000));
        let old = "SELECT count(*) FROM intake_nonce WHERE kept_until < 1770040000";
        assert_eq!(place.rows(old), [["0"]]);
    });
}
