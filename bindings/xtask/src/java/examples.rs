//! The examples in Java at work.

use std::process::{Command, Stdio};

use super::build::{Archive, folder};
use crate::examples::{NUMBERS, prints, receives};
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
    let program = |name: &str| program(&class_path, &sandbox, name);
    tally.check(
        "PlaceCalls prints what it should",
        prints(program("PlaceCalls").args(NUMBERS), "place_calls_recording.txt"),
    );
    tally.check(
        "WebhookReceiver stores every webhook of three calls",
        receives(
            program("WebhookReceiver"),
            program("PlaceCalls"),
            &folder().join("webhooks.db"),
        ),
    );
    Ok(())
}

/// A program with what the examples read in its environment.
pub(super) fn program(class_path: &str, sandbox: &Sandbox, name: &str) -> Command {
    let mut command = Command::new("java");
    command
        .args(["-cp", class_path, name])
        .envs(sandbox.environment())
        .stdin(Stdio::null());
    command
}
