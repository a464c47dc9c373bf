//! Deletes what is old: retention.
//!
//! In small steps, each a transaction, so that pushes that come meanwhile wait for milliseconds only. A step takes hold of
//! its calls before it deletes anything: a push about one of them that comes at the same time, at this receiver or another,
//! is either deleted with its call or makes the call anew.

use super::query::integer;
use super::store::{Store, Transaction, Value, segment};
use crate::error::Error;
use crate::result;

result! {
    /// What was deleted.
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct Purged: "pushes.md 5" {
        /// Calls, each with its events, its CDR and what contradicted them.
        calls: u64,
        /// Attempts.
        attempts: u64,
        /// Texts that could not be stored as records, and events that name no call.
        others: u64,
    }
}

/// Calls of one step.
const STEP: usize = 200;

/// Deletes what ended, or was tried or received, before this time in Unix seconds.
pub(super) fn purge(store: &dyn Store, before: i64) -> Result<Purged, Error> {
    let mut purged = Purged::default();
    let mut after = i64::MIN;
    while let Some((calls, last)) = store.transact(|tx| purge_calls(tx, before, after))? {
        purged.calls += calls;
        after = last;
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

/// One step behind the call `after`: how many were deleted, and the last of them. `None` when there are no more.
fn purge_calls(tx: &mut dyn Transaction, before: i64, after: i64) -> Result<Option<(u64, i64)>, Error> {
    let sql = format!(
        "SELECT id FROM intake_call WHERE id > ?1 AND last_at < ?2 ORDER BY id LIMIT {STEP}{}",
        tx.dialect().for_update
    );
    let rows = tx.query(&sql, &[Value::Integer(after), Value::Integer(before)])?;
    let ids: Vec<i64> = rows.iter().filter_map(|row| integer(row, 0)).collect();
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
        return Ok(None);
    };
    // Always as many places as a step has at most, so that the statements stay prepared.
    let padded = ids.iter().chain(std::iter::repeat(last)).take(STEP);
    let step: Vec<Value<'static>> = padded.copied().map(Value::Integer).collect();
    let places: Vec<_> = (1..=STEP).map(|place| format!("?{place}")).collect();
    let these = places.join(", ");
    for table in ["intake_event", "intake_cdr", "intake_conflict"] {
        tx.execute(&format!("DELETE FROM {table} WHERE call_id IN ({these})"), &step)?;
    }
    let segments = [segment::of(*first), segment::of(*last)].map(Value::Integer);
    let numbers = format!(
        "DELETE FROM intake_number WHERE segment >= ?{} AND segment <= ?{} AND call_id IN ({these})",
        STEP + 1,
        STEP + 2
    );
    tx.execute(&numbers, &[step.as_slice(), &segments].concat())?;
    let calls = tx.execute(&format!("DELETE FROM intake_call WHERE id IN ({these})"), &step)?;
    Ok(Some((calls, *last)))
}
