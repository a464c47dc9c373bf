//! What the person at the terminal reads while steps run, and what was left out.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::sync::Mutex;

pub(crate) fn say(line: &str) {
    println!("{line}");
}

pub(crate) fn complain(line: &str) {
    eprintln!("xtask: {line}");
}

/// Tells what is not tested and why: now, and again where the run ends.
pub(crate) fn skip(what: &str, why: &str) {
    let line = format!("SKIPPED {what}: {why}");
    say(&line);
    if let Ok(mut lines) = SKIPPED.lock() {
        lines.push(line);
    }
}

/// What was skipped, line by line.
pub(crate) fn skipped() -> Vec<String> {
    SKIPPED.lock().map(|lines| lines.clone()).unwrap_or_default()
}

static SKIPPED: Mutex<Vec<String>> = Mutex::new(Vec::new());
