//! Lengths of time: Python counts seconds, or has a `timedelta`.

use std::fmt::Display;
use std::time::Duration;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt};
use serde_json::Value;

use crate::text::wrong_type;

/// Longer than any program waits, and short enough for every clock.
const LONGEST_SECONDS: f64 = 1e9;

/// A length of time; one below zero is none at all.
pub(crate) fn duration(value: &Bound<'_, PyAny>, name: impl Display) -> PyResult<Duration> {
    let seconds = seconds(value, &name)?;
    if seconds.is_nan() {
        return Err(PyValueError::new_err(format!("{name} is not a number")));
    }
    Ok(Duration::from_secs_f64(seconds.clamp(0.0, LONGEST_SECONDS)))
}

/// A setting in whole milliseconds, as the core's natural JSON has it. Rounded up: a short time is not none.
pub(crate) fn milliseconds(value: &Bound<'_, PyAny>, name: impl Display) -> PyResult<Value> {
    let nanoseconds = duration(value, name)?.as_nanos();
    let milliseconds = nanoseconds.div_ceil(1_000_000);
    Ok(Value::from(u64::try_from(milliseconds).unwrap_or(u64::MAX)))
}

fn seconds(value: &Bound<'_, PyAny>, name: &dyn Display) -> PyResult<f64> {
    let is_number = value.is_instance_of::<PyFloat>() || value.is_instance_of::<PyInt>();
    if is_number && !value.is_instance_of::<PyBool>() {
        return value.extract();
    }
    match value.call_method0(intern!(value.py(), "total_seconds")) {
        Ok(seconds) => seconds.extract().map_err(|_| wrong(value, name)),
        Err(_) => Err(wrong(value, name)),
    }
}

fn wrong(value: &Bound<'_, PyAny>, name: &dyn Display) -> PyErr {
    PyTypeError::new_err(wrong_type(name, "a number of seconds or a timedelta", value))
}
