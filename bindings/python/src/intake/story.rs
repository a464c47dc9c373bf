//! What a store tells, as the package's values.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};
use voicecall_core::intake::{
    Call, CallLeg, CallPage, Digits, Ending, Moment, Purged, RejectedPage, Retried, Total, TotalBy,
};
use voicecall_core::webhook::Timestamp;

use crate::classes;
use crate::json::object_to_python;
use crate::moment::datetime;
use crate::webhook::{Cdr, explanation, price};

/// The story of a call.
pub(super) fn call<'py>(py: Python<'py>, call: &Call) -> PyResult<Bound<'py, PyAny>> {
    let attributes = PyDict::new(py);
    attributes.set_item("session_id", call.session_id.as_deref())?;
    attributes.set_item("attempt_tag", call.attempt_tag.as_ref().map(|tag| tag.as_str()))?;
    attributes.set_item("state", call.state.id())?;
    attributes.set_item("scene", call.scene.id())?;
    attributes.set_item("operation", call.operation.as_deref())?;
    attributes.set_item("app_key", call.app_key.as_deref())?;
    attributes.set_item("user_data", call.user_data.as_deref())?;
    attributes.set_item("placed_at", time(py, call.placed_at.as_ref())?)?;
    attributes.set_item("answered", call.answered())?;
    attributes.set_item("talk_seconds", call.talk_seconds())?;
    attributes.set_item("billable", billable(py, call)?)?;
    attributes.set_item("legs", each(py, &call.legs, leg)?)?;
    attributes.set_item("digits", each(py, &call.digits, digits)?)?;
    let ending = call.ending.as_ref().map(|found| ending(py, found)).transpose()?;
    attributes.set_item("ending", ending)?;
    attributes.set_item("timeline", each(py, &call.timeline(), moment)?)?;
    let cdrs = each(py, &call.cdrs, |py, cdr| {
        Bound::new(py, Cdr::new(cdr.clone())).map(Bound::into_any)
    })?;
    attributes.set_item("cdrs", cdrs)?;
    attributes.set_item("unknown_events", PyTuple::new(py, &call.unknown_events)?)?;
    attributes.set_item("conflicts", call.conflicts)?;
    classes::story(py, "Call", &attributes)
}

/// Several calls.
pub(super) fn calls<'py>(py: Python<'py>, list: &[Call]) -> PyResult<Bound<'py, PyTuple>> {
    each(py, list, call)
}

/// Calls, and the mark of the next page.
pub(super) fn page<'py>(py: Python<'py>, page: &CallPage) -> PyResult<Bound<'py, PyAny>> {
    let attributes = PyDict::new(py);
    attributes.set_item("calls", calls(py, &page.calls)?)?;
    attributes.set_item("next", page.next.as_deref())?;
    classes::story(py, "CallPage", &attributes)
}

/// One total after the other, with their prices where there is a tariff.
pub(super) fn totals<'py>(py: Python<'py>, totals: &[Total]) -> PyResult<Bound<'py, PyTuple>> {
    each(py, totals, |py, total| {
        let attributes = PyDict::new(py);
        for by in TotalBy::ALL {
            attributes.set_item(by.id(), total.group(*by))?;
        }
        attributes.set_item("calls", total.calls)?;
        attributes.set_item("answered", total.answered)?;
        attributes.set_item("talk_seconds", total.talk_seconds)?;
        attributes.set_item("billable_minutes", total.billable_minutes)?;
        attributes.set_item("inferred", total.inferred)?;
        attributes.set_item("without_minutes", total.without_minutes)?;
        let price = total.price.as_ref().map(|found| price(py, found)).transpose()?;
        attributes.set_item("price", price)?;
        classes::story(py, "Total", &attributes)
    })
}

