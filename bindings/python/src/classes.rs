//! The Python classes of the package that native code makes instances of, each looked up once.

use std::ptr;
use std::sync::{Mutex, PoisonError};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString};
use voicecall_core::descriptor;

/// A module of the package, looked up when it is first needed: importing the native module imports nothing else.
struct Module {
    name: &'static str,
    module: PyOnceLock<Py<PyModule>>,
}

static MODELS: Module = Module::new("voicecall.models");
static ENUMS: Module = Module::new("voicecall.enums");
static ERRORS: Module = Module::new("voicecall._error");
static VALUES: Module = Module::new("voicecall._values");
static RESULTS: Module = Module::new("voicecall._results");

impl Module {
    const fn new(name: &'static str) -> Module {
        Module {
            name,
            module: PyOnceLock::new(),
        }
    }

    fn get<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let import = || py.import(self.name).map(Bound::unbind);
        self.module.get_or_try_init(py, import)?.bind(py).getattr(name)
    }
}

/// The class of a record that operations take or give, and the names of its fields.
pub(crate) struct Model {
    class: Py<PyAny>,
    names: Vec<Py<PyString>>,
}

/// Found by address: a record that has several is known several times, and that is all. Locked only by a thread that is
/// attached to the interpreter, and never across a call into it: no forked child finds this locked.
static KNOWN: Mutex<Vec<(&'static descriptor::Record, &'static Model)>> = Mutex::new(Vec::new());

/// The class of a record, looked up once.
pub(crate) fn model(py: Python<'_>, record: &'static descriptor::Record) -> PyResult<&'static Model> {
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let found = known().iter().find(|(known, _)| ptr::eq(*known, record)).copied();
    if let Some((_, model)) = found {
        return Ok(model);
    }
    let names = record
        .fields
        .iter()
        .map(|field| PyString::intern(py, field.ident).unbind());
    let model: &'static Model = Box::leak(Box::new(Model {
        class: MODELS.get(py, record.name)?.unbind(),
        names: names.collect(),
    }));
    known().push((record, model));
    Ok(model)
}

impl Model {
    pub(crate) fn class<'py>(&'static self, py: Python<'py>) -> &'py Bound<'py, PyAny> {
        self.class.bind(py)
    }

    /// The names of the fields, in the order of their declaration.
    pub(crate) fn names<'py>(&'static self, py: Python<'py>) -> impl Iterator<Item = &'py Bound<'py, PyString>> {
        self.names.iter().map(move |name| name.bind(py))
    }

    /// An instance without its attributes.
    pub(crate) fn blank<'py>(&'static self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let class = self.class(py);
        class.call_method1(intern!(py, "__new__"), (class,))
    }
}

/// The member of an enumeration with this text; a text that the enumeration does not know becomes a member of its own.
pub(crate) fn word<'py>(py: Python<'py>, enumeration: &str, text: &str) -> PyResult<Bound<'py, PyAny>> {
    ENUMS.get(py, enumeration)?.call1((text,))
}

/// An immutable value of this class with these attributes.
pub(crate) fn value<'py>(py: Python<'py>, class: &str, attributes: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    VALUES.get(py, class)?.call((), Some(attributes))
}

/// A result of this type with these attributes.
pub(crate) fn result<'py>(
    py: Python<'py>,
    class: &str,
    attributes: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    RESULTS.get(py, class)?.call((), Some(attributes))
}

/// A function of the module of exceptions.
pub(crate) fn error_function<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    ERRORS.get(py, name)
}
