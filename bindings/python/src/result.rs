//! Results of the core as the package's values, by their descriptors.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use serde_json::{Map, Value};
use voicecall_core::descriptor::FieldType;
use voicecall_core::result::{AttributeType, Attributes, Form, ResultType, to_object};
use voicecall_core::webhook::Cdr;

use crate::classes;
use crate::failure::raise;
use crate::json;
use crate::moment::datetime;

/// A result.
pub(crate) fn result<'py>(py: Python<'py>, result: &dyn Attributes) -> PyResult<Bound<'py, PyAny>> {
    made(py, result.result_type(), to_object(result, Form::Native))
}

/// A result that may be absent.
pub(crate) fn optional<'py, T: Attributes>(py: Python<'py>, found: Option<T>) -> PyResult<Option<Bound<'py, PyAny>>> {
    found.map(|found| result(py, &found)).transpose()
}

/// Results in a tuple.
pub(crate) fn each<'py, T: Attributes>(py: Python<'py>, items: &[T]) -> PyResult<Bound<'py, PyTuple>> {
    let made: PyResult<Vec<_>> = items.iter().map(|item| result(py, item)).collect();
    PyTuple::new(py, made?)
}

fn made<'py>(py: Python<'py>, ty: &'static ResultType, mut members: Map<String, Value>) -> PyResult<Bound<'py, PyAny>> {
    let attributes = PyDict::new(py);
    for attribute in ty.attributes {
        if let Some(member) = members.remove(attribute.name) {
            // A word that Python keeps for itself.
            let name = if attribute.name == "class" {
                "rejected_class"
            } else {
                attribute.name
            };
            attributes.set_item(PyString::intern(py, name), value(py, &attribute.ty, member)?)?;
        }
    }
    classes::result(py, ty.name, &attributes)
}

fn value<'py>(py: Python<'py>, ty: &'static AttributeType, value: Value) -> PyResult<Bound<'py, PyAny>> {
    match (ty, value) {
        (AttributeType::List(item), Value::Array(items)) => {
            let items: PyResult<Vec<_>> = items.into_iter().map(|value| self::value(py, item, value)).collect();
            Ok(PyTuple::new(py, items?)?.into_any())
        }
        (AttributeType::Result(nested), Value::Object(members)) => made(py, nested, members),
        (AttributeType::Set(set), Value::String(word)) => classes::word(py, set.name, &word),
        (AttributeType::Record(_), Value::String(raw)) => {
            let cdr = Cdr::from_raw(&raw).map_err(|error| raise(py, &error, false))?;
            Ok(Bound::new(py, crate::webhook::Cdr::new(cdr))?.into_any())
        }
        (AttributeType::Value(FieldType::Time), Value::Number(seconds)) => {
            datetime(py, seconds.as_i64().unwrap_or_default())
        }
        (AttributeType::Value(FieldType::Decimal), Value::String(amount)) => {
            py.import("decimal")?.getattr("Decimal")?.call1((amount,))
        }
        (_, value) => json::to_python(py, &value),
    }
}
