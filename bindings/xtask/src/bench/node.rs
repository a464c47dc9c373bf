//! The numbers of the npm package, by the programs in `bindings/node/bench`, with the packages as they are published.

use super::known::{self, Known};
use super::{Number, processor};
use crate::command::{self, root};
use crate::node::{self, Build};

const NUMBERS: &[Known] = &[
    // 4 MB, and 1.5 MB for the store.
    ("size", "unpacked, with one platform", Some(5.5)),
    ("require", "require('voicecall') in a bare Node", Some(8.0)),
    ("status", "a status event verified and read", Some(6.0)),
    ("cdrs", "a message of 50 CDRs whose fields can be read", None),
    ("cdrs_json", "  the same bytes with JSON.parse", None),
    ("cdrs_to_json", "  ratio", Some(1.0)),
    ("read", "  all 1750 fields read", None),
    ("read_json", "  the same of what JSON.parse gave", None),
    ("read_to_json", "  ratio", None),
    ("cpu_voicecall", "CPU of a call over loopback, 16 in flight", None),
    ("cpu_undici", "  the same with undici.request, signed by hand", None),
    ("cpu_fetch", "  the same with fetch", None),
    ("cpu_to_undici", "  of that of undici", Some(0.6)),
    ("cpu_to_fetch", "  of that of fetch", Some(0.125)),
    ("p99_voicecall", "calls one at a time, 99 of 100 are quicker than", None),
    ("p99_http", "  the same with node:http", None),
    ("p99_to_http", "  ratio", Some(1.0)),
];

pub(super) fn run() -> Result<Vec<Number>, String> {
    let folder = node::install(Build::Shipped)?.folder.join("bench");
    node::copy(&root().join("bindings/node/bench"), &folder)?;
    let mut measured = Vec::new();
    for program in ["startup.mjs", "webhook.mjs", "calls.mjs"] {
        let path = folder.join(program).to_string_lossy().into_owned();
        let run = || command::run("node", &[&path], &[]);
        let finished = match program {
            "calls.mjs" => processor::on_one(run)??,
            _ => run()?,
        };
        if !finished.succeeded {
            return Err(format!("{program} failed"));
        }
        for line in &finished.lines {
            measured.push(known::read(NUMBERS, line)?);
        }
    }
    // A program that prints nothing would keep every bar.
    match NUMBERS.len() - measured.len() {
        0 => Ok(measured),
        missing => Err(format!("{missing} numbers are missing")),
    }
}
