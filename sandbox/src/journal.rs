//! What happened on the platform, one numbered line each, so that a reader can ask for "what came after".

use std::collections::VecDeque;

use serde::Serialize;

use crate::call::event::EventKind;
use crate::call::id;
use crate::moment::Moment;

/// How many lines are kept.
const KEPT: usize = 20_000;

/// The journal.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    lines: VecDeque<Line>,
    last: u64,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    sequence: u64,
    at: Moment,
    call: (u64, Moment),
    what: What,
}

/// What a line tells.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    /// A call was accepted.
    Placed,
    /// A status event, pushed or not.
    Status(EventKind),
    /// A CDR was written, pushed or not.
    Cdr,
    /// The push with this number was answered, or failed.
    Pushed { push: u64, delivered: bool },
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
    pub session_id: String,
    /// `placed`, an `eventType`, `cdr` or `pushed`.
    pub event: &'static str,
    /// Number of the push, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push: Option<u64>,
    /// Whether the push was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered: Option<bool>,
}

impl Journal {
    /// Writes a line about the call with this number, placed then.
    pub(crate) fn write(&mut self, at: Moment, call: (u64, Moment), what: What) {
        self.last += 1;
        let sequence = self.last;
        if self.lines.len() == KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back(Line {
            sequence,
            at,
            call,
            what,
        });
    }

    /// The lines after this number, at most `limit`.
    pub(crate) fn after(&self, sequence: u64, limit: usize) -> Vec<JournalEntry> {
        let skipped = self.lines.partition_point(|line| line.sequence <= sequence);
        self.lines.range(skipped..).take(limit).map(Line::view).collect()
    }
}

impl Line {
    fn view(&self) -> JournalEntry {
        let (event, push) = match self.what {
            What::Placed => ("placed", None),
            What::Status(kind) => (kind.wire(), None),
            What::Cdr => ("cdr", None),
            What::Pushed { push, delivered } => ("pushed", Some((push, delivered))),
        };
        JournalEntry {
            sequence: self.sequence,
            time: self.at.wire(),
            session_id: id::session_id(self.call.0, self.call.1),
            event,
            push: push.map(|(push, _)| push),
            delivered: push.map(|(_, delivered)| delivered),
        }
    }
}
