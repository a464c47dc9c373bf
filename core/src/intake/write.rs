//! Writes messages into a store: what is new is inserted, what is known is recognised, what contradicts is kept beside.
//!
//! Several messages go into one transaction, because making it durable is what costs (see [`group`](super::group)). Every
//! step handles all of their rows at once, in the order of their keys: a distant database answers few questions instead of
//! many, and two writers of the same rows wait for each other instead of for ever.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use super::call_facts::CallFacts;
use super::entry::{Batch, CALL_ID, Entry};
use super::nonce::{self, Known};
use super::rejected::{self, Bounds};
use super::store::table::{ATTEMPT, CDR, CONFLICT, EVENT, NUMBER};
use super::store::{Joined, Row, Table, Transaction, Value, segment};
use super::trust::Trust;
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

/// What became of a message.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Of its events, then of its CDRs, in the order of the message.
    pub(super) records: Vec<Outcome>,
    /// Whether what was set aside of it was set aside before.
    pub(super) set_aside_before: bool,
    /// What is known of its nonce. One that belongs to another body leaves no trace, unless all that it says is known.
    pub(super) nonce: Known,
}

/// Writes the messages; tells of each what became of it.
pub(super) fn write(tx: &mut dyn Transaction, batches: &mut [Batch], bounds: Bounds) -> Result<Vec<Written>, Error> {
    let known = nonce::claim(tx, batches)?;
    let mut all = Vec::with_capacity(batches.len());
    let mut taken = Vec::with_capacity(batches.len());
    for (batch, nonce) in batches.iter_mut().zip(known) {
        let mut written = Written {
            nonce,
            ..Written::default()
        };
        if nonce == Known::OtherBody {
            written.records = if is_stored(tx, batch)? {
                vec![Outcome::Known; batch.records()]
            } else {
                Vec::new()
            };
        } else {
            taken.push(batch);
        }
        all.push(written);
    }
    let outcomes = write_taken(tx, &mut taken, bounds)?;
    let of_taken = all.iter_mut().filter(|written| written.nonce != Known::OtherBody);
    for (written, outcome) in of_taken.zip(outcomes) {
        *written = Written {
            nonce: written.nonce,
            ..outcome
        };
    }
    Ok(all)
}

