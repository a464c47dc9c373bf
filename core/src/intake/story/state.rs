//! The states of a call, and which fact proves which.
//!
//! ```text
//! attempted → placed → calling → ringing → answered → ended → billed
//! ```
//!
//! | state | proved by |
//! |---|---|
//! | attempted | `attempt(…)`: the request's outcome is unknown, no push has come yet |
//! | placed | `placed(…)`, or any push that names the call |
//! | calling | `callout` |
//! | ringing | `alerting` |
//! | answered | `answer` or `collectInfo`; of a callback: of either leg |
//! | ended | `disconnect` |
//! | billed | a CDR |
//!
//! Pushes arrive in any order, some twice, some never (contract pushes.md 5). So there are no transitions that an event
//! could miss: each fact proves a state, and a call is in the furthest state that any of its facts proves. The greatest of
//! a set does not depend on order or repetition. That a call went on without being answered is told by its legs, not by
//! its state.

use crate::result::closed_set;
use crate::webhook::EventType;

closed_set! {
    /// How far a call has come: the furthest that any known fact proves.
    pub enum State {
        /// The outcome of the request is unknown: a phone may be ringing.
        Attempted = "attempted",
        /// The platform accepted the call, or a webhook named it.
        Placed = "placed",
        /// A party is being called.
        Calling = "calling",
        /// A phone rings.
        Ringing = "ringing",
        /// A party answered.
        Answered = "answered",
        /// The call is over.
        Ended = "ended",
        /// The call's detail record is here: nothing more will follow.
        Billed = "billed",
    }
}

impl State {
    /// The number under which stores keep the state. Gaps leave room; numbers are never reused.
    pub(in crate::intake) const fn rank(self) -> i64 {
        match self {
            State::Attempted => 10,
            State::Placed => 20,
            State::Calling => 30,
            State::Ringing => 40,
            State::Answered => 50,
            State::Ended => 60,
            State::Billed => 70,
        }
    }

    /// The state that stores keep under this number; of a number that is none, the furthest below it.
    pub(in crate::intake) fn of_rank(rank: i64) -> State {
        State::ALL
            .iter()
            .copied()
            .rev()
            .find(|state| state.rank() <= rank)
            .unwrap_or(State::Attempted)
    }

    /// What an event of this type proves.
    pub(in crate::intake) const fn proved_by(event: &EventType) -> State {
        match event {
            EventType::Callout => State::Calling,
            EventType::Alerting => State::Ringing,
            // Keys can only be pressed on a phone that was answered.
            EventType::Answer | EventType::CollectInfo => State::Answered,
            EventType::Disconnect => State::Ended,
            EventType::Fee => State::Billed,
            // A push that this version does not know still names the call.
            EventType::Unknown(_) => State::Placed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn states_and_their_stored_ranks_have_one_order() {
        assert!(State::ALL.is_sorted() && State::ALL.is_sorted_by_key(|state| state.rank()));
        assert!(
            State::ALL
                .iter()
                .all(|state| State::from_id(state.id()) == Some(*state))
        );
        assert!(State::ALL.iter().all(|state| State::of_rank(state.rank()) == *state));
        assert_eq!(
            (State::of_rank(0), State::of_rank(55)),
            (State::Attempted, State::Answered)
        );
    }
}
