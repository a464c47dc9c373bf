//! Requests and answers without the network, for programs with their own event loop and for tests.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use serde_json::{Map, Value, json};
use voicecall_core::record::FromNatural;
use voicecall_core::request::{self, Signer};
use voicecall_core::response::{self, HttpAnswer};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::{Config, HttpRequest, Validation, Warning, validate, warnings};

use crate::arguments::{bytes, given, internal, invalid, optional_c_text, time};
use crate::boundary::{Failure, run};
use crate::client::{named_operation, read_arguments};
use crate::error::voicecall_error;
use crate::numbers::voicecall_status;
use crate::value::voicecall_value;

/// Signs a request for a program that sends it itself, with its own event loop say. Sends nothing. Never send the same
/// request twice: a nonce is for one. The promise not to ring twice is then the program's to keep.
///
/// `config`: as for voicecall_client_new(); only appKey, appSecret, endpoint, createdZone and validation count.
/// `operation`, `arguments`: as for voicecall_client_call().
/// `nonce`: 1 to 128 digits and letters; NULL = a random one.
/// `unix_seconds`: the time, or VOICECALL_NOW.
/// `request`: gets an object with method, url, headers (an object) and body (a text, or null for GET), and, where a
/// parameter has no effect say, warnings (a list of texts). It holds the signature: do not print it, see
/// voicecall_client_preview(). A new value, owned by the caller, free with voicecall_value_free().
///
/// # Safety
/// `operation` and `nonce` are NULL or end with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_request_sign(
    config: Option<&voicecall_value>,
    operation: *const c_char,
    arguments: Option<&voicecall_value>,
    nonce: *const c_char,
    unix_seconds: i64,
    request: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let config = Config::from_natural(given(config, "config")?.object("config")?)?;
        config.check()?;
        // SAFETY: this function's contract.
        let (operation, nonce) = unsafe { (named_operation(operation)?, optional_c_text(nonce, "nonce")?) };
        let arguments = read_arguments(operation, arguments)?;
        let out = given(request, "request")?;
        if config.validation != Some(Validation::Off) {
            validate(operation, &*arguments)?;
        }
        let nonce = nonce.map_or_else(random_nonce, checked_nonce)?;
        let now = time(unix_seconds)?;
        let zone = config.created_zone.clone().unwrap_or(CreatedZone::Utc);
        // `check` has found both.
        let (Some(app_key), Some(app_secret)) = (&config.app_key, &config.app_secret) else {
            return Err(internal("a configuration without credentials"));
        };
        let signer = Signer {
            app_key,
            app_secret,
            zone: &zone,
        };
        let signed = request::build(operation, &*arguments, config.base_url(), signer, &nonce, now);
        out.write(voicecall_value::hand_over(Value::Object(parts(
            signed,
            &warnings(&*arguments),
        )?)));
        Ok(())
    })
}

/// Reads the platform's answer to an operation, for a program that sent the request itself.
///
/// `operation`: as for voicecall_client_call().
/// `http_status`: the status of the answer.
/// `location`: the answer's Location header; NULL when it has none.
/// `body`, `length`: the whole body; NULL and 0 for none.
/// `answer`: as for voicecall_client_call(). A new value, owned by the caller, free with voicecall_value_free().
///
/// Returns the same errors as voicecall_client_call() would for this answer.
///
/// # Safety
/// `operation` and `location` are NULL or end with a NUL. `body` is NULL or has `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_response_read(
    operation: *const c_char,
    http_status: i32,
    location: *const c_char,
    body: *const c_char,
    length: usize,
    answer: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        // SAFETY: this function's contract.
        let (operation, location, body) = unsafe {
            (
                named_operation(operation)?,
                optional_c_text(location, "location")?,
                bytes(body.cast(), length, "body")?,
            )
        };
        let out = given(answer, "answer")?;
        let status = u16::try_from(http_status)
            .ok()
            .filter(|status| (100..1000).contains(status));
        let status = status.ok_or_else(|| invalid("`http_status` is not from 100 to 999"))?;
        let success = response::decode(operation, &HttpAnswer { status, location, body })?;
        out.write(voicecall_value::hand_over(Value::Object(success.to_json())));
        Ok(())
    })
}

fn parts(request: HttpRequest, warnings: &[Warning]) -> Result<Map<String, Value>, Failure> {
    let headers: Map<String, Value> = request
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    let body = request
        .body
        .map(String::from_utf8)
        .transpose()
        .map_err(|_| internal("a body that is not UTF-8"))?;
    let parts = [
        ("method", json!(request.method.as_str())),
        ("url", json!(request.url)),
        ("headers", json!(headers)),
        ("body", json!(body)),
    ];
    let texts = || warnings.iter().map(ToString::to_string).collect::<Vec<_>>();
    let warnings = (!warnings.is_empty()).then(|| ("warnings", json!(texts())));
    Ok(parts
        .into_iter()
        .chain(warnings)
        .map(|(name, value)| (name.to_owned(), value))
        .collect())
}

pub(crate) fn random_nonce() -> Result<String, Failure> {
    sign::nonce().map_err(|_| internal("no random numbers to be had"))
}

/// The contract's form; anything else could end the header.
pub(crate) fn checked_nonce(nonce: &str) -> Result<String, Failure> {
    let plain = nonce.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !plain || !(1..=128).contains(&nonce.len()) {
        return Err(invalid("`nonce` is not 1 to 128 digits and letters"));
    }
    Ok(nonce.to_owned())
}
