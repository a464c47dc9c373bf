//! Answers in the form of the service (contract requests.md 13.2).

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use crate::choices::Choices;
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

/// The refusal's status, code and text.
pub(crate) fn refused(refusal: &Refusal, choices: &Choices) -> Response {
    let status = match choices.refusals_with_200 {
        true => 200,
        false => refusal.http_status.unwrap_or(choices.unknown_status),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
    let mut answer = json_answer(
        status,
        &json!({ "resultcode": refusal.code, "resultdesc": refusal.text }),
    );
    if refusal.is_about_the_request_itself() {
        answer.extensions_mut().insert(WrongRequest);
    }
    answer
}

/// As [`refused`], to a request that was to place a call; `sessionId` is absent or empty.
pub(super) fn not_placed(refusal: &Refusal, choices: &Choices) -> Response {
    let mut answer = refused(refusal, choices);
    if choices.empty_session_id {
        let body = json!({ "resultcode": refusal.code, "resultdesc": refusal.text, "sessionId": "" });
        *answer.body_mut() = Body::from(body.to_string());
    }
    answer
}

/// 404 without a code: a path that means nothing (contract requests.md 13.2).
pub(crate) async fn nothing_here() -> Response {
    let mut answer = with_headers(StatusCode::NOT_FOUND, &[], Body::empty());
    answer.extensions_mut().insert(WrongRequest);
    answer
}

/// Marks the answer to a wrong method, path or header, which may get none at all (contract requests.md 13.1).
#[derive(Debug, Clone, Copy)]
pub(crate) struct WrongRequest;

/// HTTP 301 to this address, without a result code (contract requests.md 5). The one answer of which the documentation
/// shows that it announces the end of its connection (requests.md 17).
pub(super) fn moved(address: &str) -> Response {
    with_headers(
        StatusCode::MOVED_PERMANENTLY,
        &[(header::LOCATION, address), (header::CONNECTION, "close")],
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
