//! `cargo xtask test php`: the package's own tests, which run its examples and the programs in its READMEs too.

use std::path::PathBuf;

use crate::built;
use crate::c::library;
use crate::command::{self, root};
use crate::tally::Tally;
use crate::tools;

/// Everything about PHP.
pub(crate) fn test() -> Result<Tally, String> {
    require()?;
    tools::require("phpunit", "phpunit")?;
    let has_psr7 = || command::output("php", &["-r", "require 'GuzzleHttp/Psr7/autoload.php';"]).is_ok();
    tools::require_that(has_psr7, "guzzlehttp/psr7", "php-guzzlehttp-psr7")?;
    let voicecall = built::voicecall()?;
    let library = library::build("php", &[])?;
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let environment = [
        ("LD_LIBRARY_PATH", text(library.folder)),
        ("VOICECALL_COMMAND", text(voicecall)),
        ("VOICECALL_VECTORS", text(root().join("core/tests/vectors"))),
    ];
    let environment: Vec<_> = environment
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let arguments = ["--configuration", "bindings/php/phpunit.xml", "--fail-on-skipped"];
    let finished = command::run("phpunit", &arguments, &environment)?;
    let mut tally = counted(&finished.lines);
    if !finished.succeeded {
        tally.failed = tally.failed.max(1);
    }
    Ok(tally)
}

/// The interpreter with what it needs; FFI and JSON are in it.
pub(crate) fn require() -> Result<(), String> {
    tools::require("php", "php-cli")
}

/// Counts by the closing line: `OK (58 tests, 2861 assertions)`, or `Tests: 58, Assertions: 2861, Errors: 1, Failures: 2.`
fn counted(lines: &[String]) -> Tally {
    let mut tally = Tally::default();
    for line in lines {
        if let Some(tests) = line.strip_prefix("OK (").and_then(|rest| rest.split_once(' ')) {
            tally.passed = tests.0.parse().unwrap_or(0);
        } else if line.starts_with("Tests: ") {
            let number = |name: &str| number_behind(line, name);
            tally.failed = ["Errors", "Failures", "Warnings", "Skipped", "Incomplete", "Risky"]
                .into_iter()
                .map(number)
                .sum();
            tally.passed = number("Tests").saturating_sub(tally.failed);
        }
    }
    tally
}

fn number_behind(line: &str, name: &str) -> usize {
    let pairs = line.trim_end_matches('.').split(", ");
    let found = pairs
        .filter_map(|pair| pair.split_once(": "))
        .find(|pair| pair.0 == name);
    found.and_then(|pair| pair.1.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::counted;

    fn numbers(line: &str) -> (usize, usize) {
        let tally = counted(&["Time: 00:01".to_owned(), line.to_owned()]);
        (tally.passed, tally.failed)
    }

    #[test]
    fn the_closing_line_is_read() {
        assert_eq!(numbers("OK (58 tests, 2861 assertions)"), (58, 0));
        assert_eq!(numbers("OK (1 test, 1 assertion)"), (1, 0));
        assert_eq!(numbers("Tests: 58, Assertions: 2786, Errors: 1, Failures: 3."), (54, 4));
        assert_eq!(numbers("Tests: 7, Assertions: 9, Skipped: 2."), (5, 2));
        assert_eq!(numbers("PHP Fatal error:  Uncaught"), (0, 0));
    }
}
