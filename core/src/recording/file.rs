//! The temporary file beside the target: it becomes the target when whole, and vanishes otherwise.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::{Delivery, Error, ErrorKind, Rule};
use crate::pointer::Pointer;
use crate::sign;

/// A file that is being filled.
pub(crate) struct Partial {
    file: File,
    path: PathBuf,
    len: u64,
}

impl Partial {
    /// A new file in the target's folder, so that the last step is a rename and not a copy.
    pub(crate) fn create(target: &Path) -> Result<Partial, Error> {
        let name = target
            .file_name()
            .ok_or_else(|| Error::invalid_argument(&at_path(), Rule::Type, "must name a file"))?;
        let unique =
            sign::nonce().map_err(|error| storage("no name for a temporary file", &io::Error::other(error)))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{unique}.part"));
        let path = target.with_file_name(hidden);
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let file = file.map_err(|error| storage("the temporary file cannot be created", &error))?;
        Ok(Partial { file, path, len: 0 })
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file
            .write_all(bytes)
            .map_err(|error| storage("the recording cannot be written", &error))?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Throws away what is there: the server begins anew.
    pub(crate) fn restart(&mut self) -> Result<(), Error> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        emptied.map_err(|error| storage("the temporary file cannot be emptied", &error))?;
        self.len = 0;
        Ok(())
    }

    /// Gives the file its name. Without `overwrite` a target that appeared meanwhile is left alone.
    pub(crate) fn finish(self, target: &Path, overwrite: bool) -> Result<u64, Error> {
        self.file
            .sync_all()
            .map_err(|error| storage("the recording cannot be written", &error))?;
        let named = if overwrite {
            fs::rename(&self.path, target)
        } else {
            self.link(target)
        };
        match named {
            Ok(()) => Ok(self.len),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists()),
            Err(error) => Err(storage("the recording cannot be given its name", &error)),
        }
    }

    /// A hard link fails when the name is taken, which a rename does not. File systems without hard links get the
    /// rename, after one more look.
    fn link(&self, target: &Path) -> io::Result<()> {
        match fs::hard_link(&self.path, target) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                if target.exists() {
                    Err(io::ErrorKind::AlreadyExists.into())
                } else {
                    fs::rename(&self.path, target)
                }
            }
            linked => linked,
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove; after a link or a failure there is.
        let _ = fs::remove_file(&self.path);
    }
}

pub(crate) fn exists() -> Error {
    Error::invalid_argument(
        &at_path(),
        Rule::Conflict,
        "a file of this name exists; allow overwriting or choose another",
    )
}

fn at_path() -> Pointer {
    Pointer::root().member("path")
}

fn storage(what: &str, error: &io::Error) -> Error {
    Error::new(ErrorKind::Storage, Delivery::Answered, format!("{what}: {error}"))
}
