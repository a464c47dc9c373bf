//! The results of a run as files: `target/bench/<part>.json`, with the machine they hold for.

use std::fs;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::Number;
use crate::command;

/// A part's numbers as JSON.
pub(super) fn document(part: &str, numbers: &[Number]) -> Value {
    let numbers: Vec<_> = numbers.iter().map(number).collect();
    json!({ "part": part, "machine": machine(), "unix_seconds": now(), "numbers": numbers })
}

/// Writes a part's document.
pub(super) fn write(part: &str, document: &Value) -> Result<(), String> {
    let folder = command::target().join("bench");
    let path = folder.join(part).with_extension("json");
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, format!("{document:#}\n")));
    written.map_err(|error| format!("{}: {error}", path.display()))
}

fn number(number: &Number) -> Value {
    json!({
        "what": number.what.trim(),
        "value": number.value,
        "unit": number.unit,
        "at_most": number.bar,
        "kept": number.keeps_its_bar(),
    })
}

fn machine() -> Value {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    json!({
        "system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "processor": model.map(|(_, name)| name.trim()),
        "processors": thread::available_parallelism().map_or(0, usize::from),
    })
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::{Number, document};

    #[test]
    fn a_number_goes_with_its_bar_and_whether_it_is_kept() {
        let number = |value| Number {
            what: "  of that",
            value,
            unit: "x".to_owned(),
            bar: Some(1.0),
        };
        let document = document("core", &[number(0.5), number(1.5)]);
        assert_eq!(
            (&document["part"], &document["numbers"][0]["what"]),
            (&"core".into(), &"of that".into())
        );
        assert_eq!(
            (&document["numbers"][0]["kept"], &document["numbers"][1]["kept"]),
            (&true.into(), &false.into())
        );
    }
}
