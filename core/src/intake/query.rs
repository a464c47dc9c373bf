//! Reads calls back: the facts of each in one question, folded into a story.

use std::collections::HashMap;

use super::CallPage;
use super::entry::{PLACED, UNKNOWN};
use super::filter::{CallFilter, Mark};
use super::numbers::Numbers;
use super::placing::Placing;
use super::store::{Reader, Row, Value};
use super::story::{Call, Fact, State, fold};
use super::trust::Trust;
use super::variant::{stored_cdr, stored_status};
use crate::attempt_tag::AttemptTag;
use crate::error::Error;
use crate::webhook::{Event, parse_kept};

/// Facts of one call that are read at most. A call has about ten; what has thousands is no call.
const MOST_FACTS: usize = 10_000;

/// What a call's facts are asked by.
#[derive(Debug, Clone, Copy)]
pub(super) enum By<'a> {
    Session(&'a str),
    Id(i64),
}

/// The story of a call; `None` when nothing is known of it.
pub(super) fn call(reader: &mut dyn Reader, by: By<'_>) -> Result<Option<Call>, Error> {
    Ok(fold(facts(reader, by)?))
}

/// How far a call is: its state, and how much is known of it. Whatever is added to a call changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Progress {
    state: i64,
    events: i64,
}

/// Sessions that are asked for in one question.
const SESSIONS_AT_ONCE: usize = 500;

/// How far each of these calls is. Those of which nothing is known are left out.
pub(super) fn progress(reader: &mut dyn Reader, sessions: &[&str]) -> Result<HashMap<String, Progress>, Error> {
    let mut found = HashMap::new();
    for sessions in sessions.chunks(SESSIONS_AT_ONCE) {
        let names: Vec<_> = (1..=sessions.len()).map(|number| format!("?{number}")).collect();
        let sql = format!(
            "SELECT call.session_id, call.state, \
             (SELECT count(*) FROM intake_event AS event WHERE event.call_id = call.id) \
             FROM intake_call AS call WHERE call.session_id IN ({})",
            names.join(", ")
        );
        let parameters: Vec<_> = sessions.iter().map(|session_id| Value::text(*session_id)).collect();
        for row in reader.query(&sql, &parameters)? {
            let (Some(state), Some(events)) = (integer(&row, 1), integer(&row, 2)) else {
                continue;
            };
            found.insert(text(&row, 0).to_owned(), Progress { state, events });
        }
    }
    Ok(found)
}

/// Everything that is known about a call.
pub(super) fn facts(reader: &mut dyn Reader, by: By<'_>) -> Result<Vec<Fact>, Error> {
    let (condition, parameter) = match by {
        By::Session(session_id) => ("session_id = ?1", Value::text(session_id)),
        By::Id(id) => ("id = ?1", Value::Integer(id)),
    };
    // One question: a distant database is asked once.
    let sql = format!(
        "WITH call AS (SELECT id, tag FROM intake_call WHERE {condition}) \
         SELECT event.type, event.raw, event.verdict FROM call \
         JOIN intake_event AS event ON event.call_id = call.id \
         UNION ALL SELECT 'fee', cdr.raw, cdr.verdict FROM call JOIN intake_cdr AS cdr ON cdr.call_id = call.id \
         UNION ALL SELECT CASE conflict.kind WHEN 'cdr' THEN 'fee' ELSE conflict.kind END, conflict.raw, \
                          conflict.verdict \
         FROM call JOIN intake_conflict AS conflict ON conflict.call_id = call.id \
         UNION ALL SELECT 'attempt ' || attempt.tag, attempt.raw, '' \
         FROM call JOIN intake_attempt AS attempt ON attempt.tag = call.tag \
         LIMIT {MOST_FACTS}"
    );
    let rows = reader.query(&sql, &[parameter])?;
    let facts = rows.iter();
    Ok(facts
        .filter_map(|row| fact(text(row, 0), text(row, 1), Trust::of(text(row, 2))))
        .collect())
}

