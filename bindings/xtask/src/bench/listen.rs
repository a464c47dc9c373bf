//! What the command that receives webhooks holds and costs under load, for ten minutes, by its bench `listen`.

use super::Number;
use super::known::{self, Known};
use crate::command;

const NUMBERS: &[Known] = &[
    (
        "per_second",
        "webhooks stored and acknowledged a second, of 2,000 asked for",
        None,
    ),
    ("memory_most", "memory of the receiver, at most", Some(60.0)),
    ("memory_after", "  after a tenth of the time", None),
    ("memory_growth", "  growth from then to the end", Some(3.0)),
    ("cpu", "its CPU for a webhook", None),
    ("reply_median", "a reply, half are faster", None),
    ("reply_slowest_percent", "  one in a hundred is slower", None),
];

pub(super) fn run() -> Result<Vec<Number>, String> {
    let bench = ["bench", "--package", "voicecall-cli", "--bench", "listen", "--locked"];
    known::all(NUMBERS, &command::run("cargo", &bench, &[])?)
}
