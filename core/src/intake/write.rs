//! Writes messages into a store: what is new is inserted, what is known is recognised, what contradicts is kept beside.
//!
//! Several messages go into one transaction, because making it durable is what costs (see [`group`](super::group)). Every
//! step handles all of their rows at once, in the order of their keys: a distant database answers few questions instead of
//! many, and two writers of the same rows wait for each other instead of for ever.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::call_facts::CallFacts;
use super::entry::{Batch, CALL_ID, Entry};
use super::rejected::{self, Bounds};
use super::store::table::{ATTEMPT, CDR, CONFLICT, EVENT, NUMBER};
use super::store::{Joined, Row, Table, Transaction, Value, segment};
use super::variant::Canonical;
use crate::error::Error;

/// What became of one well-formed push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was not known.
    New,
    /// The same is in the store.
    Known,
    /// It contradicts what is in the store, and is kept beside it.
    Conflict,
    /// The store refused it; it is kept raw.
    Refused,
}

/// What became of a message: of its events, then of its CDRs, in the order of the message.
pub(super) type Written = Vec<Outcome>;

/// Writes the messages; tells of each what became of it.
pub(super) fn write(tx: &mut dyn Transaction, batches: &mut [Batch], bounds: Bounds) -> Result<Vec<Written>, Error> {
    join_calls(tx, batches)?;
    let mut written: Vec<Written> = batches
        .iter()
        .map(|batch| Vec::with_capacity(batch.records()))
        .collect();
    for kind in [&EVENTS, &CDRS] {
        let of = |(position, batch)| (kind.entries)(batch).iter().map(move |entry| (position, entry));
        let (owners, entries): (Vec<usize>, Vec<&Entry>) = batches.iter().enumerate().flat_map(of).unzip();
        for (owner, outcome) in owners.into_iter().zip(insert(tx, kind, &entries)?) {
            written
                .get_mut(owner)
                .into_iter()
                .for_each(|written| written.push(outcome));
        }
    }
    // What is known has its numbers in the store.
    let new = batches
        .iter()
        .zip(&written)
        .filter(|(_, written)| written.iter().any(|outcome| *outcome != Outcome::Known));
    let mut numbers: Vec<_> = new
        .flat_map(|(batch, _)| &batch.numbers)
        .map(|entry| &entry.row)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    add_new(tx, &NUMBER, &numbers)?;
    batches
        .iter()
        .flat_map(|batch| &batch.attempts)
        .try_for_each(|attempt| write_attempt(tx, attempt))?;
    let rejected: Vec<_> = batches.iter().flat_map(|batch| &batch.rejected).collect();
    if rejected.is_empty() {
        Ok(written)
    } else {
        rejected::keep(tx, &rejected, bounds).map(|()| written)
    }
}

/// A kind of push that is recognised when it comes again.
struct Kind {
    table: &'static Table,
    entries: fn(&Batch) -> &[Entry],
    canonical: fn(&str) -> Canonical,
}

static EVENTS: Kind = Kind {
    table: &EVENT,
    entries: |batch| &batch.events,
    canonical: Canonical::of_status,
};
static CDRS: Kind = Kind {
    table: &CDR,
    entries: |batch| &batch.cdrs,
    canonical: Canonical::of_cdr,
};

/// Joins what all messages tell about each call, and writes the calls' ids into the rows.
fn join_calls(tx: &mut dyn Transaction, batches: &mut [Batch]) -> Result<(), Error> {
    let mut calls: Vec<Cow<'_, CallFacts>> = batches
        .iter()
        .flat_map(|batch| &batch.calls)
        .map(Cow::Borrowed)
        .collect();
    if calls.is_empty() {
        return Ok(());
    }
    calls.sort_by(|one, other| one.session_id.cmp(&other.session_id));
    calls.dedup_by(|later, earlier| {
        let same = later.session_id == earlier.session_id;
        if same {
            earlier.to_mut().join(later);
        }
        same
    });
    let joined = tx.join_calls(&calls)?;
    let of = |facts: &CallFacts| {
        let position = calls.binary_search_by(|known| known.session_id.cmp(&facts.session_id));
        position.ok().and_then(|position| joined.get(position)).copied()
    };
    let joined: Vec<Vec<_>> = batches
        .iter()
        .map(|batch| batch.calls.iter().map(of).collect())
        .collect();
    for (batch, joined) in batches.iter_mut().zip(joined) {
        let records = batch.events.iter_mut().chain(&mut batch.cdrs);
        records.for_each(|entry| entry.set(&joined, &[(0, |id| id)]));
        let numbers = batch.numbers.iter_mut();
        numbers.for_each(|entry| entry.set(&joined, &[(0, segment::of), (2, |id| id)]));
    }
    Ok(())
}

