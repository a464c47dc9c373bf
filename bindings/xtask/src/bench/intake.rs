//! The numbers of the durable intake, by the core's bench `intake`. What a receiver holds in memory under load is a number
//! of the command that receives, and stands with it.

use super::Number;
use super::known::{self, Known};
use crate::command;

const NUMBERS: &[Known] = &[
    ("fsync", "a wait for the disk, as this machine has it now", None),
    ("message", "a durable message, 64 being pushed at once", None),
    (
        "message_ratio",
        "  against a wait for the disk: a twentieth",
        Some(0.05),
    ),
    ("message_cpu", "  its CPU, pushing included", None),
    (
        "fsync_known",
        "  a wait for the disk where the file is there already",
        None,
    ),
    (
        "message_computing",
        "  its CPU on all processors alone, against a wait: no less",
        None,
    ),
    ("fifty_new", "CPU of a message of 50 new CDRs", Some(1000.0)),
    ("fifty_known", "  of 50 known ones", Some(1000.0)),
    (
        "fifty_followed",
        "  of 50 new ones whose calls are known by events",
        Some(1000.0),
    ),
    ("million", "a million calls are received, 50 CDRs a message, in", None),
    ("million_bytes", "  and take, each", None),
    ("fifty_millionth", "CPU of a message of 50 new CDRs then", None),
    ("call", "the story of a call among a million", Some(100.0)),
    ("call_cpu", "  its CPU", None),
    ("calls_of_number", "a number's calls among a million", None),
];

pub(super) fn run() -> Result<Vec<Number>, String> {
    let bench = [
        "bench",
        "--package",
        "voicecall-core",
        "--features",
        "intake",
        "--bench",
        "intake",
        "--locked",
    ];
    let finished = command::run("cargo", &bench, &[])?;
    if !finished.succeeded {
        return Err("the intake cannot be measured".to_owned());
    }
    finished.lines.iter().map(|line| known::read(NUMBERS, line)).collect()
}
