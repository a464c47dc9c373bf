//! Python values as the natural JSON that the core reads. Types only: every rule about values is the core's.

use std::fmt::Display;

use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString, PyTuple};
use serde_json::{Map, Value};
use voicecall_core::Error;
use voicecall_core::descriptor::{Field, FieldType, Record};
use voicecall_core::operation::Operation;
use voicecall_core::record::Fields;

use crate::classes;
use crate::duration::milliseconds;
use crate::failure::raise;
use crate::json::object_from_python;
use crate::text::{string, wrong_type};

/// The key under which natural JSON carries undocumented fields.
const EXTRA: &str = "extra";

/// What an operation was called with: a whole request, or the fields of one in the order of their declaration.
pub(crate) struct Arguments<'a, 'py> {
    pub(crate) request: Option<&'a Bound<'py, PyAny>>,
    pub(crate) fields: Option<&'a Bound<'py, PyTuple>>,
    pub(crate) extra: Option<&'a Bound<'py, PyAny>>,
}

impl Arguments<'_, '_> {
    /// The request as the core knows it.
    pub(crate) fn read(&self, py: Python<'_>, operation: &Operation) -> PyResult<Box<dyn Fields>> {
        let natural = match self.request {
            Some(request) => {
                self.refuse_fields(operation)?;
                model(operation.request, request, operation.name)?
            }
            None => fields(operation.request, self.fields, self.extra)?,
        };
        (operation.read)(natural).map_err(|error| raise(py, &error, operation.rings))
    }

    fn refuse_fields(&self, operation: &Operation) -> PyResult<()> {
        let given = self
            .fields
            .is_some_and(|fields| fields.iter().any(|field| !field.is_none()));
        if given || self.extra.is_some() {
            let message = format!("{}() takes either a request or its fields", operation.name);
            return Err(PyTypeError::new_err(message));
        }
        Ok(())
    }
}

/// Fields in the order of their declaration, `None` for those that are not set.
pub(crate) fn fields(
    record: &Record,
    values: Option<&Bound<'_, PyTuple>>,
    extra: Option<&Bound<'_, PyAny>>,
) -> PyResult<Map<String, Value>> {
    natural(record, values.into_iter().flatten().map(Ok), extra)
}

/// A model as natural JSON. `name` is that of the argument, for errors.
pub(crate) fn model(
    record: &'static Record,
    model: &Bound<'_, PyAny>,
    name: impl Display,
) -> PyResult<Map<String, Value>> {
    let py = model.py();
    let class = classes::model(py, record)?;
    if !model.is_instance(class.class(py))? {
        let expected = format!("of type {}", record.name);
        return Err(PyTypeError::new_err(wrong_type(name, &expected, model)));
    }
    let extra = model.getattr(intern!(py, EXTRA))?;
    let extra = Some(&extra).filter(|extra| extra.is_truthy().unwrap_or(true));
    natural(record, class.names(py).map(|name| model.getattr(name)), extra)
}

fn natural<'py>(
    record: &Record,
    values: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
    extra: Option<&Bound<'_, PyAny>>,
) -> PyResult<Map<String, Value>> {
    let mut natural = Map::with_capacity(record.fields.len());
    for (field, value) in record.fields.iter().zip(values) {
        let value = value?;
        if !value.is_none() {
            natural.insert(field.name.to_owned(), natural_value(field, &value, &field.ident)?);
        }
    }
    if let Some(extra) = extra.filter(|extra| !extra.is_none()) {
        natural.insert(EXTRA.to_owned(), Value::Object(undocumented(extra)?));
    }
    Ok(natural)
}

/// Undocumented fields.
pub(crate) fn undocumented(extra: &Bound<'_, PyAny>) -> PyResult<Map<String, Value>> {
    object_from_python(extra, EXTRA)
}

/// A field's value, if it is of the right type. `name` is that of the argument, for errors.
pub(crate) fn natural_value(field: &Field, value: &Bound<'_, PyAny>, name: &dyn Display) -> PyResult<Value> {
    match field.ty {
        FieldType::Integer => integer(value, name),
        FieldType::Flag => match value.cast::<PyBool>() {
            Ok(flag) => Ok(Value::Bool(flag.is_true())),
            Err(_) => Err(PyTypeError::new_err(wrong_type(name, "a bool", value))),
        },
        FieldType::Milliseconds => milliseconds(value, name),
        FieldType::TemplateValues | FieldType::Texts => {
            items(value, name, "str", |item, name| string(item, name).map(Value::String))
        }
        FieldType::Records(record) => {
            let expected = record.name;
            items(value, name, expected, |item, name| {
                model(record, item, name).map(Value::Object)
            })
        }
        _ => string(value, name).map(Value::String),
    }
}

/// Each item of something that is more than one. A text is iterable too, but nobody means its letters.
fn items<'py>(
    value: &Bound<'py, PyAny>,
    name: &dyn Display,
    what: &str,
    read: impl Fn(&Bound<'py, PyAny>, &dyn Display) -> PyResult<Value>,
) -> PyResult<Value> {
    let wrong = || PyTypeError::new_err(wrong_type(name, &format!("an iterable of {what}"), value));
    if value.is_instance_of::<PyString>() {
        return Err(wrong());
    }
    let items = value.try_iter().map_err(|_| wrong())?.enumerate();
    items
        .map(|(index, item)| read(&item?, &format_args!("{name}[{index}]")))
        .collect()
}

fn integer(value: &Bound<'_, PyAny>, name: &dyn Display) -> PyResult<Value> {
    if !value.is_instance_of::<PyInt>() || value.is_instance_of::<PyBool>() {
        return Err(PyTypeError::new_err(wrong_type(name, "an int", value)));
    }
    let whole = value.extract::<i64>();
    whole
        .map(Value::from)
        .map_err(|_| PyOverflowError::new_err(format!("{name} is too large: more than 64 bits")))
}

/// Reads settings into a record of the core.
pub(crate) fn settings<T: voicecall_core::record::FromNatural>(
    record: &Record,
    values: &Bound<'_, PyTuple>,
) -> PyResult<T> {
    let natural = fields(record, Some(values), None)?;
    let read: Result<T, Error> = T::from_natural(natural);
    read.map_err(|error| raise(values.py(), &error, false))
}