/// A stored text as a fact. What cannot be read any more is left out: better most of a story than none.
fn fact(kind: &str, raw: &str, trust: Trust) -> Option<Fact> {
    match kind.split_once(' ').unwrap_or((kind, "")) {
        ("fee", _) => stored_cdr(raw).map(|cdr| Fact::Cdr(cdr, trust)),
        (PLACED, _) => {
            Placing::from_json(raw).and_then(|(placing, session_id)| Some(Fact::Placed(session_id?, placing)))
        }
        ("attempt", tag) => attempt(tag, raw),
        _ if kind.starts_with(UNKNOWN) => match parse_kept(raw) {
            Ok(Event::Unknown(event)) => Some(Fact::Unknown(event)),
            _ => None,
        },
        _ => stored_status(raw).map(|event| Fact::Status(event, trust)),
    }
}

fn attempt(tag: &str, raw: &str) -> Option<Fact> {
    Some(Fact::Attempted(
        AttemptTag::parse(tag).ok()?,
        Placing::from_json(raw)?.0,
    ))
}

/// Calls that began at this time or before and have no CDR yet, then attempts by which no call was recognised; of each the
/// oldest first, and so many at most.
pub(super) fn unsettled(reader: &mut dyn Reader, before: i64, limit: i64) -> Result<Vec<Call>, Error> {
    let parameters = [Value::Integer(before), Value::Integer(limit)];
    // The condition on the state stands here as in the index, or the index would not serve.
    let billed = State::Billed.rank();
    let sql =
        format!("SELECT id FROM intake_call WHERE state < {billed} AND opened_at <= ?1 ORDER BY opened_at LIMIT ?2");
    let open = reader.query(&sql, &parameters)?;
    let mut calls = stories(reader, &open)?;
    let sql = "SELECT attempt.tag, attempt.raw FROM intake_attempt AS attempt \
               LEFT JOIN intake_call AS call ON call.tag = attempt.tag \
               WHERE call.id IS NULL AND attempt.at <= ?1 ORDER BY attempt.at LIMIT ?2";
    let attempts = reader.query(sql, &parameters)?;
    calls.extend(
        attempts
            .iter()
            .filter_map(|row| fold(attempt(text(row, 0), text(row, 1)))),
    );
    Ok(calls)
}

/// A page of calls that fit the filter, the latest first.
pub(super) fn page(reader: &mut dyn Reader, filter: &CallFilter, numbers: &Numbers) -> Result<CallPage, Error> {
    let limit = filter.page_size();
    let mut conditions = filter.calls(numbers)?;
    let clause = conditions.clause();
    // One more than the page tells whether there is another.
    let most = conditions.parameter(Value::Integer(limit.saturating_add(1)));
    let sql = format!(
        "SELECT call.id, call.opened_at FROM intake_call AS call{clause} \
         ORDER BY call.opened_at DESC, call.id DESC LIMIT {most}"
    );
    let mut ids = reader.query(&sql, &conditions.parameters)?;
    let more = ids.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        ids.pop();
    }
    let last = ids
        .last()
        .filter(|_| more)
        .and_then(|row| Some((integer(row, 1)?, integer(row, 0)?)));
    Ok(CallPage {
        next: last.map(|(opened_at, id)| Mark::write(opened_at, id)),
        calls: stories(reader, &ids)?,
    })
}

/// The stories of calls whose id is the first column.
fn stories(reader: &mut dyn Reader, ids: &[Row<'static>]) -> Result<Vec<Call>, Error> {
    let ids = ids.iter().filter_map(|row| row.first().and_then(Value::as_integer));
    ids.filter_map(|id| call(reader, By::Id(id)).transpose()).collect()
}

pub(super) fn text<'a>(row: &'a Row<'static>, column: usize) -> &'a str {
    row.get(column).and_then(Value::as_text).unwrap_or_default()
}

pub(super) fn integer(row: &Row<'static>, column: usize) -> Option<i64> {
    row.get(column).and_then(Value::as_integer)
}
