//! The story of a call: one record folded from everything that is known about it.
//!
//! Pure. The same facts give the same story, whatever their order and however often each came.

mod fold;
mod legs;
mod state;
mod timeline;

pub(super) use fold::{Fact, fold};
pub use legs::{CallLeg, LegState};
pub use state::State;
pub use timeline::{Moment, MomentKind};

use crate::attempt_tag::AttemptTag;
use crate::result;
use crate::webhook::{Billable, Cdr, Explanation, LegName, Price, Scene, Tariff, Timestamp};

result! {
    /// Everything that is known about one call: the same whatever the order in which it arrived, and however often.
    #[derive(Clone)]
    pub struct Call: "pushes.md 5 to 8" {
        /// Identifies the call. Absent for an attempt whose outcome is unknown: no answer and no webhook has named it yet.
        session_id: Option<String> as SessionId,
        /// The attempt tag, if the call had one.
        attempt_tag: Option<AttemptTag>,
        /// How far the call has come.
        state: State,
        /// What kind of call it is.
        scene: Scene,
        /// The operation that placed it. Known only if the call was registered when it was placed.
        operation: Option<String>,
        /// Key of the application that placed it. Known from the CDR.
        app_key: Option<String>,
        /// The request's user data, without the attempt tag.
        user_data: Option<String> as UserData,
        /// When it was placed. Known only if the call, or the attempt, was registered.
        placed_at: Option<Timestamp<'static>>,
        /// The legs: A and B of a callback, otherwise one.
        legs: Vec<CallLeg>,
        /// The keys that were pressed, in order of time.
        digits: Vec<Digits>,
        /// How it ended. Absent until it has.
        ending: Option<Ending>,
        /// Its detail records. Normally one (contract pushes.md 5); more are never merged.
        cdrs: Vec<Cdr>,
        /// Events of types that this version does not know, by `eventType`.
        unknown_events: Vec<String>,
        /// How many events or CDRs contradict another one about the same thing. They are kept, and not used.
        conflicts: usize,
    }
    computed {
        /// Whether the call reached the person it was for: B of a callback, otherwise the callee.
        answered: bool = |call| call.answered(),
        /// How long the parties could talk, in seconds. Absent before the CDR is here, or when it does not contain it.
        talk_seconds: Option<u64> = |call| call.talk_seconds(),
        /// The billable minutes of all legs, each started minute counted. Absent like `talk_seconds`.
        billable_minutes: Option<u64> = |call| call.billable().map(|billable| billable.minutes),
        /// Whether any of the billable minutes are inferred: the official formula covers leg B of a callback only (D12).
        inferred: Option<bool> = |call| call.billable().map(|billable| billable.inferred),
        /// What happened and when, in order of time.
        timeline: Vec<Moment> = |call| call.timeline(),
    }
}

result! {
    /// Keys that were pressed after an announcement.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Digits: "pushes.md 7.2" {
        /// When they were collected.
        at: Option<Timestamp<'static>>,
        /// The keys. Empty when none were pressed.
        keys: String as Digits,
    }
}

result! {
    /// How a call ended.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Ending: "pushes.md 7.2 and 10" {
        /// When.
        at: Option<Timestamp<'static>>,
        /// Who hung up, in the platform's own word (D14). Only for callbacks whose request asked for it.
        party_type: Option<String>,
        /// The leg that hung up first, inferred from the number in the `disconnect` event (contract pushes.md 7.2).
        hung_up: Option<LegName>,
        /// Why, and what to do. From the CDR if it is here, otherwise from the `disconnect` event.
        explanation: Option<Explanation>,
    }
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
        self.legs.iter().find(|leg| leg.leg == name)
    }
}

#[cfg(test)]
mod tests;
