//! `cargo xtask test`: every part of the house, each counted; the last line counts them all.
//!
//! A part that fails does not keep the others from running. A part that needs what cannot be installed here is skipped
//! aloud; where `CI` is set it has failed.

use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::table::{self, Outcome, Row};
use crate::tally::Tally;
use crate::{
    c, command, csharp, docs, faults, intake, java, missing, node, package, page, php, python, report, supply, tools,
};

/// A part: its name and what tests it.
struct Part {
    name: &'static str,
    how: How,
}

/// How a part is tested.
enum How {
    /// A command of cargo.
    Cargo(&'static [&'static str]),
    /// More than one command.
    Steps(fn() -> Result<Tally, String>),
}

const fn cargo(name: &'static str, command: &'static [&'static str]) -> Part {
    Part {
        name,
        how: How::Cargo(command),
    }
}

const fn steps(name: &'static str, steps: fn() -> Result<Tally, String>) -> Part {
    Part {
        name,
        how: How::Steps(steps),
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
    cargo(
        "core",
        &["test", "--package", "voicecall-core", "--features", "pool", "--locked"],
    ),
    steps("sandbox", page::test),
    steps("intake", intake::test),
    cargo("cli", &["test", "--package", "voicecall-cli", "--locked"]),
    cargo("ffi", &["test", "--package", "voicecall-ffi", "--locked"]),
    cargo("fuzz", &["test", "--package", "voicecall-fuzz", "--locked"]),
    cargo("examples", &["test", "--package", "voicecall-examples", "--locked"]),
    cargo("xtask", &["test", "--package", "voicecall-xtask", "--locked"]),
    steps("c", c::test),
    steps("csharp", csharp::test),
    steps("java", java::test),
    steps("node", node::test),
    steps("python", python::test),
    steps("php", php::test),
    steps("packages", package::strangers::test),
    steps("faults", faults::test),
    steps("supply", supply::test),
    steps("docs", docs::test),
];

/// The names of all parts.
pub(crate) fn parts() -> String {
    PARTS.iter().map(|part| part.name).collect::<Vec<_>>().join(" ")
}

/// Tests the named parts, or all.
pub(crate) fn run(arguments: &[String]) -> Result<bool, String> {
    let (options, names): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|word| *word == "--long");
    intake::IS_LONG.store(!options.is_empty(), Ordering::Relaxed);
    if let Some(name) = names.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        return Err(format!("no part {name:?}; there are {}", parts()));
    }
    let wanted = PARTS
        .iter()
        .filter(|part| names.is_empty() || names.iter().any(|name| *name == part.name));
    let rows: Vec<_> = wanted.map(test).collect();
    table::print(&rows);
    Ok(rows.iter().all(|row| row.outcome.failed() == 0))
}

fn test(part: &Part) -> Row {
    let begun = Instant::now();
    // What an earlier part went without excuses none of the others.
    missing::take();
    let tally = match part.how {
        How::Cargo(command) => command::run("cargo", command, &[]).map(|finished| Tally::of(&finished)),
        How::Steps(steps) => steps(),
    };
    let outcome = match tally {
        Ok(tally) => Outcome::Ran(tally),
        Err(reason) => without_result(part.name, &reason, missing::take() && !tools::is_ci()),
    };
    Row {
        part: part.name,
        outcome,
        took: begun.elapsed(),
    }
}

/// A part that came to no result: skipped where it is excused for want of a program, else failed.
fn without_result(part: &str, reason: &str, excused: bool) -> Outcome {
    if excused {
        report::skip(part, reason);
        return Outcome::Skipped;
    }
    let mut tally = Tally::default();
    tally.check(part, Err(reason.to_owned()));
    Outcome::Ran(tally)
}

#[cfg(test)]
mod tests {
    use super::{Outcome, without_result};

    #[test]
    fn a_part_without_a_result_has_failed_unless_it_is_excused() {
        let failed = without_result("a part", "it does not compile", false);
        assert_eq!(failed.failed(), 1);
        let excused = without_result("a part", "no such program", true);
        assert!(matches!(excused, Outcome::Skipped) && excused.failed() == 0);
    }
}
