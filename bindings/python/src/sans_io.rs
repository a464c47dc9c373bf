//! Requests and answers without the network: what the shared test vectors are about.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use voicecall_core::request::{self, Signer};
use voicecall_core::response::{self, HttpAnswer};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::{Config, Validation, validate, warnings};

use crate::arguments::{self, Arguments};
use crate::client::{answer, operation_named};
use crate::failure::raise;

/// A request: method, address, headers, body, warnings.
type Parts<'py> = (
    &'static str,
    String,
    Vec<(&'static str, String)>,
    Option<Bound<'py, PyBytes>>,
    Vec<String>,
);

/// The exact request of an operation, signed with this nonce and time in Unix seconds. Sends nothing.
#[pyfunction]
#[expect(
    clippy::too_many_arguments,
    reason = "The arguments of a call, and what a call otherwise finds out itself"
)]
pub(crate) fn build_request<'py>(
    py: Python<'py>,
    settings: &Bound<'py, PyTuple>,
    operation: &str,
    request: Option<&Bound<'py, PyAny>>,
    fields: Option<&Bound<'py, PyTuple>>,
    extra: Option<&Bound<'py, PyAny>>,
    nonce: &str,
    unix_seconds: i64,
) -> PyResult<Parts<'py>> {
    let config: Config = arguments::settings(Config::RECORD, settings)?;
    config.check().map_err(|error| raise(py, &error, false))?;
    let operation = operation_named(operation)?;
    let request = Arguments { request, fields, extra }.read(py, operation)?;
    if config.validation != Some(Validation::Off) {
        validate(operation, &*request).map_err(|error| raise(py, &error, operation.rings))?;
    }
    let (Some(app_key), Some(app_secret)) = (&config.app_key, &config.app_secret) else {
        return Err(PyValueError::new_err("settings without credentials"));
    };
    let zone = &config.created_zone.clone().unwrap_or(CreatedZone::Utc);
    let signer = Signer {
        app_key,
        app_secret,
        zone,
    };
    let built = request::build(operation, &*request, config.base_url(), signer, nonce, unix_seconds);
    let body = built.body.map(|body| PyBytes::new(py, &body));
    let warnings = warnings(&*request).iter().map(ToString::to_string).collect();
    Ok((built.method.as_str(), built.url, built.headers, body, warnings))
}

/// What a call gives, or raises, for this answer of the platform.
#[pyfunction]
pub(crate) fn read_answer<'py>(
    py: Python<'py>,
    operation: &str,
    http_status: u16,
    location: Option<&str>,
    body: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let operation = operation_named(operation)?;
    let parts = HttpAnswer {
        status: http_status,
        location,
        body,
    };
    let outcome = response::decode(operation, &parts);
    answer(py, outcome.map_err(|error| raise(py, &error, operation.rings))?)
}

/// `Created`, digest and the whole `X-AKSK` header of a request.
#[pyfunction]
pub(crate) fn x_aksk(
    app_key: &str,
    app_secret: &str,
    nonce: &str,
    unix_seconds: i64,
    zone: &str,
) -> (String, String, String) {
    let created = sign::created(unix_seconds, &CreatedZone::from(zone));
    let digest = sign::digest(app_secret, &[nonce, &created]);
    let header = sign::x_aksk(app_key, app_secret, nonce, &created);
    (created, digest, header)
}
