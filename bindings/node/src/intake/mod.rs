//! `NativeIntake`: a store of pushes. Every function but `open` answers through the [`Outbox`](crate::outbox::Outbox).
//!
//! The core waits for the disk on the thread that calls it, and writes together what arrives meanwhile on other threads. So
//! each push that is being received has a thread: that is what a group commit is made of. Questions and waits have threads of
//! their own, because an export that takes minutes, or a hundred programs that wait, must not hold up a push.

mod answer;
mod export;
mod receipt;
mod slot;
mod wait;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use napi::Env;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::UnknownReturnValue;
use napi_derive::napi;
use voicecall_core::intake::IntakeConfig;
use voicecall_core::pool::{Job, Pool};
use voicecall_core::record::FromNatural;
use voicecall_core::webhook::SIGNATURE_HEADER;
use zeroize::Zeroizing;

use self::export::Export;
use self::slot::Slot;
use self::wait::Wait;
use crate::failure::Failure;
use crate::natural::object;
use crate::outbox::{Message, Outbox};
use crate::panics::guarded;
use crate::webhook::receiver::NativeWebhook;

/// Pushes that are written together at most. More wait in order, for the next commit.
const RECEIVING: usize = 64;
/// Questions that are answered at once. Reading is work for the processor, which has few cores.
const ASKING: usize = 4;
/// Waits that look at the same time. More wait in order.
const WAITING: usize = 256;
/// For what has no time-out of its own: the core has bounds.
const UNBOUNDED: Duration = Duration::from_secs(24 * 3600);

/// A store with its threads. Everything that is asked has an id, chosen by the caller, under which its message comes.
#[napi]
pub struct NativeIntake {
    slot: Arc<Slot>,
    receiving: Pool,
    asking: Pool,
    waiting: Pool,
    outbox: Arc<Outbox>,
    /// Waits and exports on their way, and whether they shall stop.
    stops: Stops,
}

/// By id.
type Stops = Arc<Mutex<HashMap<u32, Arc<AtomicBool>>>>;

