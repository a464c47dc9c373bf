//! What an event says when its fields are taken together, in one result: for languages that ask once instead of calling a
//! method for each conclusion.

use super::{Cdr, Explanation, Leg, Price, Scene, StatusEvent, Tariff};
use crate::recording::RecordingSource;
use crate::result;

result! {
    /// What the fields of a status event say together.
    #[derive(Clone)]
    pub struct StatusSummary: "pushes.md 10" {
        /// Why the call ended. Only for `disconnect`.
        explanation: Option<Explanation>,
    }
}

result! {
    /// What the fields of a CDR say together.
    #[derive(Clone)]
    pub struct CdrSummary<'a>: "pushes.md 8 to 10" {
        /// What kind of call it was.
        scene: Scene,
        /// Whether the call reached the person it was for: B of a callback, otherwise the callee.
        answered: bool,
        /// How long the parties could talk, in seconds; 0 without an answer. Absent when the record does not contain it.
        talk_seconds: Option<u64>,
        /// The legs: A and B of a callback, otherwise one.
        legs: Vec<Leg<'a>>,
        /// The billable minutes of all legs, each started minute counted. Absent when the record does not contain them.
        billable_minutes: Option<u64>,
        /// Whether any of the billable minutes are inferred: the official formula covers leg B of a callback only (D12).
        inferred: Option<bool>,
        /// What the call costs. Absent without a tariff, and when the record does not contain the minutes.
        price: Option<Price>,
        /// Where the recording is. Absent when there is none.
        recording: Option<RecordingSource>,
        /// Why the call ended. Absent when the record holds no code.
        explanation: Option<Explanation>,
    }
}

impl StatusEvent {
    /// All that its fields say together.
    pub fn summary(&self) -> StatusSummary {
        StatusSummary {
            explanation: self.explain(),
        }
    }
}

impl Cdr {
    /// All that its fields say together. Contains phone numbers.
    pub fn summary(&self, tariff: Option<&Tariff>) -> CdrSummary<'_> {
        let billable = self.billable();
        CdrSummary {
            scene: self.scene(),
            answered: self.answered(),
            talk_seconds: self.talk_seconds(),
            legs: self.legs(),
            billable_minutes: billable.map(|billable| billable.minutes),
            inferred: billable.map(|billable| billable.inferred),
            price: tariff.and_then(|tariff| self.price(tariff)),
            recording: self.recording(),
            explanation: self.explain(),
        }
    }
}
