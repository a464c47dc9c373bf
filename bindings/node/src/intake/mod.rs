//! `NativeIntake`: a store of webhooks. Every function but `open` answers through the [`Outbox`](crate::outbox::Outbox).

mod answer;
mod export;
mod receipt;
mod slot;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use napi::Env;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::UnknownReturnValue;
use napi_derive::napi;
use voicecall_core::intake::{Condition, Intake, IntakeConfig, Lane, State};
use voicecall_core::record::FromNatural;
use voicecall_core::webhook::SIGNATURE_HEADER;
use voicecall_core::{Cancellation, Jobs};
use zeroize::Zeroizing;

use self::answer::{story, unknown_word};
use self::export::Export;
use self::slot::Slot;
use crate::failure::Failure;
use crate::natural::object;
use crate::outbox::Outbox;
use crate::panics::guarded;
use crate::webhook::receiver::NativeWebhook;

/// What there is to wait for beside states.
const MOMENTS: [&str; 3] = ["a_answered", "b_answered", "digits"];

/// A store. Everything that is asked has an id, chosen by the caller, under which its message comes.
#[napi]
pub struct NativeIntake {
    slot: Arc<Slot>,
    jobs: Jobs,
    outbox: Arc<Outbox>,
}

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
            jobs: Jobs::new(),
            outbox: Arc::new(Outbox::new(&deliver)?),
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
        self.apart(id, move || slot.open());
    }

    /// Receives a push; see `NativeWebhook`. The message holds everything but the event.
    #[napi(catch_unwind)]
    pub fn receive(&self, id: u32, signature: Option<String>, body: &[u8], now: Option<i64>) {
        let body = body.to_vec();
        self.run(Lane::Receive, id, move |intake, _| {
            let headers = signature.iter().map(|value| (SIGNATURE_HEADER, value));
            let now = now.map_or_else(SystemTime::now, instant);
            Ok(receipt::told(intake.receive_at(headers, &body, now)))
        });
    }

    /// Tells the store something; see [`answer`]. In line with what is received.
    #[napi(catch_unwind)]
    pub fn tell(&self, id: u32, what: String, arguments: String) {
        self.answer(Lane::Receive, id, what, arguments);
    }

    /// Asks the store something; see [`answer`].
    #[napi(catch_unwind)]
    pub fn ask(&self, id: u32, what: String, arguments: String) {
        self.answer(Lane::Ask, id, what, arguments);
    }

    /// Waits for something to happen in a call. The message is its story, or `null`.
    #[napi(catch_unwind)]
    pub fn wait_for(&self, id: u32, session_id: String, condition: String, timeout_ms: u32) {
        let Some(condition) = Condition::from_id(&condition) else {
            let states = State::ALL.iter().map(|state| state.id());
            return self
                .outbox
                .end(id, Err(unknown_word("condition", states.chain(MOMENTS))));
        };
        let intake = match self.slot.intake() {
            Ok(intake) => intake,
            Err(failure) => return self.outbox.end(id, Err(failure)),
        };
        let timeout = Duration::from_millis(timeout_ms.into());
        let outbox = Arc::clone(&self.outbox);
        self.jobs.submit(id.into(), |under_way| {
            intake.submit_wait(&session_id, condition, timeout, move |outcome| {
                drop(under_way);
                let call = outcome.map(|call| {
                    call.as_ref()
                        .map_or_else(|| "null".to_owned(), |call| story(call).to_string())
                });
                outbox.end(id, call.map_err(Failure::from));
            })
        });
    }

    /// Writes CDRs into the file `path`. The message is their number.
    #[napi(catch_unwind)]
    pub fn export(&self, id: u32, path: String, arguments: String) {
        self.run(Lane::Ask, id, move |intake, cancellation| {
            let export = Export::new(&path, &object(&arguments)?)?;
            export.run(intake, cancellation)
        });
    }

    /// Nobody waits for these answers any more.
    #[napi(catch_unwind)]
    pub fn abandon(&self, ids: Vec<u32>) {
        self.jobs.cancel(&ids.into_iter().map(u64::from).collect::<Vec<_>>());
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
        self.apart(id, move || {
            slot.release();
            Ok(())
        });
    }

    fn answer(&self, lane: Lane, id: u32, what: String, arguments: String) {
        self.run(lane, id, move |intake, _| {
            let answer = answer::answer(intake, &what, object(&arguments)?)?;
            Ok(answer.to_string())
        });
    }

    fn run(
        &self,
        lane: Lane,
        id: u32,
        work: impl FnOnce(&Intake, &Cancellation) -> Result<String, Failure> + Send + 'static,
    ) {
        let outbox = Arc::clone(&self.outbox);
        match self.slot.intake() {
            Ok(intake) => self.jobs.submit(id.into(), |under_way| {
                intake.submit(lane, work, move |outcome| {
                    drop(under_way);
                    outbox.end(id, outcome);
                })
            }),
            Err(failure) => outbox.end(id, Err(failure)),
        }
    }

    /// What is done once, while there is no store or nothing else uses it.
    fn apart(&self, id: u32, work: impl FnOnce() -> Result<(), Failure> + Send + 'static) {
        let outbox = Arc::clone(&self.outbox);
        let work = move || outbox.end(id, guarded(work).map(|()| "null".to_owned()));
        if thread::Builder::new().name("voicecall".to_owned()).spawn(work).is_err() {
            let failure = Failure::internal("no thread can be started");
            self.outbox.end(id, Err(failure));
        }
    }
}

impl Drop for NativeIntake {
    /// What is in flight keeps its intake alive, so nothing is, unless the environment ends.
    fn drop(&mut self) {
        self.slot.close();
    }
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
