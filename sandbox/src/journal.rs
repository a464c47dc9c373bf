//! What happened on the platform, one numbered line each, so that a reader can ask for "what came after".

use std::collections::VecDeque;

use serde::Serialize;

use crate::call::event::EventKind;
use crate::call::id;
use crate::faults::FaultKind;
use crate::moment::Moment;

/// How many lines are kept.
const KEPT: usize = 20_000;

/// The journal.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    lines: VecDeque<Line>,
    last: u64,
}

#[derive(Debug, Clone)]
struct Line {
    sequence: u64,
    at: Moment,
    call: Option<(u64, Moment)>,
    what: What,
}

/// What a line tells.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// A call was accepted.
    Placed,
    /// A status event, pushed or not.
    Status(EventKind),
    /// The call moved on, or somebody did something at its phones, without a status event.
    Phase,
    /// A CDR was written, pushed or not.
    Cdr,
    /// The push with this number was answered, or failed.
    Pushed { push: u64, delivered: bool },
    /// A request was refused with this code.
    Refused { operation: &'static str, code: Box<str> },
    /// A fault of this kind struck here.
    Fault { kind: FaultKind, on: &'static str },
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JournalEntry {
    /// Number of the line, from 1; ask for what came after it.
    pub sequence: u64,
    /// Simulated time.
    pub time: String,
    /// The call it is about; of several calls in one CDR message, the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// `placed`, an `eventType`, `phase`, `cdr`, `pushed`, `refused` or `fault`.
    pub event: &'static str,
    /// Number of the push, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push: Option<u64>,
    /// Whether the push was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered: Option<bool>,
    /// What was asked for, of a request that was refused; what was struck, of a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<&'static str>,
    /// The result code, of a request that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The kind of a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
}

impl Journal {
    /// Writes a line, perhaps about the call with this number, placed then.
    pub(crate) fn write(&mut self, at: Moment, call: impl Into<Option<(u64, Moment)>>, what: What) {
        self.last += 1;
        let sequence = self.last;
        if self.lines.len() == KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back(Line {
            sequence,
            at,
            call: call.into(),
            what,
        });
    }

    /// The number of the newest line; 0 when there is none.
    pub(crate) fn last_sequence(&self) -> u64 {
        self.last
    }

    /// The lines after this number, at most `limit`.
    pub(crate) fn after(&self, sequence: u64, limit: usize) -> Vec<JournalEntry> {
        let skipped = self.lines.partition_point(|line| line.sequence <= sequence);
        self.lines.range(skipped..).take(limit).map(Line::view).collect()
    }
}

impl Line {
    fn view(&self) -> JournalEntry {
        let mut entry = JournalEntry {
            sequence: self.sequence,
            time: self.at.wire(),
            session_id: self.call.map(|(number, placed)| id::session_id(number, placed)),
            event: "",
            push: None,
            delivered: None,
            on: None,
            code: None,
            fault: None,
        };
        match &self.what {
            What::Placed => entry.event = "placed",
            What::Status(kind) => entry.event = kind.wire(),
            What::Phase => entry.event = "phase",
            What::Cdr => entry.event = "cdr",
            What::Pushed { push, delivered } => {
                entry.event = "pushed";
                entry.push = Some(*push);
                entry.delivered = Some(*delivered);
            }
            What::Refused { operation, code } => {
                entry.event = "refused";
                entry.on = Some(operation);
                entry.code = Some(code.to_string());
            }
            What::Fault { kind, on } => {
                entry.event = "fault";
                entry.on = Some(on);
                entry.fault = Some(kind.name());
            }
        }
        entry
    }
}
