//! `POST /certificates`: a certificate for a receiver with an `https://` address on this machine.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::senseless;
use crate::platform::Platform;

pub(super) async fn issue(State(platform): State<Arc<Platform>>) -> Response {
    match platform.authority.issue(&[]) {
        Ok(certificate) => (StatusCode::CREATED, Json(certificate)).into_response(),
        Err(error) => senseless(&error.to_string()),
    }
}