/// A column, and what it makes of the call's id.
type OfCallId = (usize, fn(i64) -> i64);

impl Entry {
    /// Writes what depends on the call's id.
    fn set(&mut self, calls: &[Option<Joined>], columns: &[OfCallId]) {
        let Some(call) = self.call.and_then(|call| calls.get(call).copied().flatten()) else {
            return;
        };
        self.is_first = call.is_made;
        for (column, value) in columns {
            if let Some(slot) = self.row.get_mut(*column) {
                *slot = Value::Integer(value(call.id));
            }
        }
    }
}

/// Inserts the rows that are new, and settles the others with what is stored. Outcomes are in the order of the entries.
fn insert(tx: &mut dyn Transaction, kind: &Kind, entries: &[&Entry]) -> Result<Vec<Outcome>, Error> {
    let key = |position: &usize| entries.get(*position).and_then(|entry| entry.row.get(..kind.table.key));
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by(|one, other| key(one).cmp(&key(other)));
    // Of rows with one key the first is inserted; the others find it stored.
    order.dedup_by(|later, earlier| key(later) == key(earlier));
    let is_first = |position: &usize| entries.get(*position).is_some_and(|entry| entry.is_first);
    let (first, others): (Vec<usize>, Vec<usize>) = order.into_iter().partition(is_first);
    let rows = |positions: &[usize]| -> Vec<&Row<'static>> {
        let entries = positions.iter().filter_map(|position| entries.get(*position));
        entries.map(|entry| &entry.row).collect()
    };
    let mut outcomes = vec![None; entries.len()];
    let mut mark_new = |position: usize| {
        let outcome = outcomes.get_mut(position);
        outcome.into_iter().for_each(|outcome| *outcome = Some(Outcome::New));
    };
    // It could be otherwise only where somebody has taken calls out of the store by hand.
    if add_new(tx, kind.table, &rows(&first))? == first.len() {
        first.into_iter().for_each(&mut mark_new);
    }
    let inserted = insert_new(tx, kind.table, &rows(&others))?;
    let inserted = others.into_iter().zip(inserted).filter(|(_, inserted)| *inserted);
    inserted.for_each(|(position, _)| mark_new(position));
    let settled = entries.iter().zip(outcomes).map(|(entry, outcome)| match outcome {
        Some(outcome) => Ok(outcome),
        None => settle(tx, kind, &entry.row),
    });
    settled.collect()
}

fn add_new(tx: &mut dyn Transaction, table: &'static Table, rows: &[&Row<'_>]) -> Result<usize, Error> {
    if rows.is_empty() {
        Ok(0)
    } else {
        tx.add_new(table, rows)
    }
}

fn insert_new(tx: &mut dyn Transaction, table: &'static Table, rows: &[&Row<'_>]) -> Result<Vec<bool>, Error> {
    if rows.is_empty() {
        Ok(Vec::new())
    } else {
        tx.insert_new(table, rows)
    }
}

/// Compares a row with the stored one of the same key. Which of two that differ counts does not depend on which came
/// first.
fn settle(tx: &mut dyn Transaction, kind: &Kind, row: &Row<'static>) -> Result<Outcome, Error> {
    let table = kind.table;
    let mine = Variant::of_row(table, row);
    let Some(theirs) = stored(tx, table, row)? else {
        return Ok(Outcome::Known);
    };
    if mine.raw == theirs.raw {
        return Ok(Outcome::Known);
    }
    let (new, known) = ((kind.canonical)(&mine.raw), (kind.canonical)(&theirs.raw));
    match new.cmp(&known) {
        Ordering::Equal => Ok(Outcome::Known),
        Ordering::Less => keep_beside(tx, table, row, &mine, &new),
        Ordering::Greater => {
            replace(tx, table, row)?;
            keep_beside(tx, table, row, &theirs, &known)
        }
    }
}

