//! How the parts of a run ended: the table at its end.

use std::time::Duration;

use crate::report::{self, say};
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

/// Prints the table, what was skipped and what failed, and the closing line that counts everything.
pub(crate) fn print(rows: &[Row]) {
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
    report::skipped().iter().for_each(|line| say(line));
    // Said once more: a run prints ten thousand lines.
    report::failed().iter().for_each(|line| say(&format!("- {line}")));
    say(&format!("\n{} passed, {} failed", total.passed, total.failed));
}
