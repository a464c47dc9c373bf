//! Text that a person wrote, on a command line, in the environment or in a file, as the natural JSON of a field's type.

use serde_json::Value;
use voicecall_core::descriptor::FieldType;

/// Reads the text. The error says what belongs there, never what came: that may be a secret.
pub(crate) fn natural(ty: &FieldType, text: &str) -> Result<Value, &'static str> {
    match ty {
        FieldType::Integer => text
            .parse()
            .map(|number: i64| Value::from(number))
            .map_err(|_| "must be a whole number"),
        FieldType::Flag => text
            .parse()
            .map(|flag: bool| Value::from(flag))
            .map_err(|_| "must be true or false"),
        FieldType::Milliseconds => milliseconds(text).map(Value::from).ok_or(MILLISECONDS),
        _ => Ok(Value::from(text)),
    }
}

/// The same where a list has to fit in one text: its values are separated by commas.
pub(crate) fn setting(ty: &FieldType, text: &str) -> Result<Value, &'static str> {
    match ty {
        FieldType::Texts => Ok(text
            .split(',')
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect()),
        _ => natural(ty, text),
    }
}

/// How a length of time is written, for help and complaints.
pub(crate) const MILLISECONDS: &str = "must be a time such as 1500ms, 30s or 2m; a bare number is seconds";

/// `30s` is 30000.
pub(crate) fn milliseconds(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let factor = match unit {
        "ms" => 1,
        "" | "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// 30000 is `30s`.
pub(crate) fn time(milliseconds: u64) -> String {
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let whole = |(length, _): &&(u64, &str)| milliseconds > 0 && milliseconds.is_multiple_of(*length);
    let (length, unit) = units.iter().find(whole).unwrap_or(&(1, "ms"));
    format!("{}{unit}", milliseconds / length)
}

#[cfg(test)]
mod tests {
    use super::{milliseconds, time};

    #[test]
    fn times_carry_their_unit() {
        for (text, wanted) in [
            ("250", Some(250_000)),
            ("250ms", Some(250)),
            ("30s", Some(30_000)),
            ("2m", Some(120_000)),
            ("1h", Some(3_600_000)),
            ("90d", Some(7_776_000_000)),
            ("s", None),
            ("-1s", None),
            ("1.5s", None),
            ("1 s", None),
            ("99999999999999999999s", None),
            ("9999999999999999h", None),
        ] {
            assert_eq!(milliseconds(text), wanted, "{text}");
        }
        for text in ["0ms", "1500ms", "90s", "5m", "1h", "2d"] {
            assert_eq!(time(milliseconds(text).unwrap()), text);
        }
    }
}
