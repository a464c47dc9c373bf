//! The moments of a call in order of time, for people to look at.

use super::{Call, State};
use crate::result;
use crate::result::closed_set;
use crate::webhook::{LegName, Timestamp};

result! {
    /// Something that happened in a call.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Moment: "pushes.md 7.1" {
        /// When.
        at: Timestamp<'static>,
        /// What.
        what: MomentKind,
        /// The leg that it happened to. Absent when it is about the call.
        leg: Option<LegName>,
    }
}

closed_set! {
    /// What happened in a call.
    pub enum MomentKind {
        /// A request was sent, and its outcome is unknown.
        Attempted = "attempted",
        /// The platform accepted the call.
        Placed = "placed",
        /// The platform started calling a party.
        Calling = "calling",
        /// A phone rang.
        Ringing = "ringing",
        /// A phone was answered.
        Answered = "answered",
        /// Keys were collected.
        Digits = "digits",
        /// The call ended.
        Ended = "ended",
    }
}

impl Call {
    /// What happened and when, from the CDR where it tells, else from the status pushes. What has no time is left out.
    pub fn timeline(&self) -> Vec<Moment> {
        let mut moments = Vec::new();
        let mut add = |at: &Option<Timestamp<'static>>, what, leg| {
            moments.extend(at.clone().map(|at| Moment { at, what, leg }));
        };
        let tried = if self.state == State::Attempted {
            MomentKind::Attempted
        } else {
            MomentKind::Placed
        };
        add(&self.placed_at, tried, None);
        for leg in &self.legs {
            add(&leg.calling_at, MomentKind::Calling, Some(leg.leg));
            add(&leg.ringing_at, MomentKind::Ringing, Some(leg.leg));
            add(&leg.answered_at, MomentKind::Answered, Some(leg.leg));
        }
        self.digits
            .iter()
            .for_each(|digits| add(&digits.at, MomentKind::Digits, None));
        if let Some(ending) = &self.ending {
            add(&ending.at, MomentKind::Ended, None);
        }
        // Stable: what happened in one second stays in the order of a call.
        moments.sort_by_key(|moment| moment.at.unix_seconds());
        moments
    }
}
