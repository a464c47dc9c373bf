//! PostgreSQL's failures: which may pass, and words that say what to do.
//!
//! The server's own messages are left out: their details quote the values of keys.

use tokio_postgres::error::SqlState;

use super::super::{refused_value, storage_error};
use crate::error::Error;

/// Why a piece of work failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// It may go through on another connection, or later.
    Passing(Error),
    /// The server gave no answer in time. It may on another connection.
    Silent(Error),
    /// It will fail again.
    Final(Error),
}

impl Fault {
    /// No answer in time: a machine that is paused, or a proxy that passes nothing on.
    pub(super) fn silent() -> Fault {
        Fault::Silent(storage_error("the PostgreSQL server does not answer"))
    }

    /// The system has no place for what waits on a connection.
    pub(super) fn no_runtime() -> Fault {
        Fault::Final(storage_error(
            "too many files are open in this process: no connection to PostgreSQL can be made",
        ))
    }

    pub(super) fn may_pass(&self) -> bool {
        !matches!(self, Fault::Final(_))
    }

    pub(super) fn into_error(self) -> Error {
        match self {
            Fault::Passing(error) | Fault::Silent(error) | Fault::Final(error) => error,
        }
    }
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Fault {
        let Some(state) = error.code() else {
            // Not the server's word: the connection broke, could not be made, or its TLS did not come about.
            return Fault::Passing(storage_error(
                "the PostgreSQL server cannot be reached, or closed the connection",
            ));
        };
        let source = format!("SQLSTATE {}", state.code());
        // Data exceptions, violated constraints, exceptions of triggers, values that are too large for an index.
        if let Some("22" | "23" | "54" | "P0") = state.code().get(..2) {
            return Fault::Final(refused_value().with_source(source));
        }
        let (passing, message) = judge(state);
        let error = storage_error(message).with_source(source);
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
        (_, &SqlState::PROTOCOL_VIOLATION) => (
            true,
            "the pooler before the PostgreSQL server closed the connection: it needs the mode transaction or session, and \
             a server that answers",
        ),
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
