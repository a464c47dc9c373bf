//! Runs a program in the root of the repository: its output is shown as it comes, and kept for counting.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use crate::{missing, report};

/// A command that is started here. What cargo tells this program about its own package is not handed on: build scripts look
/// at it, and would make a cargo below this one build again what was built already.
fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    let of_this = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(of_this) {
            command.env_remove(name);
        }
    }
    command
}

/// What a finished program left behind.
pub(crate) struct Finished {
    pub(crate) succeeded: bool,
    /// Standard output, line by line.
    pub(crate) lines: Vec<String>,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_path_buf()
}

/// Runs the program to its end.
pub(crate) fn run(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Result<Finished, String> {
    report::say(&format!("\n$ {program} {}", arguments.join(" ")));
    let started = command(program)
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = started.map_err(|error| not_started(program, &error))?;
    let mut lines = Vec::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| format!("the output of {program} cannot be read: {error}"))?;
            report::say(&line);
            lines.push(line);
        }
    }
    let status = child
        .wait()
        .map_err(|error| format!("{program} cannot be waited for: {error}"))?;
    Ok(Finished {
        succeeded: status.success(),
        lines,
    })
}

/// Runs the program to its end, which has to be a good one.
pub(crate) fn must(program: &str, arguments: &[&str]) -> Result<(), String> {
    match run(program, arguments, &[])?.succeeded {
        true => Ok(()),
        false => Err(format!("{program} {} failed", arguments.join(" "))),
    }
}

/// The same for a program that loads something from elsewhere: the network has bad moments, so it is tried three times.
pub(crate) fn fetch(program: &str, arguments: &[&str]) -> Result<(), String> {
    must(program, arguments)
        .or_else(|failed| once_more(&failed, || must(program, arguments)))
        .or_else(|failed| once_more(&failed, || must(program, arguments)))
}

/// After a pause, in which the network may have come back.
pub(crate) fn once_more<T>(failed: &str, work: impl FnOnce() -> T) -> T {
    report::say(&format!("{failed}; once more in a moment"));
    thread::sleep(Duration::from_secs(5));
    work()
}

/// Runs a program that complains on purpose: what it says on standard error is shown only if it fails.
pub(crate) fn run_without_complaints(
    program: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<Finished, String> {
    report::say(&format!("\n$ {program} {}", arguments.join(" ")));
    let finished = collected(program, arguments, environment)?;
    let lines: Vec<_> = String::from_utf8_lossy(&finished.stdout)
        .lines()
        .map(str::to_owned)
        .collect();
    lines.iter().for_each(|line| report::say(line));
    if !finished.status.success() {
        report::say(&String::from_utf8_lossy(&finished.stderr));
    }
    Ok(Finished {
        succeeded: finished.status.success(),
        lines,
    })
}

/// The folder that cargo builds in: this program lies in its `debug`.
pub(crate) fn target() -> PathBuf {
    let this = std::env::current_exe().unwrap_or_default();
    this.ancestors()
        .nth(2)
        .map_or_else(|| root().join("target"), Path::to_path_buf)
}

/// Runs the program quietly; gives its standard output, or what it complained about.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Result<String, String> {
    output_in(program, arguments, &[])
}

/// The same with further variables in its environment.
pub(crate) fn output_in(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Result<String, String> {
    let finished = collected(program, arguments, environment)?;
    if !finished.status.success() {
        let complaint = String::from_utf8_lossy(&finished.stderr);
        return Err(format!("$ {program} {}\n{}", arguments.join(" "), complaint.trim_end()));
    }
    Ok(String::from_utf8_lossy(&finished.stdout).into_owned())
}

/// Runs the program to its end, and shows nothing.
fn collected(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Result<Output, String> {
    let finished = command(program)
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(root())
        .stdin(Stdio::null())
        .output();
    finished.map_err(|error| not_started(program, &error))
}

/// A program of the system that is not there is missing; one that was built here, and has a path, is a fault.
fn not_started(program: &str, error: &std::io::Error) -> String {
    let reason = format!("{program} cannot be started: {error}");
    match error.kind() {
        std::io::ErrorKind::NotFound if !program.contains(['/', '\\']) => missing::note(reason),
        _ => reason,
    }
}
