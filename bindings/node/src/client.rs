//! `NativeClient`: calls that answer through the [`Outbox`](crate::outbox::Outbox).

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use napi::Env;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::UnknownReturnValue;
use napi_derive::napi;
use voicecall_core::pool::{Job, Pool};
use voicecall_core::record::FromNatural;
use voicecall_core::{AttemptTag, CallOptions, Client, Config};
use zeroize::Zeroizing;

use crate::download::Download;
use crate::failure::Failure;
use crate::natural::{object, operation_named, outcome};
use crate::outbox::{Message, Outbox};
use crate::panics::guarded;

/// A client with its threads. Every call has an id, chosen by the caller, under which its messages come.
#[napi]
pub struct NativeClient {
    client: Client,
    pool: Pool,
    outbox: Arc<Outbox>,
    /// Downloads on their way, and whether they shall stop.
    downloads: Arc<Mutex<HashMap<u32, Arc<AtomicBool>>>>,
}

/// A download without a time-out of its own; the core has a bound.
const UNBOUNDED: Duration = Duration::from_secs(24 * 3600);

#[napi]
impl NativeClient {
    /// `config` is a natural JSON object. Messages go to `deliver` as a JSON list of `[id, kind, payload]`.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        config: String,
        max_in_flight: u32,
        deliver: Function<'_, String, UnknownReturnValue>,
    ) -> napi::Result<NativeClient> {
        let config = Zeroizing::new(config);
        let config = Config::from_natural(object(&config)?).map_err(Failure::from)?;
        Ok(NativeClient {
            client: Client::new(config).map_err(Failure::from)?,
            pool: Pool::new(usize::try_from(max_in_flight).unwrap_or(usize::MAX)),
            outbox: Arc::new(Outbox::new(&deliver)?),
            downloads: Arc::default(),
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
        let timeout = milliseconds(timeout_ms).unwrap_or_else(|| self.client.timeout());
        let begun = Instant::now();
        let mut options = CallOptions::new().timeout(timeout).begun(begun);
        let client = self.client.clone();
        self.run(id, begun + timeout, move || {
            options.attempt_tag = attempt_tag.as_deref().map(AttemptTag::parse).transpose()?;
            perform(&client, &operation, &arguments, &options)
        });
    }

    /// Fetches a recording into the file `path`. `source` is a natural JSON object.
    #[napi(catch_unwind)]
    pub fn download(&self, id: u32, source: String, path: String, timeout_ms: Option<u32>, overwrite: bool) {
        let begun = Instant::now();
        let timeout = milliseconds(timeout_ms);
        let stopped = Arc::new(AtomicBool::new(false));
        self.lock_downloads().insert(id, Arc::clone(&stopped));
        let (client, outbox, downloads) = (
            self.client.clone(),
            Arc::clone(&self.outbox),
            Arc::clone(&self.downloads),
        );
        self.run(id, begun + timeout.unwrap_or(UNBOUNDED), move || {
            let download = Download {
                source: &source,
                path: &path,
                overwrite,
                left: timeout.map(|timeout| timeout.saturating_sub(begun.elapsed())),
            };
            let outcome = download.run(&client, |progress| {
                outbox.put(id, Message::Progress, progress);
                !stopped.load(Ordering::Relaxed)
            });
            downloads.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            outcome
        });
    }

    /// Nobody waits for this call any more. One that has not begun is never sent, a download stops; another call goes on,
    /// because its request cannot be taken back.
    #[napi(catch_unwind)]
    pub fn abandon(&self, id: u32) {
        let waited = self.pool.take_back(id.into());
        let mut downloads = self.lock_downloads();
        if waited {
            downloads.remove(&id);
        } else if let Some(stopped) = downloads.get(&id) {
            stopped.store(true, Ordering::Relaxed);
        }
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

    fn run(&self, id: u32, deadline: Instant, work: impl FnOnce() -> Result<String, Failure> + Send + 'static) {
        let outbox = Arc::clone(&self.outbox);
        let work = Box::new(move || match guarded(work) {
            Ok(result) => outbox.put(id, Message::Done, &result),
            Err(failure) => outbox.put(id, Message::Failed, &failure.to_json()),
        });
        let job = Job {
            id: id.into(),
            deadline,
            work,
        };
        if self.pool.submit(job).is_err() {
            let failure = Failure::internal("no thread can be started");
            self.outbox.put(id, Message::Failed, &failure.to_json());
        }
    }

    fn lock_downloads(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Arc<AtomicBool>>> {
        self.downloads.lock().unwrap_or_else(PoisonError::into_inner)
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
