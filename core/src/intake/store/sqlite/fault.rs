//! SQLite's failures in words that say what to do.
//!
//! SQLite's own messages are left out: they quote SQL and, of some failures, values.

use rusqlite::ErrorCode;

use super::super::{refused_value, storage_error};
use crate::error::Error;

/// What a file that cannot be trusted gets.
pub(super) const DAMAGED: &str = "the store's file is damaged: stop writing to it, keep a copy, and restore a backup or \
                                  run `sqlite3 FILE .recover` into a new file";

pub(super) fn fault(error: rusqlite::Error) -> Error {
    let Some(code) = error.sqlite_error_code() else {
        // Not SQLite but the binding to it: a type or a number of columns that is not as this crate wrote it.
        return storage_error("the store's file does not have the expected form").with_source(kind_of(&error));
    };
    let extended = error
        .sqlite_error()
        .map(|error| error.extended_code)
        .unwrap_or_default();
    let source = format!("SQLite code {extended}");
    let message = match code {
        ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch => {
            return refused_value().with_source(source);
        }
        ErrorCode::DatabaseCorrupt => DAMAGED,
        ErrorCode::NotADatabase => "the file is no SQLite database, or its beginning is damaged; name another file",
        ErrorCode::DiskFull => "no space is left on the store's disk; nothing was written",
        ErrorCode::ReadOnly => "the store's file cannot be written: check its permissions and those of its directory",
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => "another process held the store for too long",
        ErrorCode::CannotOpen => "the store's file cannot be opened: check path, permissions and directory",
        ErrorCode::PermissionDenied => "the store's file may not be opened: check permissions",
        ErrorCode::SystemIoFailure => "the store's disk failed to read or write",
        ErrorCode::OutOfMemory => "no memory is left for the store",
        _ => "SQLite failed",
    };
    storage_error(message).with_source(source)
}

/// The name of the failure without what it holds.
fn kind_of(error: &rusqlite::Error) -> &'static str {
    match error {
        rusqlite::Error::InvalidColumnType(..) => "a column of another type",
        rusqlite::Error::InvalidColumnIndex(_) | rusqlite::Error::InvalidColumnName(_) => "a missing column",
        rusqlite::Error::QueryReturnedNoRows => "a missing row",
        _ => "an unexpected answer",
    }
}
