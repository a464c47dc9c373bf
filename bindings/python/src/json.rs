//! JSON values as Python objects, and back.

use std::fmt::Display;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde_json::{Map, Number, Value};

use crate::text::{text, wrong_type};

/// Deeper than any message of the service, and not so deep that the stack ends: an object may hold itself.
const MAX_DEPTH: usize = 100;

/// The object that Python's own `json` would read from the same text.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(flag) => PyBool::new(py, *flag).to_owned().into_any(),
        Value::Number(number) => number_to_python(py, number)?,
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Array(items) => {
            let list = PyList::empty(py);
            items.iter().try_for_each(|item| list.append(to_python(py, item)?))?;
            list.into_any()
        }
        Value::Object(map) => object_to_python(py, map)?.into_any(),
    })
}

/// A dictionary in the order of the map.
pub(crate) fn object_to_python<'py>(py: Python<'py>, map: &Map<String, Value>) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, value) in map {
        dict.set_item(name, to_python(py, value)?)?;
    }
    Ok(dict)
}

fn number_to_python<'py>(py: Python<'py>, number: &Number) -> PyResult<Bound<'py, PyAny>> {
    if let Some(whole) = number.as_i64() {
        return Ok(whole.into_pyobject(py)?.into_any());
    }
    match number.as_u64() {
        Some(whole) => Ok(whole.into_pyobject(py)?.into_any()),
        None => Ok(PyFloat::new(py, number.as_f64().unwrap_or(f64::NAN)).into_any()),
    }
}

/// A dictionary of JSON values, for what the core sends as it is. `name` is that of the argument, for errors.
pub(crate) fn object_from_python(object: &Bound<'_, PyAny>, name: &str) -> PyResult<Map<String, Value>> {
    match from_python(object, &name, 0)? {
        Value::Object(map) => Ok(map),
        _ => Err(PyTypeError::new_err(wrong_type(name, "a dict", object))),
    }
}

fn from_python(object: &Bound<'_, PyAny>, place: &dyn Display, depth: usize) -> PyResult<Value> {
    if depth > MAX_DEPTH {
        return Err(PyValueError::new_err(format!("{place} is nested too deeply")));
    }
    if object.is_none() {
        Ok(Value::Null)
    } else if let Ok(flag) = object.cast::<PyBool>() {
        Ok(Value::Bool(flag.is_true()))
    } else if let Ok(string) = object.cast::<PyString>() {
        Ok(Value::String(text(string, place)?))
    } else if object.is_instance_of::<PyInt>() {
        whole_number(object, place)
    } else if let Ok(float) = object.cast::<PyFloat>() {
        let number = Number::from_f64(float.value());
        number
            .map(Value::Number)
            .ok_or_else(|| PyValueError::new_err(format!("{place} is no JSON number")))
    } else if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        let items = object.try_iter()?.enumerate();
        items
            .map(|(index, item)| from_python(&item?, &format_args!("{place}[{index}]"), depth + 1))
            .collect()
    } else {
        mapping(object, place, depth)
    }
}

fn whole_number(object: &Bound<'_, PyAny>, place: &dyn Display) -> PyResult<Value> {
    let whole = object
        .extract::<i64>()
        .map(Value::from)
        .or_else(|_| object.extract::<u64>().map(Value::from));
    whole.map_err(|_| PyValueError::new_err(format!("{place} is a whole number of more than 64 bits")))
}

/// A dictionary, or what has its methods.
fn mapping(object: &Bound<'_, PyAny>, place: &dyn Display, depth: usize) -> PyResult<Value> {
    let wrong = || PyTypeError::new_err(wrong_type(place, "a value that JSON has", object));
    let items = object.call_method0("items").map_err(|_| wrong())?;
    let pair = |item: PyResult<Bound<'_, PyAny>>| {
        let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item?.extract()?;
        let name = name.cast::<PyString>().map_err(|_| wrong())?;
        let name = text(name, place)?;
        let value = from_python(&value, &format_args!("{place}[{name:?}]"), depth + 1)?;
        Ok((name, value))
    };
    let members: PyResult<Map<String, Value>> = items.try_iter()?.map(pair).collect();
    members.map(Value::Object)
}
