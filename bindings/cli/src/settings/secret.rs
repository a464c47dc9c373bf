//! Secrets that are kept elsewhere: in a file of their own, or behind a command such as a password manager's.

use std::process::{Command, Stdio};

use crate::exit::Failure;

/// The text of the file, without the line end that editors and `echo` add.
pub(super) fn from_file(path: &str, origin: &str) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::usage(format!("{origin}: {path}: {error}")))?;
    not_empty(text, origin, path)
}

/// What the command prints on standard output, without its line end. Its standard error is the user's: a password
/// manager may have something to say.
pub(super) fn from_command(command: &str, origin: &str) -> Result<String, Failure> {
    let failed = |why: String| Failure::usage(format!("{origin}: the command for the secret {why}"));
    let output = shell(command)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| failed(format!("cannot be started: {error}")))?;
    if !output.status.success() {
        return Err(failed(format!("failed ({})", output.status)));
    }
    let text =
        String::from_utf8(output.stdout).map_err(|_| failed("printed something that is not UTF-8".to_owned()))?;
    not_empty(text, origin, "the command")
}

fn shell(command: &str) -> Command {
    let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut process = Command::new(shell);
    process.args([option, command]);
    process
}

fn not_empty(text: String, origin: &str, source: &str) -> Result<String, Failure> {
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(Failure::usage(format!("{origin}: {source} gave an empty secret")));
    }
    Ok(text.to_owned())
}
