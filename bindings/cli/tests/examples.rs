//! Every example in `--help` works as typed against `voicecall sandbox`, with its lines for the environment in the shell.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use std::process::Stdio;

use support::{Cli, Running, sandbox};

/// The port in the examples. Here the system chooses one, as somebody may listen on this one.
const PORT: &str = "9321";

const COMMANDS: &[&[&str]] = &[
    &[],
    &["call"],
    &["notify"],
    &["verify"],
    &["stop"],
    &["recording", "get"],
    &["replay"],
    &["explain"],
    &["doctor"],
    &["completions"],
    &["man"],
    &["demo"],
    &["sandbox"],
];

/// The commands that the help shows as examples. A line that ends in a backslash, or is further in, goes on.
fn examples(help: &str) -> Vec<String> {
    let block = help.lines().skip_while(|line| !line.starts_with("Examples")).skip(1);
    let mut found: Vec<String> = Vec::new();
    for line in block.take_while(|line| line.starts_with("  ")) {
        match found.last_mut() {
            Some(last) if line.starts_with("    ") => last.push_str(&format!("\n{line}")),
            _ => found.push(line.trim().to_owned()),
        }
    }
    found
}

#[test]
fn every_example_works_as_typed() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let help = |words: &[&str]| cli.run(&[words, &["--help"]].concat()).ended(0).out;

    // It runs until it is ended, and others of the examples need it.
    let listen = examples(&help(&["listen"])).concat();
    let any_port = listen.replacen(&format!("--port {PORT}"), "--port 0", 1);
    assert_ne!(any_port, listen);
    let mut listening = Running::new(cli.command("sh").args(["-c", &format!("exec {any_port}")]));
    let announced = listening.line();
    let port = announced
        .strip_prefix("listening on http://127.0.0.1:")
        .and_then(|rest| rest.split(',').next())
        .unwrap_or_else(|| panic!("{announced:?}"));

    let mut count = 0;
    for words in COMMANDS {
        let found = examples(&help(words));
        assert!(!found.is_empty(), "{words:?}");
        for example in found {
            let output = cli
                .command("sh")
                .args(["-ec", &example.replace(PORT, port)])
                .stdin(Stdio::null())
                .output()
                .expect("a shell");
            assert!(output.status.success(), "{example}\n{output:?}");
            count += 1;
        }
    }
    assert!(count > COMMANDS.len(), "{count}");
}

#[test]
fn the_lines_that_the_sandbox_prints_for_the_environment_are_all_that_a_call_needs() {
    for more in [&[][..], &["--tls"]] {
        let cli = Cli::new();
        let mut command = cli.command("voicecall");
        let mut platform = Running::new(command.arg("sandbox").args(more).stdin(Stdio::piped()));
        let mut script = String::new();
        loop {
            let line = platform.line();
            assert!(!line.is_empty(), "it said what it had to say and did not end");
            if line.starts_with("It stops when") {
                break;
            }
            script.extend(
                line.trim()
                    .strip_prefix("export ")
                    .map(|export| format!("export {export}\n")),
            );
        }
        script.push_str(
            "voicecall notify --display-nbr +867550000088 --callee-nbr +8613800000021 --notify-voice notifyvoice.wav",
        );
        let output = cli.command("sh").args(["-ec", &script]).output().expect("a shell");
        assert!(output.status.success(), "{script}\n{output:?}");
    }
}
