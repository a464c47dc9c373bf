//! The numbers of libvoicecall, by the programs in `ffi/bench`, with the library as it is shipped.

use std::fs;
use std::path::{Path, PathBuf};

use super::known::{self, Known};
use super::{Number, processor};
use crate::command::{self, root};
use crate::{built, replace, tools};

/// What the programs print: its name there, what it means, and the bar.
const NUMBERS: &[Known] = &[
    ("call", "CPU of a call over loopback keep-alive", None),
    (
        "call_libcurl",
        "  the same with a libcurl easy handle and OpenSSL",
        None,
    ),
    ("call_ratio", "  ratio", Some(0.75)),
    ("preview", "a round trip without network", Some(5.0)),
    ("event_parse", "a push of 50 CDRs is read", None),
    ("event_read", "  and all its 1300 fields, in one call", None),
    ("event_get", "  and all its 1300 fields, as texts, one by one", None),
    (
        "idle_client",
        "memory of an idle client with its connection",
        Some(64.0),
    ),
    ("idle_client_tls", "memory of an idle client for TLS", Some(64.0)),
    (
        "call_in_flight",
        "memory of a call in flight, beyond the stack",
        Some(32.0),
    ),
];

/// Of it 1.5 MB are for the store of an intake.
const LARGEST_LIBRARY: f64 = 4.5;

pub(super) fn run() -> Result<Vec<Number>, String> {
    tools::require("gcc", "gcc")?;
    tools::require("pkg-config", "pkg-config")?;
    tools::require_library("libcurl", "libcurl4-openssl-dev")?;
    tools::require_library("libcrypto", "libssl-dev")?;
    let folder = build()?;
    let mut numbers = vec![library_size(&folder)?];
    for (program, libraries) in [
        ("calls", &["-lcurl", "-lcrypto"][..]),
        ("webhook", &[]),
        ("memory", &[]),
    ] {
        numbers.extend(measured(&folder, program, libraries)?);
    }
    Ok(numbers)
}

/// Builds the library and lays it aside under the name that programs look for.
pub(super) fn build() -> Result<PathBuf, String> {
    let built = built::shipped_libvoicecall()?.join("libvoicecall.so");
    let folder = command::target().join("c/bench");
    let copied = fs::create_dir_all(&folder)
        .and_then(|()| replace::copy(&built, &folder.join("libvoicecall.so")))
        .and_then(|()| replace::copy(&built, &folder.join("libvoicecall.so.0")));
    copied.map_err(|error| format!("libvoicecall cannot be copied: {error}"))?;
    Ok(folder)
}

fn library_size(folder: &Path) -> Result<Number, String> {
    let bytes = fs::metadata(folder.join("libvoicecall.so"))
        .map_err(|error| error.to_string())?
        .len();
    Ok(Number {
        what: "libvoicecall.so, stripped",
        value: bytes as f64 / 1e6,
        unit: "MB".to_owned(),
        bar: Some(LARGEST_LIBRARY),
    })
}

/// Builds and runs a program; its lines are `name value unit`.
fn measured(folder: &Path, program: &str, libraries: &[&str]) -> Result<Vec<Number>, String> {
    let executable = folder.join(program).to_string_lossy().into_owned();
    let source = |name: &str| root().join("ffi/bench").join(name).to_string_lossy().into_owned();
    let (main, shared) = (source(&format!("{program}.c")), source("bench.c"));
    let (include, library) = (
        format!("-I{}", root().join("include").display()),
        format!("-L{}", folder.display()),
    );
    let mut arguments = vec![
        "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", &include, &main, &shared,
    ];
    arguments.extend(["-o", &executable, &library, "-lvoicecall", "-lpthread"]);
    arguments.extend(libraries);
    command::output("gcc", &arguments)?;
    let environment = [("LD_LIBRARY_PATH", &*folder.to_string_lossy())];
    let finished = processor::on_one(|| command::run(&executable, &[], &environment))??;
    if !finished.succeeded {
        return Err(format!("{program} failed"));
    }
    finished.lines.iter().map(|line| known::read(NUMBERS, line)).collect()
}
