//! `cargo xtask …`: one command runs what continuous integration runs. Without arguments it lists itself.

mod bench;
mod built;
mod c;
mod citations;
mod command;
mod csharp;
mod docs;
mod examples;
mod faults;
mod fuzz;
mod generate;
mod header;
mod intake;
mod java;
mod missing;
mod node;
mod package;
mod page;
mod php;
mod python;
mod replace;
mod report;
mod sandbox;
mod soak;
mod supply;
mod table;
mod tally;
mod test;
mod tools;

use std::process::ExitCode;

/// A command: its name, one line about it, and what it does with its arguments. `Ok(false)`: it ran and found faults.
struct Task {
    name: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<bool, String>,
}

const TASKS: &[Task] = &[
    Task {
        name: "test",
        about: "[--long] [part…]  format, lints, tests and documentation of everything, or of the named parts",
        run: test::run,
    },
    Task {
        name: "bench",
        about: "[--json] [part…]  numbers against what users would use instead, and their bars",
        run: bench::run,
    },
    Task {
        name: "fuzz",
        about: "[--seconds N] [--minimise] [target…]  looks for bytes that break a promise, or chooses the corpus anew",
        run: fuzz::run,
    },
    Task {
        name: "soak",
        about: "[--minutes N]  calls and webhooks in C, Python and Node with faults on: nothing that a process holds may grow",
        run: soak::run,
    },
    Task {
        name: "gen",
        about: "[--check]  writes the generated files, or tells which of them differ from what would be written",
        run: generate::run,
    },
    Task {
        name: "package",
        about: "[c|cli|python|node|csharp|java|php|all]… --out DIR [--target T]…  what a user installs, as files in a folder",
        run: package::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        list();
        return ExitCode::SUCCESS;
    };
    if name == "help" {
        list();
        return ExitCode::SUCCESS;
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        report::complain(&format!("no command {name:?}"));
        list();
        return ExitCode::from(2);
    };
    match (task.run)(rest) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            report::complain(&reason);
            ExitCode::from(2)
        }
    }
}

fn list() {
    for task in TASKS {
        report::say(&format!("cargo xtask {} {}", task.name, task.about));
    }
    report::say(&format!("parts: {}", test::parts()));
}
