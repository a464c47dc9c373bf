//! Opens a store's file: makes it, recognises it, refuses it.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::super::{SCHEMA_VERSION, newer_schema, storage_error};
use super::fault::{DAMAGED, fault};
use super::identity;
use crate::error::Error;

/// Marks a SQLite file as a store of this library: "VCin".
const APPLICATION_ID: i64 = 0x5643_696E;
/// The schema's steps: the one at position n makes schema n + 1 of schema n.
const MIGRATIONS: [&str; 2] = [
    include_str!("../../schema/sqlite-1.sql"),
    include_str!("../../schema/sqlite-2.sql"),
];
/// Files up to this size are looked over when they are opened; larger ones would take too long (about a second per
/// gigabyte on a fast disk) and are left to [`check`](super::SqliteStore::check).
const CHECKED_ON_OPENING: u64 = 64 * 1024 * 1024;
/// 4 MB of pages: some milliseconds.
const FREE_SOME: &str = "PRAGMA incremental_vacuum(500)";
/// Statements that a connection keeps prepared.
const PREPARED: usize = 64;

/// A connection that writes.
pub(super) fn writer(path: &Path, timeout: Duration) -> Result<Connection, Error> {
    voicecall_sqlite_locks::keep_apart();
    identity::refuse_log_alone(path)?;
    make_private(path);
    let mut connection = connect(path, timeout)?;
    let version = recognise(&connection)?;
    if version == 0 {
        // Only before the first table is made: pages of deleted calls can then be given back. Nothing else is written in
        // this mode, so losing the setting when the power fails costs nothing.
        // Pages of twice the usual size: half as many writes, which cost more than the bytes in them.
        connection
            .execute_batch("PRAGMA page_size=8192; PRAGMA auto_vacuum=INCREMENTAL")
            .map_err(fault)?;
    } else if std::fs::metadata(path).is_ok_and(|file| file.len() <= CHECKED_ON_OPENING) {
        check(&connection, "quick_check").map_err(|what| storage_error(format!("{DAMAGED} ({what})")))?;
    }
    write_ahead(&connection, timeout)?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// A connection that reads.
pub(super) fn reader(path: &Path, timeout: Duration) -> Result<Connection, Error> {
    let connection = connect(path, timeout)?;
    connection.execute_batch("PRAGMA query_only=ON").map_err(fault)?;
    Ok(connection)
}

/// Gives some of the file's free pages back to the file system; tells whether there are more.
pub(super) fn free_some(connection: &Connection) -> Result<bool, Error> {
    let mut vacuum = connection.prepare_cached(FREE_SOME).map_err(fault)?;
    let mut freed = vacuum.query([]).map_err(fault)?;
    // It frees a page each time that it is asked for a row.
    while freed.next().map_err(fault)?.is_some() {}
    let left: i64 = connection
        .query_row("PRAGMA freelist_count", [], |row| row.get(0))
        .map_err(fault)?;
    Ok(left > 0)
}

/// Runs one of SQLite's checks; the error is the first thing that it finds.
pub(super) fn check(connection: &Connection, pragma: &str) -> Result<(), String> {
    let verdict = connection.query_row(&format!("PRAGMA {pragma}(1)"), [], |row| row.get::<_, String>(0));
    match verdict {
        Ok(verdict) if verdict == "ok" => Ok(()),
        Ok(what) => Err(what),
        Err(error) => Err(fault(error).message().to_owned()),
    }
}

/// The file holds personal data: nobody but its owner reads it. SQLite gives its other files the same mode.
fn make_private(path: &Path) {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // If this fails the file exists, or opening it tells better what is wrong.
    drop(options.open(path));
}

fn connect(path: &Path, timeout: Duration) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
    connection.busy_timeout(timeout).map_err(fault)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // `fullfsync`: elsewhere than on macOS it changes nothing; there nothing else reaches the disk.
    let settings = "PRAGMA synchronous=FULL; PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON; \
                    PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON; PRAGMA cache_size=-16384; \
                    PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864";
    connection.execute_batch(settings).map_err(fault)?;
    // A statement whose plan could depend on its parameters is otherwise prepared anew each time that they change: for the
    // story of a call that costs more than reading it.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(fault)?;
    Ok(connection)
}

/// The schema's number, 0 for an empty file. Refuses files of somebody else, and of a newer version of this library.
fn recognise(connection: &Connection) -> Result<i64, Error> {
    let integer = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(fault);
    let (application, version) = (integer("PRAGMA application_id")?, integer("PRAGMA user_version")?);
    let tables = integer("SELECT count(*) FROM sqlite_schema")?;
    match (application, version) {
        (0, 0) if tables == 0 => Ok(0),
        (APPLICATION_ID, version) if version > SCHEMA_VERSION => Err(newer_schema(version)),
        (APPLICATION_ID, version) => Ok(version),
        _ => Err(storage_error(
            "the file is a SQLite database of another program; name a file of its own",
        )),
    }
}

fn write_ahead(connection: &Connection, timeout: Duration) -> Result<(), Error> {
    let deadline = Instant::now() + timeout;
    let mode: String = loop {
        match connection.query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0)) {
            // Where two make a file at once SQLite does not wait for the other by itself.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(5));
            }
            outcome => break outcome.map_err(fault)?,
        }
    };
    if mode == "wal" {
        return Ok(());
    }
    Err(storage_error(format!(
        "the file system cannot share memory between processes, which SQLite's write-ahead log needs (mode {mode}); \
         use a local disk"
    )))
}

/// Brings the schema to this version's, in one transaction: another process may be doing the same.
fn migrate(connection: &mut Connection) -> Result<(), Error> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(fault)?;
    let version = recognise(&transaction)?;
    for step in MIGRATIONS.iter().skip(usize::try_from(version).unwrap_or_default()) {
        transaction.execute_batch(step).map_err(fault)?;
    }
    if version < SCHEMA_VERSION {
        let mark = format!("PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={SCHEMA_VERSION}");
        transaction.execute_batch(&mark).map_err(fault)?;
    }
    transaction.commit().map_err(fault)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::writer;

    #[test]
    fn a_commit_waits_for_the_disk() {
        let folder = std::env::temp_dir().join(format!("voicecall-open-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let connection = writer(&folder.join("calls.db"), Duration::from_secs(1)).unwrap();
        let text = |pragma: &str| {
            let asked = connection.query_row(pragma, [], |row| row.get_ref(0).map(|value| format!("{value:?}")));
            asked.unwrap()
        };
        // A process that is killed loses nothing either way; a machine whose power fails does. 2 is FULL.
        assert!(text("PRAGMA synchronous").contains("Integer(2)"));
        assert_eq!(text("PRAGMA journal_mode"), text("SELECT 'wal'"));
        drop(connection);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
