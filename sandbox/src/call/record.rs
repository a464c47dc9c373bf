//! What a call leaves behind: the facts from which its CDR and its place in the admin API are written.

use crate::call::Leg;
use crate::call::ending::Ending;
use crate::moment::Moment;

/// When the platform dialled a phone, when it rang and when it was answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LegTimes {
    pub(crate) start: Option<Moment>,
    pub(crate) alerting: Option<Moment>,
    pub(crate) answer: Option<Moment>,
}

/// The facts of a call, complete once `end` is there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    legs: [LegTimes; 2],
    pub(crate) end: Option<(Moment, Ending)>,
    /// When keys were first asked for.
    pub(crate) collection_start: Option<Moment>,
    /// The keys of each collection, in order.
    pub(crate) keys: Vec<Box<str>>,
    /// How often a template was converted to speech.
    pub(crate) speech_conversions: u32,
}

impl Record {
    pub(crate) fn leg(&self, leg: Leg) -> &LegTimes {
        let [a, b] = &self.legs;
        match leg {
            Leg::A => a,
            Leg::B => b,
        }
    }

    pub(crate) fn leg_mut(&mut self, leg: Leg) -> &mut LegTimes {
        let [a, b] = &mut self.legs;
        match leg {
            Leg::A => a,
            Leg::B => b,
        }
    }
}
