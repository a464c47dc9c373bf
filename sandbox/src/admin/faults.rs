//! Faults: `GET /faults` shows what is armed, `POST /faults` arms one, `DELETE /faults` and `DELETE /faults/{id}` disarm.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{not_found, senseless};
use crate::faults::{ArmedFault, Fault};
use crate::platform::Platform;

pub(super) async fn list(State(platform): State<Arc<Platform>>) -> Json<Vec<ArmedFault>> {
    Json(platform.faults.list())
}

/// 201 with the fault's id; 204 when the door is shut, which has none.
pub(super) async fn arm(State(platform): State<Arc<Platform>>, Json(fault): Json<Fault>) -> Response {
    if let Err(reason) = fault.check() {
        return senseless(&reason);
    }
    match platform.arm(fault) {
        Ok(id) => (StatusCode::CREATED, Json(json!({ "id": id }))).into_response(),
        Err(shut) => {
            // An error means that the platform is about to end.
            let _ = shut.await;
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

pub(super) async fn remove_all(State(platform): State<Arc<Platform>>) -> StatusCode {
    platform.faults.remove(|_| true);
    StatusCode::NO_CONTENT
}

pub(super) async fn remove(State(platform): State<Arc<Platform>>, Path(id): Path<u64>) -> Response {
    match platform.faults.remove(|armed| armed.id == id) {
        0 => not_found("fault"),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}
