//! Decodes parts of a message whose ends the scanner has found. A value that is no JSON stands for itself, as text.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::scan::{MAX_DEPTH, Span};

/// The text of a JSON string; borrowed unless it has escapes. `None` for other values.
#[inline]
pub(crate) fn string(token: &str) -> Option<Cow<'_, str>> {
    let inner = token.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.as_bytes().contains(&b'\\') {
        return Some(Cow::Borrowed(inner));
    }
    let text = serde_json::from_str(token);
    text.or_else(|_| serde_json::from_str(&with_controls_escaped(token)))
        .ok()
        .map(Cow::Owned)
}

/// Control characters as JSON writes them: a sender may have left them as they are.
#[cold]
fn with_controls_escaped(token: &str) -> String {
    token.chars().fold(String::with_capacity(token.len()), |mut text, c| {
        if c.is_ascii_control() {
            text.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            text.push(c);
        }
        text
    })
}

/// The text of an object's key, given without its quotes.
pub(super) fn name(key: &str) -> Cow<'_, str> {
    if !key.contains('\\') {
        return Cow::Borrowed(key);
    }
    // A key that is no text (half a surrogate pair) stands for itself.
    serde_json::from_str(&format!("\"{key}\"")).map_or(Cow::Borrowed(key), Cow::Owned)
}

/// Any JSON value. What cannot be decoded becomes its text, so that nothing is lost: a number too large for 64 bits of
/// floating point, half of a surrogate pair, containers so deep that other readers would refuse the whole.
pub(super) fn value(token: &str) -> Value {
    if let Some(text) = string(token) {
        return Value::from(text);
    }
    let decoded = if is_deep(token) {
        None
    } else {
        serde_json::from_str(token).ok()
    };
    decoded.unwrap_or_else(|| Value::from(token))
}

/// Brackets inside strings count too: then the value becomes its text though it need not.
fn is_deep(token: &str) -> bool {
    let mut depth = 0_usize;
    token.bytes().any(|byte| {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth >= MAX_DEPTH
    })
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
        assert_eq!(value(r#""\ud83d""#), json!(r#""\ud83d""#));
        assert_eq!(value("\"a\tb\\n\""), json!("a\tb\n"));
        assert_eq!(value("NaN"), json!("NaN"));
        let deep = "[".repeat(32) + &"]".repeat(32);
        assert_eq!(value(&deep), json!(deep));
        assert!(value(&deep[1..63]).is_array());
    }
}
