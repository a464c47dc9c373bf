//! What the customer has set up: `GET /account` shows it; `PATCH /account`, and `PUT`, `PATCH` and `DELETE` of its parts,
//! change it for requests to come.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use serde_json::Value;
use voicecall_core::mask;

use super::input::Input;
use super::merge::merged;
use super::{not_found, senseless};
use crate::platform::Platform;
use crate::provisioning::{Account, Application, Template};

/// Secrets are shown as asterisks.
pub(super) async fn account(State(platform): State<Arc<Platform>>) -> Json<Account> {
    Json(Account::clone(&platform.account()))
}

/// Changes the members that the body has.
pub(super) async fn patch_account(State(platform): State<Arc<Platform>>, Input(patch): Input<Value>) -> Response {
    changed(platform.change_account(|account| {
        let mut new = merged(account, patch)?;
        for (app_key, application) in &mut new.applications {
            keep_secret(application, account.applications.get(app_key));
        }
        *account = new;
        Ok(())
    }))
}

/// Changes the members that the body has.
pub(super) async fn patch_application(
    State(platform): State<Arc<Platform>>,
    Path(app_key): Path<String>,
    Input(patch): Input<Value>,
) -> Response {
    let outcome = platform.change_account(|account| {
        let application = account.applications.get_mut(&app_key)?;
        Some(merged(application, patch).map(|mut new: Application| {
            keep_secret(&mut new, Some(application));
            *application = new;
        }))
    });
    match outcome {
        Some(outcome) => changed(outcome),
        None => not_found("application"),
    }
}

/// Secrets are shown as asterisks, and asterisks mean the secret that was there.
fn keep_secret(new: &mut Application, old: Option<&Application>) {
    if let Some(old) = old.filter(|_| new.secret.expose() == mask::HIDDEN) {
        new.secret = old.secret.clone();
    }
}

fn changed(outcome: Result<(), String>) -> Response {
    match outcome {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(reason) => senseless(&reason),
    }
}

pub(super) async fn put_application(
    State(platform): State<Arc<Platform>>,
    Path(app_key): Path<String>,
    Input(application): Input<Application>,
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
    Input(template): Input<Template>,
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
