//! The five calls of the service, and the addresses of recordings.

mod answer;
mod download;
mod place;
mod recording;
mod request;
mod stop;

use std::sync::Arc;

pub(crate) use answer::{WrongRequest, nothing_here, refused, with_headers};
use axum::Router;
use axum::routing::any;
use voicecall_core::calls::{
    GET_RECORDING_DOWNLOAD_URL, TERMINATE_CALL, VoiceCallback, VoiceNotification, VoiceVerificationCode,
};

use crate::call::PlacingRequest;
use crate::platform::Platform;
use crate::recording::link;

/// The routes of the service. Their paths are those of the core's operations; any other path is 404 without a code
/// (contract requests.md 13.2).
pub(crate) fn router() -> Router<Arc<Platform>> {
    Router::new()
        .merge(placing::<VoiceCallback>())
        .merge(placing::<VoiceNotification>())
        .merge(placing::<VoiceVerificationCode>())
        .route(
            "/rest/httpsessions/click2Call/v1.0",
            any(place::outdated::<VoiceCallback>),
        )
        .route(
            "/rest/httpsessions/callnotify/v1.0",
            any(place::outdated::<VoiceNotification>),
        )
        .route(TERMINATE_CALL.path, any(stop::handle))
        .route(GET_RECORDING_DOWNLOAD_URL.path, any(recording::handle))
        .route(&format!("{}/{{file_name}}", link::PATH), any(download::handle))
        .fallback(answer::nothing_here)
}

fn placing<T: PlacingRequest + 'static>() -> Router<Arc<Platform>> {
    Router::new().route(T::OPERATION.path, any(place::handle::<T>))
}
