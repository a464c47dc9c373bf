//! The numbers of the Java package, by the program in `bindings/java/bench`, with the library as it is shipped.

use super::known::{self, Known};
use super::{Number, peer};
use crate::{command, java};

/// What the program prints: its name there, what it means, and the bar.
const NUMBERS: &[Known] = &[
    ("call", "CPU of a call over loopback keep-alive", None),
    (
        "call_httpclient",
        "  the same with java.net.http.HttpClient, signed by hand",
        None,
    ),
    ("call_ratio", "  ratio", Some(0.2)),
];

pub(super) fn run() -> Result<Vec<Number>, String> {
    let archive = java::ship()?;
    let classes = archive.compile("bench", &["bindings/java/bench/Calls.java".to_owned()])?;
    let class_path = archive.class_path(&[&classes]);
    let finished = command::run("java", &["-cp", &class_path, "Calls", &peer::start()?], &[])?;
    known::all(NUMBERS, &finished)
}
