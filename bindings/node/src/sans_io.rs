//! Requests, answers and signatures without the network: for tests of programs that use the package, and for its own.

use std::time::SystemTime;

use napi_derive::napi;
use serde_json::{Map, Value, json};
use voicecall_core::codes::{self, Code, Table};
use voicecall_core::record::FromNatural;
use voicecall_core::request::{self, Signer};
use voicecall_core::response::{self, HttpAnswer};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{DigestForm, PushSigner};
use voicecall_core::{Config, HttpRequest, Secret, Validation, Warning, validate, warnings};

use crate::failure::Failure;
use crate::natural::{object, operation_named, outcome};

/// The request that a call would send, signed: `{"method":…,"url":…,"headers":{…},"body":…}`, and `warnings` where there
/// are some. Nonce and time are made where they are left out.
#[napi(catch_unwind)]
pub fn sign_request(
    config: String,
    operation: String,
    arguments: String,
    nonce: Option<String>,
    now: Option<i64>,
) -> napi::Result<String> {
    let config = Config::from_natural(object(&config)?).map_err(Failure::from)?;
    config.check().map_err(Failure::from)?;
    let operation = operation_named(&operation)?;
    let arguments = (operation.read_json)(&arguments).map_err(Failure::from)?;
    if config.validation != Some(Validation::Off) {
        validate(operation, &*arguments).map_err(Failure::from)?;
    }
    let zone = config.created_zone.clone().unwrap_or(CreatedZone::Utc);
    let (Some(app_key), Some(app_secret)) = (&config.app_key, &config.app_secret) else {
        return Err(Failure::internal("a checked configuration without credentials").into());
    };
    let signer = Signer {
        app_key,
        app_secret,
        zone: &zone,
    };
    let (nonce, now) = (nonce_or_new(nonce)?, now.map_or_else(clock, Ok)?);
    let request = request::build(operation, &*arguments, config.base_url(), signer, &nonce, now);
    Ok(parts(request, &warnings(&*arguments)).to_string())
}

/// What a call would make of the platform's answer; see `call`.
#[napi(catch_unwind)]
pub fn read_answer(operation: String, status: u16, location: Option<String>, body: &[u8]) -> napi::Result<String> {
    let answer = HttpAnswer {
        status,
        location: location.as_deref(),
        body,
    };
    Ok(outcome(
        response::decode(operation_named(&operation)?, &answer).map_err(Failure::from)?,
    ))
}

/// The headers of a push, signed as the platform does.
#[napi(catch_unwind)]
pub fn sign_push(
    app_key: String,
    app_secret: String,
    url: String,
    form: String,
    zone: String,
    nonce: Option<String>,
    now: Option<i64>,
) -> napi::Result<String> {
    let app_secret = Secret::from(app_secret);
    let signer = PushSigner {
        app_key: &app_key,
        app_secret: &app_secret,
        url: &url,
        form: DigestForm::from(form.as_str()),
    };
    let created = sign::created(now.map_or_else(clock, Ok)?, &CreatedZone::from(zone.as_str()));
    let headers = signer.headers(&nonce_or_new(nonce)?, &created);
    let headers: Map<String, Value> = headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect();
    Ok(Value::Object(headers).to_string())
}

/// The row of a code in one of the platform's tables; `null` when the table does not have it.
#[napi(catch_unwind)]
pub fn find_code(table: String, code: String, http_status: Option<u16>, text: Option<String>) -> napi::Result<String> {
    let table = Table::from_id(&table).ok_or_else(|| Failure::invalid_argument("no such table"))?;
    let row = match table {
        Table::Result => codes::result_code(&code, http_status, text.as_deref()),
        other => other.find_text(&code),
    };
    Ok(row.map_or(Value::Null, meaning).to_string())
}

fn meaning(row: &Code) -> Value {
    let attributes = [
        ("code", Some(json!(row.code))),
        ("name_zh", row.name_zh.as_ref().map(|name| json!(name))),
        ("text", row.text.as_ref().map(|text| json!(text))),
        ("http_status", row.http_status.map(|status| json!(status))),
        ("meaning", row.meaning.as_ref().map(|meaning| json!(meaning))),
        ("advice", row.advice.as_ref().map(|advice| json!(advice))),
        ("retry", row.retry.map(|retry| json!(retry.id()))),
        ("outdated", Some(json!(row.outdated))),
    ];
    attributes
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn parts(request: HttpRequest, warnings: &[Warning]) -> Value {
    let headers: Map<String, Value> = request
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect();
    let body = request.body.and_then(|body| String::from_utf8(body).ok());
    let mut parts = json!({ "method": request.method.as_str(), "url": request.url, "headers": headers, "body": body });
    if let Some(parts) = parts.as_object_mut().filter(|_| !warnings.is_empty()) {
        let texts: Value = warnings.iter().map(ToString::to_string).collect();
        parts.insert("warnings".to_owned(), texts);
    }
    parts
}

fn nonce_or_new(nonce: Option<String>) -> Result<String, Failure> {
    nonce.map_or_else(
        || sign::nonce().map_err(|_| Failure::internal("no random numbers to be had")),
        Ok,
    )
}

/// Unix seconds.
fn clock() -> Result<i64, Failure> {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok();
    let seconds = since_epoch.and_then(|duration| i64::try_from(duration.as_secs()).ok());
    seconds.ok_or_else(|| Failure::internal("the clock is out of range"))
}
