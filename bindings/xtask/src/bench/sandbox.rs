//! The numbers of the local platform: how fast it is there, how much it takes and gives with the load generator beside it
//! on the same processors, and what calls that are over cost.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::Number;
use crate::command;

/// Starts of the command, of which the middle one counts.
const STARTS: usize = 5;
/// Runs of the load, likewise.
const RUNS: usize = 3;

/// What the load prints: its name there, what it means, its unit here, how it is had from what is printed, and the bar.
type Meaning = (&'static str, &'static str, &'static str, fn(f64) -> f64, f64);

/// Rates are told as the time of one, as every bar is a limit: 15,000 calls and 10,000 webhooks a second.
const NUMBERS: &[Meaning] = &[
    (
        "calls_per_second",
        "a signed call on a kept connection",
        "us",
        microseconds_of_one,
        1e6 / 15_000.0,
    ),
    (
        "pushes_per_second",
        "a webhook pushed and acknowledged",
        "us",
        microseconds_of_one,
        1e6 / 10_000.0,
    ),
    (
        "finished_calls_mb",
        "memory of 100,000 finished calls",
        "MB",
        as_it_is,
        200.0,
    ),
];

const START_BAR: f64 = 50.0;

pub(super) fn run() -> Result<Vec<Number>, String> {
    let cargo = ["build", "--release", "--locked", "--package", "voicecall-cli"];
    let load = [
        "build",
        "--release",
        "--locked",
        "--package",
        "voicecall-sandbox",
        "--example",
        "load",
    ];
    for arguments in [&cargo[..], &load] {
        if !command::run("cargo", arguments, &[])?.succeeded {
            return Err("the local platform cannot be built".to_owned());
        }
    }
    let mut numbers = vec![start()?];
    numbers.extend(under_load()?);
    Ok(numbers)
}

/// From the start of the command to the line that says it is ready.
fn start() -> Result<Number, String> {
    let program = command::target().join("release/voicecall");
    let once = || -> std::io::Result<f64> {
        let begun = Instant::now();
        let mut child = Command::new(&program)
            .args(["sandbox", "--json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let took = begun.elapsed();
        // It ends with its standard input.
        drop(child.stdin.take());
        child.wait()?;
        Ok(took.as_secs_f64() * 1e3)
    };
    let starts: Result<Vec<_>, _> = (0..STARTS).map(|_| once()).collect();
    let starts = starts.map_err(|error| format!("{}: {error}", program.display()))?;
    Ok(Number {
        what: "start, from the command to its first line",
        value: middle(starts),
        unit: "ms".to_owned(),
        bar: Some(START_BAR),
    })
}

fn under_load() -> Result<Vec<Number>, String> {
    let program = command::target().join("release/examples/load");
    let mut lines = Vec::new();
    for _ in 0..RUNS {
        let finished = command::run(&program.to_string_lossy(), &[], &[])?;
        if !finished.succeeded {
            return Err("the load failed".to_owned());
        }
        lines.extend(finished.lines);
    }
    NUMBERS.iter().map(|meaning| number(meaning, &lines)).collect()
}

fn number(&(name, what, unit, had, bar): &Meaning, lines: &[String]) -> Result<Number, String> {
    let printed = lines
        .iter()
        .filter_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    let values: Vec<f64> = printed.map(had).collect();
    if values.is_empty() {
        return Err(format!("the load did not tell {name}"));
    }
    Ok(Number {
        what,
        value: middle(values),
        unit: unit.to_owned(),
        bar: Some(bar),
    })
}

fn microseconds_of_one(per_second: f64) -> f64 {
    1e6 / per_second
}

fn as_it_is(value: f64) -> f64 {
    value
}

/// The median: other programs of the machine take their share now and then.
fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::{NUMBERS, number};

    #[test]
    fn the_middle_of_what_was_printed_counts() {
        let lines = [
            "calls_per_second 20000",
            "start_ms 3",
            "calls_per_second 10000",
            "calls_per_second 50000",
        ];
        let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
        let calls = number(&NUMBERS[0], &lines).unwrap();
        assert_eq!((calls.value, calls.unit.as_str()), (50.0, "us"));
        assert!(number(&NUMBERS[2], &lines).is_err());
    }
}
