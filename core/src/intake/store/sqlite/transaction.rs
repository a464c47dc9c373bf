//! Rows in and out of SQLite, with statements that stay prepared.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql, params_from_iter};

use super::super::{Dialect, Reader, Row, Table, Transaction, Value, storage_error};
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
    fn join_calls(&mut self, calls: &[CallFacts]) -> Result<Vec<i64>, Error> {
        calls.iter().map(|facts| self.join_call(facts)).collect()
    }

    fn insert_new(&mut self, table: &'static Table, rows: &[&Row<'_>]) -> Result<Vec<bool>, Error> {
        let mut statement = self.0.prepare_cached(&insert_statement(table)).map_err(fault)?;
        let inserted = rows
            .iter()
            .map(|row| Ok(statement.execute(params_from_iter(row.iter())).map_err(fault)? > 0));
        inserted.collect()
    }

    fn execute(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<u64, Error> {
        let mut statement = self.0.prepare_cached(sql).map_err(fault)?;
        let changed = statement.execute(params_from_iter(parameters)).map_err(fault)?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }
}

const KNOWN: &str = "SELECT id, state, opened_at, last_at, user_data, tag FROM intake_call WHERE session_id = ?1";
const MAKE: &str = "INSERT INTO intake_call (session_id, state, opened_at, last_at, user_data, tag) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const JOIN: &str = "UPDATE intake_call SET state = ?2, opened_at = ?3, last_at = ?4, user_data = ?5, tag = ?6 \
                    WHERE id = ?1";

impl SqliteTransaction<'_> {
    /// Looks first, and writes only what is new: a push that came again leaves nothing for the disk to do. One statement
    /// with `ON CONFLICT` and `RETURNING` would do as much, and costs twice as much: SQLite makes a table for what is
    /// returned.
    fn join_call(&mut self, facts: &CallFacts) -> Result<i64, Error> {
        let mut look = self.0.prepare_cached(KNOWN).map_err(fault)?;
        let known = look.query_row([&facts.session_id], |row| {
            let known = CallFacts {
                session_id: String::new(),
                state: State::of_rank(row.get(1)?),
                opened_at: row.get(2)?,
                last_at: row.get(3)?,
                user_data: row.get(4)?,
                tag: row.get(5)?,
            };
            Ok((row.get(0)?, known))
        });
        let Some((id, known)) = known.optional().map_err(fault)? else {
            let (state, user_data, tag) = (facts.state.rank(), &facts.user_data, &facts.tag);
            let mut make = self.0.prepare_cached(MAKE).map_err(fault)?;
            let new = (&facts.session_id, state, facts.opened_at, facts.last_at, user_data, tag);
            return make.insert(new).map_err(fault);
        };
        let mut joined = known.clone();
        joined.join(facts.clone());
        if joined != known {
            let mut join = self.0.prepare_cached(JOIN).map_err(fault)?;
            let (state, user_data, tag) = (joined.state.rank(), &joined.user_data, &joined.tag);
            join.execute((id, state, joined.opened_at, joined.last_at, user_data, tag))
                .map_err(fault)?;
        }
        Ok(id)
    }
}

fn insert_statement(table: &Table) -> String {
    let places: Vec<_> = (1..=table.columns.len()).map(|place| format!("?{place}")).collect();
    let key: Vec<_> = table.key_columns().iter().map(|column| column.name).collect();
    format!(
        "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO NOTHING",
        table.name,
        table.column_list(),
        places.join(", "),
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
