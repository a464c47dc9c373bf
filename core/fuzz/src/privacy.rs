//! Whether something private can be read in a printed text.

use serde_json::Value;

/// Shorter texts occur anywhere by accident.
const SHORTEST: usize = 6;

/// Asserts that `secret` is not to be read in `shown`. A text that also stands in one of the `others`, which may be
/// shown, says nothing.
pub(crate) fn assert_hidden(secret: &str, shown: &str, others: &[String]) {
    let telling = secret.len() >= SHORTEST
        && !others
            .iter()
            .any(|other| other.contains(secret) || secret.contains(other.as_str()) && other.len() >= SHORTEST);
    assert!(
        !telling || !shown.contains(secret),
        "something private is shown: {shown}"
    );
}

/// Every text of a document, names included; of what is equal each one.
pub(crate) fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            into.push(name.clone());
            texts(value, into);
        }),
        Value::Number(number) => into.push(number.to_string()),
        _ => {}
    }
}

/// Every text of a document but one occurrence of this one.
pub(crate) fn other_texts(document: &Value, but: &str) -> Vec<String> {
    let mut all = Vec::new();
    texts(document, &mut all);
    if let Some(position) = all.iter().position(|text| text == but) {
        all.swap_remove(position);
    }
    all
}

/// The longest run of digits in a text.
pub(crate) fn longest_number(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .max()
        .unwrap_or(0)
}
