//! `voicecall call`, `notify` and `verify`: one request that makes a phone ring. It is sent once; the library repeats it
//! only while nothing of it has left this machine, and this command never does.

use clap::Args;
use serde_json::{Value, json};
use voicecall_core::calls::PlacedCall;
use voicecall_core::response::Success;
use voicecall_core::{CallOptions, Client};

use crate::exit::Failure;
use crate::interrupt;
use crate::output::{self, GOOD, styled};
use crate::request::flag::REQUEST;
use crate::request::{Request, Requested, fault};
use crate::settings::{Global, SettingFlags, Settings};
use crate::wait::{self, Lookout, WaitOptions};

/// Wire names of the addresses that waiting sets.
const CALLBACK_URLS: [&str; 2] = ["statusUrl", "feeUrl"];
/// Wire name of A's number in a callback.
const CALLER: &str = "callerNbr";

/// Options of a command that places a call.
#[derive(Debug, Args)]
pub(crate) struct PlaceOptions<T: Requested> {
    #[command(flatten)]
    request: Request<T>,
    /// Print the request that would be sent, with digest, codes and numbers hidden, and send nothing.
    #[arg(long, conflicts_with = "wait", help_heading = REQUEST)]
    dry_run: bool,
    #[command(flatten)]
    wait: WaitOptions,
    #[command(flatten)]
    settings: SettingFlags,
}

/// Places the call, or shows how it would be.
pub(crate) fn run<T: Requested>(options: PlaceOptions<T>, global: &Global) -> Result<(), Failure> {
    let settings = Settings::gather(global, &options.settings)?;
    let client = settings.client()?;
    if options.dry_run {
        return options.request.show(&client, global.json);
    }
    if !options.wait.wait {
        let placed = place(&client, &options.request)?;
        show(&placed, global.json);
        return Ok(());
    }
    let lookout = Lookout::open(&options.wait, &settings.config()?)?;
    let request = with_callback_urls(options.request, &lookout)?;
    let placed = place(&client, &request)?;
    if global.json {
        output::json(&json!({ "placed": Value::Object(to_json(&placed)) }));
    } else {
        show(&placed, false);
        wait::announce(&lookout, global.json);
    }
    let session_id = placed.session_id.as_deref().unwrap_or_default();
    lookout.follow(session_id, request.text(CALLER), global.json)
}

fn place<T: Requested>(client: &Client, request: &Request<T>) -> Result<PlacedCall, Failure> {
    let operation = T::operation();
    let request = request.typed()?;
    let outcome = interrupt::cancellable(|cancellation| {
        client.perform(operation, &request, &CallOptions::new().cancellation(cancellation))
    });
    match outcome {
        Ok(Success::Placed(call)) => Ok(call),
        Ok(_) => Err(Failure::Unknown("the platform's answer is of another call".to_owned())),
        Err(error) => Err(fault::of(operation.request, error)),
    }
}

fn with_callback_urls<T: Requested>(mut request: Request<T>, lookout: &Lookout) -> Result<Request<T>, Failure> {
    for (name, url) in CALLBACK_URLS.into_iter().zip([lookout.status_url(), lookout.fee_url()]) {
        if request.text(name).is_some() {
            return Err(Failure::usage(
                "--wait receives the webhooks itself: leave --status-url and --fee-url out, see --public-url",
            ));
        }
        request.set(name, url);
    }
    Ok(request)
}

fn show(placed: &PlacedCall, json: bool) {
    if json {
        return output::json(&Value::Object(to_json(placed)));
    }
    let session_id = placed.session_id.as_deref().unwrap_or_default();
    output::line(&format!("{} {}", styled(GOOD, "placed"), output::one_line(session_id)));
    if let Some(ports) = placed.idle_port {
        output::line(&format!("{ports} idle call ports"));
    }
}

fn to_json(placed: &PlacedCall) -> serde_json::Map<String, Value> {
    Success::Placed(placed.clone()).to_json()
}
