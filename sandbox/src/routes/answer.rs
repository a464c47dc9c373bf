//! Answers in the form of the service (contract requests.md 13.2).

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use crate::refusal::Refusal;

/// Content type of every answer with a body.
const CONTENT_TYPE: &str = "application/json;charset=UTF-8";
/// `resultdesc` of a success, as the official example prints it.
const SUCCESS: &str = "Success";

/// HTTP 200 with result code 0 and these members after it.
pub(super) fn success(members: impl IntoIterator<Item = (&'static str, Value)>) -> Response {
    let mut body = json!({ "resultcode": "0", "resultdesc": SUCCESS });
    for (name, value) in members {
        body[name] = value;
    }
    json_answer(StatusCode::OK, &body)
}

/// The refusal's status, code and text; no `sessionId`.
pub(crate) fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.http_status).unwrap_or(StatusCode::FORBIDDEN);
    json_answer(
        status,
        &json!({ "resultcode": refusal.code, "resultdesc": refusal.text }),
    )
}

/// HTTP 301 to this address, without a result code (contract requests.md 5).
pub(super) fn moved(address: &str) -> Response {
    with_headers(
        StatusCode::MOVED_PERMANENTLY,
        &[(header::LOCATION, address)],
        Body::empty(),
    )
}

fn json_answer(status: StatusCode, body: &Value) -> Response {
    with_headers(
        status,
        &[(header::CONTENT_TYPE, CONTENT_TYPE)],
        Body::from(body.to_string()),
    )
}

/// An answer with these headers. A value that is no header text is left out.
pub(crate) fn with_headers(status: StatusCode, headers: &[(header::HeaderName, &str)], body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
