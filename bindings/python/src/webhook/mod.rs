//! What the platform pushes, as Python objects that read their message in place.
//!
//! An event keeps the core's parsed message; an attribute becomes a Python object when it is read. Measured on CPython
//! 3.11 with 50 CDRs of 27 fields (41 kB), make + read all 35 attributes of each, in µs; orjson to dictionaries and
//! `dict.get`: 72 + 39.
//!
//! | design | make | read |
//! | --- | --- | --- |
//! | this one | 36 | 77 |
//! | slots, filled when the message is read | 94 | 9 |
//! | slots, filled by `__getattr__` when a CDR is first touched | 39 | 92 |
//! | native attributes through a descriptor class of its own | 36 | 90 |
//!
//! Slots win when everything is read more than once. A receiver reads a few fields once, or hands the text on.

mod cdr;
mod fee_event;
mod fields;
mod pushed;
mod receiver;
mod signer;
mod status_event;
mod unknown_event;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use voicecall_core::webhook::Event;

pub(crate) use cdr::{Cdr, decimal_text};
pub(crate) use fee_event::FeeEvent;
pub(crate) use receiver::{Received, Receiver, reply, signatures};
pub(crate) use signer::sign_push;
pub(crate) use status_event::StatusEvent;
pub(crate) use unknown_event::UnknownEvent;

use crate::failure::raise;
use crate::field_docs;
use fields::add_attributes;

/// Gives the classes of pushed records an attribute for each field of their descriptor.
pub(crate) fn add_fields(py: Python<'_>) -> PyResult<()> {
    add_attributes::<StatusEvent>(
        py,
        voicecall_core::webhook::StatusEvent::RECORD,
        field_docs::STATUS_EVENT,
    )?;
    add_attributes::<Cdr>(py, voicecall_core::webhook::Cdr::RECORD, field_docs::CDR)
}

/// Bodies larger than this are read with the interpreter's lock released: for less it does not pay.
const LARGE: usize = 64 * 1024;

/// Reads the body of a push. Give it the raw bytes of the HTTP request.
///
/// Nothing is checked but that the body can be read: see `Webhook` for signatures.
///
/// Args:
///     body: The raw bytes of the HTTP request.
///
/// Returns:
///     A `StatusEvent`, a `FeeEvent` with its CDRs, or an `UnknownEvent`.
///
/// Raises:
///     MalformedWebhook: The bytes are no push: more than 1 MiB, no JSON object, without what its kind has to hold.
///     TypeError: `body` is a text. Its bytes are needed as they came.
#[pyfunction]
pub(crate) fn parse<'py>(py: Python<'py>, body: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let body = bytes(body)?;
    let read = voicecall_core::webhook::parse;
    let event = match body.as_bytes() {
        large if large.len() > LARGE => py.detach(|| read(large)),
        small => read(small),
    };
    to_python(py, event.map_err(|error| raise(py, &error, false))?)
}

/// The event as an object of its class.
pub(crate) fn to_python(py: Python<'_>, event: Event) -> PyResult<Bound<'_, PyAny>> {
    Ok(match event {
        Event::Status(event) => Bound::new(py, StatusEvent::new(event))?.into_any(),
        Event::Fee(event) => Bound::new(py, FeeEvent::new(event))?.into_any(),
        Event::Unknown(event) => Bound::new(py, UnknownEvent::new(event))?.into_any(),
        // A kind that this crate does not know cannot come from the core that it is built with.
        other => {
            return Err(pyo3::exceptions::PyNotImplementedError::new_err(
                other.event_type().to_owned(),
            ));
        }
    })
}

/// The body of a request. A `bytearray` or a `memoryview` is copied.
pub(crate) fn bytes<'py>(body: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    if let Ok(body) = body.cast::<PyBytes>() {
        return Ok(body.clone());
    }
    if body.is_instance_of::<pyo3::types::PyByteArray>() || body.is_instance_of::<pyo3::types::PyMemoryView>() {
        return Ok(body.py().get_type::<PyBytes>().call1((body,))?.cast_into()?);
    }
    let expected = "the raw bytes of the request, before anything decodes or parses them";
    let message = crate::text::wrong_type("body", expected, body);
    Err(pyo3::exceptions::PyTypeError::new_err(message))
}

/// How a pickled event is made again: by reading its message.
fn again<'py>(py: Python<'py>, raw: &str) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
    let parse = py.import("voicecall.webhook")?.getattr("parse")?;
    Ok((parse, (PyBytes::new(py, raw.as_bytes()),)))
}
