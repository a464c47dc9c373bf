//! The module works in one interpreter of a process.

use std::sync::atomic::{AtomicI64, Ordering};

use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;

const NONE: i64 = -1;

/// Refuses to be imported by a second interpreter. Classes and threads belong to the first: objects of the one would be
/// used under the settings of the other. CPython itself refuses only interpreters with a lock of their own.
pub(crate) fn claim(_py: Python<'_>) -> PyResult<()> {
    static OWNER: AtomicI64 = AtomicI64::new(NONE);
    // SAFETY: the thread is attached, which is all that both functions ask for.
    let current = unsafe { ffi::PyInterpreterState_GetID(ffi::PyInterpreterState_Get()) };
    match OWNER.compare_exchange(NONE, current, Ordering::Relaxed, Ordering::Relaxed) {
        Err(owner) if owner != current => Err(PyImportError::new_err(
            "voicecall works in one interpreter of a process only, and another interpreter of this process has imported \
             it. Under mod_wsgi, set WSGIApplicationGroup %{GLOBAL}",
        )),
        _ => Ok(()),
    }
}
