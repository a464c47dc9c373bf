//! What came and could not be taken: kept raw, bounded in number and size.
//!
//! Three classes with bounds of their own, so that a flood of bodies that nobody signed cannot push out a CDR that could
//! not be read. Within a class the older half of what the bounds allow goes last: it tells how the trouble began. The
//! younger half tells how it is now; there the newest pushes out the oldest. What went is counted.

use std::collections::HashSet;

use super::entry::Arrival;
use super::numbers::Numbers;
use super::store::table::REJECTED;
use super::store::{Row, Transaction, Value};
use super::variant::fingerprint;
use crate::error::Error;
use crate::result::closed_set;
use crate::webhook::RejectedRecord;

closed_set! {
    /// Why something was not stored as records.
    pub enum RejectedClass {
        /// A record of a CDR webhook that cannot be read. Its neighbours were stored, and the webhook was acknowledged.
        Record = "record",
        /// A body that is no webhook, or ends too early. It was not acknowledged when it arrived first.
        Malformed = "malformed",
        /// A body whose signature was refused. It was answered with 401.
        Refused = "refused",
    }
}

/// How much of each class is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Number of texts.
    pub(super) entries: i64,
    /// Bytes of all texts together.
    pub(super) bytes: i64,
}

/// No text is kept longer than this: no push that is read is, also when its numbers are hashed. What is cut off is told by
/// the column `size`.
const LONGEST: usize = 4 * 1024 * 1024;

/// A row of the table.
#[derive(Debug, Clone)]
pub(super) struct RejectedRow {
    class: RejectedClass,
    kept: i64,
    row: Row<'static>,
}

impl RejectedRow {
    /// Whether all that came is in it.
    pub(super) fn is_whole(&self) -> bool {
        self.kept < i64::try_from(LONGEST).unwrap_or(i64::MAX)
    }

    /// A record that cannot be read, beside its good neighbours.
    pub(super) fn of_record(record: &RejectedRecord, arrival: Arrival, numbers: &Numbers) -> RejectedRow {
        let position = i64::try_from(record.index()).ok();
        let raw = record.raw_bytes();
        RejectedRow::new(
            RejectedClass::Record,
            position,
            Some(record.field()),
            record.reason(),
            &numbers.in_bytes(raw),
            raw.len(),
            arrival,
        )
    }

    /// A whole body, and what is wrong with it.
    pub(super) fn of_body(
        class: RejectedClass,
        (field, reason): (Option<&str>, &str),
        body: &[u8],
        arrival: Arrival,
        numbers: &Numbers,
    ) -> RejectedRow {
        let raw = numbers.in_bytes(body);
        RejectedRow::new(class, None, field, reason, &raw, body.len(), arrival)
    }

    /// A record that can be read, and that the store refused.
    pub(super) fn of_refused(
        error: &Error,
        raw: &str,
        received_at: &Value<'static>,
        verdict: &Value<'static>,
    ) -> RejectedRow {
        let arrival = Arrival {
            received_at: received_at.as_integer().unwrap_or_default(),
            verdict: "",
        };
        let (class, raw) = (RejectedClass::Record, raw.as_bytes());
        let mut rejected = RejectedRow::new(class, None, None, error.message(), raw, raw.len(), arrival);
        let columns = REJECTED.columns.iter().zip(&mut rejected.row);
        columns
            .filter(|(column, _)| column.name == "verdict")
            .for_each(|(_, value)| value.clone_from(verdict));
        rejected
    }

    fn new(
        class: RejectedClass,
        position: Option<i64>,
        field: Option<&str>,
        reason: &str,
        raw: &[u8],
        size: usize,
        arrival: Arrival,
    ) -> RejectedRow {
        let kept = raw.get(..LONGEST).unwrap_or(raw);
        let row = vec![
            Value::text(class.id()),
            Value::text(fingerprint(raw)),
            Value::Integer(arrival.received_at),
            position.into(),
            Value::optional_text(field.map(str::to_owned)),
            Value::text(reason.to_owned()),
            Value::text(arrival.verdict),
            i64::try_from(size).ok().into(),
            Value::Bytes(kept.to_vec().into()),
        ];
        RejectedRow {
            class,
            kept: i64::try_from(kept.len()).unwrap_or(i64::MAX),
            row,
        }
    }
}

/// A text that could not be taken and now is.
#[derive(Debug, Clone, Copy)]
pub(super) struct TakenUp {
    pub(super) id: i64,
    pub(super) class: RejectedClass,
}

/// Removes a text that was taken after all. Where somebody was faster it is gone already.
pub(super) fn remove(tx: &mut dyn Transaction, text: TakenUp) -> Result<(), Error> {
    let size = "SELECT length(raw) FROM intake_rejected WHERE id = ?1";
    let found = tx.query(size, &[Value::Integer(text.id)])?;
    let [bytes] = integers(found.first());
    if tx.execute("DELETE FROM intake_rejected WHERE id = ?1", &[Value::Integer(text.id)])? > 0 {
        let count = "UPDATE intake_rejected_count SET entries = entries - 1, bytes = bytes - ?1 WHERE class = ?2";
        tx.execute(count, &[Value::Integer(bytes), Value::text(text.class.id())])?;
    }
    Ok(())
}

