//! Waiting until something has happened in a call.
//!
//! What this process receives wakes who waits for that call. What another process received, into the same store, is found
//! by looking now and then.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::story::{Call, LegState, State};
use crate::webhook::LegName;

/// What to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// The call has come this far, or further.
    Reached(State),
    /// This leg was answered.
    LegAnswered(LegName),
    /// Keys were pressed.
    Digits,
}

impl Condition {
    /// The condition with this id: that of a [`State`], or `a_answered`, `b_answered`, `digits`.
    pub fn from_id(id: &str) -> Option<Condition> {
        match id {
            "a_answered" => Some(Condition::LegAnswered(LegName::A)),
            "b_answered" => Some(Condition::LegAnswered(LegName::B)),
            "digits" => Some(Condition::Digits),
            _ => State::from_id(id).map(Condition::Reached),
        }
    }

    /// Whether it holds.
    pub(super) fn holds(self, call: &Call) -> bool {
        match self {
            Condition::Reached(state) => call.state >= state,
            Condition::LegAnswered(name) => call.leg(name).is_some_and(|leg| leg.state == LegState::Answered),
            Condition::Digits => !call.digits.is_empty(),
        }
    }

    /// Whether waiting longer is in vain: the CDR is the last word on a call, but keys are told by pushes alone, which
    /// may come after it.
    pub(super) fn is_hopeless(self, call: &Call) -> bool {
        matches!(self, Condition::LegAnswered(_)) && call.state == State::Billed && !self.holds(call)
    }
}

/// How long a change that another process has written may stay unseen.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Who waits for which call.
#[derive(Debug, Default)]
pub(super) struct Waiters(Mutex<HashMap<String, Weak<Bell>>>);

/// Rings when a call changes.
#[derive(Debug, Default)]
pub(super) struct Bell {
    changes: Mutex<u64>,
    rung: Condvar,
}

impl Waiters {
    /// A bell for the call. Take it before looking at the call: what changes in between is not missed.
    pub(super) fn bell(&self, session_id: &str) -> Arc<Bell> {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = bells.get(session_id).and_then(Weak::upgrade) {
            return bell;
        }
        // Nobody waits any more for most of the calls that were ever waited for.
        bells.retain(|_, bell| bell.strong_count() > 0);
        let bell = Arc::new(Bell::default());
        bells.insert(session_id.to_owned(), Arc::downgrade(&bell));
        bell
    }

    /// Tells who waits that these calls changed.
    pub(super) fn ring<'a>(&self, sessions: impl Iterator<Item = &'a str>) {
        let bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Nearly always nobody waits.
        if bells.is_empty() {
            return;
        }
        let rung = sessions.filter_map(|session_id| bells.get(session_id)?.upgrade());
        rung.for_each(|bell| bell.ring());
    }

    /// Wakes everybody.
    pub(super) fn ring_all(&self) {
        let bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bells.values().filter_map(Weak::upgrade).for_each(|bell| bell.ring());
    }
}

impl Bell {
    /// How often it has rung.
    pub(super) fn changes(&self) -> u64 {
        *self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it has rung more often than `seen`, until it is time to look, or until the deadline.
    pub(super) fn wait(&self, seen: u64, deadline: Instant) {
        let until = deadline.min(Instant::now() + LOOK_EVERY);
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        while *changes == seen {
            let Some(left) = until
                .checked_duration_since(Instant::now())
                .filter(|left| !left.is_zero())
            else {
                return;
            };
            changes = self
                .rung
                .wait_timeout(changes, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn ring(&self) {
        *self.changes.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.rung.notify_all();
    }
}
