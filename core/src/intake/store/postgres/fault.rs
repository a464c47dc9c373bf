//! PostgreSQL's failures: which may pass, and words that say what to do.
//!
//! The server's own messages are left out: their details quote the values of keys.

use postgres::error::SqlState;

use super::super::storage_error;
use crate::error::Error;

/// Why a piece of work failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// It may go through on another connection, or later.
    Passing(Error),
    /// It will fail again.
    Final(Error),
}

impl Fault {
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Fault::Passing(_))
    }

    pub(super) fn into_error(self) -> Error {
        match self {
            Fault::Passing(error) | Fault::Final(error) => error,
        }
    }
}

impl From<postgres::Error> for Fault {
    fn from(error: postgres::Error) -> Fault {
        let Some(state) = error.code() else {
            // Not the server's word: the connection broke, could not be made, or its TLS did not come about.
            return Fault::Passing(storage_error(
                "the PostgreSQL server cannot be reached, or closed the connection",
            ));
        };
        let (passing, message) = judge(state);
        let error = storage_error(message).with_source(format!("SQLSTATE {}", state.code()));
        if passing {
            Fault::Passing(error)
        } else {
            Fault::Final(error)
        }
    }
}

/// Whether it may pass, and what to say of it. By the classes of the server's table of codes.
fn judge(state: &SqlState) -> (bool, &'static str) {
    match (state.code().get(..2).unwrap_or_default(), state) {
        (_, &SqlState::READ_ONLY_SQL_TRANSACTION) => (true, "the PostgreSQL server only reads: it is a standby"),
        ("08", _) => (true, "the connection to the PostgreSQL server broke"),
        ("28", _) => (false, "the PostgreSQL server refused user or password"),
        ("3D", _) => (false, "the PostgreSQL server has no such database"),
        ("40", _) => (true, "the PostgreSQL server gave way to another transaction"),
        ("42", &SqlState::INSUFFICIENT_PRIVILEGE) => (
            false,
            "the PostgreSQL user may not do this: it needs a schema in which it may make tables",
        ),
        (_, &SqlState::DISK_FULL) => (
            false,
            "no space is left on the PostgreSQL server's disk; nothing was written",
        ),
        ("53", _) => (true, "the PostgreSQL server is out of resources"),
        ("55", _) => (true, "another transaction held the store for too long"),
        ("57", _) => (
            true,
            "the PostgreSQL server is starting or stopping, or a statement took too long",
        ),
        ("58", _) => (false, "the PostgreSQL server's disk failed to read or write"),
        ("XX", _) => (false, "the PostgreSQL server reports damaged data: see its log"),
        _ => (
            false,
            "the PostgreSQL server refused a statement; was the schema changed by hand?",
        ),
    }
}