/// Writes the rows that are new and keeps the bounds; tells of each row whether it was new. A text that is there already
/// is not kept twice.
pub(super) fn keep(tx: &mut dyn Transaction, rows: &[&RejectedRow], bounds: Bounds) -> Result<Vec<bool>, Error> {
    let mut distinct: Vec<&RejectedRow> = rows.to_vec();
    distinct.sort_by(|one, other| one.row.get(..REJECTED.key).cmp(&other.row.get(..REJECTED.key)));
    distinct.dedup_by(|one, other| one.row.get(..REJECTED.key) == other.row.get(..REJECTED.key));
    let values: Vec<_> = distinct.iter().map(|rejected| &rejected.row).collect();
    let inserted = tx.insert_new(&REJECTED, &values)?;
    for class in RejectedClass::ALL {
        let new = distinct
            .iter()
            .zip(&inserted)
            .filter(|(row, inserted)| row.class == *class && **inserted);
        let (entries, bytes) = new.fold((0, 0), |(entries, bytes), (row, _)| (entries + 1, bytes + row.kept));
        if entries > 0 {
            let [most_entries, most_bytes] = [bounds.entries / 2, bounds.bytes / 2].map(Value::Integer);
            let added = [Value::Integer(entries), Value::Integer(bytes), Value::text(class.id())];
            tx.execute(ADD, &[&added[..], &[most_entries, most_bytes]].concat())?;
            trim(tx, *class, bounds)?;
        }
    }
    let key = |row: &RejectedRow| row.row.get(..REJECTED.key).map(<[Value<'_>]>::to_vec);
    let new: HashSet<_> = distinct
        .iter()
        .zip(&inserted)
        .filter(|(_, inserted)| **inserted)
        .map(|(row, _)| key(row))
        .collect();
    Ok(rows.iter().map(|row| new.contains(&key(row))).collect())
}

/// The older half ends at `settled`, which goes along until half of the bounds is reached.
const ADD: &str = "UPDATE intake_rejected_count SET entries = entries + ?1, bytes = bytes + ?2, \
                   settled = CASE WHEN entries + ?1 <= ?4 AND bytes + ?2 <= ?5 \
                             THEN (SELECT max(id) FROM intake_rejected WHERE class = ?3) ELSE settled END \
                   WHERE class = ?3";
const COUNT: &str = "SELECT entries, bytes, settled FROM intake_rejected_count WHERE class = ?1";
const OLDEST: &str = "SELECT id, length(raw) FROM intake_rejected WHERE class = ?1 AND id > ?2 \
                      AND id < (SELECT max(id) FROM intake_rejected WHERE class = ?1) ORDER BY id LIMIT 100";
const DROP: &str = "DELETE FROM intake_rejected WHERE class = ?1 AND id > ?2 AND id <= ?3";
/// Where the bounds were narrowed: then nothing is spared.
const SPARE_NOTHING: &str = "UPDATE intake_rejected_count SET settled = 0 WHERE class = ?1";
const COUNT_DROPPED: &str = "UPDATE intake_rejected_count SET entries = entries - ?1, bytes = bytes - ?2, \
                             dropped = dropped + ?1, dropped_bytes = dropped_bytes + ?2 WHERE class = ?3";

/// Drops the oldest of the younger half of a class until it keeps its bounds. The newest always stays.
fn trim(tx: &mut dyn Transaction, class: RejectedClass, bounds: Bounds) -> Result<(), Error> {
    let class = Value::text(class.id());
    loop {
        let count = tx.query(COUNT, std::slice::from_ref(&class))?;
        let [mut entries, mut bytes, settled] = integers(count.first());
        let fits = |entries: i64, bytes: i64| entries <= bounds.entries && bytes <= bounds.bytes;
        if fits(entries, bytes) {
            return Ok(());
        }
        let oldest = tx.query(OLDEST, &[class.clone(), Value::Integer(settled)])?;
        let (mut last, mut dropped, mut dropped_bytes) = (settled, 0, 0);
        for row in &oldest {
            if fits(entries, bytes) {
                break;
            }
            let [id, size] = integers(Some(row));
            (last, entries, bytes) = (id, entries - 1, bytes - size);
            (dropped, dropped_bytes) = (dropped + 1, dropped_bytes + size);
        }
        if dropped > 0 {
            tx.execute(DROP, &[class.clone(), Value::Integer(settled), Value::Integer(last)])?;
            let counted = [Value::Integer(dropped), Value::Integer(dropped_bytes), class.clone()];
            tx.execute(COUNT_DROPPED, &counted)?;
        } else if settled > 0 {
            tx.execute(SPARE_NOTHING, std::slice::from_ref(&class))?;
        } else {
            return Ok(());
        }
    }
}

/// The first columns of a row; 0 where there is none.
fn integers<const N: usize>(row: Option<&Row<'_>>) -> [i64; N] {
    std::array::from_fn(|position| {
        row.and_then(|row| row.get(position))
            .and_then(Value::as_integer)
            .unwrap_or_default()
    })
}
