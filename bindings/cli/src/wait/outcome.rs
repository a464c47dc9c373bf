//! How a call ended, from its CDR or, where that did not come in time, from its last status event.

use std::time::Duration;

use serde_json::{Map, Value, json};
use voicecall_core::RecordingSource;
use voicecall_core::webhook::{Cdr, Explanation, StatusEvent};

use crate::exit::Failure;
use crate::legs::Legs;
use crate::output;

/// What is known about the end of a call.
#[derive(Default)]
pub(super) struct Outcome {
    disconnect: Option<Explanation>,
    cdr: Option<Cdr>,
}

impl Outcome {
    /// Notes the end that a status event tells, if it tells one.
    pub(super) fn ended(&mut self, event: &StatusEvent) {
        if let Some(explanation) = event.explain() {
            self.disconnect = Some(explanation);
        }
    }

    pub(super) fn recorded(&mut self, cdr: &Cdr) {
        self.cdr = Some(cdr.clone());
    }

    /// The CDR is the last that comes of a call.
    pub(super) fn is_complete(&self) -> bool {
        self.cdr.is_some()
    }

    fn explanation(&self) -> Option<Explanation> {
        self.cdr
            .as_ref()
            .and_then(Cdr::explain)
            .or_else(|| self.disconnect.clone())
    }

    /// The legs of the call, and where its recording is.
    pub(super) fn show(&self) {
        let Some(cdr) = &self.cdr else { return };
        let legs = Legs {
            label_width: 0,
            tariff: None,
        };
        output::line("");
        legs.heading();
        legs.rows("", cdr);
        if let Some(RecordingSource::Stored(recording)) = cdr.recording() {
            let (file, domain) = (
                recording.file_name.unwrap_or_default(),
                recording.record_domain.unwrap_or_default(),
            );
            output::line("\nIts recording:");
            let command = format!("voicecall recording get --file-name {file} --record-domain {domain}");
            output::line(&format!("  {}", output::one_line(&command)));
        }
    }

    /// With the names that the library uses.
    pub(super) fn to_json(&self, session_id: &str) -> Value {
        let cdr = self.cdr.as_ref();
        let billable = cdr.and_then(Cdr::billable);
        let attributes = [
            ("sessionId", Some(json!(session_id))),
            ("succeeded", self.explanation().map(|why| json!(why.succeeded))),
            (
                "talk_seconds",
                cdr.and_then(Cdr::talk_seconds).map(|seconds| json!(seconds)),
            ),
            ("billable_minutes", billable.map(|billable| json!(billable.minutes))),
            ("inferred", billable.map(|billable| json!(billable.inferred))),
            (
                "explanation",
                self.explanation().map(|why| Value::Object(why.to_json())),
            ),
        ];
        let present = attributes
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Value::Object(present.collect::<Map<_, _>>())
    }

    /// Whether the call succeeded; else why not.
    pub(super) fn verdict(&self, session_id: &str, patience: Duration) -> Result<(), Failure> {
        match self.explanation() {
            Some(why) if why.succeeded => Ok(()),
            Some(why) => Err(Failure::Unsuccessful(format!(
                "the call did not succeed: {why}. {}",
                why.cause.advice.unwrap_or("See voicecall explain for its codes.")
            ))),
            None => Err(Failure::Unknown(format!(
                "the end of the call was not told within {patience:?}; it may still go on: end it with voicecall stop \
                 --session-id {session_id}"
            ))),
        }
    }
}
