//! `cargo xtask test`: every part of the house, each counted; the last line counts them all.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::report::{self, Row};
use crate::tally::Tally;
use crate::{c, command, csharp, intake, node, page};

/// A part: its name and what tests it.
struct Part {
    name: &'static str,
    how: How,
}

/// How a part is tested.
enum How {
    /// A command of cargo, with further variables in its environment.
    Cargo {
        command: &'static [&'static str],
        environment: &'static [(&'static str, &'static str)],
    },
    /// More than one command.
    Steps(fn() -> Result<Tally, String>),
}

const fn cargo(name: &'static str, command: &'static [&'static str]) -> Part {
    Part {
        name,
        how: How::Cargo {
            command,
            environment: &[],
        },
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
    cargo("core", &["test", "--package", "voicecall-core", "--locked"]),
    steps("sandbox", page::test),
    steps("intake", intake::test),
    cargo("cli", &["test", "--package", "voicecall-cli", "--locked"]),
    cargo("ffi", &["test", "--package", "voicecall-ffi", "--locked"]),
    cargo("fuzz", &["test", "--package", "voicecall-fuzz", "--locked"]),
    cargo("examples", &["test", "--package", "voicecall-examples", "--locked"]),
    cargo("xtask", &["test", "--package", "voicecall-xtask", "--locked"]),
    steps("c", c::test),
    steps("csharp", csharp::test),
    steps("node", node::test),
    Part {
        name: "docs",
        how: How::Cargo {
            command: &["doc", "--workspace", "--no-deps", "--locked"],
            environment: &[("RUSTDOCFLAGS", "-D warnings")],
        },
    },
];

/// The names of all parts.
pub(crate) fn parts() -> String {
    PARTS.iter().map(|part| part.name).collect::<Vec<_>>().join(" ")
}

/// Whether tests that count on chance take their time: `--long`.
pub(crate) fn is_long() -> bool {
    IS_LONG.load(Ordering::Relaxed)
}

static IS_LONG: AtomicBool = AtomicBool::new(false);

/// Tests the named parts, or all.
pub(crate) fn run(arguments: &[String]) -> Result<bool, String> {
    let (options, names): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|word| *word == "--long");
    IS_LONG.store(!options.is_empty(), Ordering::Relaxed);
    if let Some(name) = names.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        return Err(format!("no part {name:?}; there are {}", parts()));
    }
    let wanted = PARTS
        .iter()
        .filter(|part| names.is_empty() || names.iter().any(|name| *name == part.name));
    let rows = wanted.map(test).collect::<Result<Vec<_>, _>>()?;
    report::table(&rows);
    Ok(rows.iter().all(|row| row.failed == 0))
}

fn test(part: &Part) -> Result<Row, String> {
    let begun = Instant::now();
    let tally = match part.how {
        How::Cargo { command, environment } => Tally::of(&command::run("cargo", command, environment)?),
        How::Steps(steps) => steps()?,
    };
    Ok(Row {
        part: part.name,
        passed: tally.passed,
        failed: tally.failed,
        took: begun.elapsed(),
    })
}
