//! What the customer has set up: `GET /account` shows it, `PUT` and `DELETE` of its parts change it for requests to come.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::not_found;
use crate::platform::Platform;
use crate::provisioning::{Account, Application, Template};

/// Secrets are shown as asterisks.
pub(super) async fn account(State(platform): State<Arc<Platform>>) -> Json<Account> {
    Json(Account::clone(&platform.account()))
}

pub(super) async fn put_application(
    State(platform): State<Arc<Platform>>,
    Path(app_key): Path<String>,
    Json(application): Json<Application>,
) -> StatusCode {
    platform.change_account(|account| account.applications.insert(app_key, application));
    StatusCode::NO_CONTENT
}

pub(super) async fn remove_application(State(platform): State<Arc<Platform>>, Path(app_key): Path<String>) -> Response {
    let removed = platform.change_account(|account| account.applications.remove(&app_key).is_some());
    gone(removed, "application")
}

pub(super) async fn put_voice_file(State(platform): State<Arc<Platform>>, Path(name): Path<String>) -> StatusCode {
    platform.change_account(|account| account.voice_files.insert(name));
    StatusCode::NO_CONTENT
}

pub(super) async fn remove_voice_file(State(platform): State<Arc<Platform>>, Path(name): Path<String>) -> Response {
    let removed = platform.change_account(|account| account.voice_files.remove(&name));
    gone(removed, "voice file")
}

pub(super) async fn put_template(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
    Json(template): Json<Template>,
) -> StatusCode {
    platform.change_account(|account| account.templates.insert(id, template));
    StatusCode::NO_CONTENT
}

pub(super) async fn remove_template(State(platform): State<Arc<Platform>>, Path(id): Path<String>) -> Response {
    let removed = platform.change_account(|account| account.templates.remove(&id).is_some());
    gone(removed, "template")
}

fn gone(removed: bool, what: &str) -> Response {
    if removed {
        StatusCode::NO_CONTENT.into_response()
    } else {
        not_found(what)
    }
}
