//! The numbers of the Python package, by the programs in `bindings/python/bench`, with the wheel as it is shipped.

use super::known::{self, Known};
use super::{Number, processor};
use crate::command;
use crate::python::environment::{self, Environment};
use crate::python::{LARGEST_WHEEL, folder, interpreters, text};

/// What the programs print: its name there, what it means, and the bar.
const NUMBERS: &[Known] = &[
    ("call_voicecall", "CPU of a call over loopback keep-alive", None),
    ("call_requests", "  the same with requests.Session", None),
    ("call_httpx", "  the same with httpx.Client", None),
    ("call_http_client", "  the same with http.client, signed by hand", None),
    ("call_to_requests", "  of that of requests", Some(1.0 / 12.0)),
    ("call_to_httpx", "  of that of httpx", Some(1.0 / 7.0)),
    ("call_to_http_client", "  of that of http.client", Some(0.4)),
    ("call_async_voicecall", "CPU of a call with asyncio, 64 in flight", None),
    ("call_async_aiohttp", "  the same with aiohttp", None),
    ("call_to_async_aiohttp", "  of that of aiohttp", Some(0.7)),
    ("cdrs_bytes", "a message of 50 CDRs", None),
    ("cdrs_voicecall", "  to 50 objects whose fields can be read", None),
    ("cdrs_orjson", "  to dictionaries with orjson", None),
    ("cdrs_msgspec", "  to typed objects with msgspec", None),
    ("cdrs_pydantic", "  to typed objects with pydantic", None),
    ("cdrs_to_orjson", "  of that of orjson", Some(1.0)),
    ("cdrs_to_msgspec", "  of that of msgspec", None),
    ("cdrs_to_pydantic", "  of that of pydantic", Some(0.5)),
    ("read_voicecall", "  all 1750 fields read", None),
    ("read_orjson", "  the same out of orjson's dictionaries", None),
    ("read_to_orjson", "  of that of orjson's dictionaries", Some(2.0)),
    ("status", "a status event verified and read", Some(5.0)),
    (
        "import_time",
        "CPU of import voicecall, over a bare interpreter",
        Some(10.0),
    ),
    ("import_memory", "  memory", Some(6.0)),
];

pub(super) fn run() -> Result<Vec<Number>, String> {
    let environment = Environment::fresh("bench", interpreters::main()?)?;
    environment.install_requirements("bench/requirements.txt")?;
    let wheel = environment.build_wheel("bindings/python", "dist")?;
    environment.install(&[&wheel])?;
    let mut numbers = vec![Number {
        what: "the wheel",
        value: environment::size(&wheel)? as f64 / 1e6,
        unit: "MB".to_owned(),
        bar: Some(LARGEST_WHEEL as f64 / 1e6),
    }];
    for program in ["startup.py", "webhook.py", "calls.py"] {
        let path = text(&folder().join("bench").join(program));
        let run = || command::run(&environment.python(), &["-B", &path], &[]);
        let finished = match program {
            "calls.py" => processor::on_one(run)??,
            _ => run()?,
        };
        if !finished.succeeded {
            return Err(format!("{program} failed"));
        }
        numbers.extend(
            finished
                .lines
                .iter()
                .map(|line| known::read(NUMBERS, line))
                .collect::<Result<Vec<_>, _>>()?,
        );
    }
    // A bar that was not measured was not kept.
    let missing = NUMBERS
        .iter()
        .find(|(_, what, _)| numbers.iter().all(|number| number.what != *what));
    missing.map_or(Ok(numbers), |(name, _, _)| Err(format!("{name} was not measured")))
}
