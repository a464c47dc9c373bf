//! `cargo xtask test`: every part of the house, each counted; the last line counts them all.

use std::time::Instant;

use crate::command::{self, Finished};
use crate::report::{self, Row};

/// A part: its name and the command that tests it.
struct Part {
    name: &'static str,
    command: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

const fn cargo(name: &'static str, command: &'static [&'static str]) -> Part {
    Part {
        name,
        command,
        environment: &[],
    }
}

const PARTS: &[Part] = &[
    cargo("format", &["fmt", "--all", "--check"]),
    cargo(
        "lints",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
    ),
    cargo("core", &["test", "--package", "voicecall-core", "--locked"]),
    cargo("sandbox", &["test", "--package", "voicecall-sandbox", "--locked"]),
    cargo("cli", &["test", "--package", "voicecall-cli", "--locked"]),
    cargo("xtask", &["test", "--package", "voicecall-xtask", "--locked"]),
    Part {
        name: "docs",
        command: &["doc", "--workspace", "--no-deps", "--locked"],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
    },
];

/// The names of all parts.
pub(crate) fn parts() -> String {
    PARTS.iter().map(|part| part.name).collect::<Vec<_>>().join(" ")
}

/// Tests the named parts, or all.
pub(crate) fn run(names: &[String]) -> Result<bool, String> {
    if let Some(name) = names.iter().find(|name| PARTS.iter().all(|part| part.name != *name)) {
        return Err(format!("no part {name:?}; there are {}", parts()));
    }
    let wanted = PARTS
        .iter()
        .filter(|part| names.is_empty() || names.iter().any(|name| name == part.name));
    let rows = wanted.map(test).collect::<Result<Vec<_>, _>>()?;
    report::table(&rows);
    Ok(rows.iter().all(|row| row.failed == 0))
}

fn test(part: &Part) -> Result<Row, String> {
    let begun = Instant::now();
    let finished = command::run("cargo", part.command, part.environment)?;
    let (passed, failed) = count(&finished);
    Ok(Row {
        part: part.name,
        passed,
        failed,
        took: begun.elapsed(),
    })
}

/// Adds up the closing lines of the test runner. A command without tests counts as one; a command that failed without
/// a failed test (it did not compile, say) as one failure.
fn count(finished: &Finished) -> (usize, usize) {
    let (passed, failed) = finished
        .lines
        .iter()
        .filter_map(|line| line.trim().strip_prefix("test result: "))
        .fold((0, 0), |(passed, failed), line| {
            (passed + before(line, "passed"), failed + before(line, "failed"))
        });
    match (finished.succeeded, passed + failed) {
        (true, 0) => (1, 0),
        (true, _) => (passed, failed),
        (false, _) => (passed, failed.max(1)),
    }
}

/// The number in front of a word: 31 in `ok. 31 passed; 0 failed`.
fn before(line: &str, word: &str) -> usize {
    let words: Vec<_> = line.split([' ', ';']).collect();
    let position = words.iter().position(|candidate| *candidate == word);
    position
        .and_then(|position| words.get(position.checked_sub(1)?)?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Finished, count};

    fn finished(succeeded: bool, lines: &[&str]) -> Finished {
        Finished {
            succeeded,
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    #[test]
    fn closing_lines_are_added_up() {
        let lines = [
            "running 2 tests",
            "test result: ok. 31 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ];
        assert_eq!(count(&finished(false, &lines)), (34, 2));
    }

    #[test]
    fn a_failure_without_a_failed_test_is_still_a_failure() {
        assert_eq!(count(&finished(false, &["error: could not compile"])), (0, 1));
        assert_eq!(count(&finished(true, &[])), (1, 0));
    }
}
