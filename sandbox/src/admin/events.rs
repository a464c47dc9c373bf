//! `GET /events`: the journal, from a line on: as a list that may be waited for, or, to whoever accepts
//! `text/event-stream`, as server-sent events without an end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::watch;

use super::{USUAL_LIMIT, wait};
use crate::journal::JournalEntry;
use crate::platform::Platform;

const EVENT_STREAM: &str = "text/event-stream";
/// The line after which a reader that was cut off goes on.
const LAST_EVENT_ID: &str = "last-event-id";
/// How often something is sent while nothing happens, so that both sides notice a broken connection.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

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

pub(super) async fn list(
    State(platform): State<Arc<Platform>>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Response {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let after = which.after.unwrap_or(0);
    if text("accept").is_some_and(|accepted| accepted.contains(EVENT_STREAM)) {
        let last_seen = text(LAST_EVENT_ID).and_then(|id| id.parse().ok());
        return endless(platform, last_seen.unwrap_or(after));
    }
    let look = || {
        let lines = platform.journal(after, which.limit.unwrap_or(USUAL_LIMIT));
        (!lines.is_empty()).then_some(lines)
    };
    Json(wait::until(&platform, which.wait, look).await.unwrap_or_default()).into_response()
}

/// A reader of the journal that has seen everything up to a line.
struct Reader {
    platform: Arc<Platform>,
    news: watch::Receiver<u64>,
    seen: u64,
}

fn endless(platform: Arc<Platform>, seen: u64) -> Response {
    // Subscribed before the first look, so that nothing between look and wait is missed.
    let news = platform.news();
    let reader = Reader { platform, news, seen };
    let pieces = stream::unfold(reader, |mut reader| async move {
        let piece = reader.next().await;
        Some((Ok::<_, Infallible>(piece), reader))
    });
    let headers = [
        (header::CONTENT_TYPE, EVENT_STREAM),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

impl Reader {
    /// What comes next, however long that takes.
    async fn next(&mut self) -> String {
        loop {
            self.news.mark_unchanged();
            let lines = self.platform.journal(self.seen, USUAL_LIMIT);
            if let Some(last) = lines.last() {
                self.seen = last.sequence;
                return lines.iter().map(event).collect();
            }
            if tokio::time::timeout(SIGN_OF_LIFE, self.news.changed()).await.is_err() {
                return ":\n\n".to_owned();
            }
        }
    }
}

fn event(line: &JournalEntry) -> String {
    let data = serde_json::to_string(line).unwrap_or_default();
    format!("id: {}\ndata: {data}\n\n", line.sequence)
}
