//! What a program may wait for in a call.

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
    fn holds(self, call: &Call) -> bool {
        match self {
            Condition::Reached(state) => call.state >= state,
            Condition::LegAnswered(name) => call.leg(name).is_some_and(|leg| leg.state == LegState::Answered),
            Condition::Digits => !call.digits.is_empty(),
        }
    }

    /// What is known of a wait by now: `None` while it goes on.
    pub(super) fn verdict(self, call: Option<Call>) -> Option<Option<Call>> {
        let call = call?;
        if self.holds(&call) {
            return Some(Some(call));
        }
        self.is_hopeless(&call).then_some(None)
    }

    /// Whether waiting longer is in vain: the CDR is the last word on a call, but keys are told by pushes alone, which
    /// may come after it.
    fn is_hopeless(self, call: &Call) -> bool {
        matches!(self, Condition::LegAnswered(_)) && call.state == State::Billed && !self.holds(call)
    }
}
