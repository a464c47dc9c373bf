//! What the person at the terminal reads: steps as they run, and the table at the end.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::sync::Mutex;
use std::time::Duration;

use crate::tally::Tally;

/// How a part of a run ended.
pub(crate) struct Row {
    pub(crate) part: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) took: Duration,
}

/// What came of a part.
pub(crate) enum Outcome {
    Ran(Tally),
    /// Something that it needs is not here.
    Skipped,
}

impl Outcome {
    pub(crate) fn failed(&self) -> usize {
        self.tally().failed
    }

    fn tally(&self) -> Tally {
        match self {
            Outcome::Ran(tally) => *tally,
            Outcome::Skipped => Tally::default(),
        }
    }
}

pub(crate) fn say(line: &str) {
    println!("{line}");
}

pub(crate) fn complain(line: &str) {
    eprintln!("xtask: {line}");
}

/// Tells what is not tested and why: now, and again where the run ends.
pub(crate) fn skip(what: &str, why: &str) {
    let line = format!("SKIPPED {what}: {why}");
    say(&line);
    if let Ok(mut lines) = SKIPPED.lock() {
        lines.push(line);
    }
}

static SKIPPED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Prints the table, what was skipped, and the closing line that counts everything.
pub(crate) fn table(rows: &[Row]) {
    say(&format!(
        "\n{:<12} {:>7} {:>7} {:>9}",
        "part", "tests", "failed", "seconds"
    ));
    let mut total = Tally::default();
    for row in rows {
        let tally = row.outcome.tally();
        total.add(tally);
        let skipped = if matches!(row.outcome, Outcome::Skipped) {
            "  SKIPPED"
        } else {
            ""
        };
        say(&format!(
            "{:<12} {:>7} {:>7} {:>9.1}{skipped}",
            row.part,
            tally.passed + tally.failed,
            tally.failed,
            row.took.as_secs_f64()
        ));
    }
    if let Ok(lines) = SKIPPED.lock() {
        lines.iter().for_each(|line| say(line));
    }
    say(&format!("\n{} passed, {} failed", total.passed, total.failed));
}
