//! Why I/O ended before its time. Travels inside [`io::Error`] through TLS and ureq, which pass it on unread.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::{fmt, io};

/// Set once, when the transport is closed; known to every connection.
pub(super) type Closed = Arc<AtomicBool>;

#[derive(Debug)]
pub(super) enum Interruption {
    /// The transport was closed.
    Closed,
    /// The call was cancelled.
    Cancelled,
    /// The stage's time is over.
    TimedOut,
    /// The address leads to where it may not.
    Forbidden,
    /// The operating system reports a failure.
    Failed(io::Error),
}

impl Interruption {
    /// The interruption inside an error, if there is one.
    pub(super) fn within(error: &io::Error) -> Option<&Interruption> {
        error.get_ref()?.downcast_ref()
    }
}

impl From<Interruption> for io::Error {
    /// Always of kind `Other`: ureq takes a reset for the regular end of a body without a length, and rustls repeats
    /// what was interrupted.
    fn from(interruption: Interruption) -> io::Error {
        io::Error::other(interruption)
    }
}

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Interruption::Closed => f.write_str("closed"),
            Interruption::Cancelled => f.write_str("cancelled"),
            Interruption::Forbidden => f.write_str("forbidden"),
            Interruption::TimedOut => f.write_str("timed out"),
            Interruption::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Interruption {}
