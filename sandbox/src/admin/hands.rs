//! What is done by hand: `POST /calls/{session_id}/{action}` and `POST /phones/{number}/{action}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::input::Input;
use super::{not_found, senseless};
use crate::call::Leg;
use crate::call::action::Action;
use crate::call::view::CallView;
use crate::platform::Platform;
use crate::platform::hands::NotDone;

/// What an action may have to know.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct How {
    /// Which phone of the call.
    leg: Option<Leg>,
    /// The keys to press.
    digits: String,
}

pub(super) async fn in_call(
    State(platform): State<Arc<Platform>>,
    Path((session_id, action)): Path<(String, String)>,
    Input(how): Input<How>,
) -> Response {
    act(&action, &how, |action| {
        platform.act_in_call(&session_id, how.leg, action, &how.digits)
    })
}

pub(super) async fn at_phone(
    State(platform): State<Arc<Platform>>,
    Path((number, action)): Path<(String, String)>,
    Input(how): Input<How>,
) -> Response {
    act(&action, &how, |action| {
        platform.act_at_phone(&number, action, &how.digits)
    })
}

fn act(name: &str, how: &How, act: impl FnOnce(Action) -> Result<CallView, NotDone>) -> Response {
    let Some(action) = Action::named(name) else {
        return not_found("action");
    };
    let keys = |digits: &str| {
        digits
            .bytes()
            .all(|key| key.is_ascii_digit() || key == b'*' || key == b'#')
    };
    if action == Action::Press && (how.digits.is_empty() || !keys(&how.digits)) {
        return senseless("digits are needed: 0 to 9, * and #");
    }
    match act(action) {
        Ok(call) => Json(call).into_response(),
        Err(NotDone::NoCall) => not_found("live call"),
        Err(NotDone::NoMeaning) => {
            let error = format!("{name} means nothing where the call is; its legs tell what can be done");
            (StatusCode::CONFLICT, Json(json!({ "error": error }))).into_response()
        }
    }
}
