//! What a store keeps about a call as a whole, so that calls can be found without folding each.
//!
//! Every part is joined by taking the greater or the smaller of two values. That is why the columns do not depend on the
//! order or the repetition of pushes: joining is commutative, associative and idempotent.

use super::story::State;

/// What one or more pushes tell about the call that they are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CallFacts {
    pub(super) session_id: String,
    /// The furthest proven state.
    pub(super) state: State,
    /// The earliest known time, in Unix seconds.
    pub(super) opened_at: i64,
    /// The latest known time.
    pub(super) last_at: i64,
    /// The request's user data; if pushes disagree, the smallest.
    pub(super) user_data: Option<String>,
    /// The attempt tag; if pushes disagree, the smallest.
    pub(super) tag: Option<String>,
}

impl CallFacts {
    /// Adds what another push tells about the same call.
    pub(super) fn join(&mut self, other: &CallFacts) {
        self.state = self.state.max(other.state);
        self.opened_at = self.opened_at.min(other.opened_at);
        self.last_at = self.last_at.max(other.last_at);
        take_smaller(&mut self.user_data, other.user_data.as_ref());
        take_smaller(&mut self.tag, other.tag.as_ref());
    }
}

fn take_smaller(mine: &mut Option<String>, other: Option<&String>) {
    let Some(other) = other else { return };
    if mine.as_ref().is_none_or(|mine| other < mine) {
        *mine = Some(other.clone());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CallFacts, State};

    fn facts() -> impl Strategy<Value = CallFacts> {
        (
            0..State::ALL.len(),
            0..5_i64,
            0..5_i64,
            proptest::option::of("[ab]"),
            proptest::option::of("[ab]"),
        )
            .prop_map(|(state, opened_at, last_at, user_data, tag)| CallFacts {
                session_id: "1".to_owned(),
                state: State::ALL[state],
                opened_at,
                last_at,
                user_data,
                tag,
            })
    }

    fn joined(mut one: CallFacts, other: &CallFacts) -> CallFacts {
        one.join(other);
        one
    }

    proptest! {
        #[test]
        fn joining_knows_neither_order_nor_repetition(a in facts(), b in facts(), c in facts()) {
            prop_assert_eq!(joined(a.clone(), &b), joined(b.clone(), &a));
            prop_assert_eq!(joined(joined(a.clone(), &b), &c), joined(a.clone(), &joined(b.clone(), &c)));
            prop_assert_eq!(joined(a.clone(), &a), a);
        }
    }
}
