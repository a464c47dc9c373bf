//! A place for the outcome of one wait. Unlike a channel it keeps nothing for the thread that waits, which is the program's.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::intake_closed;
use super::story::Call;
use crate::error::Error;

type Outcome = Result<Option<Call>, Error>;

#[derive(Default)]
struct Place {
    outcome: Mutex<Option<Outcome>>,
    there: Condvar,
}

impl Place {
    fn lock(&self) -> MutexGuard<'_, Option<Outcome>> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts the outcome there. Dropped without one, it says that the intake was closed.
pub(super) struct Giver(Arc<Place>);

/// Takes it away.
pub(super) struct Taker(Arc<Place>);

pub(super) fn place() -> (Giver, Taker) {
    let place = Arc::new(Place::default());
    (Giver(Arc::clone(&place)), Taker(place))
}

impl Giver {
    pub(super) fn give(self, outcome: Outcome) {
        *self.0.lock() = Some(outcome);
    }
}

impl Drop for Giver {
    fn drop(&mut self) {
        self.0.lock().get_or_insert_with(|| Err(intake_closed()));
        self.0.there.notify_one();
    }
}

impl Taker {
    pub(super) fn take(self) -> Outcome {
        let mut outcome = self.0.lock();
        loop {
            match outcome.take() {
                Some(outcome) => return outcome,
                None => outcome = self.0.there.wait(outcome).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}
