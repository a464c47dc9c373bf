//! The examples in C and C++ at work.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use super::install::Examples;
use crate::command::root;
use crate::examples::{NUMBERS, compare, output, prints, receives};
use crate::sandbox::Sandbox;
use crate::tally::Tally;

pub(super) fn test(examples: &Examples, tally: &mut Tally) -> Result<(), String> {
    let sandbox = Sandbox::start()?;
    let builds = [
        ("C", &examples.c),
        ("static C", &examples.c_static),
        ("C++", &examples.cpp),
        ("static C++", &examples.cpp_static),
    ];
    for (language, folder) in builds {
        for (program, arguments) in [("place_calls", &NUMBERS[..]), ("handle_errors", &[])] {
            let path = folder.join(program);
            if !path.exists() {
                continue;
            }
            let mut command = command(examples, &sandbox, &path);
            tally.check(
                &format!("{program} in {language} prints what it should"),
                prints(command.args(arguments), &format!("{program}.txt")),
            );
        }
        tally.check(
            &format!("webhooks are printed in {language}"),
            reads_webhooks(|| command(examples, &sandbox, &folder.join("read_webhook"))),
        );
    }
    let program = |name: &str| command(examples, &sandbox, &examples.c.join(name));
    tally.check(
        "the receiver stores every webhook of three calls",
        receives(
            program("webhook_receiver"),
            program("place_calls"),
            &examples.c.join("webhooks.db"),
        ),
    );
    Ok(())
}

/// From a file and from standard input.
fn reads_webhooks(program: impl Fn() -> Command) -> Result<(), String> {
    let webhook = |name: &str| root().join(format!("examples/webhooks/{name}.json"));
    for name in ["disconnect", "fee"] {
        let expected = format!("read_webhook_{name}.txt");
        let file = File::open(webhook(name)).map_err(|error| format!("{name}: {error}"))?;
        compare(&output(program().arg(webhook(name)))?, &expected)?;
        compare(&output(program().stdin(Stdio::from(file)))?, &expected)?;
    }
    match output(program().arg(webhook("cut_short"))) {
        Err(complaint) if complaint.contains("read_webhook: ") => Ok(()),
        other => Err(format!("a webhook cut short is not refused: {other:?}")),
    }
}

fn command(examples: &Examples, sandbox: &Sandbox, program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .envs(sandbox.environment())
        .env("LD_LIBRARY_PATH", examples.prefix.join("lib"))
        .stdin(Stdio::null());
    command
}
