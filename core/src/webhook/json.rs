//! Decodes parts of a message that the scanner has already found to be JSON.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::scan::Span;

/// The text of a JSON string; borrowed unless it has escapes. `None` for other values.
#[inline]
pub(super) fn string(token: &str) -> Option<Cow<'_, str>> {
    let inner = token.strip_prefix('"')?.strip_suffix('"')?;
    if inner.as_bytes().contains(&b'\\') {
        serde_json::from_str(token).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

/// The text of an object's key, given without its quotes.
pub(super) fn name(key: &str) -> Cow<'_, str> {
    if !key.contains('\\') {
        return Cow::Borrowed(key);
    }
    // A key that is no text (half a surrogate pair) stands for itself.
    serde_json::from_str(&format!("\"{key}\"")).map_or(Cow::Borrowed(key), Cow::Owned)
}

/// Any JSON value. A number too large for 64 bits of floating point becomes its text, so that nothing is lost.
pub(super) fn value(token: &str) -> Value {
    serde_json::from_str(token).unwrap_or_else(|_| Value::from(token))
}

/// Fields by name; of a name that came twice the last value counts.
pub(super) fn extra(text: &str, fields: &[(Span, Span)]) -> Map<String, Value> {
    fields
        .iter()
        .map(|(key, token)| (name(key.of(text)).into_owned(), value(token.of(text))))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde_json::json;

    use super::{name, string, value};

    #[test]
    fn strings_without_escapes_are_borrowed() {
        assert!(matches!(string(r#""语音""#), Some(Cow::Borrowed("语音"))));
        assert_eq!(string(r#""a\u8bed\n\ud83d\ude00""#).unwrap(), "a语\n\u{1f600}");
        assert_eq!(string("12"), None);
        assert_eq!(name(r"session\u0049d"), "sessionId");
    }

    #[test]
    fn a_number_beyond_64_bits_is_not_lost() {
        assert_eq!(value("1e999"), json!("1e999"));
        assert_eq!(value("-3"), json!(-3));
    }
}
