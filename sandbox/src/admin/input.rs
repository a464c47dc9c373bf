//! What a request brings along: JSON. An empty body is an object without members; what cannot be read is told as JSON, in
//! one line that says what and where.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::senseless;

/// The body of a request.
pub(super) struct Input<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Input<T>, Response> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let text: &[u8] = match &*body {
            [] => b"{}",
            body => body,
        };
        serde_json::from_slice(text)
            .map(Input)
            .map_err(|error| senseless(&error.to_string()))
    }
}
