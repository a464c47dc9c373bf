//! Where a recording can be fetched from.

use std::fmt;

use crate::calls::Recording;

/// Where a call's recording is.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum RecordingSource {
    /// In the platform's storage, under the names that a CDR tells: the platform is asked for an address.
    Stored(Recording),
    /// At a direct address, `recordFileDownloadUrl` of a CDR. Whoever has it can listen; do not log it.
    Direct(String),
}

impl From<Recording> for RecordingSource {
    fn from(recording: Recording) -> RecordingSource {
        RecordingSource::Stored(recording)
    }
}

impl fmt::Debug for RecordingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordingSource::Stored(recording) => f.debug_tuple("Stored").field(recording).finish(),
            RecordingSource::Direct(_) => f.write_str("Direct(***)"),
        }
    }
}
