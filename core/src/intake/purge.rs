//! Deletes what is old: retention.
//!
//! In small steps, each a transaction, so that pushes that come meanwhile wait for milliseconds only.

use super::query::integer;
use super::store::{Store, Transaction, Value, segment};
use crate::error::Error;

/// What was deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Purged {
    /// Calls, each with its events, its CDR and what contradicted them.
    pub calls: u64,
    /// Attempts.
    pub attempts: u64,
    /// Texts that could not be taken, and pushes that name no call.
    pub others: u64,
}

/// Calls of one step.
const STEP: i64 = 200;

/// Deletes what ended, or was tried or received, before this time in Unix seconds.
pub(super) fn purge(store: &dyn Store, before: i64) -> Result<Purged, Error> {
    let mut purged = Purged::default();
    let mut last = Some(i64::MIN);
    while let Some(after) = last {
        let (calls, end) = store.transact(|tx| purge_calls(tx, before, after))?;
        purged.calls += calls;
        last = end;
    }
    store.transact(|tx| {
        let received = [Value::Integer(before.saturating_mul(1000))];
        purged.attempts = tx.execute("DELETE FROM intake_attempt WHERE at < ?1", &[Value::Integer(before)])?;
        purged.others = NAMELESS
            .iter()
            .try_fold(0, |sum, sql| Ok::<_, Error>(sum + tx.execute(sql, &received)?))?;
        tx.execute(COUNT_AGAIN, &[]).map(drop)
    })?;
    store.reclaim()?;
    Ok(purged)
}

const NAMELESS: [&str; 3] = [
    "DELETE FROM intake_rejected WHERE received_at < ?1",
    "DELETE FROM intake_event WHERE call_id = 0 AND received_at < ?1",
    "DELETE FROM intake_conflict WHERE call_id = 0 AND received_at < ?1",
];
const COUNT_AGAIN: &str = "UPDATE intake_rejected_count SET \
    entries = (SELECT count(*) FROM intake_rejected AS kept WHERE kept.class = intake_rejected_count.class), \
    bytes = (SELECT CAST(coalesce(sum(length(kept.raw)), 0) AS BIGINT) FROM intake_rejected AS kept \
             WHERE kept.class = intake_rejected_count.class)";

/// The old calls of one step: those behind `?1` up to `?2`.
const OLD: &str = "SELECT id FROM intake_call WHERE id > ?1 AND id <= ?2 AND last_at < ?3";

/// One step behind the call `after`: how many were deleted, and the last of them while there may be more.
fn purge_calls(tx: &mut dyn Transaction, before: i64, after: i64) -> Result<(u64, Option<i64>), Error> {
    let sql = format!(
        "SELECT max(id) FROM (SELECT id FROM intake_call WHERE id > ?1 AND last_at < ?2 ORDER BY id LIMIT {STEP}) AS step"
    );
    let rows = tx.query(&sql, &[Value::Integer(after), Value::Integer(before)])?;
    let Some(last) = rows.first().and_then(|row| integer(row, 0)) else {
        return Ok((0, None));
    };
    let step = [after, last, before].map(Value::Integer);
    for table in ["intake_event", "intake_cdr", "intake_conflict"] {
        tx.execute(&format!("DELETE FROM {table} WHERE call_id IN ({OLD})"), &step)?;
    }
    let segments = [segment::of(after), segment::of(last)].map(Value::Integer);
    let numbers = format!("DELETE FROM intake_number WHERE segment >= ?4 AND segment <= ?5 AND call_id IN ({OLD})");
    tx.execute(&numbers, &[step.clone().as_slice(), &segments].concat())?;
    let calls = tx.execute(&format!("DELETE FROM intake_call WHERE id IN ({OLD})"), &step)?;
    Ok((calls, Some(last)))
}
