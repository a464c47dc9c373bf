//! What the demonstration shows: lines for people, or one JSON object per line.

use serde_json::{Value, json};
use voicecall_core::webhook::{Cdr, EventType, FeeEvent, Leg, StatusEvent, Tariff, Verdict};
use voicecall_core::{Error, Kind, mask};

use crate::demo::cast::{Call, Calls};
use crate::demo::tally::Tally;
use crate::output::{self, BAD, FAINT, GOOD, STRONG, styled};

pub(crate) struct Screen {
    json: bool,
    /// Time of the first event, for the clock at the left.
    begun: Option<i64>,
}

impl Screen {
    pub(crate) fn new(json: bool) -> Screen {
        Screen { json, begun: None }
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
            "  {} {:<22} {parties}",
            styled(GOOD, "placed "),
            call.role.label()
        ));
    }

    pub(crate) fn refused(&self, error: &Error) {
        if self.json {
            return output::json(&json!({ "refused": error.to_json() }));
        }
        let by = if error.kind() == Kind::InvalidArgument {
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
        if self.json {
            return output::json(&json!({ "event": event.to_json() }));
        }
        let now = event.timestamp().map(|time| time.unix_seconds());
        let who = calls.of(&event.session_id()).map_or("?", |call| party(call, event));
        let what = match event.event_type() {
            EventType::Callout => format!("calling {who}"),
            EventType::Alerting => format!("{who} rings"),
            EventType::Answer => format!("{who} answers"),
            EventType::CollectInfo => format!("keys pressed: {}", event.digit_info().unwrap_or_default()),
            _ => format!(
                "call ended: {}",
                event.explain().map(|why| why.to_string()).unwrap_or_default()
            ),
        };
        let label = calls
            .of(&event.session_id())
            .map_or("another call", |call| call.role.label());
        self.moment(now, label, &what);
    }

    pub(crate) fn terminated(&mut self, call: &Call) {
        if self.json {
            output::json(&json!({ "terminated": { "sessionId": call.session_id } }));
        } else {
            self.moment(None, call.role.label(), "we end the call");
        }
    }

    pub(crate) fn fee(&mut self, calls: &Calls, event: &FeeEvent, verdict: &Verdict) {
        for cdr in event.cdrs() {
            if self.json {
                output::json(&json!({ "cdr": cdr.to_json() }));
                continue;
            }
            let label = calls
                .of(&cdr.session_id())
                .map_or("another call", |call| call.role.label());
            let signature = if matches!(verdict, Verdict::Valid(_)) {
                "signature valid"
            } else {
                "signature not valid"
            };
            let end = cdr.call_end_time().map(|time| time.unix_seconds());
            self.moment(end, label, &styled(GOOD, &format!("CDR, {signature}")));
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
        output::line(&styled(
            FAINT,
            &row("call", "leg", "talk", "minutes", "price", "why it ended"),
        ));
        for call in &calls.placed {
            for cdr in tally
                .cdrs
                .iter()
                .filter(|cdr| cdr.session_id() == call.session_id.as_str())
            {
                rows(call, cdr, tariff);
            }
        }
        output::line(&styled(
            FAINT,
            "Minutes of leg A and of calls with one leg are inferred from the price list.",
        ));
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

    /// A line of the timeline. Without a time of its own it belongs to the line above.
    fn moment(&mut self, time: Option<i64>, label: &str, what: &str) {
        let clock = match time {
            Some(time) => format!("{:>5} s", time - *self.begun.get_or_insert(time)),
            None => " ".repeat(7),
        };
        output::line(&format!("  {}  {label:<22} {what}", styled(FAINT, &clock)));
    }
}

/// One row per leg; what concerns the whole call stands in the first.
fn rows(call: &Call, cdr: &Cdr, tariff: &Tariff) {
    for (index, leg) in cdr.legs().iter().enumerate() {
        let first = index == 0;
        let price = cdr.price(tariff).map(|price| price.to_string()).unwrap_or_default();
        let why = cdr.explain().map(|why| why.to_string()).unwrap_or_default();
        output::line(&row(
            if first { call.role.label() } else { "" },
            leg.name.id(),
            &talk(leg),
            &leg.billable()
                .map_or_else(|| "?".to_owned(), |billable| billable.minutes.to_string()),
            if first { &price } else { "" },
            if first { &why } else { "" },
        ));
    }
}

fn row(call: &str, leg: &str, talk: &str, minutes: &str, price: &str, why: &str) -> String {
    format!("  {call:<22} {leg:<4} {talk:>12} {minutes:>8} {price:>10}  {why}")
}

fn talk(leg: &Leg<'_>) -> String {
    match leg.talk_seconds() {
        Some(seconds) if leg.answered() => format!("{seconds} s"),
        Some(_) => "not answered".to_owned(),
        None => "?".to_owned(),
    }
}

/// Which phone of the call an event is about.
fn party(call: &Call, event: &StatusEvent) -> &'static str {
    match (&call.caller, event.called()) {
        (Some(caller), Some(called)) if *caller == called => "A",
        (Some(_), _) => "B",
        (None, _) => "the phone",
    }
}
