//! What the demonstration shows: lines for people, or one JSON object per line.

use serde_json::{Value, json};
use voicecall_core::webhook::{FeeEvent, StatusEvent, Tariff, Verdict};
use voicecall_core::{Error, ErrorKind, mask};

use crate::demo::cast::{Call, Calls};
use crate::demo::tally::Tally;
use crate::legs::Legs;
use crate::output::{self, BAD, FAINT, GOOD, STRONG, styled};
use crate::timeline::Timeline;

/// Columns for the name of a call.
const LABEL: usize = 22;

pub(crate) struct Screen {
    json: bool,
    timeline: Timeline,
}

impl Screen {
    pub(crate) fn new(json: bool) -> Screen {
        Screen {
            json,
            timeline: Timeline::new(json, LABEL),
        }
    }

    pub(crate) fn opening(&self, endpoint: &str, speed: f64) {
        if !self.json {
            output::line(&styled(
                STRONG,
                "A local platform, a webhook receiver, and the library between them",
            ));
            output::line(&format!(
                "{endpoint}, its clock {speed} times as fast as real time; nobody is rung\n"
            ));
            output::line(&styled(STRONG, "Calls"));
        }
    }

    pub(crate) fn placed(&self, call: &Call) {
        if self.json {
            let placed = json!({ "role": call.role.label(), "sessionId": call.session_id });
            return output::json(&json!({ "placed": placed }));
        }
        let caller = call
            .caller
            .as_deref()
            .map(|caller| format!("{} and ", mask::phone_number(caller)));
        let parties = format!("{}{}", caller.unwrap_or_default(), mask::phone_number(&call.callee));
        output::line(&format!(
            "  {} {:<LABEL$} {parties}",
            styled(GOOD, "placed "),
            call.role.label()
        ));
    }

    pub(crate) fn refused(&self, error: &Error) {
        if self.json {
            return output::json(&json!({ "refused": error.to_json() }));
        }
        let by = if error.kind() == ErrorKind::InvalidArgument {
            "before sending"
        } else {
            "by the platform"
        };
        output::line(&format!("  {} {by}: {}", styled(BAD, "refused"), error.message()));
        output::line(&styled(FAINT, &format!("          what to do: {}", error.advice())));
    }

    pub(crate) fn timeline(&self) {
        if !self.json {
            output::line(&format!(
                "\n{}",
                styled(STRONG, "What the webhooks tell, by the platform's clock")
            ));
        }
    }

    pub(crate) fn event(&mut self, calls: &Calls, event: &StatusEvent) {
        let call = calls.of(&event.session_id());
        let caller = call.and_then(|call| call.caller.as_deref());
        self.timeline.status(label(call), caller, event);
    }

    pub(crate) fn terminated(&mut self, call: &Call) {
        if self.json {
            output::json(&json!({ "terminated": { "sessionId": call.session_id } }));
        } else {
            self.timeline.moment(None, call.role.label(), "we end the call");
        }
    }

    pub(crate) fn fee(&mut self, calls: &Calls, event: &FeeEvent, verdict: &Verdict) {
        for cdr in event.cdrs() {
            self.timeline.cdr(label(calls.of(&cdr.session_id())), cdr, verdict);
        }
    }

    pub(crate) fn recording(&self, bytes: u64, seconds: f64) {
        if self.json {
            return output::json(&json!({ "recording": { "bytes": bytes, "seconds": seconds } }));
        }
        output::line(&format!("\n{}", styled(STRONG, "Recording")));
        output::line(&format!("  {bytes} bytes, {seconds} seconds of sound"));
    }

    pub(crate) fn table(&self, calls: &Calls, tally: &Tally, tariff: &Tariff) {
        if self.json {
            return;
        }
        output::line(&format!(
            "\n{}",
            styled(STRONG, "What the calls were, and what they cost")
        ));
        let legs = Legs {
            label_width: LABEL,
            tariff: Some(tariff),
        };
        legs.heading();
        for call in &calls.placed {
            let of_call = tally
                .cdrs
                .iter()
                .filter(|cdr| cdr.session_id() == call.session_id.as_str());
            of_call.for_each(|cdr| legs.rows(call.role.label(), cdr));
        }
        legs.footnote();
    }

    pub(crate) fn summary(&self, summary: &Value) {
        if self.json {
            return output::json(summary);
        }
        let of = |name: &str| summary["summary"][name].to_string();
        output::line(&format!(
            "\n{} calls, {} CDRs, {} status events, {} valid signatures, {} billable minutes.",
            of("calls"),
            of("cdrs"),
            of("status_events"),
            of("signatures_valid"),
            of("billable_minutes"),
        ));
    }
}

fn label(call: Option<&Call>) -> &'static str {
    call.map_or("another call", |call| call.role.label())
}
