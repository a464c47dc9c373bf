//! The Python classes of the package that native code makes instances of, each looked up once.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
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
static STORIES: Module = Module::new("voicecall._story");

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

/// The class of a record that operations take or give.
pub(crate) fn model<'py>(py: Python<'py>, record: &descriptor::Record) -> PyResult<Bound<'py, PyAny>> {
    MODELS.get(py, record.name)
}

/// The member of an enumeration with this text; a text that the enumeration does not know becomes a member of its own.
pub(crate) fn word<'py>(py: Python<'py>, enumeration: &str, text: &str) -> PyResult<Bound<'py, PyAny>> {
    ENUMS.get(py, enumeration)?.call1((text,))
}

/// An immutable value of this class with these attributes.
pub(crate) fn value<'py>(py: Python<'py>, class: &str, attributes: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    VALUES.get(py, class)?.call((), Some(attributes))
}

/// The same for what a store tells.
pub(crate) fn story<'py>(py: Python<'py>, class: &str, attributes: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    STORIES.get(py, class)?.call((), Some(attributes))
}

/// A function of the module of exceptions.
pub(crate) fn error_function<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    ERRORS.get(py, name)
}
