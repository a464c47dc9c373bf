//! Writes messages so that a record that the store refuses costs no other one.
//!
//! Messages that arrive together are written in one transaction. If the store refuses a value in it, the messages are
//! written by halves, and then the records of the message at fault; the one record that is left is kept raw, with the
//! reason, among those that could not be taken.

use super::entry::{Batch, Entry};
use super::rejected::{Bounds, RejectedRow};
use super::store::table::{CDR, EVENT};
use super::store::{Store, Table, Value};
use super::write::{self, Outcome, Written};
use crate::error::Error;

/// Writes the messages; tells of each what became of it.
pub(super) fn write(store: &dyn Store, batches: &mut [Batch], bounds: Bounds) -> Vec<Result<Written, Error>> {
    let error = match store.transact(|tx| write::write(tx, batches, bounds)) {
        Ok(written) => return written.into_iter().map(Ok).collect(),
        Err(error) => error,
    };
    match batches {
        [batch] if error.is_of_value() => vec![write_records(store, batch, bounds, error)],
        batches if error.is_of_value() => {
            let (one, other) = batches.split_at_mut(batches.len() / 2);
            let mut written = write(store, one, bounds);
            written.append(&mut write(store, other, bounds));
            written
        }
        batches => batches.iter().map(|_| Err(error.repeated())).collect(),
    }
}

/// Writes the records of a message apart. What is written stays, also where the rest fails: it is known when the message
/// comes again.
fn write_records(store: &dyn Store, batch: &Batch, bounds: Bounds, error: Error) -> Result<Written, Error> {
    if batch.records() > 1 {
        let mut all = Written::default();
        for half in batch.halves() {
            let mut written = write(store, &mut [half], bounds).remove(0)?;
            written.records.splice(0..0, all.records);
            all = written;
        }
        return Ok(all);
    }
    let refused = batch.events.iter().map(|event| (&EVENT, event));
    let Some((table, entry)) = refused.chain(batch.cdrs.iter().map(|cdr| (&CDR, cdr))).next() else {
        return Err(error);
    };
    let rejected = Batch {
        rejected: vec![entry.as_rejected(table, &error)],
        ..Batch::default()
    };
    store.transact(|tx| write::write(tx, &mut [rejected.clone()], bounds))?;
    Ok(Written {
        records: vec![Outcome::Refused],
        ..Written::default()
    })
}

impl Batch {
    /// The same in two messages, each of half of the records.
    fn halves(&self) -> [Batch; 2] {
        let middle = self.records() / 2;
        let part = |entries: &[Entry], first: bool, offset: usize| {
            let (one, other) = entries.split_at(middle.saturating_sub(offset).min(entries.len()));
            if first { one.to_vec() } else { other.to_vec() }
        };
        let mut halves = [true, false].map(|first| Batch {
            calls: self.calls.clone(),
            events: part(&self.events, first, 0),
            cdrs: part(&self.cdrs, first, self.events.len()),
            numbers: self.numbers.clone(),
            // The same body for both: what the first half claims the second one knows.
            claim: self.claim.clone(),
            ..Batch::default()
        });
        for half in &mut halves {
            half.leave_others_calls();
        }
        halves[0].attempts.clone_from(&self.attempts);
        halves[0].rejected.clone_from(&self.rejected);
        halves[1].taken_up = self.taken_up;
        halves
    }

    /// Leaves out the calls, and their numbers, that no record is about.
    fn leave_others_calls(&mut self) {
        let records = || self.events.iter().chain(&self.cdrs);
        let kept: Vec<usize> = (0..self.calls.len())
            .filter(|position| records().any(|entry| entry.call == Some(*position)))
            .collect();
        let moved = |call: Option<usize>| kept.iter().position(|position| Some(*position) == call);
        self.calls = kept
            .iter()
            .filter_map(|position| self.calls.get(*position).cloned())
            .collect();
        self.numbers.retain(|entry| moved(entry.call).is_some());
        let entries = self.events.iter_mut().chain(&mut self.cdrs).chain(&mut self.numbers);
        entries.for_each(|entry| entry.call = moved(entry.call));
    }
}

impl Entry {
    /// The record among those that could not be taken.
    fn as_rejected(&self, table: &Table, error: &Error) -> RejectedRow {
        let column = |name: &str| {
            let position = table.columns.iter().position(|column| column.name == name);
            position
                .and_then(|position| self.row.get(position))
                .unwrap_or(&Value::Null)
        };
        let raw = column("raw").as_text().unwrap_or_default();
        RejectedRow::of_refused(error, raw, column("received_at"), column("verdict"))
    }
}
