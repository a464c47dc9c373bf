//! Whether the files that are open are still the ones at their paths.
//!
//! What is written into a file that was removed or moved is gone with the process, and SQLite does not say so. The log and
//! its index count as much as the file: another process would begin new ones, and not see what is in these.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::super::storage_error;
use crate::error::Error;

/// The files of an open store.
#[derive(Debug)]
pub(super) struct Identity(Vec<(PathBuf, Option<Id>)>);

/// Device and number of a file.
type Id = (u64, u64);

impl Identity {
    /// Of a store that is open in this process.
    pub(super) fn of(path: &Path) -> Identity {
        // SQLite names the log after the file that a link leads to.
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let files = [path.to_owned(), beside(&real, "-wal"), beside(&real, "-shm")];
        Identity(files.map(|file| (id(&file), file)).map(|(id, file)| (file, id)).into())
    }

    /// An error if one of the files is no longer at its path.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.0.iter().all(|(file, opened)| id(file) == *opened) {
            return Ok(());
        }
        Err(storage_error(
            "the store's file, or its log, was removed, moved or replaced while it was in use, so nothing is acknowledged: \
             put the same files back, or restart to use what is at the path now",
        ))
    }
}

/// A file that is missing or empty beside a log that is not: SQLite would throw away the log, and what was acknowledged with
/// it.
pub(super) fn refuse_log_alone(path: &Path) -> Result<(), Error> {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let size = |file: &Path| std::fs::metadata(file).map_or(0, |file| file.len());
    // In this order: whoever makes the store at the same time begins the log after the file.
    if size(&beside(&real, "-wal")) > 0 && size(path) == 0 {
        return Err(storage_error(
            "the store's file is missing or empty, but its log (FILE-wal) holds records: put the file back that belongs to \
             the log, or move the log away to begin an empty store",
        ));
    }
    Ok(())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

#[cfg(unix)]
fn id(path: &Path) -> Option<Id> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

/// Elsewhere the system does not let go of files that are open.
#[cfg(not(unix))]
fn id(_: &Path) -> Option<Id> {
    None
}
