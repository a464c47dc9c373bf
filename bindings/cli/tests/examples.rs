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
    let mut listening = Running::new(cli.command("sh").args(["-c", &format!("exec {listen}")]));
    assert!(
        listening.line().starts_with("listening on http://127.0.0.1:9321"),
        "{listen}"
    );

    let mut count = 0;
    for words in COMMANDS {
        let found = examples(&help(words));
        assert!(!found.is_empty(), "{words:?}");
        for example in found {
            let output = cli
                .command("sh")
                .args(["-ec", &example])
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
fn the_sandbox_prints_the_lines_that_the_examples_need() {
    let cli = Cli::new();
    let told = cli.run(&["sandbox"]).ended(0).out;
    let exports: Vec<_> = told
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("export "))
        .collect();
    for name in ["VOICECALL_ENDPOINT", "VOICECALL_APP_KEY", "VOICECALL_APP_SECRET"] {
        assert!(
            exports.iter().any(|line| line.starts_with(&format!("export {name}="))),
            "{told}"
        );
    }
    let script = format!(
        "{}\nvoicecall call --display-nbr +1 --caller-nbr +1 --display-callee-nbr +1 --callee-nbr +1 --dry-run",
        exports.join("\n")
    );
    let output = cli.command("sh").args(["-ec", &script]).output().expect("a shell");
    assert_eq!(output.status.code(), Some(3), "the settings are complete: {output:?}");
}
