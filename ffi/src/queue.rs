//! `voicecall_queue`: calls and waits that a program submits, and how they ended.
//!
//! One thread of the host collects what is finished. No thread of the library ever calls into the host: a managed runtime
//! would have to let it in.

use std::collections::VecDeque;
use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use voicecall_core::intake::Receipt;
use voicecall_core::{Error, Job, Jobs, UnderWay};

use crate::arguments::{given, invalid, timeout};
use crate::boundary::{Failure, release, run, run_call};
use crate::error::voicecall_error;
use crate::intake::voicecall_receipt;
use crate::numbers::voicecall_status;
use crate::value::voicecall_value;

/// Collects what was submitted to it and is finished. Any number of threads may use it at once; one queue serves any number
/// of clients and intakes.
pub struct voicecall_queue {
    shared: Arc<Shared>,
}

/// One finished job. One thread at a time may use it.
pub struct voicecall_done {
    id: i64,
    /// Until it is taken.
    outcome: Option<Result<Answer, Failure>>,
}

/// What a job gives when it succeeds.
pub(crate) enum Answer {
    Object(Map<String, Value>),
    Receipt(Box<Receipt>),
}

#[derive(Default)]
struct Shared {
    jobs: Jobs,
    finished: Mutex<VecDeque<voicecall_done>>,
    changed: Condvar,
}

/// Where the outcome of one job goes.
pub(crate) struct Post {
    shared: Arc<Shared>,
    id: i64,
    under_way: UnderWay,
}

impl voicecall_queue {
    /// Submits a job.
    pub(crate) fn submit(&self, id: i64, submit: impl FnOnce(Post) -> Job) {
        self.shared.jobs.submit(id.cast_unsigned(), |under_way| {
            let shared = Arc::clone(&self.shared);
            submit(Post { shared, id, under_way })
        });
    }
}

impl Post {
    pub(crate) fn send(self, outcome: Result<Answer, Failure>) {
        drop(self.under_way);
        let done = voicecall_done {
            id: self.id,
            outcome: Some(outcome),
        };
        self.shared.lock().push_back(done);
        self.shared.changed.notify_one();
    }
}

impl Shared {
    /// The next that is finished; `None` when there is none in time.
    fn next(&self, timeout: Option<Duration>) -> Option<voicecall_done> {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut finished = self.lock();
        loop {
            if let Some(done) = finished.pop_front() {
                return Some(done);
            }
            let left = deadline.map_or(Duration::MAX, |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
            if left.is_zero() {
                return None;
            }
            let woken = self.changed.wait_timeout(finished, left);
            (finished, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A panic elsewhere leaves whole jobs behind.
    fn lock(&self) -> MutexGuard<'_, VecDeque<voicecall_done>> {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a queue for voicecall_client_submit(), voicecall_intake_submit() and voicecall_intake_submit_receive().
///
/// `queue`: gets the new queue, owned by the caller, free with voicecall_queue_free().
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_queue_new(
    queue: Option<&mut MaybeUninit<*mut voicecall_queue>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let shared = Arc::default();
        given(queue, "queue")?.write(Box::into_raw(Box::new(voicecall_queue { shared })));
        Ok(())
    })
}

/// Takes the next finished job; waits for one. Every job that was submitted comes exactly once, also one that was cancelled or
/// for which the system had no thread.
///
/// `timeout_ms`: longest wait in milliseconds; 0 = as long as it takes.
/// `id`: gets the id under which the job was submitted.
/// `done`: gets the job, owned by the caller, free with voicecall_done_free().
///
/// Returns VOICECALL_ABSENT when no job ended in this time.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_queue_next(
    queue: Option<&voicecall_queue>,
    timeout_ms: i64,
    id: Option<&mut MaybeUninit<i64>>,
    done: Option<&mut MaybeUninit<*mut voicecall_done>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let queue = given(queue, "queue")?;
        // Before the wait: a job that cannot be handed over would be lost.
        let (id, out) = (given(id, "id")?, given(done, "done")?);
        let done = queue.shared.next(timeout(timeout_ms)?).ok_or(Failure::Absent)?;
        id.write(done.id);
        out.write(Box::into_raw(Box::new(done)));
        Ok(())
    })
}

