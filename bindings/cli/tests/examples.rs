//! Every example in `--help` works as typed against `voicecall sandbox`, with its lines for the environment in the shell.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use std::net::TcpListener;
use std::process::Stdio;

use support::{Cli, Running, sandbox};

/// The ports in the examples. Here the system chooses others, as somebody may listen on these.
const PORTS: [&str; 3] = ["9321", "9322", "8080"];

const COMMANDS: &[&[&str]] = &[
    &[],
    &["call"],
    &["notify"],
    &["verify"],
    &["stop"],
    &["recording", "get"],
    &["calls", "show"],
    &["calls"],
    &["cdr", "export"],
    &["cdr", "totals"],
    &["unsettled"],
    &["rejected"],
    &["purge"],
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

/// Ports that nobody listens on. The signature covers the port, so it has to be known before the listener starts.
fn free_ports() -> [String; 3] {
    let taken = PORTS.map(|_| TcpListener::bind("127.0.0.1:0").expect("a port"));
    taken.map(|listener| listener.local_addr().expect("its number").port().to_string())
}

#[test]
fn every_example_works_as_typed() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let help = |words: &[&str]| cli.run(&[words, &["--help"]].concat()).ended(0).out;

    let ports = free_ports();
    let on_free_ports = |example: &str| {
        let ports = PORTS.iter().zip(&ports);
        ports.fold(example.to_owned(), |example, (port, free)| example.replace(port, free))
    };
    // These run until they are ended, and others of the examples need them.
    let listening = examples(&help(&["listen"])).into_iter().map(|example| {
        let example = on_free_ports(&example);
        let mut listening = Running::new(cli.command("sh").args(["-c", &format!("exec {example}")]));
        let announced = listening.line();
        assert!(announced.starts_with("listening on http://127.0.0.1:"), "{announced:?}");
        listening
    });
    let listening: Vec<_> = listening.collect();
    assert_eq!(listening.len(), 2, "with a file and with a store");

    let mut count = 0;
    for words in COMMANDS {
        let found = examples(&help(words));
        assert!(!found.is_empty(), "{words:?}");
        for example in found {
            let output = cli
                .command("sh")
                .args(["-ec", &on_free_ports(&example)])
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
        // Killed, it would leave its certificate behind.
        drop(platform.child.stdin.take());
        assert!(platform.child.wait().expect("it ends").success());
    }
}
