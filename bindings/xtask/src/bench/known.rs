//! Lines of programs that measure: `name value unit`.

use super::Number;
use crate::command::Finished;

/// A number that a program prints: its name there, what it means, and the bar.
pub(super) type Known = (&'static str, &'static str, Option<f64>);

/// Reads a line.
pub(super) fn read(numbers: &[Known], line: &str) -> Result<Number, String> {
    let mut words = line.split_whitespace();
    let (name, value, unit) = (
        words.next(),
        words.next().and_then(|value| value.parse().ok()),
        words.next(),
    );
    let known = name.and_then(|name| numbers.iter().find(|(known, _, _)| *known == name));
    match (known, value, unit) {
        (Some((_, what, bar)), Some(value), Some(unit)) => Ok(Number {
            what,
            value,
            unit: unit.to_owned(),
            bar: *bar,
        }),
        _ => Err(format!("a measurement that nobody knows: {line}")),
    }
}

/// Reads all that a program printed. One that prints nothing would keep every bar, so every number has to be there.
pub(super) fn all(numbers: &[Known], finished: &Finished) -> Result<Vec<Number>, String> {
    if !finished.succeeded {
        return Err("the program that measures failed".to_owned());
    }
    let measured: Vec<_> = finished
        .lines
        .iter()
        .map(|line| read(numbers, line))
        .collect::<Result<_, _>>()?;
    match numbers.len().saturating_sub(measured.len()) {
        0 => Ok(measured),
        missing => Err(format!("{missing} numbers are missing")),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_line_is_a_known_name_a_value_and_a_unit() {
        let numbers = &[("call_ratio", "", Some(0.75))];
        let ratio = read(numbers, "call_ratio 0.680 x").unwrap();
        assert_eq!((ratio.value, ratio.unit.as_str(), ratio.bar), (0.68, "x", Some(0.75)));
        for line in ["", "call_ratio", "call_ratio much x", "speed 1 us"] {
            assert!(read(numbers, line).is_err(), "{line:?}");
        }
    }
}
