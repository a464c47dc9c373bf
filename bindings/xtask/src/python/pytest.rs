//! Runs pytest, and counts.

use super::environment::Environment;
use super::{folder, text};
use crate::command::{self, Finished};
use crate::tally::Tally;

/// Runs the tests, without those in the files that are `left_out`, on what is installed in the environment.
pub(super) fn run(environment: &Environment, left_out: &[&str]) -> Result<Tally, String> {
    let tests = folder().join("tests");
    let mut arguments = vec!["-m".to_owned(), "pytest".to_owned(), "--quiet".to_owned(), text(&tests)];
    // Nothing is left behind beside the sources.
    arguments.extend(["-p", "no:cacheprovider"].map(str::to_owned));
    arguments.extend(
        left_out
            .iter()
            .map(|file| format!("--ignore={}", text(&tests.join(file)))),
    );
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let variables = [("PYTHONDONTWRITEBYTECODE", "1")];
    Ok(count(&command::run(&environment.python(), &arguments, &variables)?))
}

/// The closing line: `1 failed, 977 passed in 6.78s`. A test that was skipped did not pass.
fn count(finished: &Finished) -> Tally {
    let closing = finished
        .lines
        .iter()
        .rev()
        .find(|line| line.contains(" in ") && line.contains("s"));
    let of = |word: &str| {
        let parts = closing.into_iter().flat_map(|line| line.trim_matches('=').split(", "));
        let found = parts.filter_map(|part| {
            let (number, what) = part.trim().split_once(' ')?;
            what.starts_with(word).then(|| number.parse::<usize>().ok())?
        });
        found.sum::<usize>()
    };
    let passed = of("passed");
    let failed = of("failed") + of("error") + of("skipped") + of("xfailed") + of("xpassed");
    let unexplained = usize::from((!finished.succeeded && failed == 0) || passed + failed == 0);
    Tally {
        passed,
        failed: failed + unexplained,
    }
}

#[cfg(test)]
mod tests {
    use super::{Finished, Tally, count};

    fn counted(succeeded: bool, lines: &[&str]) -> Tally {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        count(&Finished { succeeded, lines })
    }

    #[test]
    fn the_closing_line_is_read() {
        let failed = [
            "FAILED tests/test_a.py::test_b",
            "1 failed, 977 passed, 2 skipped, 3 errors in 6.78s",
        ];
        assert_eq!(counted(false, &failed), Tally { passed: 977, failed: 6 });
        assert_eq!(
            counted(true, &["== 5 passed in 1.00s =="]),
            Tally { passed: 5, failed: 0 }
        );
    }

    #[test]
    fn a_run_without_tests_and_a_failure_without_a_failed_test_are_failures() {
        assert_eq!(
            counted(true, &["no tests ran in 0.01s"]),
            Tally { passed: 0, failed: 1 }
        );
        assert_eq!(counted(false, &["5 passed in 1.00s"]), Tally { passed: 5, failed: 1 });
        assert_eq!(counted(false, &[]), Tally { passed: 0, failed: 1 });
    }
}
