//! The examples in C# at work, on each runtime.

use std::process::{Command, Stdio};

use super::assemblies::Assemblies;
use super::runtimes::Runtime;
use crate::examples::{NUMBERS, prints, receives};
use crate::sandbox::Sandbox;
use crate::tally::Tally;

pub(super) fn test(assemblies: &Assemblies, runtimes: &[Runtime], tally: &mut Tally) -> Result<(), String> {
    let sandbox = Sandbox::start()?;
    for runtime in runtimes {
        let program = |name: &str| command(assemblies, runtime, &sandbox, name);
        tally.check(
            &format!("PlaceCalls on {} prints what it should", runtime.name()),
            prints(program("PlaceCalls").args(NUMBERS), "place_calls_recording.txt"),
        );
        tally.check(
            &format!(
                "WebhookReceiver on {} stores every webhook of three calls",
                runtime.name()
            ),
            receives(
                program("WebhookReceiver"),
                program("PlaceCalls"),
                &assemblies.file("webhooks.db"),
            ),
        );
    }
    Ok(())
}

/// A program with what the examples read in its environment.
pub(super) fn command(assemblies: &Assemblies, runtime: &Runtime, sandbox: &Sandbox, program: &str) -> Command {
    let (host, arguments) = runtime.starts(&assemblies.program(program));
    let mut command = Command::new(host);
    command
        .args(arguments)
        .envs(sandbox.environment())
        .envs(assemblies.environment())
        .stdin(Stdio::null());
    command
}
