//! `Cdr`: what became of a call, and what it costs.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use serde_json::Map;
use voicecall_core::RecordingSource;
use voicecall_core::calls::Recording;
use voicecall_core::webhook::{self, Pushed, Tariff};

use super::fields::{HoldsPushed, to_python};
use super::pushed;
use crate::classes;
use crate::failure::raise;
use crate::json::object_to_python;
use crate::moment::datetime;
use crate::record;

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
        let legs: PyResult<Vec<_>> = self.cdr.legs().iter().map(|found| leg(py, found)).collect();
        PyTuple::new(py, legs?)
    }

    /// The billable minutes of all legs, as a `Billable`; `None` when the record does not tell.
    #[getter]
    fn billable<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.cdr.billable().map(|minutes| billable(py, minutes)).transpose()
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
        self.cdr.price(&tariff).map(|found| price(py, &found)).transpose()
    }

    /// Why the call ended: an `Explanation`. `None` when the record holds no code at all.
    fn explain<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.cdr.explain().map(|found| explanation(py, &found)).transpose()
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

fn leg<'py>(py: Python<'py>, leg: &webhook::Leg<'_>) -> PyResult<Bound<'py, PyAny>> {
    let text = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
    let time = |time: &Option<webhook::Timestamp<'_>>| match time {
        Some(time) => datetime(py, time.unix_seconds()),
        None => to_python(py, None),
    };
    let attributes = PyDict::new(py);
    attributes.set_item("name", leg.leg.id())?;
    attributes.set_item("number", text(&leg.number))?;
    attributes.set_item("display_number", text(&leg.display_number))?;
    attributes.set_item("start", time(&leg.start)?)?;
    attributes.set_item("alerting", time(&leg.alerting)?)?;
    attributes.set_item("answer", time(&leg.answer)?)?;
    attributes.set_item("end", time(&leg.end)?)?;
    attributes.set_item("unanswered_reason", leg.unanswered_reason)?;
    attributes.set_item("answered", leg.answered())?;
    attributes.set_item("talk_seconds", leg.talk_seconds())?;
    attributes.set_item(
        "billable",
        leg.billable().map(|minutes| billable(py, minutes)).transpose()?,
    )?;
    attributes.set_item("inferred", leg.inferred)?;
    classes::value(py, "Leg", &attributes)
}

fn billable(py: Python<'_>, billable: webhook::Billable) -> PyResult<Bound<'_, PyAny>> {
    let attributes = PyDict::new(py);
    attributes.set_item("minutes", billable.minutes)?;
    attributes.set_item("inferred", billable.inferred)?;
    classes::value(py, "Billable", &attributes)
}

pub(crate) fn price<'py>(py: Python<'py>, price: &webhook::Price) -> PyResult<Bound<'py, PyAny>> {
    let attributes = PyDict::new(py);
    let amount = py.import("decimal")?.getattr("Decimal")?.call1((price.amount(),))?;
    attributes.set_item("amount", amount)?;
    attributes.set_item("currency", &price.currency)?;
    attributes.set_item("inferred", price.inferred)?;
    classes::value(py, "Price", &attributes)
}

pub(crate) fn explanation<'py>(py: Python<'py>, explanation: &webhook::Explanation) -> PyResult<Bound<'py, PyAny>> {
    let details: PyResult<Vec<_>> = explanation.details.iter().map(|detail| cause(py, detail)).collect();
    let attributes = PyDict::new(py);
    attributes.set_item("succeeded", explanation.succeeded)?;
    attributes.set_item("cause", cause(py, &explanation.cause)?)?;
    attributes.set_item("details", PyTuple::new(py, details?)?)?;
    classes::value(py, "Explanation", &attributes)
}

fn cause<'py>(py: Python<'py>, cause: &webhook::Cause) -> PyResult<Bound<'py, PyAny>> {
    let attributes = PyDict::new(py);
    attributes.set_item("field", cause.field)?;
    attributes.set_item("code", cause.code)?;
    attributes.set_item("table", cause.table.map(|table| table.id()))?;
    attributes.set_item("name_zh", cause.name_zh)?;
    attributes.set_item("meaning", cause.meaning)?;
    attributes.set_item("advice", cause.advice)?;
    classes::value(py, "Cause", &attributes)
}
