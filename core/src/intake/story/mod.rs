//! The story of a call: one record folded from everything that is known about it.
//!
//! Pure. The same facts give the same story, whatever their order and however often each came.

mod fold;
mod json;
mod legs;
mod state;
mod timeline;

use std::fmt;

pub(super) use fold::{Fact, fold};
pub use legs::{CallLeg, LegState};
pub use state::State;
pub use timeline::Moment;

use crate::attempt_tag::AttemptTag;
use crate::mask::{HIDDEN, phone_number};
use crate::webhook::{Billable, Cdr, Explanation, LegName, Price, Scene, Tariff, Timestamp};

/// Everything that is known about one call.
#[derive(Clone)]
#[non_exhaustive]
pub struct Call {
    /// Identifies the call. `None` for an attempt whose outcome is unknown: no answer and no push has named it yet.
    pub session_id: Option<String>,
    /// The mark by which the attempt is recognised, if it had one.
    pub attempt_tag: Option<AttemptTag>,
    /// How far the call has come.
    pub state: State,
    /// What kind of call it is.
    pub scene: Scene,
    /// The operation that placed it; known only if the placing was registered.
    pub operation: Option<String>,
    /// Key of the application that placed it; known from the CDR.
    pub app_key: Option<String>,
    /// The request's user data, without the attempt tag.
    pub user_data: Option<String>,
    /// When it was placed; known only if the placing, or the attempt, was registered.
    pub placed_at: Option<Timestamp<'static>>,
    /// The legs: A and B of a callback, else one.
    pub legs: Vec<CallLeg>,
    /// The keys that were pressed, in order of time.
    pub digits: Vec<Digits>,
    /// How it ended; `None` while it lives.
    pub ending: Option<Ending>,
    /// Its detail records. One, if all is well (contract pushes.md 5); never merged if there are more.
    pub cdrs: Vec<Cdr>,
    /// Pushes of kinds that this version does not know, by `eventType`.
    pub unknown_events: Vec<String>,
    /// How many pushes contradict another push about the same thing. They are kept, and do not count.
    pub conflicts: usize,
}

/// Keys that were pressed after an announcement.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Digits {
    /// When they were collected.
    pub at: Option<Timestamp<'static>>,
    /// The keys; empty when none came.
    pub keys: String,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ending {
    /// When.
    pub at: Option<Timestamp<'static>>,
    /// Who hung up, in the platform's own word (D14); only for callbacks whose request asked for it.
    pub party_type: Option<String>,
    /// The leg that hung up first, as far as the `disconnect` push tells: of a callback it names that party. Inferred
    /// (contract pushes.md 7.2).
    pub hung_up: Option<LegName>,
    /// Why, and what to do. From the CDR if it is here, else from the `disconnect` push.
    pub explanation: Option<Explanation>,
}

impl Call {
    /// Whether the call reached the person it was for: B of a callback, else the callee.
    pub fn answered(&self) -> bool {
        match self.cdrs.first() {
            Some(cdr) => cdr.answered(),
            None => self.legs.last().is_some_and(|leg| leg.answered_at.is_some()),
        }
    }

    /// How long the parties could talk, from the CDR; `None` before it is here, or when it does not tell.
    pub fn talk_seconds(&self) -> Option<u64> {
        self.cdrs.first()?.talk_seconds()
    }

    /// The billable minutes of all legs, from the CDR; `None` before it is here, or when it does not tell.
    pub fn billable(&self) -> Option<Billable> {
        self.cdrs.first()?.billable()
    }

    /// What the call costs; `None` before the CDR is here, or when it does not tell.
    pub fn price(&self, tariff: &Tariff) -> Option<Price> {
        self.cdrs.first()?.price(tariff)
    }

    /// The leg of this name.
    pub fn leg(&self, name: LegName) -> Option<&CallLeg> {
        self.legs.iter().find(|leg| leg.name == name)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printed = f.debug_struct("Call");
        printed
            .field("session_id", &self.session_id)
            .field("state", &self.state)
            .field("legs", &self.legs);
        printed
            .field("digits", &self.digits)
            .field("ending", &self.ending)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digits")
            .field("at", &self.at)
            .field("keys", &HIDDEN)
            .finish()
    }
}

impl fmt::Debug for CallLeg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printed = f.debug_struct("CallLeg");
        printed
            .field("name", &self.name)
            .field("number", &self.number.as_deref().map(phone_number));
        printed.field("state", &self.state).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
