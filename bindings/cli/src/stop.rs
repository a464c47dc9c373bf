//! `voicecall stop`: ends a call.

use clap::Args;
use serde_json::json;
use voicecall_core::CallOptions;
use voicecall_core::calls::{TERMINATE_CALL, TerminateCall};

use crate::exit::Failure;
use crate::output::{self, GOOD, styled};
use crate::request::flag::REQUEST;
use crate::request::{Request, fault};
use crate::settings::{Global, SettingFlags, Settings};
use crate::wait::{self, Lookout, WaitOptions};

/// Wire name of the field that names the call.
const SESSION_ID: &str = "sessionid";

/// Options of `voicecall stop`.
#[derive(Debug, Args)]
pub(crate) struct StopOptions {
    /// The call's session id, the same as --session-id.
    #[arg(value_name = "ID", conflicts_with = SESSION_ID)]
    id: Option<String>,
    #[command(flatten)]
    request: Request<TerminateCall>,
    /// Print the request that would be sent, with its digest hidden, and send nothing.
    #[arg(long, conflicts_with = "wait", help_heading = REQUEST)]
    dry_run: bool,
    #[command(flatten)]
    wait: WaitOptions,
    #[command(flatten)]
    settings: SettingFlags,
}

/// Ends the call, or shows how it would be done. To wait for the call's last webhooks, `--listen` has to be the address
/// that the call was placed with.
pub(crate) fn run(mut options: StopOptions, global: &Global) -> Result<(), Failure> {
    if let Some(id) = options.id.take() {
        options.request.set(SESSION_ID, id);
    }
    let settings = Settings::gather(global, &options.settings)?;
    let client = settings.client()?;
    if options.dry_run {
        return options.request.show(&client, global.json);
    }
    let lookout = match options.wait.wait {
        true => Some(Lookout::open(&options.wait, &settings.config()?)?),
        false => None,
    };
    let request = options.request.typed()?;
    let session_id = request.session_id.clone().unwrap_or_default();
    let ended = client.perform(&TERMINATE_CALL, &request, &CallOptions::new());
    ended.map_err(|error| fault::of(TerminateCall::RECORD, error))?;
    if global.json {
        output::json(&json!({ "terminated": { "sessionId": session_id } }));
    } else {
        output::line(&format!("{} {}", styled(GOOD, "ended"), output::one_line(&session_id)));
    }
    match lookout {
        None => Ok(()),
        Some(lookout) => {
            wait::announce(&lookout, global.json);
            lookout.follow(&session_id, None, global.json)
        }
    }
}
