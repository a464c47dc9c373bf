//! A CDR push: the records of finished calls, and those that could not be read (contract pushes.md 8).

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::pushed::Message;
use super::scan::Span;
use super::{Cdr, EVENT_TYPE, json as decode};

/// The field of the outermost object that holds the records.
pub(super) const CONTENT: &str = "feeLst";
/// The member of the natural form that the library adds.
const REJECTED: &str = "rejected";
/// The member that tells of a message that ends too early.
const INCOMPLETE: &str = "incomplete";

/// The CDRs of calls that ended in the same second, 1 to 50 of them.
///
/// A record that cannot be read is told in [`rejected`](FeeEvent::rejected) and never fails its good neighbours: the
/// platform would send them all again, every hour (D7). Store its raw text; it is a CDR too.
#[derive(Clone)]
pub struct FeeEvent {
    pub(super) message: Arc<Message>,
    pub(super) cdrs: Arc<[Cdr]>,
    pub(super) rejected: Arc<[RejectedRecord]>,
    pub(super) is_cut: bool,
}

/// A record of a CDR push that could not be read.
#[derive(Clone)]
pub struct RejectedRecord {
    pub(super) message: Arc<Message>,
    pub(super) index: usize,
    pub(super) field: String,
    pub(super) reason: &'static str,
    pub(super) whole: Span,
    /// The bytes that came, where they are no text.
    pub(super) original: Option<Arc<[u8]>>,
}

impl FeeEvent {
    /// The records that could be read, in the order of the message.
    pub fn cdrs(&self) -> &[Cdr] {
        &self.cdrs
    }

    /// The records that could not be read, in the order of the message.
    pub fn rejected(&self) -> &[RejectedRecord] {
        &self.rejected
    }

    /// Whether the message ends too early: records may be missing that were sent. The records that are here are whole; the
    /// answer should bring the message again.
    pub fn is_incomplete(&self) -> bool {
        self.is_cut
    }

    /// The whole message, as it came. A byte that is not UTF-8 is written as `\xE5`.
    pub fn raw(&self) -> &str {
        &self.message.text
    }

    /// The fields beside `feeLst` that the contract does not describe, as they came.
    pub fn extra(&self) -> Map<String, Value> {
        decode::extra(&self.message.text, &self.message.beside)
    }

    /// The natural JSON form, built like the message; `rejected` is there when a record could not be read, and
    /// `incomplete` (true) when the message ends too early, and only then.
    pub fn to_json(&self) -> Map<String, Value> {
        let cdrs: Vec<_> = self.cdrs.iter().map(|cdr| Value::Object(cdr.to_json())).collect();
        let rejected: Vec<_> = self
            .rejected
            .iter()
            .map(|record| Value::Object(record.to_json()))
            .collect();
        let mut object = Map::new();
        object.insert(EVENT_TYPE.to_owned(), Value::from(self.message.event_type.as_str()));
        object.insert(CONTENT.to_owned(), Value::from(cdrs));
        if !rejected.is_empty() {
            object.insert(REJECTED.to_owned(), Value::from(rejected));
        }
        if self.is_cut {
            object.insert(INCOMPLETE.to_owned(), Value::from(true));
        }
        // An undocumented field of such a name must not look like what the library says.
        let ours = [REJECTED, INCOMPLETE];
        for (name, value) in self
            .extra()
            .into_iter()
            .filter(|(name, _)| !ours.contains(&name.as_str()))
        {
            object.entry(name).or_insert(value);
        }
        object
    }
}

impl fmt::Debug for FeeEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FeeEvent")
            .field("cdrs", &self.cdrs)
            .field("rejected", &self.rejected)
            .finish_non_exhaustive()
    }
}

impl RejectedRecord {
    /// Position in the message's list of records.
    pub fn index(&self) -> usize {
        self.index
    }

    /// JSON pointer to what is at fault, e.g. `/feeLst/1/callEndTime`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong there. Never the value, which may be personal.
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// The record as text, where a byte that is not UTF-8 is written as `\xE5`. Holds personal data.
    pub fn raw(&self) -> &str {
        self.whole.of(&self.message.text)
    }

    /// The record, as it came. Holds personal data.
    pub fn raw_bytes(&self) -> &[u8] {
        self.original.as_deref().unwrap_or(self.raw().as_bytes())
    }

    /// Position, pointer and reason.
    pub fn to_json(&self) -> Map<String, Value> {
        let attributes = [
            ("index", json!(self.index)),
            ("field", json!(self.field)),
            ("reason", json!(self.reason)),
        ];
        attributes
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

impl fmt::Debug for RejectedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printed = f.debug_struct("RejectedRecord");
        printed
            .field("index", &self.index)
            .field("field", &self.field)
            .field("reason", &self.reason);
        printed.finish_non_exhaustive()
    }
}
