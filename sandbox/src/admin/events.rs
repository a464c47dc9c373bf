//! `GET /events`: the journal, from a line on, waiting for the next line if asked to.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::{USUAL_LIMIT, wait};
use crate::journal::JournalEntry;
use crate::platform::Platform;

/// Which lines, and how long to wait for one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only those with a greater sequence number.
    after: Option<u64>,
    limit: Option<usize>,
    /// Seconds of real time to wait while there is none.
    wait: Option<f64>,
}

pub(super) async fn list(State(platform): State<Arc<Platform>>, Query(which): Query<Which>) -> Json<Vec<JournalEntry>> {
    let look = || {
        let lines = platform.journal(which.after.unwrap_or(0), which.limit.unwrap_or(USUAL_LIMIT));
        (!lines.is_empty()).then_some(lines)
    };
    Json(wait::until(&platform, which.wait, look).await.unwrap_or_default())
}