/// What was deleted.
pub(super) fn rejected<'py>(py: Python<'py>, page: &RejectedPage) -> PyResult<Bound<'py, PyAny>> {
    let texts = page.texts.iter().map(|text| {
        let attributes = object_to_python(py, &text.to_json())?;
        attributes.set_item("received_at", time(py, Some(&text.received_at))?)?;
        attributes.set_item("raw", PyBytes::new(py, &text.raw))?;
        if attributes.contains("raw_base64")? {
            attributes.del_item("raw_base64")?;
        }
        attributes.set_item("rejected_class", text.class.id())?;
        attributes.del_item("class")?;
        classes::story(py, "RejectedText", &attributes)
    });
    let texts: PyResult<Vec<_>> = texts.collect();
    let attributes = PyDict::new(py);
    attributes.set_item("texts", PyTuple::new(py, texts?)?)?;
    attributes.set_item("next", page.next.as_deref())?;
    classes::story(py, "RejectedPage", &attributes)
}

pub(super) fn retried<'py>(py: Python<'py>, retried: &Retried) -> PyResult<Bound<'py, PyAny>> {
    classes::story(py, "Retried", &object_to_python(py, &retried.to_json())?)
}

pub(super) fn purged<'py>(py: Python<'py>, purged: &Purged) -> PyResult<Bound<'py, PyAny>> {
    classes::story(py, "Purged", &object_to_python(py, &purged.to_json())?)
}

fn leg<'py>(py: Python<'py>, leg: &CallLeg) -> PyResult<Bound<'py, PyAny>> {
    let attributes = PyDict::new(py);
    attributes.set_item("name", leg.leg.id())?;
    attributes.set_item("number", leg.number.as_deref())?;
    attributes.set_item("display_number", leg.display_number.as_deref())?;
    attributes.set_item("state", leg.state.id())?;
    attributes.set_item("calling_at", time(py, leg.calling_at.as_ref())?)?;
    attributes.set_item("ringing_at", time(py, leg.ringing_at.as_ref())?)?;
    attributes.set_item("answered_at", time(py, leg.answered_at.as_ref())?)?;
    attributes.set_item("talk_seconds", leg.talk_seconds)?;
    attributes.set_item("billable_minutes", leg.billable_minutes)?;
    classes::story(py, "CallLeg", &attributes)
}

fn digits<'py>(py: Python<'py>, digits: &Digits) -> PyResult<Bound<'py, PyAny>> {
    let attributes = PyDict::new(py);
    attributes.set_item("at", time(py, digits.at.as_ref())?)?;
    attributes.set_item("keys", &digits.keys)?;
    classes::story(py, "Digits", &attributes)
}

fn ending<'py>(py: Python<'py>, ending: &Ending) -> PyResult<Bound<'py, PyAny>> {
    let attributes = PyDict::new(py);
    attributes.set_item("at", time(py, ending.at.as_ref())?)?;
    attributes.set_item("party_type", ending.party_type.as_deref())?;
    attributes.set_item("hung_up", ending.hung_up.map(|leg| leg.id()))?;
    let found = ending.explanation.as_ref().map(|found| explanation(py, found));
    attributes.set_item("explanation", found.transpose()?)?;
    classes::story(py, "Ending", &attributes)
}

fn moment<'py>(py: Python<'py>, moment: &Moment) -> PyResult<Bound<'py, PyAny>> {
    let attributes = PyDict::new(py);
    attributes.set_item("at", time(py, Some(&moment.at))?)?;
    attributes.set_item("what", moment.what.id())?;
    attributes.set_item("leg", moment.leg.map(|leg| leg.id()))?;
    classes::story(py, "Moment", &attributes)
}

fn billable<'py>(py: Python<'py>, call: &Call) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(billable) = call.billable() else {
        return Ok(None);
    };
    let attributes = PyDict::new(py);
    attributes.set_item("minutes", billable.minutes)?;
    attributes.set_item("inferred", billable.inferred)?;
    classes::value(py, "Billable", &attributes).map(Some)
}

fn time<'py>(py: Python<'py>, time: Option<&Timestamp<'_>>) -> PyResult<Option<Bound<'py, PyAny>>> {
    time.map(|time| datetime(py, time.unix_seconds())).transpose()
}

fn each<'py, T>(
    py: Python<'py>,
    items: &[T],
    make: impl Fn(Python<'py>, &T) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyTuple>> {
    let made: PyResult<Vec<_>> = items.iter().map(|item| make(py, item)).collect();
    PyTuple::new(py, made?)
}
