//! `NativeClient`: calls that answer through the [`Outbox`](crate::outbox::Outbox).

use std::sync::Arc;
use std::time::{Duration, Instant};

use napi::Env;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::UnknownReturnValue;
use napi_derive::napi;
use voicecall_core::record::FromNatural;
use voicecall_core::{AttemptTag, CallOptions, Client, Config, Jobs};
use zeroize::Zeroizing;

use crate::download::Download;
use crate::failure::Failure;
use crate::natural::{object, operation_named, outcome};
use crate::outbox::{Message, Outbox};

/// A client. Every call has an id, chosen by the caller, under which its messages come.
#[napi]
pub struct NativeClient {
    client: Client,
    jobs: Jobs,
    outbox: Arc<Outbox>,
}

#[napi]
impl NativeClient {
    /// `config` is a natural JSON object. Messages go to `deliver` as a JSON list of `[id, kind, payload]`.
    #[napi(constructor, catch_unwind)]
    pub fn new(config: String, deliver: Function<'_, String, UnknownReturnValue>) -> napi::Result<NativeClient> {
        let config = Zeroizing::new(config);
        let config = Config::from_natural(object(&config)?).map_err(Failure::from)?;
        Ok(NativeClient {
            client: Client::new(config).map_err(Failure::from)?,
            jobs: Jobs::new(),
            outbox: Arc::new(Outbox::new(&deliver)?),
        })
    }

    /// Performs an operation. `arguments` is a natural JSON object.
    #[napi(catch_unwind)]
    pub fn call(
        &self,
        id: u32,
        operation: String,
        arguments: String,
        timeout_ms: Option<u32>,
        attempt_tag: Option<String>,
    ) {
        let mut options = CallOptions::new();
        options.timeout = milliseconds(timeout_ms);
        let outbox = Arc::clone(&self.outbox);
        self.jobs.submit(id.into(), |under_way| {
            let work = move |client: &Client, options: &CallOptions| {
                let mut options = options.clone();
                options.attempt_tag = attempt_tag.as_deref().map(AttemptTag::parse).transpose()?;
                perform(client, &operation, &arguments, &options)
            };
            self.client.submit(options, work, move |outcome| {
                drop(under_way);
                outbox.end(id, outcome);
            })
        });
    }

    /// Fetches a recording into the file `path`. `source` is a natural JSON object.
    #[napi(catch_unwind)]
    pub fn download(&self, id: u32, source: String, path: String, timeout_ms: Option<u32>, overwrite: bool) {
        let begun = Instant::now();
        let timeout = milliseconds(timeout_ms);
        let (outbox, progress) = (Arc::clone(&self.outbox), Arc::clone(&self.outbox));
        self.jobs.submit(id.into(), |under_way| {
            let work = move |client: &Client, cancellation: &voicecall_core::Cancellation| {
                let download = Download {
                    source: &source,
                    path: &path,
                    overwrite,
                    left: timeout.map(|timeout| timeout.saturating_sub(begun.elapsed())),
                };
                download.run(client, |so_far| {
                    progress.put(id, Message::Progress, so_far);
                    !cancellation.was_cancelled()
                })
            };
            self.client.submit_download(work, move |outcome| {
                drop(under_way);
                outbox.end(id, outcome);
            })
        });
    }

    /// Cancels calls and downloads; their outcomes come as messages all the same.
    #[napi(catch_unwind)]
    pub fn abandon(&self, ids: Vec<u32>) {
        self.jobs.cancel(&ids.into_iter().map(u64::from).collect::<Vec<_>>());
    }

    /// Whether the process stays alive for messages.
    #[napi(catch_unwind)]
    pub fn hold(&self, env: &Env, held: bool) -> napi::Result<()> {
        self.outbox.hold(env, held)
    }

    /// The request that `call` would send, as text for people.
    #[napi(catch_unwind)]
    pub fn preview(&self, operation: String, arguments: String) -> napi::Result<String> {
        let operation = operation_named(&operation)?;
        let arguments = (operation.read_json)(&arguments).map_err(Failure::from)?;
        Ok(self.client.preview(operation, &*arguments).map_err(Failure::from)?)
    }

    /// Ends calls in flight with `closed` and refuses new ones.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.client.close();
    }
}

impl Drop for NativeClient {
    /// Calls in flight keep their client alive, so there are none, unless the environment ends: a worker that is
    /// terminated waits for nothing.
    fn drop(&mut self) {
        self.client.close();
    }
}

/// A new mark for `call`.
#[napi(catch_unwind)]
pub fn new_attempt_tag() -> napi::Result<String> {
    let tag = AttemptTag::random().map_err(Failure::from)?;
    Ok(tag.as_str().to_owned())
}

fn perform(client: &Client, operation: &str, arguments: &str, options: &CallOptions) -> Result<String, Failure> {
    let operation = operation_named(operation)?;
    let arguments = (operation.read_json)(arguments)?;
    Ok(outcome(client.perform(operation, &*arguments, options)?))
}

fn milliseconds(number: Option<u32>) -> Option<Duration> {
    number.map(|number| Duration::from_millis(number.into()))
}
