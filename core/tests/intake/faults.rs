//! Faults that a receiver lives with: a locked store, clocks that jump, floods of duplicates.

use std::time::{Duration, SystemTime};

use super::pushes::{A, B, UNSIGNED, callback_cdr, cdr, fee, status};
use super::stores::{on_every_store, sqlite};

#[test]
fn a_store_that_somebody_locks_gets_500_in_time_and_200_afterwards() {
    let place = sqlite();
    let intake = place.open_with(place.config().store_timeout(Duration::from_millis(100)));
    let body = fee(&[cdr("s-1", "")]);
    let other = rusqlite::Connection::open(place.file().unwrap()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let receipt = intake.receive(UNSIGNED, body.as_bytes());
    assert_eq!((receipt.reply.status, receipt.accepted), (500, 0));
    assert!(receipt.event.unwrap_err().message().contains("another process"));
    assert!(intake.call("s-1").unwrap().is_none(), "reading goes on meanwhile");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(intake.receive(UNSIGNED, body.as_bytes()).accepted, 1);
}

#[test]
fn a_lock_that_is_given_up_in_time_costs_nothing() {
    let place = sqlite();
    let intake = place.open();
    let other = rusqlite::Connection::open(place.file().unwrap()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let receiving = scope.spawn(|| intake.receive(UNSIGNED, fee(&[cdr("s-1", "")]).as_bytes()));
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(receiving.join().unwrap().reply.status, 200);
    });
}

#[test]
fn clocks_that_jump_change_nothing_but_times_of_arrival() {
    on_every_store(|place| {
        let intake = place.open();
        let at = |seconds: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let before_the_epoch = SystemTime::UNIX_EPOCH - Duration::from_secs(86_400);
        let (record, event) = (fee(&[cdr("s-1", "")]), status("s-1", "callout", 24, A, ""));
        for (round, now) in [at(1_769_483_100), at(4_200_000_000), before_the_epoch, at(0)]
            .into_iter()
            .enumerate()
        {
            for body in [&record, &event] {
                let receipt = intake.receive_at(UNSIGNED, body.as_bytes(), now);
                let expected = if round == 0 { (1, 0) } else { (0, 1) };
                assert_eq!(
                    (receipt.reply.status, (receipt.accepted, receipt.duplicates)),
                    (200, expected)
                );
            }
        }
        let story = serde_json::Value::Object(intake.call("s-1").unwrap().unwrap().to_json());
        assert_eq!(
            (&story["state"], &story["legs"][0]["calling_at"]),
            (&"billed".into(), &"2026-01-27T03:04:24Z".into())
        );
        let opened = place.rows("SELECT opened_at FROM calls").remove(0).remove(0);
        assert!(
            opened.starts_with("2026-01-27") && opened.contains("03:04:24"),
            "{opened}"
        );
    });
}

#[test]
fn a_hundred_thousand_duplicates_add_nothing() {
    let place = sqlite();
    let intake = place.open();
    let messages: Vec<_> = (0..4)
        .map(|message| {
            fee(&(0..50)
                .map(|record| cdr(&format!("s-{message}-{record}"), ""))
                .collect::<Vec<_>>())
        })
        .collect();
    for body in &messages {
        assert_eq!(intake.receive(UNSIGNED, body.as_bytes()).accepted, 50);
    }
    let size = || {
        std::fs::metadata(place.file().unwrap().with_extension("db-wal"))
            .unwrap()
            .len()
    };
    let before = size();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (intake, messages) = (&intake, &messages);
            scope.spawn(move || {
                for round in 0..500 {
                    let receipt = intake.receive(UNSIGNED, messages[(round + thread) % 4].as_bytes());
                    assert_eq!(
                        (receipt.reply.status, receipt.accepted, receipt.duplicates),
                        (200, 0, 50)
                    );
                }
            });
        }
    });
    assert_eq!(size(), before, "what is known costs no write");
    assert_eq!(
        place.rows("SELECT count(*), count(DISTINCT session_id) FROM cdrs"),
        [["200", "200"]]
    );
}

/// A trigger that was added by hand stands for whatever a store may refuse.
const POISON: [&str; 2] = [
    "CREATE TRIGGER poison BEFORE INSERT ON intake_cdr WHEN NEW.raw LIKE '%poison%' \
     BEGIN SELECT RAISE(ABORT, 'poison'); END",
    "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN IF NEW.raw LIKE '%poison%' THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$; \
     CREATE TRIGGER poison BEFORE INSERT ON intake_cdr FOR EACH ROW EXECUTE FUNCTION poison()",
];

#[test]
fn a_record_that_the_store_refuses_costs_no_other_one() {
    on_every_store(|place| {
        let intake = place.open();
        place.rows(POISON[usize::from(place.file().is_none())]);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let intake = &intake;
                scope.spawn(move || {
                    for message in 0..10 {
                        let session = |record: &str| format!("s-{thread}-{message}-{record}");
                        let records = [
                            cdr(&session("1"), ""),
                            cdr(&session("2"), if message == 5 { r#","hostName":"poison""# } else { "" }),
                            callback_cdr(&session("3"), ""),
                            cdr(&session("1"), r#","hostName":"h""#),
                        ];
                        let receipt = intake.receive(UNSIGNED, fee(&records).as_bytes());
                        let refused = usize::from(message == 5);
                        assert_eq!((receipt.reply.status, receipt.rejected), (200, refused));
                        assert_eq!((receipt.accepted, receipt.conflicts), (3 - refused, 1));
                        assert_eq!(receipt.is_new(1), message != 5);
                    }
                });
            }
        });
        assert_eq!(place.rows("SELECT count(*) FROM cdrs"), [["232"]]);
        assert_eq!(
            place.rows(
                "SELECT class, verdict, count(*) FROM rejected WHERE reason LIKE '%refused a value%' GROUP BY 1, 2"
            ),
            [["record", "not_checked", "8"]]
        );
        let story = intake.call("s-0-5-3").unwrap().unwrap();
        assert_eq!(story.legs.len(), 2, "numbers and calls of what is stored are stored");
        let found = intake
            .calls(&voicecall_core::intake::CallFilter::new().number(B))
            .unwrap();
        assert_eq!(found.calls.len(), 80);
    });
}
