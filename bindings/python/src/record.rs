//! `Record`: what the models of the package ask the core's descriptors: are these values of the right types, what does
//! the record look like on the wire, and how much of it may be shown.

use pyo3::exceptions::{PyAttributeError, PyKeyError};
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use serde_json::{Map, Value};
use voicecall_core::Config;
use voicecall_core::calls::{OPERATIONS, PlacedCall, PlayContentInfo};
use voicecall_core::descriptor::{self, Field, FieldType, Sensitivity};
use voicecall_core::mask;
use voicecall_core::record::wire::to_wire;
use voicecall_core::record::{Fields, FromNatural};
use voicecall_core::webhook::{Application, WebhookConfig};

use crate::arguments;
use crate::classes;
use crate::failure::raise;
use crate::json::{object_to_python, to_python};

/// The descriptor of a model's fields.
#[pyclass(frozen, module = "voicecall._native")]
pub(crate) struct Record {
    record: &'static descriptor::Record,
    read: Read,
}

/// Reads natural JSON into the record's type.
type Read = fn(Map<String, Value>) -> Result<Box<dyn Fields>, voicecall_core::Error>;

#[pymethods]
impl Record {
    /// The record of this name.
    #[new]
    fn new(name: &str) -> PyResult<Record> {
        let operation = OPERATIONS.iter().find(|operation| operation.request.name == name);
        match operation {
            Some(operation) => Ok(Record {
                record: operation.request,
                read: operation.read,
            }),
            None => nested(name).ok_or_else(|| PyKeyError::new_err(name.to_owned())),
        }
    }

    /// The fields' names in Python and on the wire, in the order of their declaration.
    fn names(&self) -> Vec<(&'static str, &'static str)> {
        self.record
            .fields
            .iter()
            .map(|field| (field.ident, field.name))
            .collect()
    }

    /// Checks the types of the values and puts them into the model's slots: lists become tuples, texts of enumerations
    /// their members. The model's own `__setattr__` refuses all changes; it is passed by.
    fn fill(
        &self,
        model: &Bound<'_, PyAny>,
        values: &Bound<'_, PyTuple>,
        extra: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let py = model.py();
        let extra = extra.filter(|extra| !extra.is_none());
        extra.map(arguments::undocumented).transpose()?;
        let names = classes::model(py, self.record)?.names(py);
        for ((field, name), value) in self.record.fields.iter().zip(names).zip(values) {
            if value.is_none() {
                set(model, name, &value)?;
            } else {
                arguments::natural_value(field, &value, &field.ident)?;
                set(model, name, &held(field, &value)?)?;
            }
        }
        let extra = match extra {
            Some(extra) => PyDict::from_sequence(&extra.call_method0(intern!(py, "items"))?)?,
            None => PyDict::new(py),
        };
        set(model, intern!(py, "_extra"), &extra)
    }

    /// The form that travels.
    fn wire<'py>(&self, model: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        let py = model.py();
        let natural = arguments::model(self.record, model, "self")?;
        let record = (self.read)(natural).map_err(|error| raise(py, &error, false))?;
        object_to_python(py, &to_wire(&*record, &[]))
    }

    /// The model as text for people. Of undocumented fields only the names: what they hold may be personal.
    fn shown(&self, model: &Bound<'_, PyAny>) -> PyResult<String> {
        let mut parts = Vec::new();
        for field in self.record.fields {
            let value = model.getattr(field.ident)?;
            if !value.is_none() {
                parts.push(format!("{}={}", field.ident, shown(field, &value)?));
            }
        }
        let extra = model.getattr(intern!(model.py(), "extra"))?;
        if extra.is_truthy()? {
            let names = extra.try_iter()?.collect::<PyResult<Vec<_>>>()?;
            parts.push(format!("extra={}", PyTuple::new(model.py(), names)?.repr()?));
        }
        Ok(format!("{}({})", self.record.name, parts.join(", ")))
    }
}

/// A model of what the core gives, whose types are right: natural JSON of its fields, and undocumented ones.
pub(crate) fn made<'py>(
    py: Python<'py>,
    record: &'static descriptor::Record,
    natural: &Map<String, Value>,
    extra: &Map<String, Value>,
) -> PyResult<Bound<'py, PyAny>> {
    let class = classes::model(py, record)?;
    let model = class.blank(py)?;
    for (field, name) in record.fields.iter().zip(class.names(py)) {
        match natural.get(field.name) {
            Some(value) => set(&model, name, &held(field, &to_python(py, value)?)?)?,
            None => set(&model, name, py.None().bind(py))?,
        }
    }
    set(&model, intern!(py, "_extra"), object_to_python(py, extra)?.as_any())?;
    Ok(model)
}

/// Records that are no operation's request.
fn nested(name: &str) -> Option<Record> {
    fn read<T: Fields + FromNatural + 'static>(
        natural: Map<String, Value>,
    ) -> Result<Box<dyn Fields>, voicecall_core::Error> {
        Ok(Box::new(T::from_natural(natural)?))
    }
    let known: [(&'static descriptor::Record, Read); 5] = [
        (PlayContentInfo::RECORD, read::<PlayContentInfo>),
        (PlacedCall::RECORD, read::<PlacedCall>),
        (Config::RECORD, read::<Config>),
        (WebhookConfig::RECORD, read::<WebhookConfig>),
        (Application::RECORD, read::<Application>),
    ];
    let (record, read) = known.into_iter().find(|(record, _)| record.name == name)?;
    Some(Record { record, read })
}

/// What a model holds of a value whose type has been checked.
fn held<'py>(field: &Field, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = value.py();
    match field.ty {
        FieldType::Enumeration(enumeration) => {
            let text = value.cast::<PyString>()?;
            classes::word(py, enumeration.name, &text.to_cow()?)
        }
        FieldType::Texts | FieldType::TemplateValues | FieldType::Records(_) => {
            Ok(py.get_type::<PyTuple>().call1((value,))?)
        }
        _ => Ok(value.clone()),
    }
}

/// Sets an attribute as `object.__setattr__` does.
fn set(object: &Bound<'_, PyAny>, name: &Bound<'_, PyString>, value: &Bound<'_, PyAny>) -> PyResult<()> {
    // SAFETY: three live objects; the name is a str.
    let outcome = unsafe { ffi::PyObject_GenericSetAttr(object.as_ptr(), name.as_ptr(), value.as_ptr()) };
    if outcome == 0 {
        return Ok(());
    }
    Err(PyErr::take(object.py()).unwrap_or_else(|| PyAttributeError::new_err("the model has no such slot")))
}

fn shown(field: &Field, value: &Bound<'_, PyAny>) -> PyResult<String> {
    match field.sensitivity() {
        Sensitivity::Hidden => Ok(mask::HIDDEN.to_owned()),
        Sensitivity::LastFour => {
            let masked = mask::phone_number(&value.cast::<PyString>()?.to_cow()?);
            Ok(PyString::new(value.py(), &masked).repr()?.to_string())
        }
        Sensitivity::Plain => Ok(value.repr()?.to_string()),
    }
}

/// A phone number with all digits but the last four masked.
#[pyfunction]
pub(crate) fn masked(number: &str) -> String {
    mask::phone_number(number)
}
