//! What the threads have for JavaScript, handed over in batches.
//!
//! Waking the event loop costs more than a call's whole JSON, so only the first message of a batch wakes it; the loop takes
//! all that came meanwhile as one JSON text.

use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode, UnknownReturnValue};
use napi::{Env, Status};

use crate::failure::Failure;

/// Weak: waiting for messages does not keep the process alive.
type Wake = ThreadsafeFunction<(), UnknownReturnValue, String, Status, false, true>;

/// Messages on their way to a JavaScript function, which gets a list of `[id, kind, payload]` as JSON text.
pub(crate) struct Outbox {
    messages: Arc<Mutex<String>>,
    wake: Mutex<Wake>,
}

/// What a message is about; its number stands in the message.
#[derive(Clone, Copy)]
pub(crate) enum Message {
    /// It is over; the payload is an error's attributes.
    Failed = 0,
    /// It is over; the payload is the result.
    Done = 1,
    /// It goes on; the payload tells how far it is.
    Progress = 2,
}

impl Outbox {
    /// Messages go to `deliver`, on its own thread.
    pub(crate) fn new(deliver: &Function<'_, String, UnknownReturnValue>) -> napi::Result<Outbox> {
        let messages = Arc::new(Mutex::new(String::new()));
        let taken = Arc::clone(&messages);
        let wake = deliver
            .build_threadsafe_function::<()>()
            .weak::<true>()
            .build_callback(move |_| Ok(format!("[{}]", std::mem::take(&mut *lock(&taken)))))?;
        Ok(Outbox {
            messages,
            wake: Mutex::new(wake),
        })
    }

    /// Hands a message over, from any thread. After the environment is gone it is dropped.
    pub(crate) fn put(&self, id: u32, message: Message, payload: &str) {
        let is_first = {
            let mut messages = lock(&self.messages);
            let is_first = messages.is_empty();
            if !is_first {
                messages.push(',');
            }
            // Writing to a string does not fail.
            let _ = write!(messages, "[{id},{},{payload}]", message as u8);
            is_first
        };
        if is_first {
            lock(&self.wake).call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }

    /// Hands over how something ended.
    pub(crate) fn end(&self, id: u32, outcome: Result<String, Failure>) {
        match outcome {
            Ok(result) => self.put(id, Message::Done, &result),
            Err(failure) => self.put(id, Message::Failed, &failure.to_json()),
        }
    }

    /// Whether waiting for messages keeps the process alive.
    pub(crate) fn hold(&self, env: &Env, held: bool) -> napi::Result<()> {
        let mut wake = lock(&self.wake);
        // Deprecated in favour of the type parameter, which cannot change while the program runs.
        #[allow(deprecated)]
        if held { wake.refer(env) } else { wake.unref(env) }
    }
}

/// A panic elsewhere leaves whole messages behind; that is no reason to lose the others.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
