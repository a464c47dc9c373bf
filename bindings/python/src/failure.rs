//! The core's errors as Python exceptions.

use std::error::Error as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use voicecall_core::Error;

use crate::classes;
use crate::json::object_to_python;

/// The exception for an error. `rings`: whether the request behind it makes a phone ring, so that an outcome that is not
/// known is reported as such.
pub(crate) fn raise(py: Python<'_>, error: &Error, rings: bool) -> PyErr {
    let exception = || -> PyResult<Bound<'_, PyAny>> {
        let attributes = object_to_python(py, &error.to_json())?;
        classes::error_function(py, "exception")?.call1((attributes, rings))
    };
    match exception() {
        Ok(exception) => {
            let raised = PyErr::from_value(exception);
            if let Some(source) = error.source() {
                raised.set_cause(py, Some(PyOSError::new_err(source.to_string())));
            }
            raised
        }
        Err(fault) => fault,
    }
}

/// Runs what the core does. A panic there is a fault of the library, which a program can catch like any other error.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Panicked)
}

/// The core panicked; how far it had come is not known.
pub(crate) struct Panicked;

impl Panicked {
    pub(crate) fn raise(self, py: Python<'_>, rings: bool) -> PyErr {
        let exception = classes::error_function(py, "panicked").and_then(|function| function.call1((rings,)));
        exception.map_or_else(|fault| fault, PyErr::from_value)
    }
}
