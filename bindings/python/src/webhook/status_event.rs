//! `StatusEvent`: one event in the life of a call.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use voicecall_core::webhook::{self, Pushed};

use super::fields::HoldsPushed;
use super::pushed;
use crate::classes;
use crate::json::object_to_python;
use crate::result;

/// One event in the life of a call: it is dialled, rings, is answered, keys are pressed, it ends.
///
/// Has an attribute for each field of the push; `None` means that the platform left the field out or sent an empty text.
/// Times are `datetime` objects in UTC. Equal to an event with the same content; can be hashed and pickled.
#[pyclass(frozen, module = "voicecall.webhook")]
pub(crate) struct StatusEvent {
    event: webhook::StatusEvent,
}

impl StatusEvent {
    pub(super) fn new(event: webhook::StatusEvent) -> StatusEvent {
        StatusEvent { event }
    }
}

impl HoldsPushed for StatusEvent {
    fn pushed(&self) -> &Pushed {
        self.event.pushed()
    }
}

#[pymethods]
impl StatusEvent {
    /// What happened: a member of `EventType`, never `FEE` or an unknown one.
    #[getter]
    fn event_type<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        classes::word(
            py,
            webhook::EventType::ENUMERATION.name,
            self.event.event_type().as_str(),
        )
    }

    /// The whole message as it came. Holds personal data.
    #[getter]
    fn raw(&self) -> &str {
        self.event.raw()
    }

    /// The fields that the service's documentation does not describe, as a new dictionary.
    #[getter]
    fn extra<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        object_to_python(py, &self.event.extra())
    }

    /// The mark that this library added to the request's `user_data`, where a client has `attempt_tag`; otherwise `None`.
    #[getter]
    fn attempt_tag(&self) -> Option<String> {
        self.event.attempt_tag().map(|tag| tag.as_str().to_owned())
    }

    /// The JSON text of one field's value as it came, by the field's name on the wire; `None` when it did not come.
    fn raw_field(&self, name: &str) -> Option<&str> {
        self.event.raw_field(name)
    }

    /// Why the call ended: an `Explanation`. `None` for an event without `state_code`: only `disconnect` has one.
    fn explain<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        result::optional(py, self.event.explain())
    }

    /// A new dictionary under wire names: `eventType` and all fields side by side, times as RFC 3339 texts, undocumented
    /// fields as they came. What is absent is left out.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        object_to_python(py, &self.event.to_json())
    }

    fn __eq__(&self, other: &StatusEvent) -> bool {
        self.event.raw() == other.event.raw() || self.event.to_json() == other.event.to_json()
    }

    fn __hash__(&self) -> u64 {
        pushed::hash(&self.event.session_id())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut parts = vec![format!("event_type='{}'", self.event.event_type())];
        parts.extend(pushed::shown(py, self.event.pushed())?);
        Ok(format!("StatusEvent({})", parts.join(", ")))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        super::again(py, self.event.raw())
    }
}
