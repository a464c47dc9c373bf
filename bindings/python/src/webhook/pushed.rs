//! What the classes of pushed records have in common: how they are shown, and how they are compared.

use pyo3::prelude::*;
use pyo3::types::PyString;
use voicecall_core::descriptor::{Field, Sensitivity};
use voicecall_core::mask;
use voicecall_core::webhook::{Pushed, PushedValue};

/// `name=value` for each field that is there, as far as its sensitivity allows, and the names of undocumented fields:
/// what these hold is unknown, and may be personal.
pub(super) fn shown(py: Python<'_>, pushed: &Pushed) -> PyResult<Vec<String>> {
    let mut parts = Vec::new();
    for (index, field) in pushed.record().fields.iter().enumerate() {
        if let Some(value) = pushed.value(index) {
            parts.push(format!("{}={}", field.ident, shown_value(py, field, &value)?));
        }
    }
    let extra = pushed.extra();
    if !extra.is_empty() {
        let names: Vec<_> = extra.keys().map(String::as_str).collect();
        parts.push(format!("extra={}", pyo3::types::PyTuple::new(py, names)?.repr()?));
    }
    Ok(parts)
}

fn shown_value(py: Python<'_>, field: &Field, value: &PushedValue<'_>) -> PyResult<String> {
    let quoted = |text: &str| PyString::new(py, text).repr().map(|text| text.to_string());
    match (field.sensitivity(), value) {
        (Sensitivity::Hidden, _) => Ok(mask::HIDDEN.to_owned()),
        (Sensitivity::LastFour, PushedValue::Text(text)) => quoted(&mask::phone_number(text)),
        (_, PushedValue::Text(text)) => quoted(text),
        (_, PushedValue::Integer(number)) => Ok(number.to_string()),
        (_, PushedValue::Time(time)) => quoted(&time.to_string()),
        _ => Ok(mask::HIDDEN.to_owned()),
    }
}

/// A number that is the same for equal texts.
pub(super) fn hash(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
