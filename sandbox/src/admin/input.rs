//! What a request brings along: JSON. An empty body is an object without members; what cannot be read is told as JSON, in
//! one line that says what and where.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::senseless;

/// The body of a request.
pub(super) struct Input<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Input<T>, Response> {
        let is_json = is_json(request.headers());
        let body = Bytes::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let text: &[u8] = match &*body {
            [] => b"{}",
            // Other types a browser would send for any page in the world.
            _ if !is_json => return Err(no_json()),
            body => body,
        };
        serde_json::from_slice(text)
            .map(Input)
            .map_err(|error| senseless(&error.to_string()))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let named = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    named.is_some_and(|named| named.trim_start().starts_with("application/json"))
}

fn no_json() -> Response {
    let body = json!({ "error": "the body has to be application/json" });
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, axum::Json(body)).into_response()
}
