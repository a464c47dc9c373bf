//! Rows in and out of SQLite, with statements that stay prepared.

use std::borrow::Cow;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql, params_from_iter};

use super::super::table::CALL;
use super::super::{Dialect, Joined, Reader, Row, Table, Transaction, Value, storage_error};
use super::fault::fault;
use crate::error::Error;
use crate::intake::call_facts::CallFacts;
use crate::intake::story::State;

static DIALECT: Dialect = Dialect {
    month: |column, offset| format!("strftime('%Y-%m', {column} + {offset}, 'unixepoch')"),
    for_update: "",
};

/// A transaction that reads.
pub(super) struct SqliteReader<'a>(pub(super) &'a Connection);

/// A transaction that writes.
pub(super) struct SqliteTransaction<'a>(pub(super) &'a Connection);

impl Reader for SqliteReader<'_> {
    fn query(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<Vec<Row<'static>>, Error> {
        query(self.0, sql, parameters)
    }

    /// Nothing here has a limit.
    fn take_time(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }
}

impl Reader for SqliteTransaction<'_> {
    fn query(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<Vec<Row<'static>>, Error> {
        query(self.0, sql, parameters)
    }

    /// Nothing here has a limit.
    fn take_time(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }
}

impl Transaction for SqliteTransaction<'_> {
    /// Looks first, and writes only what is new: a push that came again leaves nothing for the disk to do. One statement
    /// with `ON CONFLICT` and `RETURNING` would do as much, and costs twice as much: SQLite makes a table for what is
    /// returned.
    fn join_calls(&mut self, calls: &[Cow<'_, CallFacts>]) -> Result<Vec<Joined>, Error> {
        let mut look = self.0.prepare_cached(KNOWN).map_err(fault)?;
        let before = self.last_call()?;
        let (mut joined, mut made, mut last) = (Vec::with_capacity(calls.len()), Vec::new(), before);
        for facts in calls {
            let known = look.query_row([&facts.session_id], known_call);
            if let Some((id, known)) = known.optional().map_err(fault)? {
                self.join_call(id, &known, facts)?;
                joined.push(Joined { id, is_made: false });
                continue;
            }
            made.push(call_row(facts));
            last += 1;
            joined.push(Joined {
                id: last,
                is_made: true,
            });
        }
        self.add_new(&CALL, &made.iter().collect::<Vec<_>>())?;
        // This transaction alone writes, and SQLite gives each row the id that follows the greatest.
        if last > before && self.0.last_insert_rowid() != last {
            return Err(storage_error("the store's file gives its calls ids in no order"));
        }
        Ok(joined)
    }

    fn insert_new(&mut self, table: &'static Table, rows: &[&Row<'_>]) -> Result<Vec<bool>, Error> {
        let mut statement = self.0.prepare_cached(&insert_statement(table, 1)).map_err(fault)?;
        let inserted = rows
            .iter()
            .map(|row| Ok(statement.execute(params_from_iter(row.iter())).map_err(fault)? > 0));
        inserted.collect()
    }

    /// Many rows to a statement: beginning and ending one costs as much as inserting a row.
    fn add_new(&mut self, table: &'static Table, mut rows: &[&Row<'_>]) -> Result<usize, Error> {
        let mut inserted = 0;
        for at_once in ROWS_AT_ONCE {
            if rows.len() < at_once {
                continue;
            }
            let mut statement = self
                .0
                .prepare_cached(&insert_statement(table, at_once))
                .map_err(fault)?;
            while let Some((these, others)) = rows.split_at_checked(at_once) {
                let values = these.iter().copied().flatten();
                inserted += statement.execute(params_from_iter(values)).map_err(fault)?;
                rows = others;
            }
        }
        Ok(inserted)
    }

    fn execute(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<u64, Error> {
        let mut statement = self.0.prepare_cached(sql).map_err(fault)?;
        let changed = statement.execute(params_from_iter(parameters)).map_err(fault)?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }
}

/// How many rows a statement inserts: each of these is prepared once, and the last fits whatever is left.
const ROWS_AT_ONCE: [usize; 3] = [16, 4, 1];

const KNOWN: &str = "SELECT id, state, opened_at, last_at, user_data, tag FROM intake_call WHERE session_id = ?1";
const LAST: &str = "SELECT coalesce(max(id), 0) FROM intake_call";
const JOIN: &str = "UPDATE intake_call SET state = ?2, opened_at = ?3, last_at = ?4, user_data = ?5, tag = ?6 \
                    WHERE id = ?1";

impl SqliteTransaction<'_> {
    fn join_call(&self, id: i64, known: &CallFacts, facts: &CallFacts) -> Result<(), Error> {
        let mut joined = known.clone();
        joined.join(facts);
        if joined == *known {
            return Ok(());
        }
        let mut join = self.0.prepare_cached(JOIN).map_err(fault)?;
        let (state, user_data, tag) = (joined.state.rank(), &joined.user_data, &joined.tag);
        join.execute((id, state, joined.opened_at, joined.last_at, user_data, tag))
            .map(drop)
            .map_err(fault)
    }

    fn last_call(&self) -> Result<i64, Error> {
        let mut last = self.0.prepare_cached(LAST).map_err(fault)?;
        last.query_row([], |row| row.get(0)).map_err(fault)
    }
}

/// A call as [`KNOWN`] gives it. Its session is known to whoever asked.
fn known_call(row: &rusqlite::Row<'_>) -> rusqlite::Result<(i64, CallFacts)> {
    let known = CallFacts {
        session_id: String::new(),
        state: State::of_rank(row.get(1)?),
        opened_at: row.get(2)?,
        last_at: row.get(3)?,
        user_data: row.get(4)?,
        tag: row.get(5)?,
    };
    Ok((row.get(0)?, known))
}

fn call_row(facts: &CallFacts) -> Row<'_> {
    vec![
        Value::text(facts.session_id.as_str()),
        Value::Integer(facts.state.rank()),
        Value::Integer(facts.opened_at),
        Value::Integer(facts.last_at),
        Value::optional_text(facts.user_data.as_deref()),
        Value::optional_text(facts.tag.as_deref()),
    ]
}

/// `OR FAIL`: what goes wrong ends the transaction anyhow. Otherwise SQLite would write into a file, for each statement of
/// several rows, how to undo it alone; so it would for ids that are not of its own choice.
fn insert_statement(table: &Table, rows: usize) -> String {
    let places = format!("({})", vec!["?"; table.columns.len()].join(", "));
    let key: Vec<_> = table.key_columns().iter().map(|column| column.name).collect();
    format!(
        "INSERT OR FAIL INTO {} ({}) VALUES {} ON CONFLICT ({}) DO NOTHING",
        table.name,
        table.column_list(),
        vec![places.as_str(); rows].join(", "),
        key.join(", ")
    )
}

fn query(connection: &Connection, sql: &str, parameters: &[Value<'_>]) -> Result<Vec<Row<'static>>, Error> {
    let mut statement = connection.prepare_cached(sql).map_err(fault)?;
    let width = statement.column_count();
    let mut rows = statement.query(params_from_iter(parameters)).map_err(fault)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(fault)? {
        let values = (0..width).map(|column| value(row.get_ref(column).map_err(fault)?));
        found.push(values.collect::<Result<Row<'static>, Error>>()?);
    }
    Ok(found)
}

fn value(value: ValueRef<'_>) -> Result<Value<'static>, Error> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Value::text(text.to_owned()),
            Err(_) => return Err(storage_error(super::fault::DAMAGED)),
        },
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec().into()),
        ValueRef::Real(_) => return Err(storage_error("the store's file does not have the expected form")),
    })
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
