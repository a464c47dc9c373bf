//! How phones behave: `GET /phones`, `PUT /phones` for all, `PUT` and `DELETE /phones/{number}` for one. Calls that are
//! already placed keep the behaviour that they began with.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::input::Input;
use super::not_found;
use crate::call::phone::PhoneRule;
use crate::platform::Platform;

/// The rules in force.
#[derive(Debug, Serialize)]
pub(super) struct Rules {
    all: PhoneRule,
    own: BTreeMap<String, PhoneRule>,
}

pub(super) async fn list(State(platform): State<Arc<Platform>>) -> Json<Rules> {
    let phones = platform.phones();
    Json(Rules {
        all: phones.all,
        own: phones.own,
    })
}

/// What the rule leaves out stays as it is.
pub(super) async fn set_all(State(platform): State<Arc<Platform>>, Input(rule): Input<PhoneRule>) -> StatusCode {
    platform.change_phones(|phones| phones.all = rule.over(&phones.all));
    StatusCode::NO_CONTENT
}

pub(super) async fn set(
    State(platform): State<Arc<Platform>>,
    Path(number): Path<String>,
    Input(rule): Input<PhoneRule>,
) -> StatusCode {
    platform.change_phones(|phones| phones.own.insert(number, rule));
    StatusCode::NO_CONTENT
}

pub(super) async fn remove(State(platform): State<Arc<Platform>>, Path(number): Path<String>) -> Response {
    match platform.change_phones(|phones| phones.own.remove(&number)) {
        Some(_) => StatusCode::NO_CONTENT.into_response(),
        None => not_found("phone"),
    }
}
