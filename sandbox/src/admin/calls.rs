//! `GET /calls`, `GET /calls/{session_id}` and `GET /calls/{session_id}/cdr`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{USUAL_LIMIT, not_found, wait};
use crate::call::view::CallView;
use crate::platform::Platform;

/// Which calls.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only those placed after the call with this session id.
    after: Option<String>,
    limit: Option<usize>,
    /// The newest so many, instead.
    last: Option<usize>,
}

pub(super) async fn list(State(platform): State<Arc<Platform>>, Query(which): Query<Which>) -> Json<Vec<CallView>> {
    if let Some(count) = which.last {
        return Json(platform.newest_calls(count));
    }
    Json(platform.calls(which.after.as_deref(), which.limit.unwrap_or(USUAL_LIMIT)))
}

/// When to answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct When {
    /// Answer when the call is in this phase, e.g. `talking` or `ended`, or is over.
    until: Option<String>,
    /// Seconds of real time to wait for it.
    wait: Option<f64>,
}

pub(super) async fn one(
    State(platform): State<Arc<Platform>>,
    Path(session_id): Path<String>,
    Query(when): Query<When>,
) -> Response {
    let look = || {
        let call = platform.call(&session_id)?;
        let there = when
            .until
            .as_deref()
            .is_none_or(|phase| call.phase == phase || call.end.is_some());
        there.then_some(call)
    };
    let found = wait::until(&platform, when.wait, look).await;
    // A call that is not as far as hoped is shown as it is.
    match found.or_else(|| platform.call(&session_id)) {
        Some(call) => Json(call).into_response(),
        None => not_found("call"),
    }
}

/// The CDR of a call that is over, whether it was pushed or not.
pub(super) async fn cdr(State(platform): State<Arc<Platform>>, Path(session_id): Path<String>) -> Response {
    match platform.cdr(&session_id) {
        Some(cdr) => ([(header::CONTENT_TYPE, "application/json")], cdr).into_response(),
        None => not_found("finished call"),
    }
}
