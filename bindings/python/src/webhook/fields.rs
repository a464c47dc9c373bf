//! An attribute for each field of a pushed record, from its descriptor.

use std::ffi::{CStr, CString, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use pyo3::PyClass;
use pyo3::exceptions::PySystemError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyString};
use voicecall_core::descriptor::Record;
use voicecall_core::webhook::{Pushed, PushedValue};

use crate::moment::datetime;

/// A class of pushed records.
pub(super) trait HoldsPushed: PyClass<Frozen = pyo3::pyclass::boolean_struct::True> + Sync {
    /// The record that an instance holds.
    fn pushed(&self) -> &Pushed;
}

/// Adds a read-only attribute for each field. The interpreter's own getset descriptors serve: they check what they are
/// called on, and cost less than a class of descriptors.
pub(super) fn add_attributes<T: HoldsPushed>(
    py: Python<'_>,
    record: &'static Record,
    docs: &'static [&'static CStr],
) -> PyResult<()> {
    let class = py.get_type::<T>();
    for (index, field) in record.fields.iter().enumerate() {
        let name = CString::new(field.ident).map_err(|_| PySystemError::new_err("a field's name ends early"))?;
        // Lives as long as the class, which is as long as the process.
        let definition = Box::leak(Box::new(ffi::PyGetSetDef {
            name: name.into_raw(),
            get: Some(get::<T>),
            set: None,
            doc: docs.get(index).map_or(ptr::null(), |doc| doc.as_ptr()),
            closure: ptr::without_provenance_mut(index),
        }));
        // SAFETY: a class, and a definition that outlives it.
        let attribute = unsafe {
            let attribute = ffi::PyDescr_NewGetSet(class.as_type_ptr(), definition);
            Bound::from_owned_ptr_or_err(py, attribute)?
        };
        class.setattr(field.ident, attribute)?;
    }
    Ok(())
}

/// Reads the field whose position is `closure`.
unsafe extern "C" fn get<T: HoldsPushed>(object: *mut ffi::PyObject, closure: *mut c_void) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls this, so this thread is attached to it.
    let py = unsafe { Python::assume_attached() };
    let read = || {
        // SAFETY: the descriptor has checked that the object is a `T`.
        let holder = unsafe { Borrowed::from_ptr(py, object).cast_unchecked::<T>() };
        to_python(py, holder.get().pushed().value(closure.addr()))
    };
    // No panic may pass the interpreter.
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => value.into_ptr(),
        Ok(Err(error)) => {
            error.restore(py);
            ptr::null_mut()
        }
        Err(_) => {
            PySystemError::new_err("a field could not be read").restore(py);
            ptr::null_mut()
        }
    }
}

/// The value as a Python object; `None` where the platform left the field out or sent an empty text.
#[inline]
pub(super) fn to_python<'py>(py: Python<'py>, value: Option<PushedValue<'_>>) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Some(PushedValue::Text(text)) => Ok(PyString::new(py, &text).into_any()),
        Some(PushedValue::Integer(number)) => Ok(PyInt::new(py, number).into_any()),
        Some(PushedValue::Time(time)) => datetime(py, time.unix_seconds()),
        _ => Ok(py.None().into_bound(py)),
    }
}
