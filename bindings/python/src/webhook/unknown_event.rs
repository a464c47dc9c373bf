//! `UnknownEvent`: a push of a kind that this version does not know.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};
use voicecall_core::webhook;

use super::pushed;
use crate::classes;
use crate::json::object_to_python;

/// A push of a kind that this version does not know. Acknowledge it like any other; nothing of it is read but its kind.
#[pyclass(frozen, module = "voicecall.webhook")]
pub(crate) struct UnknownEvent {
    event: webhook::UnknownEvent,
}

impl UnknownEvent {
    pub(super) fn new(event: webhook::UnknownEvent) -> UnknownEvent {
        UnknownEvent { event }
    }
}

#[pymethods]
impl UnknownEvent {
    /// `eventType` as it came: an unknown member of `EventType`.
    #[getter]
    fn event_type<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        classes::word(py, webhook::EventType::ENUMERATION.name, self.event.event_type())
    }

    /// The call that the event is about, where it says so in the place that status events use; otherwise `None`.
    #[getter]
    fn session_id(&self) -> Option<Cow<'_, str>> {
        self.event.session_id()
    }

    /// The whole message as it came. Holds personal data.
    #[getter]
    fn raw(&self) -> &str {
        self.event.raw()
    }

    /// All fields beside `eventType` as they came, as a new dictionary.
    #[getter]
    fn extra<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        object_to_python(py, &self.event.extra())
    }

    /// A new dictionary with `eventType` and the mark `unknown`; nothing is promised about the rest, see `extra`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        object_to_python(py, &self.event.to_json())
    }

    fn __eq__(&self, other: &UnknownEvent) -> bool {
        let content = |event: &webhook::UnknownEvent| (event.event_type().to_owned(), event.extra());
        self.event.raw() == other.event.raw() || content(&self.event) == content(&other.event)
    }

    fn __hash__(&self) -> u64 {
        pushed::hash(self.event.event_type())
    }

    /// Shows no field: which of them are personal is unknown.
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let event_type = PyString::new(py, self.event.event_type()).repr()?;
        Ok(format!("UnknownEvent(event_type={event_type})"))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        super::again(py, self.event.raw())
    }
}
