//! Signing of pushes, for tests of a receiver.

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use voicecall_core::Secret;
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{DigestForm, PushSigner};

/// The headers of a push as the platform signs it.
#[pyfunction]
pub(crate) fn sign_push(
    app_key: &str,
    app_secret: &str,
    url: &str,
    nonce: Option<&str>,
    unix_seconds: i64,
    zone: &str,
    form: &str,
) -> PyResult<Vec<(&'static str, String)>> {
    let nonce = match nonce {
        Some(nonce) => nonce.to_owned(),
        None => sign::nonce().map_err(|error| PyRuntimeError::new_err(error.to_string()))?,
    };
    let plain = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'"');
    if !plain(&nonce) || !plain(app_key) {
        return Err(PyValueError::new_err(
            "nonce and app_key have to be printable ASCII without quotes",
        ));
    }
    let app_secret = &Secret::from(app_secret);
    let form = DigestForm::from(form);
    let signer = PushSigner {
        app_key,
        app_secret,
        url,
        form,
    };
    let created = sign::created(unix_seconds, &CreatedZone::from(zone));
    Ok(signer.headers(&nonce, &created).into())
}
