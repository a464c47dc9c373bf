//! What was checked, and how much of it held.

use crate::command::Finished;
use crate::report;

/// Checks that passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Tally {
    /// Counts one check, and says how it went: `Err` tells what is wrong and, where there is one, the command that
    /// repairs it.
    pub(crate) fn check(&mut self, fact: &str, result: Result<(), String>) {
        match result {
            Ok(()) => {
                self.passed += 1;
                report::say(&format!("ok     {fact}"));
            }
            Err(fault) => {
                self.failed += 1;
                report::say(&format!("FAILED {fact}: {fault}"));
            }
        }
    }

    pub(crate) fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Adds up the closing lines of a test runner. A command without tests counts as one; a command that failed without
    /// a failed test (it did not compile, say) as one failure.
    pub(crate) fn of(finished: &Finished) -> Tally {
        let mut tally = Tally::default();
        for line in finished
            .lines
            .iter()
            .filter_map(|line| line.trim().strip_prefix("test result: "))
        {
            tally.passed += before(line, "passed");
            tally.failed += before(line, "failed");
        }
        match (finished.succeeded, tally.passed + tally.failed) {
            (true, 0) => tally.passed = 1,
            (true, _) => {}
            (false, _) => tally.failed = tally.failed.max(1),
        }
        tally
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
    use super::{Finished, Tally};

    fn counted(succeeded: bool, lines: &[&str]) -> (usize, usize) {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        let tally = Tally::of(&Finished { succeeded, lines });
        (tally.passed, tally.failed)
    }

    #[test]
    fn closing_lines_are_added_up() {
        let lines = [
            "running 2 tests",
            "test result: ok. 31 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ];
        assert_eq!(counted(false, &lines), (34, 2));
    }

    #[test]
    fn a_failure_without_a_failed_test_is_still_a_failure() {
        assert_eq!(counted(false, &["error: could not compile"]), (0, 1));
        assert_eq!(counted(false, &["test result: ok. 3 passed; 0 failed"]), (3, 1));
        assert_eq!(counted(true, &[]), (1, 0));
    }
}
