//! The store in one file: SQLite, compiled in. The default, for one machine.
//!
//! Write-ahead log with `synchronous=FULL`: a commit has reached the disk when it returns, and readers neither wait for
//! the writer nor hold it up. One connection writes, because SQLite has one writer at a time anyway; readers get their own.

mod fault;
mod identity;
mod open;
mod transaction;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use self::fault::fault;
use self::identity::Identity;
use self::transaction::{SqliteReader, SqliteTransaction};
use super::{Reader, Store, Transaction, storage_error};
use crate::error::Error;

/// Idle connections for reading that are kept.
const SPARE_READERS: usize = 8;
/// How long those who write wait, at most, for the log to be emptied after a purge. If somebody reads for longer it is
/// emptied by and by.
const LONGEST_HOLD: Duration = Duration::from_millis(500);

/// A store in a file.
#[derive(Debug)]
pub(in crate::intake) struct SqliteStore {
    path: PathBuf,
    timeout: Duration,
    identity: Identity,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl SqliteStore {
    /// Opens the file, makes or migrates its tables, and refuses what is damaged, newer, or something else.
    pub(in crate::intake) fn open(path: &Path, timeout: Duration) -> Result<SqliteStore, Error> {
        // The program may change its working directory.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let writer = open::writer(&path, timeout)?;
        Ok(SqliteStore {
            identity: Identity::of(&path),
            path,
            timeout,
            writer: Mutex::new(writer),
            readers: Mutex::default(),
        })
    }

    fn reader(&self) -> Result<Connection, Error> {
        let spare = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.map_or_else(|| open::reader(&self.path, self.timeout), Ok)
    }

    fn with_writer<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, Error>) -> Result<T, Error> {
        // A panic in the middle of a transaction rolled it back, so the connection is as good as before.
        work(&mut self.writer.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A statement that is needed again and again.
fn step(connection: &Connection, sql: &str) -> Result<(), Error> {
    let done = connection.prepare_cached(sql).and_then(|mut step| step.execute([]));
    done.map(drop).map_err(fault)
}

impl Store for SqliteStore {
    fn transaction(&self, work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>) -> Result<(), Error> {
        self.with_writer(|writer| {
            // Taking the right to write at the start: a reader that wants to become a writer could be refused.
            let transaction = writer
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(fault)?;
            work(&mut SqliteTransaction(&transaction))?;
            transaction.commit().map_err(fault)
        })?;
        // Last of all: what follows is the acknowledgement.
        self.identity.check()
    }

    fn read(&self, work: &mut dyn FnMut(&mut dyn Reader) -> Result<(), Error>) -> Result<(), Error> {
        self.identity.check()?;
        let reader = self.reader()?;
        // One transaction: what is read in it belongs together. If the work panics, the connection goes with it.
        step(&reader, "BEGIN")?;
        let outcome = work(&mut SqliteReader(&reader));
        step(&reader, "COMMIT")?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if outcome.is_ok() && readers.len() < SPARE_READERS {
            readers.push(reader);
        }
        outcome
    }

    fn lanes(&self) -> usize {
        1
    }

    /// Gives free pages back to the file system and empties the log, in which deleted rows are still readable. In steps,
    /// between which pushes are written.
    fn reclaim(&self) -> Result<(), Error> {
        while self.with_writer(|writer| open::free_some(writer))? {}
        // Emptying the log waits for those who read, and holds those up who write: not for long.
        open::reader(&self.path, LONGEST_HOLD)?
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .map_err(fault)
    }

    fn check(&self) -> Result<(), Error> {
        let reader = self.reader()?;
        open::check(&reader, "integrity_check").map_err(|what| storage_error(format!("the store is damaged: {what}")))
    }
}
