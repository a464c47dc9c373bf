//! `cargo xtask bench`: numbers against what users would use instead, each a ratio in one run on one machine, or a bound.

mod c;
mod core;
mod csharp;
mod intake;
mod java;
mod known;
mod listen;
mod node;
mod peer;
mod php;
mod processor;
mod python;
mod results;
mod sandbox;
mod turns;

use serde_json::Value;

use crate::report;

/// What one language measures.
struct Part {
    name: &'static str,
    run: fn() -> Result<Vec<Number>, String>,
}

const PARTS: &[Part] = &[
    Part { name: "c", run: c::run },
    Part {
        name: "core",
        run: core::run,
    },
    Part {
        name: "csharp",
        run: csharp::run,
    },
    Part {
        name: "intake",
        run: intake::run,
    },
    Part {
        name: "listen",
        run: listen::run,
    },
    Part {
        name: "java",
        run: java::run,
    },
    Part {
        name: "node",
        run: node::run,
    },
    Part {
        name: "php",
        run: php::run,
    },
    Part {
        name: "python",
        run: python::run,
    },
    Part {
        name: "sandbox",
        run: sandbox::run,
    },
];

/// A measured number and the bar that it has to keep.
struct Number {
    what: &'static str,
    value: f64,
    unit: String,
    /// At most this; `None`: told for comparison.
    bar: Option<f64>,
}

impl Number {
    fn keeps_its_bar(&self) -> bool {
        self.bar.is_none_or(|bar| self.value <= bar)
    }
}

/// Measures the named parts, or all. The page comes at the end, below what the programs said; with `--json` as the last
/// line. A part that cannot be measured keeps no other from being so.
pub(crate) fn run(arguments: &[String]) -> Result<bool, String> {
    let (options, names): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|word| *word == "--json");
    if let Some(name) = names.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        let known: Vec<_> = PARTS.iter().map(|part| part.name).collect();
        return Err(format!("no part {name:?}; there are {}", known.join(" ")));
    }
    let wanted = PARTS
        .iter()
        .filter(|part| names.is_empty() || names.iter().any(|name| *name == part.name));
    let measured: Vec<_> = wanted.map(|part| (part.name, (part.run)())).collect();
    let mut all_kept = true;
    let mut documents = Vec::new();
    for (part, numbers) in measured {
        match numbers {
            Ok(numbers) => {
                show(part, &numbers);
                let document = results::document(part, &numbers);
                results::write(part, &document)?;
                documents.push(document);
                all_kept &= numbers.iter().all(Number::keeps_its_bar);
            }
            Err(reason) => {
                report::complain(&format!("{part} is not measured: {reason}"));
                all_kept = false;
            }
        }
    }
    if !options.is_empty() {
        report::say(&Value::from(documents).to_string());
    }
    Ok(all_kept)
}

fn show(part: &str, numbers: &[Number]) {
    report::say(&format!("\n{part:<58} {:>9} {:>9}", "measured", "at most"));
    for number in numbers {
        let bar = number.bar.map_or_else(|| "-".to_owned(), |bar| format!("{bar:.2}"));
        let verdict = if number.keeps_its_bar() { "" } else { "  TOO MUCH" };
        report::say(&format!(
            "{:<58} {:>9.2} {bar:>9} {}{verdict}",
            number.what, number.value, number.unit
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn a_bar_is_kept_up_to_itself() {
        let number = |value, bar| Number {
            what: "",
            value,
            unit: String::new(),
            bar,
        };
        assert!(number(0.75, Some(0.75)).keeps_its_bar());
        assert!(!number(0.76, Some(0.75)).keeps_its_bar());
        assert!(number(1e9, None).keeps_its_bar());
    }
}
