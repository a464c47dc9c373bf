//! The examples at work: against the local platform, with what they have to print in `examples/expected`.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};

use super::assemblies::Assemblies;
use super::runtimes::Runtime;
use crate::c::examples::{AGENT, CUSTOMER, compare, follow, free_port, without_sessions};
use crate::sandbox::Sandbox;
use crate::tally::Tally;

pub(super) fn test(assemblies: &Assemblies, runtimes: &[Runtime], tally: &mut Tally) -> Result<(), String> {
    let sandbox = Sandbox::start()?;
    for runtime in runtimes {
        tally.check(
            &format!("PlaceCalls on {} prints what it should", runtime.name()),
            places(assemblies, runtime, &sandbox),
        );
        tally.check(
            &format!(
                "WebhookReceiver on {} stores every webhook of three calls",
                runtime.name()
            ),
            receives(assemblies, runtime, &sandbox),
        );
    }
    Ok(())
}

fn places(assemblies: &Assemblies, runtime: &Runtime, sandbox: &Sandbox) -> Result<(), String> {
    let mut command = command(assemblies, runtime, sandbox, "PlaceCalls");
    let printed = output(command.args([CUSTOMER, AGENT]))?;
    compare(&without_sessions(&printed), "place_calls_recording.txt")
}

/// The receiver runs, three calls are placed whose webhooks go to it, and everything ends up in its file.
fn receives(assemblies: &Assemblies, runtime: &Runtime, sandbox: &Sandbox) -> Result<(), String> {
    let store = assemblies.file("webhooks.jsonl");
    let _ = fs::remove_file(&store);
    let port = free_port()?;
    let with_push_url = |program: &str| {
        let mut command = command(assemblies, runtime, sandbox, program);
        command.env("VOICECALL_PUSH_URL", format!("http://127.0.0.1:{port}/voice"));
        command
    };
    let mut receiver = with_push_url("WebhookReceiver");
    receiver
        .arg(port.to_string())
        .arg(&store)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut receiver = receiver.spawn().map_err(|error| error.to_string())?;
    let result = follow(&mut receiver, &store, || {
        output(with_push_url("PlaceCalls").args([CUSTOMER, AGENT])).map(drop)
    });
    // It ends when its standard input does.
    drop(receiver.stdin.take());
    let status = receiver.wait().map_err(|error| error.to_string())?;
    let lines = result?;
    if !status.success() {
        return Err(format!("the receiver ended with {status}"));
    }
    // In which order the webhooks of different calls come is not said.
    let kinds: BTreeSet<_> = lines.iter().map(|line| format!("{line}\n")).collect();
    compare(&String::from_iter(kinds), "webhook_receiver.txt")
}

pub(super) fn command(assemblies: &Assemblies, runtime: &Runtime, sandbox: &Sandbox, program: &str) -> Command {
    let (host, arguments) = runtime.starts(&assemblies.program(program));
    let mut command = Command::new(host);
    command
        .args(arguments)
        .envs(sandbox.environment())
        .envs(assemblies.environment());
    command
}

/// Its standard output; its complaint when it fails.
pub(super) fn output(command: &mut Command) -> Result<String, String> {
    let finished = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if !finished.status.success() {
        return Err(format!(
            "{}: {}",
            finished.status,
            String::from_utf8_lossy(&finished.stderr)
        ));
    }
    Ok(String::from_utf8_lossy(&finished.stdout).into_owned())
}