#[napi]
impl NativeIntake {
    /// `config` is a natural JSON object; signatures are judged as `webhook` does, or not at all. Opens nothing.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        config: String,
        webhook: Option<&NativeWebhook>,
        deliver: Function<'_, String, UnknownReturnValue>,
    ) -> napi::Result<NativeIntake> {
        let config = Zeroizing::new(config);
        let config = IntakeConfig::from_natural(object(&config)?).map_err(Failure::from)?;
        let webhook = webhook.map(NativeWebhook::config).unwrap_or_default();
        Ok(NativeIntake {
            slot: Arc::new(Slot::new(config, webhook)),
            receiving: Pool::new(RECEIVING),
            asking: Pool::new(ASKING),
            waiting: Pool::new(WAITING),
            outbox: Arc::new(Outbox::new(&deliver)?),
            stops: Arc::default(),
        })
    }

    /// Opens the store, on this thread.
    #[napi(catch_unwind)]
    pub fn open(&self) -> napi::Result<()> {
        Ok(self.slot.open()?)
    }

    /// Opens the store, on another.
    #[napi(catch_unwind)]
    pub fn open_later(&self, id: u32) {
        let slot = Arc::clone(&self.slot);
        self.run(&self.asking, id, later(), move || {
            slot.open().map(|()| "null".to_owned())
        });
    }

    /// Receives a push; see `NativeWebhook`. The message holds everything but the event.
    #[napi(catch_unwind)]
    pub fn receive(&self, id: u32, signature: Option<String>, body: &[u8], now: Option<i64>) {
        let (slot, body) = (Arc::clone(&self.slot), body.to_vec());
        self.run(&self.receiving, id, later(), move || {
            let headers = signature.iter().map(|value| (SIGNATURE_HEADER, value));
            let now = now.map_or_else(SystemTime::now, instant);
            Ok(receipt::told(slot.intake()?.receive_at(headers, &body, now)))
        });
    }

    /// Tells the store something; see [`answer`]. In line with what is received.
    #[napi(catch_unwind)]
    pub fn tell(&self, id: u32, what: String, arguments: String) {
        self.answer(&self.receiving, id, what, arguments);
    }

    /// Asks the store something; see [`answer`].
    #[napi(catch_unwind)]
    pub fn ask(&self, id: u32, what: String, arguments: String) {
        self.answer(&self.asking, id, what, arguments);
    }

    /// Waits for something to happen in a call. The message is its story, or `null`.
    #[napi(catch_unwind)]
    pub fn wait_for(&self, id: u32, session_id: String, condition: String, timeout_ms: u32) {
        let deadline = Instant::now() + Duration::from_millis(timeout_ms.into());
        let (slot, stop) = (Arc::clone(&self.slot), self.stop(id));
        let wait = Wait {
            session_id,
            condition,
            deadline,
        };
        self.run(&self.waiting, id, deadline, move || wait.run(&slot, &stop));
    }

    /// Writes CDRs into the file `path`. The message is their number.
    #[napi(catch_unwind)]
    pub fn export(&self, id: u32, path: String, arguments: String) {
        let (slot, stop) = (Arc::clone(&self.slot), self.stop(id));
        self.run(&self.asking, id, later(), move || {
            let export = Export::new(&path, &object(&arguments)?)?;
            export.run(&slot.intake()?, &stop)
        });
    }

    /// Nobody waits for this answer any more.
    #[napi(catch_unwind)]
    pub fn abandon(&self, id: u32) {
        let waited = self.asking.take_back(id.into()) || self.waiting.take_back(id.into());
        if let Some(stop) = lock(&self.stops).remove(&id)
            && !waited
        {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the process stays alive for messages.
    #[napi(catch_unwind)]
    pub fn hold(&self, env: &Env, held: bool) -> napi::Result<()> {
        self.outbox.hold(env, held)
    }

    /// Ends waits with `closed` and refuses what is new; what was begun is finished.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.slot.close();
    }

    /// Closes the store. Nothing may be in flight.
    #[napi(catch_unwind)]
    pub fn release(&self, id: u32) {
        let slot = Arc::clone(&self.slot);
        self.run(&self.asking, id, later(), move || {
            slot.release();
            Ok("null".to_owned())
        });
    }

    fn answer(&self, pool: &Pool, id: u32, what: String, arguments: String) {
        let slot = Arc::clone(&self.slot);
        self.run(pool, id, later(), move || {
            let answer = answer::answer(&slot.intake()?, &what, object(&arguments)?)?;
            Ok(answer.to_string())
        });
    }

    fn run(
        &self,
        pool: &Pool,
        id: u32,
        deadline: Instant,
        work: impl FnOnce() -> Result<String, Failure> + Send + 'static,
    ) {
        let (outbox, stops) = (Arc::clone(&self.outbox), Arc::clone(&self.stops));
        let work = Box::new(move || {
            let outcome = guarded(work);
            lock(&stops).remove(&id);
            match outcome {
                Ok(answer) => outbox.put(id, Message::Done, &answer),
                Err(failure) => outbox.put(id, Message::Failed, &failure.to_json()),
            }
        });
        let job = Job {
            id: id.into(),
            deadline,
            work,
        };
        if pool.submit(job).is_err() {
            let failure = Failure::internal("no thread can be started");
            self.outbox.put(id, Message::Failed, &failure.to_json());
        }
    }

    fn stop(&self, id: u32) -> Arc<AtomicBool> {
        let stop = Arc::default();
        lock(&self.stops).insert(id, Arc::clone(&stop));
        stop
    }
}

impl Drop for NativeIntake {
    /// What is in flight keeps its intake alive, so nothing is, unless the environment ends.
    fn drop(&mut self) {
        self.slot.close();
    }
}

/// The deadline of what may wait for its turn as long as it takes.
fn later() -> Instant {
    Instant::now() + UNBOUNDED
}

/// Times that the system cannot hold are as far away as can be.
fn instant(unix_seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(unix_seconds.unsigned_abs());
    let instant = match unix_seconds {
        ..0 => SystemTime::UNIX_EPOCH.checked_sub(distance),
        _ => SystemTime::UNIX_EPOCH.checked_add(distance),
    };
    instant.unwrap_or(SystemTime::UNIX_EPOCH)
}

/// A panic elsewhere leaves nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
