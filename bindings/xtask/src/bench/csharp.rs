//! The numbers of the .NET assembly, by the program in `bindings/csharp/bench` on .NET, with the library as it is shipped.

use super::known::{self, Known};
use super::turns::{self, Told};
use super::{Number, c};
use crate::{command, csharp};

const WEBHOOKS: &[Known] = &[
    ("webhook", "a message of 50 CDRs, all 1300 fields read", None),
    ("webhook_reader", "  the same with Utf8JsonReader, by hand", None),
    ("webhook_ratio", "  ratio", Some(1.0)),
];

const CALLS: Told = Told {
    ours: "CPU of a call over loopback keep-alive",
    theirs: "  the same with HttpClient, signed by hand",
    ratio: "  ratio",
    at_most: 0.4,
};

pub(super) fn run() -> Result<Vec<Number>, String> {
    let library = c::build()?;
    let (host, program) = csharp::bench(&library)?;
    let environment = [("LD_LIBRARY_PATH", &*library.to_string_lossy())];
    let run = |arguments: &[&str]| {
        let arguments: Vec<_> = program
            .iter()
            .map(String::as_str)
            .chain(arguments.iter().copied())
            .collect();
        command::run(&host, &arguments, &environment)
    };
    let mut numbers = known::all(WEBHOOKS, &run(&[])?)?;
    numbers.extend(turns::calls(&CALLS, run)?);
    Ok(numbers)
}
