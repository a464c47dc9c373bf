//! Rows in and out of PostgreSQL, many at a time.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::error::Error as StdError;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type as SqlType, to_sql_checked};

use super::super::table::Type;
use super::super::{Dialect, Joined, Reader, Row, Table, Transaction, Value, storage_error};
use super::connection::{Connection, Parameter};
use super::fault::Fault;
use crate::error::Error;
use crate::intake::call_facts::CallFacts;

static DIALECT: Dialect = Dialect {
    month: |column, offset| format!("to_char(to_timestamp({column} + {offset}) AT TIME ZONE 'UTC', 'YYYY-MM')"),
    for_update: " FOR UPDATE",
};

/// What reads much of the store may take so long for each of its statements.
const LONGEST_READ: Duration = Duration::from_secs(600);

/// A transaction.
pub(super) struct PostgresTransaction<'a> {
    connection: &'a mut Connection,
    /// When each statement has to be done; none of them later than the store's time-out, unless it may take time.
    deadline: Option<Instant>,
    /// What the server said, for whoever decides whether to try again: the work above sees only an error.
    fault: Option<Fault>,
}

impl<'a> PostgresTransaction<'a> {
    /// Begins it. A connection that was idle may have died without a word: half of the time is left for another one.
    pub(super) fn begin(
        connection: &'a mut Connection,
        begin: &str,
        deadline: Instant,
    ) -> Result<PostgresTransaction<'a>, Fault> {
        let left = deadline.saturating_duration_since(Instant::now());
        // One that has begun by half is not used again.
        connection
            .batch(Instant::now() + left / 2, begin)
            .inspect_err(|_| connection.cut())?;
        Ok(PostgresTransaction {
            connection,
            deadline: Some(deadline),
            fault: None,
        })
    }

    /// Ends it: commits when the work went well, else rolls back and gives the server's fault, if it was that.
    pub(super) fn finish(self, outcome: Result<(), Error>) -> Result<(), Fault> {
        let deadline = self.deadline();
        let fault = match (outcome, self.fault) {
            (Ok(()), None) => return self.connection.batch(deadline, "COMMIT"),
            (_, Some(fault)) => fault,
            (Err(error), None) => Fault::Final(error),
        };
        // If this fails the connection is closed, which has the same effect.
        if !self.connection.is_closed() && self.connection.batch(deadline, "ROLLBACK").is_err() {
            self.connection.cut();
        }
        Err(fault)
    }

    fn deadline(&self) -> Instant {
        self.deadline.unwrap_or_else(|| Instant::now() + LONGEST_READ)
    }

    /// Keeps the fault, and gives an error for the work to end with.
    fn run<T>(&mut self, step: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Error> {
        step(self).map_err(|fault| {
            self.fault = Some(fault);
            storage_error("PostgreSQL failed")
        })
    }

    fn rows(&mut self, sql: &str, parameters: &[Parameter<'_>]) -> Result<Vec<Row<'static>>, Fault> {
        let (deadline, sql) = (self.deadline(), self.spelled(sql));
        let rows = self.connection.query(deadline, &sql, parameters)?;
        rows.iter().map(row).collect()
    }

    fn change(&mut self, sql: &str, parameters: &[Parameter<'_>]) -> Result<u64, Fault> {
        let (deadline, sql) = (self.deadline(), self.spelled(sql));
        self.connection.execute(deadline, &sql, parameters)
    }

    /// `?1` as PostgreSQL writes it, and tables with their schema.
    fn spelled(&self, sql: &str) -> String {
        let table = format!(" \"{}\".intake_", self.connection.schema);
        sql.replace('?', "$").replace(" intake_", &table)
    }
}

impl Reader for PostgresTransaction<'_> {
    fn query(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<Vec<Row<'static>>, Error> {
        self.run(|this| this.rows(sql, &as_parameters(parameters)))
    }

    fn take_time(&mut self) -> Result<(), Error> {
        self.run(|this| {
            let deadline = this.deadline();
            let limit = format!("SET LOCAL statement_timeout = {}", LONGEST_READ.as_millis());
            this.connection.batch(deadline, &limit)?;
            this.deadline = None;
            Ok(())
        })
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
            let joined: [Parameter<'_>; 6] = [
                (&sessions, SqlType::TEXT_ARRAY),
                (&states, SqlType::INT8_ARRAY),
                (&opened, SqlType::INT8_ARRAY),
                (&last, SqlType::INT8_ARRAY),
                (&user_data, SqlType::TEXT_ARRAY),
                (&tags, SqlType::TEXT_ARRAY),
            ];
            this.change(JOIN, &joined)?;
            this.rows(IDS, &[(&sessions, SqlType::TEXT_ARRAY)])
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
        let parameters: Vec<Parameter<'_>> = columns.iter().map(|(column, ty)| (&**column, ty.clone())).collect();
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
        self.run(|this| this.change(sql, &as_parameters(parameters)))
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

/// One column of several rows, as an array, and its type.
fn column<'a>(table: &Table, rows: &[&'a Row<'_>], position: usize) -> (Box<dyn ToSql + Sync + 'a>, SqlType) {
    let values = rows.iter().map(|row| row.get(position));
    match table.columns.get(position).map(|column| column.ty) {
        Some(Type::Integer) => (
            Box::new(values.map(|value| value?.as_integer()).collect::<Vec<_>>()),
            SqlType::INT8_ARRAY,
        ),
        Some(Type::Bytes) => (
            Box::new(values.map(|value| value?.as_bytes()).collect::<Vec<_>>()),
            SqlType::BYTEA_ARRAY,
        ),
        _ => (
            Box::new(values.map(|value| value?.as_text()).collect::<Vec<_>>()),
            SqlType::TEXT_ARRAY,
        ),
    }
}

fn as_parameters<'a>(values: &'a [Value<'_>]) -> Vec<Parameter<'a>> {
    let parameter = |value: &'a Value<'_>| {
        let ty = match value {
            // Its place tells its type.
            Value::Null => SqlType::UNKNOWN,
            Value::Integer(_) => SqlType::INT8,
            Value::Text(_) => SqlType::TEXT,
            Value::Bytes(_) => SqlType::BYTEA,
        };
        (value as &(dyn ToSql + Sync), ty)
    };
    values.iter().map(parameter).collect()
}

fn row(row: &tokio_postgres::Row) -> Result<Row<'static>, Fault> {
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
        matches!(*ty, SqlType::INT8 | SqlType::TEXT | SqlType::BYTEA | SqlType::UNKNOWN)
    }

    to_sql_checked!();
}
