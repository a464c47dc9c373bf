//! Rows in and out of PostgreSQL, many at a time, with statements that stay prepared.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::error::Error as StdError;

use bytes::BytesMut;
use postgres::Statement;
use postgres::types::{IsNull, ToSql, Type as SqlType, to_sql_checked};

use super::super::table::Type;
use super::super::{Dialect, Joined, Reader, Row, Table, Transaction, Value, storage_error};
use super::fault::Fault;
use crate::error::Error;
use crate::intake::call_facts::CallFacts;

static DIALECT: Dialect = Dialect {
    month: |column, offset| format!("to_char(to_timestamp({column} + {offset}) AT TIME ZONE 'UTC', 'YYYY-MM')"),
    for_update: " FOR UPDATE",
};

/// Statements that a connection keeps prepared at most.
const PREPARED: usize = 200;

/// A transaction.
pub(super) struct PostgresTransaction<'a> {
    transaction: postgres::Transaction<'a>,
    statements: &'a mut HashMap<String, Statement>,
    /// What the server said, for whoever decides whether to try again: the work above sees only an error.
    fault: Option<Fault>,
}

impl<'a> PostgresTransaction<'a> {
    pub(super) fn new(
        transaction: postgres::Transaction<'a>,
        statements: &'a mut HashMap<String, Statement>,
    ) -> PostgresTransaction<'a> {
        PostgresTransaction {
            transaction,
            statements,
            fault: None,
        }
    }

    /// Ends it: commits when the work went well, else rolls back and gives the server's fault, if it was that.
    pub(super) fn finish(self, outcome: Result<(), Error>, commit: bool) -> Result<(), Fault> {
        match outcome {
            Ok(()) if commit => Ok(self.transaction.commit()?),
            Ok(()) => Ok(self.transaction.rollback()?),
            Err(error) => Err(self.fault.unwrap_or(Fault::Final(error))),
        }
    }

    /// Keeps the fault, and gives an error for the work to end with.
    fn run<T>(&mut self, step: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Error> {
        step(self).map_err(|fault| {
            self.fault = Some(fault);
            storage_error("PostgreSQL failed")
        })
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, Fault> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.transaction.prepare(&numbered(sql))?;
        if self.statements.len() >= PREPARED {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn rows(&mut self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row<'static>>, Fault> {
        let statement = self.prepare(sql)?;
        let rows = self.transaction.query(&statement, parameters)?;
        rows.iter().map(row).collect()
    }
}

impl Reader for PostgresTransaction<'_> {
    fn query(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<Vec<Row<'static>>, Error> {
        self.run(|this| this.rows(sql, &as_parameters(parameters)))
    }

    /// A server that is gone is still noticed, by the connection.
    fn take_time(&mut self) -> Result<(), Error> {
        self.run(|this| Ok(this.transaction.batch_execute("SET LOCAL statement_timeout = 0")?))
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }
}

const JOIN: &str = "\
    INSERT INTO intake_call AS known (session_id, state, opened_at, last_at, user_data, tag) \
    SELECT * FROM unnest(?1::text[], ?2::bigint[], ?3::bigint[], ?4::bigint[], ?5::text[], ?6::text[]) \
    ON CONFLICT (session_id) DO UPDATE SET \
        state = greatest(known.state, excluded.state), opened_at = least(known.opened_at, excluded.opened_at), \
        last_at = greatest(known.last_at, excluded.last_at), user_data = least(known.user_data, excluded.user_data), \
        tag = least(known.tag, excluded.tag) \
    WHERE (known.state, known.opened_at, known.last_at, known.user_data, known.tag) IS DISTINCT FROM \
        (greatest(known.state, excluded.state), least(known.opened_at, excluded.opened_at), \
         greatest(known.last_at, excluded.last_at), least(known.user_data, excluded.user_data), \
         least(known.tag, excluded.tag))";
const IDS: &str = "SELECT id, session_id FROM intake_call WHERE session_id = ANY(?1::text[])";

impl Transaction for PostgresTransaction<'_> {
    fn join_calls(&mut self, calls: &[Cow<'_, CallFacts>]) -> Result<Vec<Joined>, Error> {
        let sessions: Vec<&str> = calls.iter().map(|facts| facts.session_id.as_str()).collect();
        let states: Vec<i64> = calls.iter().map(|facts| facts.state.rank()).collect();
        let opened: Vec<i64> = calls.iter().map(|facts| facts.opened_at).collect();
        let last: Vec<i64> = calls.iter().map(|facts| facts.last_at).collect();
        let user_data: Vec<Option<&str>> = calls.iter().map(|facts| facts.user_data.as_deref()).collect();
        let tags: Vec<Option<&str>> = calls.iter().map(|facts| facts.tag.as_deref()).collect();
        let found = self.run(|this| {
            let statement = this.prepare(JOIN)?;
            this.transaction
                .execute(&statement, &[&sessions, &states, &opened, &last, &user_data, &tags])?;
            this.rows(IDS, &[&sessions])
        })?;
        let ids: HashMap<&str, i64> = found
            .iter()
            .filter_map(|row| Some((row.get(1)?.as_text()?, row.first()?.as_integer()?)))
            .collect();
        // Another receiver may have made any of them: `xmax` would tell, but is no documented word of the server's.
        let is_made = false;
        let joined = |session: &&str| {
            let id = ids.get(session).copied();
            let id = id.ok_or_else(|| storage_error("a call that was made is gone"))?;
            Ok(Joined { id, is_made })
        };
        sessions.iter().map(joined).collect()
    }

    fn insert_new(&mut self, table: &'static Table, rows: &[&Row<'_>]) -> Result<Vec<bool>, Error> {
        let columns: Vec<_> = (0..table.columns.len())
            .map(|position| column(table, rows, position))
            .collect();
        let parameters: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|column| &**column).collect();
        let inserted = self.run(|this| this.rows(&insert_statement(table), &parameters))?;
        let inserted: HashSet<&[Value<'_>]> = inserted.iter().map(Vec::as_slice).collect();
        Ok(rows
            .iter()
            .map(|row| row.get(..table.key).is_some_and(|key| inserted.contains(key)))
            .collect())
    }

    fn add_new(&mut self, table: &'static Table, rows: &[&Row<'_>]) -> Result<usize, Error> {
        let inserted = self.insert_new(table, rows)?;
        Ok(inserted.into_iter().filter(|inserted| *inserted).count())
    }

    fn execute(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<u64, Error> {
        self.run(|this| {
            let statement = this.prepare(sql)?;
            Ok(this.transaction.execute(&statement, &as_parameters(parameters))?)
        })
    }
}

