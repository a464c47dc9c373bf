//! The moments of a call in order of time, for people to look at.

use super::{Call, State};
use crate::webhook::{LegName, Timestamp};

/// Something that happened in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moment {
    /// When.
    pub at: Timestamp<'static>,
    /// What: `attempted`, `placed`, `calling`, `ringing`, `answered`, `digits` or `ended`.
    pub what: &'static str,
    /// The leg that it happened to; `None` when it is about the call.
    pub leg: Option<LegName>,
}

impl Call {
    /// What happened and when, from the CDR where it tells, else from the status pushes. What has no time is left out.
    pub fn timeline(&self) -> Vec<Moment> {
        let mut moments = Vec::new();
        let mut add = |at: &Option<Timestamp<'static>>, what, leg| {
            moments.extend(at.clone().map(|at| Moment { at, what, leg }));
        };
        let tried = if self.state == State::Attempted {
            "attempted"
        } else {
            "placed"
        };
        add(&self.placed_at, tried, None);
        for leg in &self.legs {
            add(&leg.calling_at, "calling", Some(leg.name));
            add(&leg.ringing_at, "ringing", Some(leg.name));
            add(&leg.answered_at, "answered", Some(leg.name));
        }
        self.digits.iter().for_each(|digits| add(&digits.at, "digits", None));
        if let Some(ending) = &self.ending {
            add(&ending.at, "ended", None);
        }
        // Stable: what happened in one second stays in the order of a call.
        moments.sort_by_key(|moment| moment.at.unix_seconds());
        moments
    }
}
