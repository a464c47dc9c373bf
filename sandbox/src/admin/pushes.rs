//! `GET /pushes`: what was pushed and what came back. `GET /undelivered-cdrs`: what the service would keep in a CDR file,
//! and `POST /undelivered-cdrs/push`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::{USUAL_LIMIT, wait};
use crate::platform::Platform;
use crate::push::log::{PushView, UndeliveredCdrs};

/// Which pushes, and how long to wait for one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only those with a greater id.
    after: Option<u64>,
    /// Only those about this session id.
    session_id: Option<String>,
    limit: Option<usize>,
    /// Seconds of real time to wait while there is none.
    wait: Option<f64>,
}

pub(super) async fn list(State(platform): State<Arc<Platform>>, Query(which): Query<Which>) -> Json<Vec<PushView>> {
    let look = || {
        let limit = which.limit.unwrap_or(USUAL_LIMIT);
        let pushes = platform.pushes(which.after.unwrap_or(0), which.session_id.as_deref(), limit);
        (!pushes.is_empty()).then_some(pushes)
    };
    Json(wait::until(&platform, which.wait, look).await.unwrap_or_default())
}

pub(super) async fn undelivered(State(platform): State<Arc<Platform>>) -> Json<Vec<UndeliveredCdrs>> {
    Json(platform.undelivered())
}

/// Pushes them by hand, as the service's support does on request. What is not taken comes back to the list.
pub(super) async fn push_undelivered(State(platform): State<Arc<Platform>>) -> StatusCode {
    platform.push_undelivered();
    StatusCode::ACCEPTED
}