/// All rows in one statement, each column an array; gives back the keys of those that were new.
fn insert_statement(table: &Table) -> String {
    let arrays = table.columns.iter().enumerate().map(|(position, column)| {
        let ty = match column.ty {
            Type::Integer => "bigint",
            Type::Text => "text",
            Type::Bytes => "bytea",
        };
        format!("?{}::{ty}[]", position + 1)
    });
    let key = table
        .key_columns()
        .iter()
        .map(|column| column.name)
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "INSERT INTO {} ({}) SELECT * FROM unnest({}) ON CONFLICT ({key}) DO NOTHING RETURNING {key}",
        table.name,
        table.column_list(),
        arrays.collect::<Vec<_>>().join(", "),
    )
}

/// One column of several rows, as an array.
fn column<'a>(table: &Table, rows: &[&'a Row<'_>], position: usize) -> Box<dyn ToSql + Sync + 'a> {
    let values = rows.iter().map(|row| row.get(position));
    match table.columns.get(position).map(|column| column.ty) {
        Some(Type::Integer) => Box::new(values.map(|value| value?.as_integer()).collect::<Vec<_>>()),
        Some(Type::Bytes) => Box::new(values.map(|value| value?.as_bytes()).collect::<Vec<_>>()),
        _ => Box::new(values.map(|value| value?.as_text()).collect::<Vec<_>>()),
    }
}

/// `?1` as PostgreSQL writes it.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

fn as_parameters<'a>(values: &'a [Value<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn row(row: &postgres::Row) -> Result<Row<'static>, Fault> {
    let unexpected = || Fault::Final(storage_error("the store's tables do not have the expected form"));
    let value = |position: usize, ty: &SqlType| -> Option<Value<'static>> {
        Some(match *ty {
            SqlType::INT8 => row.try_get::<_, Option<i64>>(position).ok()?.into(),
            SqlType::INT4 => row.try_get::<_, Option<i32>>(position).ok()?.map(i64::from).into(),
            SqlType::BYTEA => match row.try_get::<_, Option<Vec<u8>>>(position).ok()? {
                Some(bytes) => Value::Bytes(bytes.into()),
                None => Value::Null,
            },
            _ => Value::optional_text(row.try_get::<_, Option<String>>(position).ok()?),
        })
    };
    let values = row
        .columns()
        .iter()
        .enumerate()
        .map(|(position, column)| value(position, column.type_()));
    values.collect::<Option<_>>().ok_or_else(unexpected)
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &SqlType, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(number) => number.to_sql(ty, out),
            Value::Text(text) => text.as_ref().to_sql(ty, out),
            Value::Bytes(bytes) => bytes.as_ref().to_sql(ty, out),
        }
    }

    fn accepts(ty: &SqlType) -> bool {
        matches!(*ty, SqlType::INT8 | SqlType::TEXT | SqlType::VARCHAR | SqlType::BYTEA)
    }

    to_sql_checked!();
}
