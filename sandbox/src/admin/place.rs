//! `POST /calls`: places a call for somebody who cannot sign, such as the page.
//!
//! Nothing is passed by: the platform signs the request with the application's own secret and gives it to itself.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Extensions, Request};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use tower_service::Service;
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::{calls, operation::Method};

use super::input::Input;
use super::{not_found, senseless};
use crate::arrival::Peer;
use crate::auth::AcceptedZone;
use crate::platform::Platform;
use crate::routes;

/// Which call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// The operation's name, e.g. `create_voice_notification`.
    operation: String,
    /// In whose name; the account's first application when it is absent.
    app_key: Option<String>,
    /// The body as it travels.
    body: Value,
}

/// Answers what the service answers.
pub(super) async fn place(
    State(platform): State<Arc<Platform>>,
    extensions: Extensions,
    Input(wanted): Input<Wanted>,
) -> Response {
    let Some(operation) = calls::operation(&wanted.operation).filter(|found| found.method == Method::Post) else {
        return not_found("operation");
    };
    let Some(token) = token(&platform, wanted.app_key.as_deref()) else {
        return not_found("application");
    };
    let request = Request::post(operation.path)
        .header("authorization", sign::AUTHORIZATION)
        .header("x-aksk", token)
        .extension(Peer::at(Peer::of(&extensions)))
        .body(Body::from(wanted.body.to_string()));
    let Ok(request) = request else {
        return senseless("the request cannot be written");
    };
    let answer: Result<Response, Infallible> = routes::router().with_state(platform).call(request).await;
    answer.unwrap_or_else(|never| match never {})
}

/// A fresh `X-AKSK` of the application.
fn token(platform: &Platform, app_key: Option<&str>) -> Option<String> {
    let account = platform.account();
    let (app_key, application) = match app_key {
        Some(app_key) => account.applications.get_key_value(app_key)?,
        None => account.applications.first_key_value()?,
    };
    let zone = match platform.options.authentication.accepted_zone {
        AcceptedZone::Beijing => CreatedZone::Beijing,
        _ => CreatedZone::Utc,
    };
    let created = sign::created(platform.wall_clock.unix_seconds(), &zone);
    let nonce = sign::nonce().ok()?;
    Some(sign::x_aksk(app_key, application.secret.expose(), &nonce, &created))
}
