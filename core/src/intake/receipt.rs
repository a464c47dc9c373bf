//! What became of a push.

use std::fmt;

use serde_json::{Map, Value, json};

use super::write::Outcome;
use crate::error::Error;
use crate::webhook::{Cdr, Event, Reply, Verdict};

/// What became of a push, and what to answer.
#[derive(Debug)]
#[non_exhaustive]
pub struct Receipt {
    /// What to answer: status, headers, body.
    ///
    /// - 200 only when each record that can be read is durable, whether it was new or known;
    /// - 500 when the store cannot write, or the body ends too early: the platform sends CDRs again;
    /// - 401 when the policy refuses the signature;
    /// - 400 when the body is empty, or no push. One that comes again byte for byte gets 200: its raw copy is safe, and it
    ///   would not get better.
    pub reply: Reply,
    /// How many of its events and CDRs were new.
    pub accepted: usize,
    /// How many were known; conflicts are among them.
    pub duplicates: usize,
    /// How many contradict what is known. They are kept beside it.
    pub conflicts: usize,
    /// How many records could not be read, or were refused by the store; a body that is no push, or ends too early, counts
    /// as one. They are kept raw.
    pub rejected: usize,
    /// What the check of the signature found.
    pub verdict: Verdict,
    /// What the push says. Errors: `signature` when it was refused and `malformed_webhook` when it is no push, both kept
    /// raw; `storage` when the store could not write.
    pub event: Result<Event, Error>,
    /// What became of each event or CDR, in the order of the message.
    written: Vec<Outcome>,
}

impl Receipt {
    pub(super) fn written(event: Event, reply: Reply, verdict: Verdict, written: Vec<Outcome>) -> Receipt {
        let count = |outcome| written.iter().filter(|other| **other == outcome).count();
        let conflicts = count(Outcome::Conflict);
        let rejected = match &event {
            Event::Fee(event) if event.is_incomplete() => 1,
            Event::Fee(event) => event.rejected().len(),
            _ => 0,
        };
        let rejected = rejected + count(Outcome::Refused);
        Receipt {
            reply,
            accepted: count(Outcome::New),
            duplicates: count(Outcome::Known) + conflicts,
            conflicts,
            rejected,
            verdict,
            event: Ok(event),
            written,
        }
    }

    pub(super) fn failed(reply: Reply, verdict: Verdict, error: Error, rejected: usize) -> Receipt {
        let (accepted, duplicates, conflicts) = (0, 0, 0);
        Receipt {
            reply,
            accepted,
            duplicates,
            conflicts,
            rejected,
            verdict,
            event: Err(error),
            written: Vec::new(),
        }
    }

    /// The event, if it came for the first time: to act once on what comes more than once. Of a CDR push see
    /// [`new_cdrs`](Receipt::new_cdrs).
    pub fn new_event(&self) -> Option<&Event> {
        self.event
            .as_ref()
            .ok()
            .filter(|_| self.written.contains(&Outcome::New))
    }

    /// Whether the CDR at this position of the push came for the first time; the event itself, where the push is no CDR
    /// push, is at position 0. False beyond the end, and where nothing was stored.
    pub fn is_new(&self, position: usize) -> bool {
        self.written.get(position) == Some(&Outcome::New)
    }

    /// The CDRs that came for the first time.
    pub fn new_cdrs(&self) -> impl Iterator<Item = &Cdr> {
        let cdrs = match &self.event {
            Ok(Event::Fee(event)) => event.cdrs(),
            _ => &[],
        };
        cdrs.iter()
            .zip(&self.written)
            .filter(|(_, outcome)| **outcome == Outcome::New)
            .map(|(cdr, _)| cdr)
    }

    /// With the names that every language uses; absent attributes are left out. The event has a form of its own; `new` lists
    /// the positions at which [`is_new`](Receipt::is_new) holds.
    pub fn to_json(&self) -> Map<String, Value> {
        let attributes = [
            ("status", Some(json!(self.reply.status))),
            ("accepted", Some(json!(self.accepted))),
            ("duplicates", Some(json!(self.duplicates))),
            ("conflicts", Some(json!(self.conflicts))),
            ("rejected", Some(json!(self.rejected))),
            ("new", Some(self.new_positions())),
            ("verdict", Some(Value::Object(self.verdict.to_json()))),
            (
                "error",
                self.event.as_ref().err().map(|error| Value::Object(error.to_json())),
            ),
        ];
        attributes
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }
}

impl Receipt {
    fn new_positions(&self) -> Value {
        (0..self.written.len())
            .filter(|position| self.is_new(*position))
            .collect()
    }
}

impl fmt::Display for Receipt {
    /// One line for a log: numbers only, nothing personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Receipt {
            reply,
            accepted,
            duplicates,
            conflicts,
            rejected,
            verdict,
            ..
        } = self;
        write!(
            f,
            "{} {}: {accepted} new, {duplicates} known, ",
            reply.status,
            verdict.id()
        )?;
        write!(f, "{conflicts} contradicting, {rejected} unreadable")?;
        match &self.event {
            Err(error) => write!(f, ": {error}"),
            Ok(_) => Ok(()),
        }
    }
}
