//! Work for an intake that a program submits and that reports its outcome later.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::entry::column_text;
use super::story::Call;
use super::wait::Condition;
use super::{Intake, Shared};
use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::pool::Pool;
use crate::submission::{self, Job, UNBOUNDED};

/// Webhooks that are written together at most. More wait in order, for the next commit.
const RECEIVING: usize = 64;
/// Questions that are answered at once. Reading is work for the processor, which has few cores.
const ASKING: usize = 4;

/// Where submitted work queues. One never waits for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lane {
    /// For webhooks, and for what a program registers: what must be written soon.
    Receive,
    /// For questions, and for everything that may take long.
    Ask,
}

/// The threads of an intake. None is started before it is needed.
pub(super) struct Pools {
    receiving: Pool,
    asking: Pool,
}

impl Pools {
    pub(super) fn new() -> Pools {
        Pools {
            receiving: Pool::new(RECEIVING),
            asking: Pool::new(ASKING),
        }
    }
}

impl Intake {
    /// Does `work` on a thread of this intake, and reports its outcome to `done`, on whatever thread. Cancelling takes the
    /// work back, or cancels what it is given.
    pub fn submit<T, E: From<Error>>(
        &self,
        lane: Lane,
        work: impl FnOnce(&Intake, &Cancellation) -> Result<T, E> + Send + 'static,
        done: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Job {
        let pool = match lane {
            Lane::Receive => &self.shared.pools.receiving,
            Lane::Ask => &self.shared.pools.asking,
        };
        let (intake, cancellation) = (self.clone(), Cancellation::new());
        let given = cancellation.clone();
        // Moved into it: whoever learns the outcome may close the store, and nothing here holds it any more.
        let run = move || {
            let intake = intake;
            work(&intake, &given)
        };
        let work = Box::new(move |turn| done(submission::outcome(turn, run)));
        let ticket = pool.submit(Instant::now() + UNBOUNDED, work);
        Job::new(move || ticket.take_back(), cancellation)
    }

    /// Ends waits, and those that come, with errors of kind `closed`. Everything else goes on until
    /// [`close`](Intake::close).
    pub fn end_waits(&self) {
        self.shared.watcher.close();
    }

    /// As [`wait_for`](Intake::wait_for), without blocking: reports the outcome to `done`, on whatever thread. One thread
    /// waits for all. Cancelling the job ends it with an error of kind `closed`.
    pub fn submit_wait(
        &self,
        session_id: &str,
        condition: Condition,
        timeout: Duration,
        done: impl FnOnce(Result<Option<Call>, Error>) + Send + 'static,
    ) -> Job {
        let now = Instant::now();
        let deadline = now
            .checked_add(timeout)
            .unwrap_or(now + Duration::from_secs(u32::MAX.into()));
        let Shared { watcher, .. } = &*self.shared;
        let session_id = column_text(session_id);
        let id = watcher.add(&self.shared, &session_id, condition, deadline, Box::new(done));
        let watcher = Arc::downgrade(watcher);
        let give_up = move || {
            if let Some(watcher) = watcher.upgrade() {
                watcher.give_up(id);
            }
            true
        };
        Job::new(give_up, Cancellation::new())
    }
}
