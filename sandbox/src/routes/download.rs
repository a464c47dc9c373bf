//! The address of a recording: the file, or a part of it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;

use super::answer::with_headers;
use crate::platform::Platform;
use crate::recording::body::Sound;
use crate::recording::link::Ticket;
use crate::recording::range::{Part, part};
use crate::recording::{Recording, wav};

pub(super) async fn handle(
    State(platform): State<Arc<Platform>>,
    Path(file_name): Path<String>,
    ticket: Result<Query<Ticket>, QueryRejection>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return empty(StatusCode::METHOD_NOT_ALLOWED);
    }
    let now = platform.clock.now();
    if !ticket.is_ok_and(|Query(ticket)| platform.links.accept(&file_name, &ticket, now)) {
        return empty(StatusCode::FORBIDDEN);
    }
    match platform.recording(&file_name) {
        Some((recording, _)) => file(&recording, &headers),
        None => empty(StatusCode::NOT_FOUND),
    }
}

fn file(recording: &Recording, headers: &HeaderMap) -> Response {
    let length = wav::file_length(recording.seconds);
    // The same name is always the same bytes.
    let tag = format!("\"{}\"", recording.file_name);
    let (status, bytes, content_range) = match wanted(headers, &tag, length) {
        Part::Whole => (StatusCode::OK, 0..length, None),
        Part::Bytes(bytes) => {
            let shown = format!("bytes {}-{}/{length}", bytes.start, bytes.end - 1);
            (StatusCode::PARTIAL_CONTENT, bytes, Some(shown))
        }
        Part::Unsatisfiable => {
            let shown = format!("bytes */{length}");
            return with_headers(
                StatusCode::RANGE_NOT_SATISFIABLE,
                &[(header::CONTENT_RANGE, &shown)],
                Body::empty(),
            );
        }
    };
    let mut answer = vec![
        (header::CONTENT_TYPE, "audio/wav"),
        (header::ACCEPT_RANGES, "bytes"),
        (header::ETAG, &tag),
    ];
    answer.extend(content_range.as_deref().map(|shown| (header::CONTENT_RANGE, shown)));
    with_headers(status, &answer, Body::new(Sound::new(recording.seconds, bytes)))
}

/// The part that the request asks for; the whole when it holds a part of another file (`If-Range`).
fn wanted(headers: &HeaderMap, tag: &str, length: u64) -> Part {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|held| held != tag) {
        return Part::Whole;
    }
    part(text(header::RANGE), length)
}

fn empty(status: StatusCode) -> Response {
    with_headers(status, &[], Body::empty())
}