/// Whether everything that a message says is in the store.
fn is_stored(tx: &mut dyn Transaction, batch: &Batch) -> Result<bool, Error> {
    if batch.records() == 0 || !batch.rejected.is_empty() {
        return Ok(false);
    }
    for kind in [&EVENTS, &CDRS] {
        for entry in (kind.entries)(batch) {
            let session = entry.call.and_then(|call| batch.calls.get(call));
            let id = match session {
                Some(facts) => {
                    let sql = "SELECT id FROM intake_call WHERE session_id = ?1";
                    let found = tx.query(sql, &[Value::text(facts.session_id.as_str())])?;
                    found.first().and_then(|row| row.first()).cloned()
                }
                None => Some(CALL_ID),
            };
            let Some(id) = id else { return Ok(false) };
            let mut row = entry.row.clone();
            row.iter_mut().take(1).for_each(|slot| *slot = id.clone());
            let mine = Variant::of_row(kind.table, &row);
            let stored = stored(tx, kind.table, &row)?;
            if stored.is_none_or(|theirs| (kind.canonical)(&theirs.raw) != (kind.canonical)(&mine.raw)) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn write_taken(tx: &mut dyn Transaction, batches: &mut [&mut Batch], bounds: Bounds) -> Result<Vec<Written>, Error> {
    join_calls(tx, batches)?;
    let mut written: Vec<Written> = batches
        .iter()
        .map(|batch| Written {
            records: Vec::with_capacity(batch.records()),
            ..Written::default()
        })
        .collect();
    for kind in [&EVENTS, &CDRS] {
        let mut owners = Vec::new();
        let mut entries: Vec<&Entry> = Vec::new();
        for (position, batch) in batches.iter().enumerate() {
            for entry in (kind.entries)(batch) {
                owners.push(position);
                entries.push(entry);
            }
        }
        let mut outcomes = insert(tx, kind, &entries)?;
        if kind.one_a_call {
            settle_siblings(tx, kind, &entries, &mut outcomes)?;
        }
        for (owner, outcome) in owners.into_iter().zip(outcomes) {
            let written = written.get_mut(owner);
            written.into_iter().for_each(|written| written.records.push(outcome));
        }
    }
    // What is known has its numbers in the store.
    let new = batches
        .iter()
        .zip(&written)
        .filter(|(_, written)| written.records.iter().any(|outcome| *outcome != Outcome::Known));
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
    set_aside(tx, batches, &mut written, bounds)?;
    let mut taken_up = batches.iter().filter_map(|batch| batch.taken_up);
    taken_up.try_for_each(|text| rejected::remove(tx, text))?;
    Ok(written)
}

fn set_aside(
    tx: &mut dyn Transaction,
    batches: &[&mut Batch],
    written: &mut [Written],
    bounds: Bounds,
) -> Result<(), Error> {
    let rejected: Vec<_> = batches.iter().flat_map(|batch| &batch.rejected).collect();
    if rejected.is_empty() {
        return Ok(());
    }
    let mut new = rejected::keep(tx, &rejected, bounds)?.into_iter();
    for (batch, written) in batches.iter().zip(written) {
        let new = new.by_ref().take(batch.rejected.len());
        // Each of them is counted, so none may be left behind.
        let new = new.filter(|is_new| *is_new).count();
        written.set_aside_before = !batch.rejected.is_empty() && new == 0;
    }
    Ok(())
}

/// A kind of push that is recognised when it comes again.
struct Kind {
    table: &'static Table,
    entries: fn(&Batch) -> &[Entry],
    canonical: fn(&str) -> Canonical,
    /// A call has one: another one that counts less is no second one (contract pushes.md 5).
    one_a_call: bool,
}

static EVENTS: Kind = Kind {
    table: &EVENT,
    entries: |batch| &batch.events,
    canonical: Canonical::of_status,
    one_a_call: false,
};
static CDRS: Kind = Kind {
    table: &CDR,
    entries: |batch| &batch.cdrs,
    canonical: Canonical::of_cdr,
    one_a_call: true,
};

/// Joins what all messages tell about each call, and writes the calls' ids into the rows.
fn join_calls(tx: &mut dyn Transaction, batches: &mut [&mut Batch]) -> Result<(), Error> {
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
/// first: the one whose word counts more, and among equals the one that tells more.
fn settle(tx: &mut dyn Transaction, kind: &Kind, row: &Row<'static>) -> Result<Outcome, Error> {
    let table = kind.table;
    let mine = Variant::of_row(table, row);
    let Some(theirs) = stored(tx, table, row)? else {
        return Ok(Outcome::Known);
    };
    let trust = mine.trust().cmp(&theirs.trust());
    if mine.raw == theirs.raw && trust.is_le() {
        return Ok(Outcome::Known);
    }
    let (new, known) = ((kind.canonical)(&mine.raw), (kind.canonical)(&theirs.raw));
    match (trust.then_with(|| new.cmp(&known)), new == known) {
        (Ordering::Greater, true) => replace(tx, table, row).map(|()| Outcome::Known),
        (_, true) => Ok(Outcome::Known),
        (Ordering::Greater, false) => {
            replace(tx, table, row)?;
            no_longer_beside(tx, table, row, &new)?;
            keep_beside(tx, table, row, &theirs, &known)
        }
        _ => keep_beside(tx, table, row, &mine, &new),
    }
}

/// Calls that are looked up at once; always as many places, so that the statements stay prepared.
const CALLS_AT_ONCE: [usize; 2] = [1, 64];

/// Of records that say different things of one call, under keys of their own, those that count less are kept beside.
fn settle_siblings(
    tx: &mut dyn Transaction,
    kind: &Kind,
    entries: &[&Entry],
    outcomes: &mut [Outcome],
) -> Result<(), Error> {
    let call_id = |entry: &Entry| entry.row.first().and_then(Value::as_integer);
    let new = entries.iter().zip(outcomes.iter());
    // What is known may have been known on the word of somebody who counts less.
    let counts = |entry: &Entry| Variant::of_row(kind.table, &entry.row).trust() > Trust::Anybody;
    let new = new.filter(|(entry, outcome)| !entry.is_first && (**outcome != Outcome::Known || counts(entry)));
    let mut calls: Vec<i64> = new.filter_map(|(entry, _)| call_id(entry)).collect();
    calls.sort_unstable();
    calls.dedup();
    for row in outranked(tx, kind.table, &calls)? {
        let variant = Variant::of_row(kind.table, &row);
        let canonical = (kind.canonical)(&variant.raw);
        let kept = keep_beside(tx, kind.table, &row, &variant, &canonical)?;
        let sql = format!("DELETE FROM {} WHERE {}", kind.table.name, key_condition(kind.table, 1));
        let key = row.get(..kind.table.key).unwrap_or_default();
        tx.execute(&sql, key)?;
        for (entry, outcome) in entries.iter().zip(outcomes.iter_mut()) {
            if entry.row.get(..kind.table.key) == Some(key) && *outcome == Outcome::New {
                *outcome = kept;
            }
        }
    }
    Ok(())
}

/// The rows of these calls that count less than another row of their call.
fn outranked(tx: &mut dyn Transaction, table: &'static Table, calls: &[i64]) -> Result<Vec<Row<'static>>, Error> {
    let [one, many] = CALLS_AT_ONCE;
    let mut outranked = Vec::new();
    for calls in calls.chunks(many) {
        let places = if calls.len() == one { one } else { many };
        let last = calls.last().copied().unwrap_or_default();
        let ids: Vec<_> = calls
            .iter()
            .copied()
            .chain(std::iter::repeat(last))
            .take(places)
            .collect();
        let parameters: Vec<_> = ids.into_iter().map(Value::Integer).collect();
        let list: Vec<_> = (1..=places).map(|place| format!("?{place}")).collect();
        let from = format!("FROM {} WHERE call_id IN ({})", table.name, list.join(", "));
        let verdicts = tx.query(&format!("SELECT call_id, verdict {from}"), &parameters)?;
        let mut best: HashMap<Value<'_>, Trust> = HashMap::new();
        let trusts = verdicts
            .iter()
            .filter_map(|row| Some((row.first()?, Trust::of(row.get(1)?.as_text()?))));
        let trusts: Vec<_> = trusts.collect();
        for (call, trust) in &trusts {
            let known = best.entry((*call).clone()).or_insert(*trust);
            *known = (*known).max(*trust);
        }
        if trusts.iter().all(|(call, trust)| best.get(*call) == Some(trust)) {
            continue;
        }
        let rows = tx.query(&format!("SELECT {} {from}", table.column_list()), &parameters)?;
        outranked.extend(rows.into_iter().filter(|row| {
            let best = row.first().and_then(|call| best.get(call));
            best.is_some_and(|best| Variant::of_row(table, row).trust() < *best)
        }));
    }
    Ok(outranked)
}

/// What two rows of one key can differ in and is kept of the one that does not count.
struct Variant<'a> {
    received_at: Value<'a>,
    verdict: Value<'a>,
    raw: String,
}

impl Variant<'_> {
    fn trust(&self) -> Trust {
        Trust::of(self.verdict.as_text().unwrap_or_default())
    }

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
    variant: &Variant<'static>,
    canonical: &Canonical,
) -> Result<Outcome, Error> {
    let mut conflict = conflict_key(table, row, canonical);
    conflict.extend([
        column(table, row, "party")
            .or(column(table, row, "icid"))
            .cloned()
            .unwrap_or(Value::Null),
        variant.received_at.clone(),
        variant.verdict.clone(),
        Value::text(variant.raw.clone()),
    ]);
    if tx.insert_new(&CONFLICT, &[&conflict])?.first() == Some(&true) {
        return Ok(Outcome::Conflict);
    }
    let known = stored(tx, &CONFLICT, &conflict)?;
    if known.is_some_and(|known| known.trust() < variant.trust()) {
        replace(tx, &CONFLICT, &conflict)?;
    }
    Ok(Outcome::Known)
}

/// What counts now may have been kept beside before.
fn no_longer_beside(
    tx: &mut dyn Transaction,
    table: &Table,
    row: &Row<'static>,
    canonical: &Canonical,
) -> Result<(), Error> {
    let sql = format!("DELETE FROM {} WHERE {}", CONFLICT.name, key_condition(&CONFLICT, 1));
    tx.execute(&sql, &conflict_key(table, row, canonical)).map(drop)
}

/// The key of a conflict. A CDR has no type.
fn conflict_key(table: &Table, row: &Row<'static>, canonical: &Canonical) -> Row<'static> {
    vec![
        column(table, row, "call_id").cloned().unwrap_or(CALL_ID),
        column(table, row, "type").cloned().unwrap_or(Value::text("cdr")),
        Value::text(canonical.fingerprint()),
    ]
}

fn column<'a>(table: &Table, row: &'a Row<'static>, name: &str) -> Option<&'a Value<'static>> {
    let position = table.columns.iter().position(|column| column.name == name);
    position.and_then(|position| row.get(position))
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
