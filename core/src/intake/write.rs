//! Writes messages into a store: what is new is inserted, what is known is recognised, what contradicts is kept beside.
//!
//! Several messages go into one transaction, because making it durable is what costs (see [`group`](super::group)). Every
//! step handles all of their rows at once, in the order of their keys: a distant database answers few questions instead of
//! many, and two writers of the same rows wait for each other instead of for ever.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry::{Occupied, Vacant};

use super::call_facts::CallFacts;
use super::entry::{Batch, CALL_ID, Entry};
use super::rejected::{self, Bounds};
use super::store::table::{ATTEMPT, CDR, CONFLICT, EVENT, NUMBER};
use super::store::{Row, Table, Transaction, Value, segment};
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
        let of = |(position, batch)| (kind.entries)(batch).iter().map(move |entry| (position, &entry.row));
        let (owners, rows): (Vec<usize>, Vec<&Row<'static>>) = batches.iter().enumerate().flat_map(of).unzip();
        for (owner, outcome) in owners.into_iter().zip(insert(tx, kind, &rows)?) {
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
    insert_new(tx, &NUMBER, &numbers)?;
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
    let mut joined: BTreeMap<&str, CallFacts> = BTreeMap::new();
    for facts in batches.iter().flat_map(|batch| &batch.calls) {
        match joined.entry(&facts.session_id) {
            Vacant(place) => drop(place.insert(facts.clone())),
            Occupied(mut known) => known.get_mut().join(facts.clone()),
        }
    }
    if joined.is_empty() {
        return Ok(());
    }
    let calls: Vec<CallFacts> = joined.into_values().collect();
    let ids = tx.join_calls(&calls)?;
    for batch in batches {
        let id_of = |facts: &CallFacts| {
            let position = calls.binary_search_by(|known| known.session_id.cmp(&facts.session_id));
            position.ok().and_then(|position| ids.get(position)).copied()
        };
        let ids: Vec<Option<i64>> = batch.calls.iter().map(id_of).collect();
        let records = batch.events.iter_mut().chain(&mut batch.cdrs);
        records.for_each(|entry| entry.set(&ids, &[(0, |id| id)]));
        let numbers = batch.numbers.iter_mut();
        numbers.for_each(|entry| entry.set(&ids, &[(0, segment::of), (2, |id| id)]));
    }
    Ok(())
}

/// A column, and what it makes of the call's id.
type OfCallId = (usize, fn(i64) -> i64);

impl Entry {
    /// Writes what depends on the call's id.
    fn set(&mut self, ids: &[Option<i64>], columns: &[OfCallId]) {
        let Some(id) = self.call.and_then(|call| ids.get(call).copied().flatten()) else {
            return;
        };
        for (column, value) in columns {
            if let Some(slot) = self.row.get_mut(*column) {
                *slot = Value::Integer(value(id));
            }
        }
    }
}

/// Inserts the rows that are new, and settles the others with what is stored. Outcomes are in the order of the rows.
fn insert(tx: &mut dyn Transaction, kind: &Kind, rows: &[&Row<'static>]) -> Result<Vec<Outcome>, Error> {
    let key = |position: &usize| rows.get(*position).and_then(|row| row.get(..kind.table.key));
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|one, other| key(one).cmp(&key(other)));
    // Of rows with one key the first is inserted; the others find it stored.
    order.dedup_by(|later, earlier| key(later) == key(earlier));
    let first: Vec<_> = order
        .iter()
        .filter_map(|position| rows.get(*position).copied())
        .collect();
    let inserted = insert_new(tx, kind.table, &first)?;
    let mut outcomes = vec![None; rows.len()];
    for (position, _) in order.iter().zip(inserted).filter(|(_, inserted)| *inserted) {
        outcomes
            .get_mut(*position)
            .into_iter()
            .for_each(|outcome| *outcome = Some(Outcome::New));
    }
    let settled = rows.iter().zip(outcomes).map(|(row, outcome)| match outcome {
        Some(outcome) => Ok(outcome),
        None => settle(tx, kind, row),
    });
    settled.collect()
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
