//! What the person at the terminal reads while steps run; what was left out and what failed is told again at the end.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::sync::Mutex;

pub(crate) fn say(line: &str) {
    println!("{line}");
    if tells_of_a_failure(line) {
        keep(&FAILED, line);
    }
}

pub(crate) fn complain(line: &str) {
    eprintln!("xtask: {line}");
}

/// Tells what is not tested and why: now, and again where the run ends.
pub(crate) fn skip(what: &str, why: &str) {
    let line = format!("SKIPPED {what}: {why}");
    say(&line);
    keep(&SKIPPED, &line);
}

/// What was skipped, line by line.
pub(crate) fn skipped() -> Vec<String> {
    kept(&SKIPPED)
}

/// What failed, line by line.
pub(crate) fn failed() -> Vec<String> {
    kept(&FAILED)
}

static SKIPPED: Mutex<Vec<String>> = Mutex::new(Vec::new());
static FAILED: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn keep(lines: &Mutex<Vec<String>>, line: &str) {
    if let Ok(mut lines) = lines.lock() {
        lines.push(line.trim().to_owned());
    }
}

fn kept(lines: &Mutex<Vec<String>>) -> Vec<String> {
    lines.lock().map(|lines| lines.clone()).unwrap_or_default()
}

/// Whether a runner names a test that failed: ours and pytest, node:test, Maven, PHPUnit, cargo.
fn tells_of_a_failure(line: &str) -> bool {
    let line = line.trim_start();
    let named = ["FAILED ", "\u{2716} ", "not ok ", "[ERROR]   "];
    let numbered = line
        .split_once(") ")
        .is_some_and(|(number, name)| number.parse::<u16>().is_ok() && name.contains("::test"));
    numbered
        || named.iter().any(|sign| line.starts_with(sign))
        || (line.starts_with("test ") && line.ends_with("... FAILED"))
}

#[cfg(test)]
mod tests {
    use super::tells_of_a_failure;

    #[test]
    fn the_failures_of_every_runner_are_recognised() {
        for line in [
            "FAILED the types are not wrong: no",
            "FAILED tests/test_client.py::test_call - AssertionError",
            "test tests::a_pool ... FAILED",
            "  \u{2716} a call is placed (3.1ms)",
            "[ERROR]   ClientTest.aCall:31 expected: <1> but was: <2>",
            "1) VoiceCall\\Tests\\ClientTest::testACall",
        ] {
            assert!(tells_of_a_failure(line), "{line}");
        }
        for line in [
            "ok     a call",
            "test tests::a_pool ... ok",
            "test result: FAILED. 3 passed; 2 failed",
            "[ERROR] Tests run: 2",
        ] {
            assert!(!tells_of_a_failure(line), "{line}");
        }
    }
}