/// Cancels a job. It comes out of the queue all the same, usually within milliseconds, and its outcome tells what became of it:
/// VOICECALL_CLOSED with VOICECALL_DELIVERY_NOT_SENT when nothing was sent, because the job had not begun or had no connection
/// yet; with VOICECALL_DELIVERY_UNKNOWN when its request was on its way: the phone may be ringing. A job that is finished, or
/// that this queue does not know, is left alone. From any thread, as often as you like.
///
/// `id`: as given when the job was submitted.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_queue_cancel(
    queue: Option<&voicecall_queue>,
    id: i64,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        given(queue, "queue")?.shared.jobs.cancel(&[id.cast_unsigned()]);
        Ok(())
    })
}

/// Frees a queue. Jobs under way go on, and their outcome is lost. No other function may still be using the queue. NULL is
/// fine. Must not be called twice with the same queue.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_queue_free(queue: Option<Box<voicecall_queue>>) {
    release(queue);
}

/// How a job ended: returns what the function would have returned that does the same and waits. Takes the answer, or the error,
/// out of the job: a second time it is VOICECALL_INVALID_ARGUMENT.
///
/// `answer`: gets the answer, a new value, owned by the caller, free with voicecall_value_free().
/// `json`: gets the answer's text, borrowed until the answer is changed, printed or freed; may be NULL.
/// `json_length`: gets its number of bytes; may be NULL.
///
/// For a job of voicecall_intake_submit_receive() see voicecall_done_receipt().
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_done_answer(
    done: Option<&mut voicecall_done>,
    answer: Option<&mut MaybeUninit<*mut voicecall_value>>,
    json: Option<&mut MaybeUninit<*const c_char>>,
    json_length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run_call(error, || {
        let (done, out) = (given(done, "done")?, given(answer, "answer")?);
        match take(done, |answer| matches!(answer, Answer::Object(_)))? {
            Answer::Object(members) => {
                out.write(voicecall_value::hand_over_printed(members, json, json_length));
                Ok(())
            }
            Answer::Receipt(_) => Err(Failure::Absent),
        }
    })
}

/// The same for a job of voicecall_intake_submit_receive().
///
/// `receipt`: gets what voicecall_intake_receive() gives, owned by the caller, free with voicecall_receipt_free().
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_done_receipt(
    done: Option<&mut voicecall_done>,
    receipt: Option<&mut MaybeUninit<*mut voicecall_receipt>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let (done, out) = (given(done, "done")?, given(receipt, "receipt")?);
        match take(done, |answer| matches!(answer, Answer::Receipt(_)))? {
            Answer::Receipt(receipt) => {
                out.write(voicecall_receipt::hand_over(*receipt));
                Ok(())
            }
            Answer::Object(_) => Err(Failure::Absent),
        }
    })
}

/// Frees a finished job. NULL is fine. Must not be called twice with the same job.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_done_free(done: Option<Box<voicecall_done>>) {
    release(done);
}

/// The outcome, if its answer is of the kind that the caller can take.
fn take(done: &mut voicecall_done, fits: impl Fn(&Answer) -> bool) -> Result<Answer, Failure> {
    if let Some(Ok(answer)) = &done.outcome
        && !fits(answer)
    {
        return Err(invalid(
            "`done` has an answer of another kind: of a webhook a receipt, of everything else a value",
        ));
    }
    done.outcome
        .take()
        .ok_or_else(|| invalid("the outcome of `done` was taken before"))?
}

/// The outcome of a call or a wait.
pub(crate) fn object<T>(
    outcome: Result<T, Error>,
    object: impl FnOnce(T) -> Option<Map<String, Value>>,
) -> Result<Answer, Failure> {
    object(outcome?).map(Answer::Object).ok_or(Failure::Absent)
}
