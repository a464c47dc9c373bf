//! Where the intake keeps what it received: what it asks of a store, and nothing about any particular one.
//!
//! A store runs transactions that are durable when they return. What is written in them, and how it is read, stands once,
//! in [`write`](super::write) and [`query`](super::query), over the two traits here.

mod address;
#[cfg(feature = "intake-postgres")]
mod postgres;
pub(super) mod segment;
mod sqlite;
pub(super) mod table;

use std::borrow::Cow;
use std::fmt::Debug;

pub(super) use address::Address;
#[cfg(feature = "intake-postgres")]
pub(super) use postgres::PostgresStore;
pub(super) use sqlite::SqliteStore;
pub(super) use table::{Row, Table, Value};

use super::call_facts::CallFacts;
use crate::error::{Delivery, Error, ErrorKind, Retry};

/// The schema that this version reads and writes. A store of a higher number is refused, one of a lower is migrated.
pub(super) const SCHEMA_VERSION: i64 = 2;

/// A place to keep things.
pub(super) trait Store: Debug + Send + Sync {
    /// Runs the work in one transaction, durable when this returns. The work may run more than once: a store whose
    /// connection broke begins again.
    fn transaction(&self, work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>) -> Result<(), Error>;

    /// Runs the work on a connection for reading.
    fn read(&self, work: &mut dyn FnMut(&mut dyn Reader) -> Result<(), Error>) -> Result<(), Error>;

    /// How many transactions make sense at the same time.
    fn lanes(&self) -> usize;

    /// Frees the space of what was deleted, where the store does not do so by itself.
    fn reclaim(&self) -> Result<(), Error>;

    /// Looks the whole store over for damage; takes as long as reading all of it.
    fn check(&self) -> Result<(), Error>;
}

impl dyn Store + '_ {
    /// [`Store::transaction`] for work that gives something.
    pub(super) fn transact<T>(
        &self,
        mut work: impl FnMut(&mut dyn Transaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut given = None;
        self.transaction(&mut |tx| {
            given = Some(work(tx)?);
            Ok(())
        })?;
        given.ok_or_else(work_left_out)
    }

    /// [`Store::read`] for work that gives something.
    pub(super) fn reading<T>(&self, mut work: impl FnMut(&mut dyn Reader) -> Result<T, Error>) -> Result<T, Error> {
        let mut given = None;
        self.read(&mut |reader| {
            given = Some(work(reader)?);
            Ok(())
        })?;
        given.ok_or_else(work_left_out)
    }
}

/// A store that says it did the work has done it.
fn work_left_out() -> Error {
    Error::new(ErrorKind::Internal, Delivery::NotSent, "the store left its work out")
}

/// Reads rows.
pub(super) trait Reader {
    /// Runs a query whose parameters are written `?1`, `?2`, ….
    fn query(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<Vec<Row<'static>>, Error>;

    /// Says that what follows reads much of the store: it may take longer than anything else may.
    fn take_time(&mut self) -> Result<(), Error>;

    /// How this store spells what the two spell differently.
    fn dialect(&self) -> &'static Dialect;
}

/// Reads and writes rows in one transaction.
pub(super) trait Transaction: Reader {
    /// Finds or makes the calls and joins to each what is newly known; tells of them in the same order. No two of them are
    /// about one session.
    fn join_calls(&mut self, calls: &[Cow<'_, CallFacts>]) -> Result<Vec<Joined>, Error>;

    /// Inserts the rows whose key is not there yet; tells of each whether it was inserted. No two have one key.
    fn insert_new(&mut self, table: &'static Table, rows: &[&Row<'_>]) -> Result<Vec<bool>, Error>;

    /// The same for rows of which nobody asks which were inserted; tells how many were.
    fn add_new(&mut self, table: &'static Table, rows: &[&Row<'_>]) -> Result<usize, Error>;

    /// Changes rows; tells how many.
    fn execute(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<u64, Error>;
}

/// A call that something was joined to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joined {
    pub(super) id: i64,
    /// It is certain that this transaction has made it.
    pub(super) is_made: bool,
}

/// What SQLite and PostgreSQL spell differently.
#[derive(Debug)]
pub(super) struct Dialect {
    /// SQL for the month, `2026-01`, of a column of Unix seconds plus an offset in seconds.
    pub(super) month: fn(column: &str, offset: i64) -> String,
    /// Appended to a `SELECT` whose row is going to be changed.
    pub(super) for_update: &'static str,
}

/// A failure of the store. What a database quotes in its messages may be personal, so only words of our own go in.
pub(super) fn storage_error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Storage, Delivery::NotSent, message)
}

/// The store refused a value: the same fails again, and what else was to be written with it may be written.
pub(super) fn refused_value() -> Error {
    storage_error("the store refused a value: do its tables have checks or triggers that were added by hand?")
        .with_retry(Retry::AfterFix)
}

impl Error {
    /// Whether it is about a value alone, not about the store.
    pub(super) fn is_of_value(&self) -> bool {
        (self.kind(), self.retry()) == (ErrorKind::Storage, Retry::AfterFix)
    }

    /// The same failure for another message of the same transaction.
    pub(super) fn repeated(&self) -> Error {
        Error::new(self.kind(), self.delivery(), self.message())
    }
}

/// What a version that is too old says to a store that is too new.
pub(super) fn newer_schema(found: i64) -> Error {
    storage_error(format!(
        "the store has schema {found}, this library reads up to {SCHEMA_VERSION}: a newer version has written it; \
         update this one"
    ))
}
