//! What the demonstration has seen, and its summary.

use serde_json::{Value, json};
use voicecall_core::webhook::{Cdr, Verdict};

use crate::demo::cast::Calls;

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) status_events: usize,
    pub(crate) signatures_valid: usize,
    pub(crate) cdrs: Vec<Cdr>,
}

impl Tally {
    /// Counts a push by its signature.
    pub(crate) fn count(&mut self, verdict: &Verdict) {
        self.signatures_valid += usize::from(matches!(verdict, Verdict::Valid(_)));
    }

    /// The last line of `--json`.
    pub(crate) fn summary(&self, calls: &Calls, recording_seconds: f64) -> Value {
        let minutes: u64 = self
            .cdrs
            .iter()
            .filter_map(Cdr::billable)
            .map(|billable| billable.minutes)
            .sum();
        json!({ "summary": {
            "calls": calls.placed.len(),
            "refused_by_validation": calls.refused_by_validation,
            "refused_by_platform": calls.refused_by_platform,
            "status_events": self.status_events,
            "cdrs": self.cdrs.len(),
            "signatures_valid": self.signatures_valid,
            "recording_seconds": whole(recording_seconds),
            "billable_minutes": minutes,
        } })
    }
}

/// A number of whole seconds as an integer.
fn whole(seconds: f64) -> Value {
    if seconds.fract() == 0.0 {
        json!(seconds as i64)
    } else {
        json!(seconds)
    }
}
