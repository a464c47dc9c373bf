//! The manual's account of what the contract documents and where it is held: nothing documented is left out, and every
//! test that it names is there.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use voicecall_core::codes::Table;
use voicecall_sandbox::{Choices, Options};

/// Sections of the contract, as its two documents number them.
const REQUESTS: [&str; 28] = [
    "1", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12",
    "13.1", "13.2", "13.3", "13.4", "14", "15", "16", "17", "18",
];
const PUSHES: [&str; 19] = [
    "1", "2", "3.1", "3.2", "3.3", "4", "5", "6", "7.1", "7.2", "7.3", "8.1", "8.2", "8.3", "8.4", "9", "10", "11",
    "12",
];

/// The chapter of the manual with this heading, up to the next one of its rank.
fn chapter(heading: &str) -> &'static str {
    let manual = include_str!("../README.md");
    let rank = heading.split(' ').next().unwrap();
    let (_, after) = manual.split_once(&format!("\n{heading}\n")).unwrap();
    after
        .split_once(&format!("\n{rank} "))
        .map_or(after, |(chapter, _)| chapter)
}

/// The cells of the rows of all tables in a text.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines = text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    lines
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

/// Texts in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn words_of(text: &str, is_part: fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !is_part(c)).filter(|word| !word.is_empty())
}

/// The names of all functions in the sources under this folder.
fn functions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let tests = text.split("#[test]\n").skip(1);
            found.extend(tests.filter_map(|test| {
                let (_, after) = test.split_once("fn ")?;
                Some(after.split_once('(')?.0.to_owned())
            }));
        }
    }
}

#[test]
fn every_test_that_the_manual_names_is_there() {
    let mut there = BTreeSet::new();
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    functions(&package.join("src"), &mut there);
    functions(&package.join("tests"), &mut there);
    let mut named = 0;
    for row in rows(chapter("## Fidelity")) {
        let Some(cell) = row
            .last()
            .filter(|_| row.len() > 2 && row[0] != "section" && row[0] != "code")
        else {
            continue;
        };
        let tests: Vec<_> = quoted(cell).collect();
        assert!(!tests.is_empty(), "no test: {row:?}");
        for test in tests {
            assert!(there.contains(test), "no such test: {test}");
            named += 1;
        }
    }
    assert!(named > 90, "{named}");
}

#[test]
fn every_section_of_the_contract_is_accounted_for() {
    let chapter = chapter("## Fidelity");
    let words: Vec<_> = words_of(chapter, |c| c.is_ascii_alphanumeric() || c == '.').collect();
    // `r 5`, or `r 15 and r 17`; a sentence may end with one.
    let pairs: BTreeSet<_> = words
        .windows(2)
        .map(|pair| (pair[0], pair[1].trim_end_matches('.')))
        .collect();
    for (document, sections) in [("r", &REQUESTS[..]), ("p", &PUSHES)] {
        for section in sections {
            assert!(pairs.contains(&(document, *section)), "{document} {section}");
        }
    }
}

#[test]
fn every_documented_result_code_is_brought_about_or_told_to_be_out_of_reach() {
    let digits = |text: &'static str| words_of(text, |c| c.is_ascii_digit());
    let states: BTreeSet<_> = rows(chapter("### Result codes"))
        .iter()
        .flat_map(|row| digits(row[0]))
        .collect();
    let out_of_reach: BTreeSet<_> = rows(chapter("### Not reproducible"))
        .iter()
        .flat_map(|row| digits(row[0]))
        .collect();
    for row in Table::Result.rows() {
        let code = row.code.as_str();
        assert!(states.contains(code) || out_of_reach.contains(code), "{code}");
    }
}

#[test]
fn every_choice_is_in_the_manual_with_its_default() {
    let settings = rows(chapter("### Settings where the contract is open or in conflict"));
    let Value::Object(choices) = serde_json::to_value(Choices::default()).unwrap() else {
        unreachable!("a record");
    };
    for (name, default) in choices {
        let name = format!("`choices.{name}`");
        let row = settings.iter().find(|row| row[1] == name);
        let row = row.unwrap_or_else(|| unreachable!("{name} is not in the manual"));
        if !default.is_object() {
            let first = row[2].trim_start_matches('`');
            assert!(first.starts_with(&default.to_string()), "{name}: {default}");
        }
    }
}

#[test]
fn every_request_of_the_admin_api_is_in_the_manual() {
    let documented: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
    let chapter = chapter("## Admin API");
    for (path, operations) in documented["paths"].as_object().unwrap() {
        assert!(chapter.contains(path.as_str()), "{path}");
        for method in operations
            .as_object()
            .unwrap()
            .keys()
            .filter(|name| *name != "parameters")
        {
            let method = method.to_uppercase();
            let line = |line: &str| line.contains(&method) && line.contains(path.as_str());
            assert!(chapter.lines().any(line), "{method} {path}");
        }
    }
}

#[test]
fn the_file_that_the_manual_shows_can_be_used() {
    let (_, after) = include_str!("../README.md").split_once("```toml\n").unwrap();
    let options = Options::from_toml(after.split_once("```").unwrap().0).unwrap();
    assert!(options.account.applications.contains_key("MyKey"));
}
