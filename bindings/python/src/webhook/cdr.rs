//! `Cdr`: what became of a call, and what it costs.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use serde_json::Map;
use voicecall_core::RecordingSource;
use voicecall_core::calls::Recording;
use voicecall_core::webhook::{self, Pushed, Tariff};

use super::fields::HoldsPushed;
use super::pushed;
use crate::failure::raise;
use crate::json::object_to_python;
use crate::record;
use crate::result;

/// The record of one finished call.
///
/// Has an attribute for each field of the record; `None` means that the platform left the field out or sent an empty
/// text. Times are `datetime` objects in UTC. A callback has one record for both of its legs: `call_out_…` is leg A,
/// `fwd_…` is leg B; calls of one leg have `call_out_…` only. Equal to a record with the same content; can be hashed and
/// pickled.
#[pyclass(frozen, module = "voicecall.webhook")]
pub(crate) struct Cdr {
    cdr: webhook::Cdr,
}

impl Cdr {
    pub(crate) fn new(cdr: webhook::Cdr) -> Cdr {
        Cdr { cdr }
    }

    pub(crate) fn recording_source(&self) -> Option<RecordingSource> {
        self.cdr.recording()
    }
}

impl HoldsPushed for Cdr {
    fn pushed(&self) -> &Pushed {
        self.cdr.pushed()
    }
}

#[pymethods]
impl Cdr {
    /// Reads the text of one record again, as `raw` gave it.
    ///
    /// Args:
    ///     raw: The text of one record.
    ///
    /// Raises:
    ///     MalformedWebhook: The text is no such record.
    #[staticmethod]
    fn from_raw(py: Python<'_>, raw: &str) -> PyResult<Cdr> {
        let cdr = webhook::Cdr::from_raw(raw);
        cdr.map(Cdr::new).map_err(|error| raise(py, &error, false))
    }

    /// The record as it came. Holds personal data.
    #[getter]
    fn raw(&self) -> &str {
        self.cdr.raw()
    }

    /// The fields that the service's documentation does not describe, as a new dictionary.
    #[getter]
    fn extra<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        object_to_python(py, &self.cdr.extra())
    }

    /// What kind of call it was: `callback`, `play` (a notification or a verification code; nothing tells which) or
    /// `unknown`.
    #[getter]
    fn scene(&self) -> &'static str {
        self.cdr.scene().id()
    }

    /// Whether the call reached the person it was for: B in a callback, else the callee.
    #[getter]
    fn answered(&self) -> bool {
        self.cdr.answered()
    }

    /// Seconds from the answer of the person the call was for to the end; 0 when there was no answer, `None` when the
    /// record does not tell.
    #[getter]
    fn talk_seconds(&self) -> Option<u64> {
        self.cdr.talk_seconds()
    }

    /// The legs of the call: A and B of a callback, else one. Leg B is there even when it was never called. A tuple of
    /// `Leg`.
    #[getter]
    fn legs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        result::each(py, &self.cdr.legs())
    }

    /// The billable minutes of all legs, each started minute counted; `None` when the record does not contain them.
    #[getter]
    fn billable_minutes(&self) -> Option<u64> {
        self.cdr.billable().map(|billable| billable.minutes)
    }

    /// Whether any of the billable minutes are inferred: the official formula covers leg B of a callback only. `None`
    /// when the record does not contain the minutes.
    #[getter]
    fn inferred(&self) -> Option<bool> {
        self.cdr.billable().map(|billable| billable.inferred)
    }

    /// Where the call's recording is: a `Recording`, a direct address, or `None` when there is none. Calls under 3
    /// seconds have none, and recordings are kept for 7 days.
    #[getter]
    fn recording<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(source) = self.cdr.recording() else {
            return Ok(None);
        };
        match source {
            RecordingSource::Direct(url) => Ok(Some(url.into_pyobject(py)?.into_any())),
            RecordingSource::Stored(recording) => {
                let wire = voicecall_core::record::wire::to_wire(&recording, &[]);
                record::made(py, Recording::RECORD, &wire, &Map::new()).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What the call costs: its billable minutes, all legs together, times the price of a minute. `None` when the record
    /// does not tell the minutes.
    ///
    /// Args:
    ///     per_minute: Price of one minute of one leg, as a `Decimal` or decimal text: `"0.18"`. At most 18 digits.
    ///     currency: The currency, as it shall stand in the result.
    ///
    /// Returns:
    ///     A `Price` with as many decimals as `per_minute`, or `None`.
    ///
    /// Raises:
    ///     ConfigurationError: `per_minute` is no plain decimal number.
    #[pyo3(signature = (per_minute, currency = "CNY"))]
    fn price<'py>(
        &self,
        py: Python<'py>,
        per_minute: &Bound<'py, PyAny>,
        currency: &str,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let tariff = Tariff::new(&decimal_text(per_minute)?, currency).map_err(|error| raise(py, &error, false))?;
        result::optional(py, self.cdr.price(&tariff))
    }

    /// Why the call ended: an `Explanation`. `None` when the record holds no code at all.
    fn explain<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        result::optional(py, self.cdr.explain())
    }

    /// The mark that this library added to the request's `user_data`, where a client has `attempt_tag`; otherwise `None`.
    #[getter]
    fn attempt_tag(&self) -> Option<String> {
        self.cdr.attempt_tag().map(|tag| tag.as_str().to_owned())
    }

    /// The JSON text of one field's value as it came, by the field's name on the wire; `None` when it did not come.
    fn raw_field(&self, name: &str) -> Option<&str> {
        self.cdr.raw_field(name)
    }

    /// A new dictionary under wire names: whole numbers are ints, times RFC 3339 texts, undocumented fields as they
    /// came. What is absent is left out.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        object_to_python(py, &self.cdr.to_json())
    }

    fn __eq__(&self, other: &Cdr) -> bool {
        self.cdr.raw() == other.cdr.raw() || self.cdr.to_json() == other.cdr.to_json()
    }

    fn __hash__(&self) -> u64 {
        pushed::hash(&self.cdr.session_id())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("Cdr({})", pushed::shown(py, self.cdr.pushed())?.join(", ")))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (&str,))> {
        Ok((py.get_type::<Cdr>().getattr("from_raw")?, (self.cdr.raw(),)))
    }
}

/// A number that is written in decimals; a float is none, whatever it looks like.
pub(crate) fn decimal_text(number: &Bound<'_, PyAny>) -> PyResult<String> {
    if number.is_instance_of::<pyo3::types::PyFloat>() {
        let message = crate::text::wrong_type("per_minute", "a Decimal or a str", number);
        return Err(pyo3::exceptions::PyTypeError::new_err(message));
    }
    Ok(number.str()?.to_string())
}
