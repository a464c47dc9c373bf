//! `Receipt`: what became of a push that an intake received.

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use voicecall_core::Error;
use voicecall_core::intake;
use voicecall_core::webhook::{Event, Reply, Verdict};

use crate::classes;
use crate::failure::raise;
use crate::json::object_to_python;
use crate::webhook::{FeeEvent, reply, to_python};

/// What became of a push that an intake received, and what to answer.
#[pyclass(frozen, module = "voicecall.intake")]
pub(crate) struct Receipt {
    event: Result<Py<PyAny>, Error>,
    /// Whether the event, or of a CDR push each CDR, came for the first time.
    new: Vec<bool>,
    verdict: Verdict,
    reply: Reply,
    /// How many of its events and CDRs were new.
    #[pyo3(get)]
    accepted: usize,
    /// How many were known; conflicts are among them.
    #[pyo3(get)]
    duplicates: usize,
    /// How many contradict what is known. They are kept beside it.
    #[pyo3(get)]
    conflicts: usize,
    /// How many records could not be read; a body that is no push counts as one. They are kept as they came.
    #[pyo3(get)]
    rejected: usize,
    line: String,
}

impl Receipt {
    pub(super) fn new(py: Python<'_>, receipt: intake::Receipt) -> PyResult<Receipt> {
        let line = receipt.to_string();
        let pushes = match &receipt.event {
            Ok(Event::Fee(event)) => event.cdrs().len(),
            Ok(_) => 1,
            Err(_) => 0,
        };
        let new = (0..pushes).map(|position| receipt.is_new(position)).collect();
        let event = match receipt.event {
            Ok(event) => Ok(to_python(py, event)?.unbind()),
            Err(error) => Err(error),
        };
        Ok(Receipt {
            event,
            new,
            verdict: receipt.verdict,
            reply: receipt.reply,
            accepted: receipt.accepted,
            duplicates: receipt.duplicates,
            conflicts: receipt.conflicts,
            rejected: receipt.rejected,
            line,
        })
    }
}

#[pymethods]
impl Receipt {
    /// What to answer, as a `Reply`: 200 if and only if everything in the push that can be read is safe on the disk, new
    /// or known; 500 only when the store could not write, so that the platform sends CDRs again; 401 only when the
    /// policy refuses the signature.
    #[getter]
    fn reply<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        reply(py, self.reply)
    }

    /// What the check of the signature found, as a `Verdict`.
    #[getter]
    fn verdict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let attributes = object_to_python(py, &self.verdict.to_json())?;
        attributes.set_item("accepted", self.verdict.is_accepted())?;
        classes::value(py, "Verdict", &attributes)
    }

    /// What the push says; `None` when it was refused, cannot be read or could not be stored, see `error`.
    #[getter]
    fn event(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.event.as_ref().ok().map(|event| event.clone_ref(py))
    }

    /// Why there is no event: a `SignatureError` or a `MalformedWebhook`, whose body is kept as it came, or a
    /// `StorageError`; `None` when there is one.
    #[getter]
    fn error<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        let error = self.event.as_ref().err()?;
        Some(raise(py, error, false).into_value(py).into_bound(py).into_any())
    }

    /// The event, if something in it came for the first time; `None` otherwise. Act on this, and what comes twice is acted
    /// on once.
    #[getter]
    fn new_event(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.event(py).filter(|_| self.new.contains(&true))
    }

    /// The CDRs that came for the first time: a tuple of `Cdr`.
    #[getter]
    fn new_cdrs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let event = self.event.as_ref().ok().map(|event| event.bind(py));
        let Some(event) = event.and_then(|event| event.cast::<FeeEvent>().ok()) else {
            return Ok(PyTuple::empty(py));
        };
        let cdrs = event.get().cdrs(py)?;
        let new = cdrs.iter().zip(&self.new).filter(|(_, new)| **new);
        PyTuple::new(py, new.map(|(cdr, _)| cdr).collect::<Vec<_>>())
    }

    /// One line for a log: nothing personal.
    fn __str__(&self) -> &str {
        &self.line
    }

    fn __repr__(&self) -> String {
        format!("<Receipt {}>", self.line)
    }
}
