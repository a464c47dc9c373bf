//! `Receiver` and `Received`: from an HTTP request to an event, a verdict and an answer.

use std::borrow::Cow;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};
use voicecall_core::Error;
use voicecall_core::webhook::{self, Reply, SIGNATURE_HEADER, Verdict, Webhook, WebhookConfig};

use super::{bytes, to_python};
use crate::arguments;
use crate::classes;
use crate::failure::raise;
use crate::json::object_to_python;
use crate::text::wrong_type;

/// Judges pushes and remembers nonces.
#[pyclass(frozen, module = "voicecall._native")]
pub(crate) struct Receiver {
    config: WebhookConfig,
    webhook: Webhook,
}

#[pymethods]
impl Receiver {
    /// Takes the settings in the order of their declaration.
    #[new]
    fn new(py: Python<'_>, settings: &Bound<'_, PyTuple>) -> PyResult<Receiver> {
        let config: WebhookConfig = arguments::settings(WebhookConfig::RECORD, settings)?;
        let webhook = config.clone().build().map_err(|error| raise(py, &error, false))?;
        Ok(Receiver { config, webhook })
    }

    /// Reads and judges a push. `now`: Unix seconds; the clock otherwise.
    ///
    /// The interpreter's lock is held: the core's memory of nonces is locked inside, and a process that is forked
    /// meanwhile would find it locked for ever.
    #[pyo3(signature = (headers, body, now = None))]
    fn receive<'py>(
        &self,
        py: Python<'py>,
        headers: &Bound<'py, PyAny>,
        body: &Bound<'py, PyAny>,
        now: Option<i64>,
    ) -> PyResult<Received> {
        let body = bytes(body)?;
        let headers = signatures(headers)?;
        let received = match now {
            Some(now) => self.webhook.receive_at(headers, body.as_bytes(), now),
            None => self.webhook.receive(headers, body.as_bytes()),
        };
        Received::new(py, received)
    }
}

impl Receiver {
    /// The settings that it was made with.
    pub(crate) fn config(&self) -> &WebhookConfig {
        &self.config
    }
}

/// What became of a push: its event, what the check of its signature found, and what to answer.
#[pyclass(frozen, module = "voicecall.webhook")]
pub(crate) struct Received {
    event: Result<Py<PyAny>, Error>,
    verdict: Verdict,
    reply: Reply,
}

impl Received {
    fn new(py: Python<'_>, received: webhook::Received) -> PyResult<Received> {
        let event = match received.event {
            Ok(event) => Ok(to_python(py, event)?.unbind()),
            Err(error) => Err(error),
        };
        Ok(Received {
            event,
            verdict: received.verdict,
            reply: received.reply,
        })
    }
}

#[pymethods]
impl Received {
    /// What the push says; `None` when it was refused or cannot be read, see `error`.
    #[getter]
    fn event(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.event.as_ref().ok().map(|event| event.clone_ref(py))
    }

    /// Why there is no event: a `SignatureError` or a `MalformedWebhook`; `None` when there is one. Keep the raw body of
    /// a push that cannot be read.
    #[getter]
    fn error<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        let error = self.event.as_ref().err()?;
        Some(raise(py, error, false).into_value(py).into_bound(py).into_any())
    }

    /// What the check of the signature found, as a `Verdict`.
    #[getter]
    fn verdict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let attributes = object_to_python(py, &self.verdict.to_json())?;
        attributes.set_item("accepted", self.verdict.is_accepted())?;
        classes::value(py, "Verdict", &attributes)
    }

    /// What to answer, as a `Reply`. Send it only when what came is stored: the platform does not send it again.
    #[getter]
    fn reply<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        reply(py, self.reply)
    }

    /// What to answer when the event could not be stored, as a `Reply`: the platform then sends CDRs again after an
    /// hour, at most six times. Status events are never sent again.
    #[getter]
    fn retry_reply<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        reply(py, if self.event.is_ok() { Reply::retry() } else { self.reply })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let event = match &self.event {
            Ok(event) => event.bind(py).repr()?.to_string(),
            Err(_) => "None".to_owned(),
        };
        Ok(format!("Received(verdict='{}', event={event})", self.verdict.id()))
    }
}

pub(crate) fn reply(py: Python<'_>, reply: Reply) -> PyResult<Bound<'_, PyAny>> {
    let headers = PyDict::new(py);
    for (name, value) in reply.headers {
        headers.set_item(name, value)?;
    }
    let attributes = PyDict::new(py);
    attributes.set_item("status", reply.status)?;
    attributes.set_item("headers", headers)?;
    attributes.set_item("body", PyBytes::new(py, reply.body.as_bytes()))?;
    classes::value(py, "Reply", &attributes)
}

/// What the headers of a request hold of signatures: a mapping, or pairs of name and value, each a str or bytes. What HTTP
/// calls a text is Latin-1; a name that is none is a name that nobody looks for. Of all other headers, whose values may be
/// anybody's secrets, nothing is read but the types.
pub(crate) fn signatures(headers: &Bound<'_, PyAny>) -> PyResult<Vec<(&'static str, Vec<u8>)>> {
    let mut signatures = Vec::new();
    if let Ok(headers) = headers.cast::<PyDict>() {
        for (name, value) in headers {
            signatures.extend(signature(&name, &value)?);
        }
        return Ok(signatures);
    }
    let items = headers.call_method0("items").unwrap_or_else(|_| headers.clone());
    let wrong = |_| PyTypeError::new_err(wrong_type("headers", "a mapping or pairs", headers));
    for item in items.try_iter().map_err(wrong)? {
        let item = item?;
        let pair: PyResult<(Bound<'_, PyAny>, Bound<'_, PyAny>)> = item.extract();
        let wrong = |_| PyTypeError::new_err(wrong_type("a header", "a pair of name and value", &item));
        let (name, value) = pair.map_err(wrong)?;
        signatures.extend(signature(&name, &value)?);
    }
    Ok(signatures)
}

fn signature(name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<Option<(&'static str, Vec<u8>)>> {
    let (name, value) = (octets(name)?, octets(value)?);
    let is_signature = name.eq_ignore_ascii_case(SIGNATURE_HEADER.as_bytes());
    Ok(is_signature.then(|| (SIGNATURE_HEADER, value.into_owned())))
}

fn octets<'a>(text: &'a Bound<'_, PyAny>) -> PyResult<Cow<'a, [u8]>> {
    if let Ok(bytes) = text.cast::<PyBytes>() {
        return Ok(Cow::Borrowed(bytes.as_bytes()));
    }
    match text.cast::<PyString>().map(|text| text.to_string_lossy()) {
        Ok(Cow::Borrowed(text)) => Ok(Cow::Borrowed(text.as_bytes())),
        Ok(Cow::Owned(text)) => Ok(Cow::Owned(text.into_bytes())),
        Err(_) => {
            let message = wrong_type("a header's name or value", "a str or bytes", text);
            Err(PyTypeError::new_err(message))
        }
    }
}
