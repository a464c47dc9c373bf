//! `cargo xtask bench`: numbers against what users would use instead, each a ratio in one run on one machine, or a bound.

mod c;
mod csharp;
mod intake;
mod java;
mod known;
mod listen;
mod node;
mod peer;
mod php;
mod python;
mod sandbox;

use crate::report;

/// What one language measures.
struct Part {
    name: &'static str,
    run: fn() -> Result<Vec<Number>, String>,
}

const PARTS: &[Part] = &[
    Part { name: "c", run: c::run },
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

/// Measures the named parts, or all.
pub(crate) fn run(names: &[String]) -> Result<bool, String> {
    if let Some(name) = names.iter().find(|name| PARTS.iter().all(|part| part.name != *name)) {
        let known: Vec<_> = PARTS.iter().map(|part| part.name).collect();
        return Err(format!("no part {name:?}; there are {}", known.join(" ")));
    }
    let wanted = PARTS
        .iter()
        .filter(|part| names.is_empty() || names.iter().any(|name| name == part.name));
    let mut all_kept = true;
    for part in wanted {
        let numbers = (part.run)()?;
        show(part.name, &numbers);
        all_kept &= numbers.iter().all(Number::keeps_its_bar);
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
