//! Calls that a program submits and that report their outcome later, from a thread of the client.
//!
//! Every language stands on this: an event loop, a `Task` or a `CompletableFuture` must not hold a thread while a platform
//! answers. What was submitted always ends with exactly one outcome.

use std::collections::HashMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::cancellation::Cancellation;
use crate::client::{CallOptions, Client};
use crate::error::{Delivery, Error, ErrorKind, Retry};
use crate::pool::Turn;

/// Something that was submitted. It goes on when this is dropped.
pub struct Job {
    take_back: Box<dyn Fn() -> bool + Send + Sync>,
    cancellation: Cancellation,
}

impl Job {
    /// `take_back` says whether it has ended the job; else `cancellation` interrupts it.
    pub(crate) fn new(take_back: impl Fn() -> bool + Send + Sync + 'static, cancellation: Cancellation) -> Job {
        Job {
            take_back: Box::new(take_back),
            cancellation,
        }
    }

    /// Ends it early. Work that waits for its turn is taken back: nothing is sent, its place is free at once, and its outcome
    /// is an error of kind `closed` and delivery `not_sent`. A call that has begun is interrupted: see [`Cancellation`].
    /// Cancelling twice, or after the end, is harmless.
    pub fn cancel(&self) {
        if !(self.take_back)() {
            self.cancellation.cancel();
        }
    }
}

/// Jobs under way by an id that their submitter chooses: for languages that cannot hold a [`Job`].
#[derive(Debug, Clone, Default)]
pub struct Jobs(Arc<Mutex<HashMap<u64, Option<Job>>>>);

/// Keeps a job among its [`Jobs`]. What reports the job's outcome drops it first.
#[derive(Debug)]
pub struct UnderWay {
    jobs: Jobs,
    id: u64,
}

impl Jobs {
    /// No jobs.
    pub fn new() -> Jobs {
        Jobs::default()
    }

    /// Submits a job under an id that no other job under way has. The job is cancelled by it until `UnderWay` is dropped.
    pub fn submit(&self, id: u64, submit: impl FnOnce(UnderWay) -> Job) {
        self.lock().insert(id, None);
        let jobs = self.clone();
        let job = submit(UnderWay { jobs, id });
        // The job may be over already.
        if let Some(place) = self.lock().get_mut(&id) {
            *place = Some(job);
        }
    }

    /// Cancels jobs; see [`Job::cancel`]. Those that wait for their turn go first: else they would begin in the places of those
    /// that are interrupted. Nothing happens to a job that is over.
    pub fn cancel(&self, ids: &[u64]) {
        // Without the lock: a job that is taken back reports that on this thread.
        let jobs: Vec<Job> = {
            let mut under_way = self.lock();
            let found = ids.iter().filter_map(|id| under_way.get_mut(id)?.take());
            found.collect()
        };
        let begun: Vec<_> = jobs.into_iter().filter(|job| !(job.take_back)()).collect();
        begun.iter().for_each(|job| job.cancellation.cancel());
    }

    /// A panic elsewhere leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Option<Job>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.jobs.lock().remove(&self.id);
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Job")
    }
}

impl Client {
    /// Makes a call on a thread of this client, and reports its outcome to `done`, on whatever thread. At most the setting
    /// `max_in_flight` calls run at once; the others wait in order.
    ///
    /// The call's time begins now. When it is over before a thread is free, nothing is sent: the outcome is `timeout` with
    /// delivery `not_sent`. The same delivery has the outcome when no thread can be started, which is kind `internal`.
    ///
    /// `work` makes the call: with this client, and with these options, which hold the deadline. It is dropped unused when
    /// the call is taken back.
    pub fn submit<T, E: From<Error>>(
        &self,
        mut options: CallOptions,
        work: impl FnOnce(&Client, &CallOptions) -> Result<T, E> + Send + 'static,
        done: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Job {
        options.begun.get_or_insert_with(Instant::now);
        let cancellation = options.cancellation.get_or_insert_default().clone();
        let (deadline, client) = (options.deadline(self.timeout()), self.clone());
        let run = move || work(&client, &options);
        let ticket = self
            .pool()
            .submit(deadline, Box::new(move |turn| done(outcome(turn, run))));
        Job::new(move || ticket.take_back(), cancellation)
    }
}

impl Client {
    /// Does something that takes long, such as [`download_recording`](Client::download_recording), on a thread of this
    /// client. At most `max_in_flight` run at once; calls never wait for them. Cancelling takes the work back, or cancels
    /// what it is given.
    pub fn submit_download<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Client, &Cancellation) -> Result<T, E> + Send + 'static,
        done: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Job {
        let (client, cancellation) = (self.clone(), Cancellation::new());
        let given = cancellation.clone();
        let run = move || work(&client, &given);
        let work = Box::new(move |turn| done(outcome(turn, run)));
        let ticket = self.downloads().submit(Instant::now() + UNBOUNDED, work);
        Job::new(move || ticket.take_back(), cancellation)
    }
}

/// How long work without a time-out of its own waits for its turn at most.
pub(crate) const UNBOUNDED: Duration = Duration::from_secs(24 * 3600);

/// What becomes of a job at its turn. The work and all that it holds is gone when this returns.
pub(crate) fn outcome<T, E: From<Error>>(turn: Turn, run: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    match turn {
        Turn::Now => catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(panicked().into())),
        Turn::TakenBack => Err(Cancellation::before_the_start().into()),
        Turn::NoThread => Err(no_thread().into()),
    }
}

/// Nobody knows how far the call came.
fn panicked() -> Error {
    let message = "the library met a fault of its own; standard error tells where";
    Error::new(ErrorKind::Internal, Delivery::Unknown, message)
}

pub(crate) fn no_thread() -> Error {
    let message = "no thread can be started: a limit of the system is reached";
    Error::new(ErrorKind::Internal, Delivery::NotSent, message).with_retry(Retry::Later)
}
