//! `FeeEvent`: the records of finished calls, and those that could not be read.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyTuple};
use voicecall_core::webhook;

use super::cdr::Cdr;
use super::pushed;
use crate::classes;
use crate::json::object_to_python;

/// The CDRs of calls that ended in the same second, 1 to 50 of them.
///
/// A record that cannot be read is told in `rejected` and never costs its good neighbours. Store its raw text; it is a
/// CDR too. Equal to an event with the same content; can be hashed and pickled.
#[pyclass(frozen, module = "voicecall.webhook")]
pub(crate) struct FeeEvent {
    event: webhook::FeeEvent,
    cdrs: PyOnceLock<Py<PyTuple>>,
}

impl FeeEvent {
    pub(super) fn new(event: webhook::FeeEvent) -> FeeEvent {
        FeeEvent {
            event,
            cdrs: PyOnceLock::new(),
        }
    }
}

#[pymethods]
impl FeeEvent {
    /// Always `EventType.FEE`.
    #[getter]
    fn event_type<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let fee = webhook::EventType::Fee;
        classes::word(py, webhook::EventType::ENUMERATION.name, fee.as_str())
    }

    /// The records that could be read, in the order of the message: a tuple of `Cdr`.
    #[getter]
    pub(crate) fn cdrs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let cdrs = self.cdrs.get_or_try_init(py, || {
            let cdrs: PyResult<Vec<_>> = self
                .event
                .cdrs()
                .iter()
                .map(|cdr| Bound::new(py, Cdr::new(cdr.clone())))
                .collect();
            PyTuple::new(py, cdrs?).map(Bound::unbind)
        });
        cdrs.map(|cdrs| cdrs.bind(py).clone())
    }

    /// The records that could not be read, in the order of the message: a tuple of `RejectedRecord`.
    #[getter]
    fn rejected<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let records = self.event.rejected().iter().map(|record| {
            let attributes = object_to_python(py, &record.to_json())?;
            attributes.set_item("raw", record.raw())?;
            classes::value(py, "RejectedRecord", &attributes)
        });
        PyTuple::new(py, records.collect::<PyResult<Vec<_>>>()?)
    }

    /// The whole message as it came. Holds personal data.
    #[getter]
    fn raw(&self) -> &str {
        self.event.raw()
    }

    /// The fields beside the records that the service's documentation does not describe, as a new dictionary.
    #[getter]
    fn extra<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        object_to_python(py, &self.event.extra())
    }

    /// A new dictionary built like the message; `rejected` is there when a record could not be read.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        object_to_python(py, &self.event.to_json())
    }

    fn __eq__(&self, other: &FeeEvent) -> bool {
        self.event.raw() == other.event.raw() || self.event.to_json() == other.event.to_json()
    }

    fn __hash__(&self) -> u64 {
        let first = self.event.cdrs().first().map(webhook::Cdr::session_id);
        pushed::hash(&first.unwrap_or_default())
    }

    fn __repr__(&self) -> String {
        let (cdrs, rejected) = (self.event.cdrs().len(), self.event.rejected().len());
        format!("FeeEvent(<{cdrs} CDRs, {rejected} rejected>)")
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        super::again(py, self.event.raw())
    }
}
