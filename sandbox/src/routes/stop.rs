//! callStop: ends a call (contract requests.md 4).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use voicecall_core::calls::{TERMINATE_CALL, TerminateCall};

use super::answer;
use super::request::Received;
use crate::platform::Platform;
use crate::refusal::{self, Refusal};

pub(super) async fn handle(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    let received = Received::read(request).await;
    match stop(&platform, received) {
        Ok(()) => answer::success([]),
        Err(refusal) => {
            platform.tell_refusal(&TERMINATE_CALL, &refusal);
            answer::refused(&refusal, &platform.options.choices)
        }
    }
}

fn stop(platform: &Arc<Platform>, received: Received) -> Result<(), Refusal> {
    let account = platform.account();
    let sender = received.authenticate(&TERMINATE_CALL, platform, &account)?;
    let request: TerminateCall = received.parameters(&TERMINATE_CALL, &platform.options.choices)?;
    let session_id = request.session_id.unwrap_or_default();
    if platform.stop_call(sender.app_key, &session_id) {
        return Ok(());
    }
    Err(Refusal::new(refusal::INVALID_SESSION))
}
