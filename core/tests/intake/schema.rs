//! The views are what SCHEMA.md says, in both stores.

use super::stores::on_every_store;

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
