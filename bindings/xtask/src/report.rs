//! What the person at the terminal reads: steps as they run, and the table at the end.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::time::Duration;

/// How a part of a run ended.
pub(crate) struct Row {
    pub(crate) part: &'static str,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) took: Duration,
}

pub(crate) fn say(line: &str) {
    println!("{line}");
}

pub(crate) fn complain(line: &str) {
    eprintln!("xtask: {line}");
}

/// Prints the table and the closing line that counts everything.
pub(crate) fn table(rows: &[Row]) {
    say(&format!(
        "\n{:<12} {:>7} {:>7} {:>9}",
        "part", "passed", "failed", "seconds"
    ));
    for row in rows {
        say(&format!(
            "{:<12} {:>7} {:>7} {:>9.1}",
            row.part,
            row.passed,
            row.failed,
            row.took.as_secs_f64()
        ));
    }
    let total = |count: fn(&Row) -> usize| rows.iter().map(count).sum::<usize>();
    say(&format!(
        "\n{} passed, {} failed",
        total(|row| row.passed),
        total(|row| row.failed)
    ));
}
