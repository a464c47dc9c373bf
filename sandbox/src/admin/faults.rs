//! Faults: `GET /faults` shows what is armed, `POST /faults` arms one, `DELETE /faults` and `DELETE /faults/{id}` disarm.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::input::Input;
use super::{not_found, senseless};
use crate::faults::{ArmedFault, Fault, FaultKind, Target};
use crate::platform::Platform;

/// What there is to arm: `GET /fault-kinds`.
pub(super) async fn kinds() -> Json<Value> {
    let targets: Vec<_> = Target::all()
        .map(|target| json!({ "name": target.name(), "push": target.is_push() }))
        .collect();
    let kinds: Vec<_> = FaultKind::ALL
        .iter()
        .map(|kind| {
            json!({
                "name": kind.name(),
                "answers": kind.strikes_answers(),
                "pushes": kind.strikes_pushes(),
                "carried_out": kind.is_carried_out(),
                "takes": kind.takes(),
            })
        })
        .collect();
    Json(json!({ "targets": targets, "kinds": kinds }))
}

pub(super) async fn list(State(platform): State<Arc<Platform>>) -> Json<Vec<ArmedFault>> {
    Json(platform.faults.list())
}

/// 201 with the fault's id; 204 when the door is shut, which has none.
pub(super) async fn arm(State(platform): State<Arc<Platform>>, Input(fault): Input<Fault>) -> Response {
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
