//! `explain`: what codes mean.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use serde_json::json;
use support::{Cli, golden};

#[test]
fn people_read_meaning_and_advice() {
    let cli = Cli::new();
    golden::check(
        "explain.txt",
        &cli.run(&["explain", "8102", "1010010", "404", "31", "99999"])
            .ended(0)
            .out,
    );
}

#[test]
fn a_table_can_be_chosen() {
    let cli = Cli::new();
    let rows = cli.run(&["explain", "0", "--table", "q850", "--json"]).ended(0).json();
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0]["table"], &rows[0]["code"]), (&json!("q850"), &json!("0")));
    let all = cli.run(&["explain", "0", "--json"]).ended(0).json();
    assert_eq!(all.len(), 4, "the same number means something in each table");
}

#[test]
fn a_code_with_two_meanings_shows_both_and_a_row_of_its_own_hides_its_range() {
    let cli = Cli::new();
    let rows = cli.run(&["explain", "1010010", "--json"]).ended(0).json();
    let statuses: Vec<_> = rows.iter().map(|row| &row["http_status"]).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(statuses.contains(&&json!(401)), "{rows:?}");
    let rows = cli
        .run(&["explain", "522", "--table", "release_point", "--json"])
        .ended(0)
        .json();
    assert_eq!(rows.iter().map(|row| &row["row"]).collect::<Vec<_>>(), ["522"]);
}

#[test]
fn an_unknown_code_fails_unless_another_is_known_and_no_code_is_wrong_usage() {
    let cli = Cli::new();
    let unknown = [json!({"code": "99999", "known": false})];
    assert_eq!(cli.run(&["explain", "99999", "--json"]).ended(1).json(), unknown);
    let both = cli.run(&["explain", "99999", "8102", "--json"]).ended(0).json();
    assert_eq!(both[0], unknown[0]);
    for wrong in [
        &["explain", "busy"][..],
        &["explain", "-1"],
        &["explain"],
        &["explain", "1", "--table", "sip"],
    ] {
        cli.run(wrong).ended(2).complaint();
    }
}