/// What two rows of one key can differ in and is kept of the one that does not count.
struct Variant<'a> {
    received_at: Value<'a>,
    verdict: Value<'a>,
    raw: String,
}

impl Variant<'_> {
    /// These columns have the same names in every table that can have conflicts.
    const COLUMNS: [&'static str; 3] = ["received_at", "verdict", "raw"];

    fn of_row(table: &Table, row: &Row<'static>) -> Variant<'static> {
        let value = |name: &str| {
            let position = table.columns.iter().position(|column| column.name == name);
            position
                .and_then(|position| row.get(position))
                .cloned()
                .unwrap_or(Value::Null)
        };
        let [received_at, verdict, raw] = Variant::COLUMNS.map(value);
        Variant {
            received_at,
            verdict,
            raw: raw.as_text().unwrap_or_default().to_owned(),
        }
    }
}

fn stored(tx: &mut dyn Transaction, table: &Table, row: &Row<'static>) -> Result<Option<Variant<'static>>, Error> {
    let columns = Variant::COLUMNS.join(", ");
    let sql = format!(
        "SELECT {columns} FROM {} WHERE {}{}",
        table.name,
        key_condition(table, 1),
        tx.dialect().for_update
    );
    let mut found = tx.query(&sql, row.get(..table.key).unwrap_or_default())?;
    let Some([received_at, verdict, raw]) = found.pop().and_then(|row| <[_; 3]>::try_from(row).ok()) else {
        return Ok(None);
    };
    Ok(Some(Variant {
        received_at,
        verdict,
        raw: raw.as_text().unwrap_or_default().to_owned(),
    }))
}

/// Puts the row in the place of the stored one.
fn replace(tx: &mut dyn Transaction, table: &Table, row: &Row<'static>) -> Result<(), Error> {
    let others = table.columns.iter().enumerate().skip(table.key);
    let assignments: Vec<_> = others
        .map(|(position, column)| format!("{} = ?{}", column.name, position + 1))
        .collect();
    let sql = format!(
        "UPDATE {} SET {} WHERE {}",
        table.name,
        assignments.join(", "),
        key_condition(table, 1)
    );
    tx.execute(&sql, row).map(drop)
}

fn keep_beside(
    tx: &mut dyn Transaction,
    table: &Table,
    row: &Row<'static>,
    variant: &Variant<'_>,
    canonical: &Canonical,
) -> Result<Outcome, Error> {
    let column = |name: &str| {
        table
            .columns
            .iter()
            .position(|column| column.name == name)
            .and_then(|at| row.get(at))
    };
    // A CDR has no type, and is told apart by `icid` instead of by the party.
    let kind = column("type").cloned().unwrap_or(Value::text("cdr"));
    let party = column("party").or(column("icid")).cloned().unwrap_or(Value::Null);
    let conflict = vec![
        column("call_id").cloned().unwrap_or(CALL_ID),
        kind,
        Value::text(canonical.fingerprint()),
        party,
        variant.received_at.clone(),
        variant.verdict.clone(),
        Value::text(variant.raw.clone()),
    ];
    let new = tx.insert_new(&CONFLICT, &[&conflict])?;
    Ok(if new.first() == Some(&true) {
        Outcome::Conflict
    } else {
        Outcome::Known
    })
}

fn key_condition(table: &Table, first: usize) -> String {
    let parts = table.key_columns().iter().enumerate();
    parts
        .map(|(position, column)| format!("{} = ?{}", column.name, position + first))
        .collect::<Vec<_>>()
        .join(" AND ")
}

/// An attempt that is registered twice keeps its earlier time.
fn write_attempt(tx: &mut dyn Transaction, attempt: &Row<'static>) -> Result<(), Error> {
    if tx.insert_new(&ATTEMPT, &[attempt])?.first() == Some(&true) {
        return Ok(());
    }
    let sql = "UPDATE intake_attempt SET at = ?2, raw = ?3 WHERE tag = ?1 AND at > ?2";
    tx.execute(sql, attempt).map(drop)
}
