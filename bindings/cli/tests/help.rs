//! What `--help` says, command by command.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use support::{Cli, golden};

/// The commands that the help of a command lists.
fn commands(help: &str) -> Vec<String> {
    let list = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    // Names stand two blanks in; what is further in goes on from the line above.
    let names = list.filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// Every command with the words that name it.
fn all(cli: &Cli, words: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let arguments: Vec<_> = words.iter().map(String::as_str).chain(["--help"]).collect();
    let help = cli.run(&arguments).ended(0).out;
    for name in commands(&help) {
        all(cli, &[words, &[name]].concat(), found);
    }
    found.push((words.to_vec(), help));
}

#[test]
fn help_is_what_was_reviewed() {
    let mut found = Vec::new();
    all(&Cli::new(), &[], &mut found);
    assert!(found.len() >= 15, "{}", found.len());
    for (words, help) in &found {
        let name = if words.is_empty() {
            "voicecall".to_owned()
        } else {
            words.join("-")
        };
        golden::check(&format!("help/{name}.txt"), help);
    }
    golden::check("help/call-short.txt", &Cli::new().run(&["call", "-h"]).ended(0).out);
}

#[test]
fn every_command_shows_an_example_and_the_first_page_the_exit_codes() {
    let mut found = Vec::new();
    all(&Cli::new(), &[], &mut found);
    for (words, help) in &found {
        let has_commands = !commands(help).is_empty() && !words.is_empty();
        assert!(has_commands || help.contains("Examples"), "{words:?}");
        let fits = |line: &str| line.starts_with("Usage:") || line.chars().count() <= 110;
        assert!(help.lines().all(fits), "{words:?}");
    }
    let (_, first) = found.last().expect("the first page");
    for code in 0..=7 {
        assert!(first.contains(&format!("\n  {code}  ")), "exit code {code}");
    }
}

#[test]
fn help_never_shows_what_is_in_the_environment() {
    let cli = Cli::new()
        .with("VOICECALL_APP_SECRET", "example-secret-0001")
        .with("VOICECALL_APP_KEY", "example-key-0001");
    for command in [&["--help"][..], &["call", "--help"], &["doctor", "--help"]] {
        let help = cli.run(command).ended(0).out;
        assert!(
            !help.contains("example-secret") && !help.contains("example-key"),
            "{help}"
        );
    }
}
