//! The numbers of the .NET assembly, by the program in `bindings/csharp/bench` on .NET, with the library as it is shipped.

use super::known::{self, Known};
use super::{Number, c, peer};
use crate::{command, csharp};

const NUMBERS: &[Known] = &[
    ("webhook", "a message of 50 CDRs, all 1300 fields read", None),
    ("webhook_reader", "  the same with Utf8JsonReader, by hand", None),
    ("webhook_ratio", "  ratio", Some(1.0)),
    ("call", "CPU of a call over loopback keep-alive", None),
    ("call_httpclient", "  the same with HttpClient, signed by hand", None),
    ("call_ratio", "  ratio", Some(0.4)),
];

pub(super) fn run() -> Result<Vec<Number>, String> {
    let library = c::build()?;
    let (host, arguments) = csharp::bench(&library)?;
    let peer = peer::start()?;
    let arguments: Vec<_> = arguments.iter().map(String::as_str).chain([peer.as_str()]).collect();
    let environment = [("LD_LIBRARY_PATH", &*library.to_string_lossy())];
    known::all(NUMBERS, &command::run(&host, &arguments, &environment)?)
}
