//! The recording call: 301 to an address that is good for a while (contract requests.md 5).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use voicecall_core::calls::{GET_RECORDING_DOWNLOAD_URL, Recording};

use super::answer;
use super::request::Received;
use crate::arrival::Address;
use crate::platform::Platform;
use crate::recording;
use crate::refusal::{self, Refusal};

pub(super) async fn handle(
    State(platform): State<Arc<Platform>>,
    Address(endpoint): Address,
    request: Request,
) -> Response {
    let received = Received::read(request).await;
    match path(&platform, received) {
        Ok(path) => answer::moved(&format!("{endpoint}{path}")),
        Err(refusal) => {
            platform.tell_refusal(&GET_RECORDING_DOWNLOAD_URL, &refusal);
            answer::refused(&refusal, &platform.options.choices)
        }
    }
}

fn path(platform: &Arc<Platform>, received: Received) -> Result<String, Refusal> {
    let account = platform.account();
    let sender = received.authenticate(&GET_RECORDING_DOWNLOAD_URL, platform, &account)?;
    let request: Recording = received.parameters(&GET_RECORDING_DOWNLOAD_URL, &platform.options.choices)?;
    let file_name = request.file_name.unwrap_or_default();
    let known = platform
        .recording(&file_name)
        .is_some_and(|(_, app_key)| *app_key == *sender.app_key);
    if !known || request.record_domain.as_deref() != Some(recording::DOMAIN) {
        return Err(Refusal::new(refusal::NO_SUCH_RECORD));
    }
    let until = platform.clock.now() + platform.options.recording_link_life;
    Ok(platform.links.make(&file_name, until))
}
