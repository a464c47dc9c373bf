//! The numbers of the core, by the programs of `core/bench`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::known::{self, Known};
use super::{Number, processor};
use crate::command;

/// What the programs print: its name there, what it means, and the bar.
const NUMBERS: &[Known] = &[
    ("cdrs_bytes", "a message of 50 CDRs", None),
    ("cdrs", "  read by the core, every type checked", None),
    ("cdrs_sonic_rs", "  into borrowed structs with sonic-rs", None),
    ("cdrs_serde_json", "  into borrowed structs with serde_json", None),
    ("cdrs_to_sonic_rs", "  of that of sonic-rs", Some(1.0)),
    ("cdrs_to_serde_json", "  of that of serde_json", Some(1.0)),
    ("call", "CPU of a call over loopback keep-alive", None),
    ("call_ureq", "  the same with ureq, signed by hand", None),
    ("call_bare", "  its two system calls alone", None),
    ("call_to_ureq", "  of that of ureq", Some(1.0)),
    ("tls_resumed", "CPU of a call with a TLS connection of its own", None),
    ("tls_whole", "  where no session can be resumed", None),
    ("tls_resumed_to_whole", "  of that", Some(0.6)),
    ("in_flight", "256 callers at 200 ms of latency", None),
    // 95 % of 256 in 0.2 s.
    (
        "in_flight_to_ideal",
        "  time, of what latency alone takes",
        Some(1.0 / 0.95),
    ),
    (
        "in_flight_memory",
        "  memory of a call in flight, its connection and stack",
        None,
    ),
];

/// What criterion measures: its name there, and what it means.
const MICRO: &[(&str, &str)] = &[
    ("sign", "a request is signed"),
    ("validate", "a notification is validated"),
    ("build", "  and made into an HTTP request"),
    ("parse_status", "a status event is read"),
    ("parse_fee", "a push of one CDR is read"),
    ("verify", "the signature of a push is checked"),
];

pub(super) fn run() -> Result<Vec<Number>, String> {
    let cargo = [
        "build",
        "--release",
        "--locked",
        "--package",
        "voicecall-bench",
        "--bins",
    ];
    command::must("cargo", &cargo)?;
    let mut numbers = Vec::new();
    for program in ["cdrs", "kept_connection", "short_connections", "in_flight"] {
        let path = command::target().join("release").join(program);
        let run = || command::run(&path.to_string_lossy(), &[], &[]);
        let finished = if program.ends_with("_connections") || program.ends_with("_connection") {
            processor::on_one(run)??
        } else {
            run()?
        };
        if !finished.succeeded {
            return Err(format!("{program} failed"));
        }
        let lines = finished.lines.iter().map(|line| known::read(NUMBERS, line));
        numbers.extend(lines.collect::<Result<Vec<_>, _>>()?);
    }
    numbers.extend(micro()?);
    Ok(numbers)
}

/// Runs criterion, and reads the medians that it leaves.
fn micro() -> Result<Vec<Number>, String> {
    let place = command::target().join("criterion");
    let cargo = [
        "bench",
        "--locked",
        "--package",
        "voicecall-bench",
        "--bench",
        "micro",
        "--",
        "--quiet",
    ];
    if !command::run("cargo", &cargo, &[("CRITERION_HOME", &place.to_string_lossy())])?.succeeded {
        return Err("the micro-benchmarks failed".to_owned());
    }
    let number = |(name, what): &(&str, &'static str)| {
        Ok(Number {
            what,
            value: median_us(&place.join(name).join("new/estimates.json"))?,
            unit: "us".to_owned(),
            bar: None,
        })
    };
    MICRO.iter().map(number).collect()
}

/// Criterion tells nanoseconds.
fn median_us(path: &Path) -> Result<f64, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let estimates: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let median = estimates["median"]["point_estimate"].as_f64();
    median
        .map(|ns| ns / 1e3)
        .ok_or_else(|| format!("{} tells no median", path.display()))
}
