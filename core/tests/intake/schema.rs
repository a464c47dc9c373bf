//! The views are what SCHEMA.md says, in both stores.

use std::sync::Barrier;

use super::pushes::{UNSIGNED, cdr, fee};
use super::stores::{Place, on_every_store};

const DOCUMENT: &str = include_str!("../../src/intake/SCHEMA.md");

/// Views and their columns as the document lists them: a heading `` ## `name` ``, then a table whose first cells name
/// columns.
fn documented() -> Vec<(String, Vec<String>)> {
    let mut views: Vec<(String, Vec<String>)> = Vec::new();
    for line in DOCUMENT.lines() {
        let name = |rest: &str| rest.split('`').next().unwrap().to_owned();
        if let Some(rest) = line.strip_prefix("## `") {
            views.push((name(rest), Vec::new()));
        } else if let (Some(rest), Some((_, columns))) = (line.strip_prefix("| `"), views.last_mut()) {
            columns.push(name(rest));
        }
    }
    views
}

#[test]
fn every_view_has_exactly_the_documented_columns() {
    let views = documented();
    assert_eq!(views.len(), 7);
    on_every_store(|place| {
        drop(place.open());
        for (view, columns) in &views {
            let list = columns.join(", ");
            place.rows(&format!("SELECT {list} FROM {view}"));
            let by_hand = match place.file() {
                Some(_) => format!("SELECT name FROM pragma_table_info('{view}')"),
                None => format!(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = '{view}' \
                     AND table_schema = current_schema() ORDER BY ordinal_position"
                ),
            };
            let found: Vec<_> = place.rows(&by_hand).into_iter().flatten().collect();
            assert_eq!(&found, columns, "{view}");
        }
    });
}

/// A store as the version before made it, with a call and a text that could not be taken.
fn of_schema_1(place: &Place) {
    let filling = "INSERT INTO intake_meta (name, value) VALUES ('numbers', 'plain'); \
        INSERT INTO intake_call (session_id, state, opened_at, last_at) VALUES ('s-1', 70, 1, 2); \
        INSERT INTO intake_rejected (class, fingerprint, received_at, reason, verdict, size, raw) \
        VALUES ('malformed', 'f', 1000, 'r', 'unsigned', 1, 'x')";
    match place.file() {
        Some(file) => {
            let store = rusqlite::Connection::open(file).unwrap();
            store
                .execute_batch(include_str!("../../src/intake/schema/sqlite-1.sql"))
                .unwrap();
            store
                .execute_batch("PRAGMA application_id = 1447258478; PRAGMA user_version = 1")
                .unwrap();
            store.execute_batch(filling).unwrap();
        }
        #[cfg(feature = "intake-postgres")]
        None => {
            let schema = "INSERT INTO intake_meta (name, value) VALUES ('schema', '1')";
            place.batch(&[include_str!("../../src/intake/schema/postgres-1.sql"), schema, filling]);
        }
        #[cfg(not(feature = "intake-postgres"))]
        None => {}
    }
}

#[test]
fn a_store_of_the_version_before_is_migrated_once_however_many_open_it() {
    on_every_store(|place| {
        of_schema_1(place);
        let together = Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    together.wait();
                    drop(place.open());
                });
            }
        });
        assert_eq!(place.rows("SELECT session_id, state FROM calls"), [["s-1", "billed"]]);
        assert_eq!(place.rows("SELECT reason, id FROM rejected"), [["r", "1"]]);
        assert_eq!(place.rows("SELECT count(*) FROM intake_nonce"), [["0"]]);
        let receipt = place.open().receive(UNSIGNED, fee(&[cdr("s-2", "")]).as_bytes());
        assert_eq!((receipt.reply.status, receipt.accepted), (200, 1));
    });
}

#[test]
fn every_state_has_its_name_in_the_view() {
    use voicecall_core::intake::State;
    for schema in [
        include_str!("../../src/intake/schema/sqlite-1.sql"),
        include_str!("../../src/intake/schema/postgres-1.sql"),
    ] {
        // `attempted` is no state of a call that a store knows.
        for state in State::ALL.iter().skip(1) {
            assert!(schema.contains(&format!("THEN '{state}'")), "{state}");
        }
    }
}
