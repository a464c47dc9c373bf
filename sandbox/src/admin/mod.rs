//! The admin API: what a test or a person asks a local platform, and tells it. No part of the service; it needs no
//! signature, as the platform listens on loopback unless told otherwise.

mod calls;
mod clock;
mod events;
mod faults;
mod hands;
mod merge;
mod phones;
mod provisioning;
mod pushes;
pub(crate) mod wait;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use serde_json::json;

use crate::platform::Platform;

/// Path under which the admin API is; no path of the service begins so.
pub(crate) const PATH: &str = "/_voicecall";
/// How many things a list holds when the query does not say.
const USUAL_LIMIT: usize = 1000;

/// The routes of the admin API, without [`PATH`].
pub(crate) fn router() -> Router<Arc<Platform>> {
    Router::new()
        .route("/calls", get(calls::list))
        .route("/calls/{session_id}", get(calls::one))
        .route("/calls/{session_id}/{action}", post(hands::in_call))
        .route("/phones/{number}/{action}", post(hands::at_phone))
        .route("/pushes", get(pushes::list))
        .route("/undelivered-cdrs", get(pushes::undelivered))
        .route("/events", get(events::list))
        .route(
            "/faults",
            get(faults::list).post(faults::arm).delete(faults::remove_all),
        )
        .route("/faults/{id}", axum::routing::delete(faults::remove))
        .route("/clock", get(clock::show).put(clock::change))
        .route("/clock/step", post(clock::step))
        .route("/phones", get(phones::list).put(phones::set_all))
        .route("/phones/{number}", put(phones::set).delete(phones::remove))
        .route(
            "/account",
            get(provisioning::account).patch(provisioning::patch_account),
        )
        .route(
            "/applications/{app_key}",
            put(provisioning::put_application)
                .patch(provisioning::patch_application)
                .delete(provisioning::remove_application),
        )
        .route(
            "/voice-files/{name}",
            put(provisioning::put_voice_file).delete(provisioning::remove_voice_file),
        )
        .route(
            "/templates/{id}",
            put(provisioning::put_template).delete(provisioning::remove_template),
        )
}

/// The answer when something asked for is not there.
fn not_found(what: &str) -> Response {
    let body = json!({ "error": format!("no such {what}") });
    (StatusCode::NOT_FOUND, axum::Json(body)).into_response()
}

/// The answer to something that can be read and makes no sense.
fn senseless(reason: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(json!({ "error": reason }))).into_response()
}
