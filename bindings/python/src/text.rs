//! Python's texts, and what is said of a value that is of another type.

use std::fmt::Display;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

/// The text of a str.
pub(crate) fn string(value: &Bound<'_, PyAny>, name: impl Display) -> PyResult<String> {
    match value.cast::<PyString>() {
        Ok(value) => text(value, name),
        Err(_) => Err(PyTypeError::new_err(wrong_type(name, "a str", value))),
    }
}

/// The characters of a str. Half of a surrogate pair, which a str can hold, is no character.
pub(crate) fn text(value: &Bound<'_, PyString>, name: impl Display) -> PyResult<String> {
    let text = value.to_cow().map(|text| text.into_owned());
    text.map_err(|_| PyValueError::new_err(format!("{name} holds half of a surrogate pair")))
}

/// What is said of a value of the wrong type: its type, never the value, which may be personal or secret.
pub(crate) fn wrong_type(name: impl Display, expected: &str, value: &Bound<'_, PyAny>) -> String {
    let got = value.get_type();
    let got = got
        .name()
        .map_or_else(|_| "something else".to_owned(), |name| name.to_string());
    format!("{name} must be {expected}, not {got}")
}
