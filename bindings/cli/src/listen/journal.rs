//! The file: one line per push, on disk before anybody is told so.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::duplicates::Duplicates;
use super::entry::{Entry, Saved};
use crate::exit::Failure;

/// A file that lines are appended to.
pub(super) struct Journal {
    file: File,
    /// The last line has no end: a writer was ended in the middle of it, or the disk was full.
    torn: bool,
}

impl Journal {
    /// Opens the file, which nobody else may write to, and reads which events it holds.
    pub(super) fn open(path: &Path) -> Result<(Journal, Duplicates), Failure> {
        let failed = |error: io::Error| Failure::local(format!("{}: {error}", path.display()));
        let mut file = open(path).map_err(failed)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => {
                Failure::local(format!("{}: another voicecall listen writes to it", path.display()))
            }
            TryLockError::Error(error) => failed(error),
        })?;
        let known = known(&file).map_err(failed)?;
        let torn = ends_without_a_line_end(&mut file).map_err(failed)?;
        Ok((Journal { file, torn }, known))
    }

    /// Writes the lines and returns when they are on disk.
    pub(super) fn append(&mut self, entries: &[Entry]) -> io::Result<()> {
        let mut lines = String::new();
        if self.torn {
            lines.push('\n');
        }
        for entry in entries {
            lines.push_str(&entry.line().to_string());
            lines.push('\n');
        }
        let written = self
            .file
            .write_all(lines.as_bytes())
            .and_then(|()| self.file.sync_data());
        self.torn = written.is_err();
        written
    }
}

/// It contains whole numbers, so it is for its owner alone: a link is not followed, and a file of somebody else's is not
/// written to.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(libc::O_NOFOLLOW);
    }
    let opened = options.open(path);
    let file = opened.map_err(|error| match path.is_symlink() {
        true => io::Error::other("it is a link; name the file that it leads to"),
        false => error,
    })?;
    #[cfg(unix)]
    if file.metadata()?.is_file() {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    // The file's name has to be on disk too, or its lines are nowhere after a power cut.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        File::open(folder)?.sync_all()?;
    }
    Ok(file)
}

fn known(file: &File) -> io::Result<Duplicates> {
    let mut known = Duplicates::default();
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        if let Some(saved) = std::str::from_utf8(&line).ok().and_then(Saved::read) {
            known.note(&saved.parts());
        }
        line.clear();
    }
    Ok(known)
}

fn ends_without_a_line_end(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}
