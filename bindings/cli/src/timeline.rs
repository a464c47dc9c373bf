//! What webhooks tell, as lines: for people by the platform's clock, or one JSON object each.

use serde_json::json;
use voicecall_core::webhook::{Cdr, EventType, StatusEvent, Verdict};

use crate::output::{self, FAINT, GOOD, ODD, styled};

/// Lines with the seconds since the first one at the left.
pub(crate) struct Timeline {
    json: bool,
    /// Columns for the name of the call; 0 where there is only one.
    label_width: usize,
    begun: Option<i64>,
}

impl Timeline {
    pub(crate) fn new(json: bool, label_width: usize) -> Timeline {
        Timeline {
            json,
            label_width,
            begun: None,
        }
    }

    /// A status event. `caller` is A of a callback.
    pub(crate) fn status(&mut self, label: &str, caller: Option<&str>, event: &StatusEvent) {
        if self.json {
            return output::json(&json!({ "event": event.to_json() }));
        }
        let now = event.timestamp().map(|time| time.unix_seconds());
        self.moment(now, label, &happening(event, party(caller, event)));
    }

    pub(crate) fn cdr(&mut self, label: &str, cdr: &Cdr, verdict: &Verdict) {
        if self.json {
            return output::json(&json!({ "cdr": cdr.to_json() }));
        }
        let end = cdr.call_end_time().map(|time| time.unix_seconds());
        let style = if matches!(verdict, Verdict::Valid(_)) {
            GOOD
        } else {
            ODD
        };
        self.moment(end, label, &styled(style, &format!("CDR, {}", signature(verdict))));
    }

    /// A line of its own words. Without a time it belongs to the line above.
    pub(crate) fn moment(&mut self, time: Option<i64>, label: &str, what: &str) {
        let clock = match time {
            Some(time) => format!("{:>5} s", time - *self.begun.get_or_insert(time)),
            None => " ".repeat(7),
        };
        let label = match self.label_width {
            0 => String::new(),
            width => format!("{label:<width$} "),
        };
        output::line(&format!("  {}  {label}{what}", styled(FAINT, &clock)));
    }
}

/// What a status event says about a phone.
pub(crate) fn happening(event: &StatusEvent, who: &str) -> String {
    match event.event_type() {
        EventType::Callout => format!("calling {who}"),
        EventType::Alerting => format!("{who} rings"),
        EventType::Answer => format!("{who} answers"),
        EventType::CollectInfo => format!("keys pressed: {}", event.digit_info().unwrap_or_default()),
        _ => format!(
            "call ended: {}",
            event.explain().map(|why| why.to_string()).unwrap_or_default()
        ),
    }
}

/// What became of a push's signature.
pub(crate) fn signature(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Valid(_) => "signature valid".to_owned(),
        Verdict::Unsigned => "not signed".to_owned(),
        Verdict::Refused(refusal) => format!("refused: {refusal}"),
        _ => "signature not checked".to_owned(),
    }
}

/// Which phone of the call an event is about.
fn party(caller: Option<&str>, event: &StatusEvent) -> &'static str {
    match (caller, event.called()) {
        (Some(caller), Some(called)) if caller == called => "A",
        (Some(_), _) => "B",
        (None, _) => "the phone",
    }
}
