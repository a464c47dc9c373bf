//! The examples at work: against the local platform, with what they have to print in `examples/expected`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::build::{Archive, folder};
use crate::c::examples::{AGENT, CUSTOMER, compare, follow, free_port, without_sessions};
use crate::sandbox::Sandbox;
use crate::tally::Tally;

const EXAMPLES: &[&str] = &["PlaceCalls", "WebhookReceiver"];

pub(super) fn test(archive: &Archive, tally: &mut Tally) -> Result<(), String> {
    let sources: Vec<_> = EXAMPLES
        .iter()
        .map(|example| format!("examples/java/{example}.java"))
        .collect();
    let classes = match archive.compile("examples", &sources) {
        Ok(classes) => classes,
        Err(fault) => {
            tally.check("the examples compile", Err(fault));
            return Ok(());
        }
    };
    let sandbox = Sandbox::start()?;
    let class_path = archive.class_path(&[&classes]);
    tally.check("PlaceCalls prints what it should", places(&class_path, &sandbox));
    tally.check(
        "WebhookReceiver stores every webhook of three calls",
        receives(&class_path, &sandbox),
    );
    Ok(())
}

fn places(class_path: &str, sandbox: &Sandbox) -> Result<(), String> {
    let printed = output(program(class_path, sandbox, "PlaceCalls").args([CUSTOMER, AGENT]))?;
    compare(&without_sessions(&printed), "place_calls_recording.txt")
}

/// The receiver runs, three calls are placed whose webhooks go to it, and everything ends up in its file.
fn receives(class_path: &str, sandbox: &Sandbox) -> Result<(), String> {
    let store = folder().join("webhooks.jsonl");
    let _ = fs::remove_file(&store);
    let port = free_port()?;
    let with_push_url = |name: &str| {
        let mut command = program(class_path, sandbox, name);
        command.env("VOICECALL_PUSH_URL", format!("http://127.0.0.1:{port}/voice"));
        command
    };
    let lines = receive(&mut with_push_url("WebhookReceiver"), port, &store, || {
        output(with_push_url("PlaceCalls").args([CUSTOMER, AGENT])).map(drop)
    })?;
    // In which order the webhooks of different calls come is not said.
    let kinds: BTreeSet<_> = lines.iter().map(|line| format!("{line}\n")).collect();
    compare(&String::from_iter(kinds), "webhook_receiver.txt")
}

/// What the receiver prints while the calls are placed and told of.
fn receive(
    command: &mut Command,
    port: u16,
    store: &Path,
    place: impl FnOnce() -> Result<(), String>,
) -> Result<Vec<String>, String> {
    let mut receiver = command
        .arg(port.to_string())
        .arg(store)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let lines = follow(&mut receiver, store, place);
    // It ends when its standard input does.
    drop(receiver.stdin.take());
    let status = receiver.wait().map_err(|error| error.to_string())?;
    if status.success() {
        lines
    } else {
        Err(format!("the receiver ended with {status}"))
    }
}

/// A program with what the examples read in its environment.
pub(super) fn program(class_path: &str, sandbox: &Sandbox, name: &str) -> Command {
    let mut command = Command::new("java");
    command.args(["-cp", class_path, name]).envs(sandbox.environment());
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
