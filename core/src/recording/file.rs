//! The file of a recording: it appears when it is whole.

use std::io::{self, Write};
use std::path::Path;

use crate::error::{Delivery, Error, ErrorKind, Rule};
use crate::new_file::NewFile;
use crate::pointer::Pointer;

/// A file that is being filled.
pub(crate) struct Partial {
    file: NewFile,
    len: u64,
}

impl Partial {
    pub(crate) fn create(target: &Path) -> Result<Partial, Error> {
        let file = NewFile::beside(target).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput => Error::invalid_argument(&at_path(), Rule::Type, "must name a file"),
            _ => storage("the temporary file cannot be created", &error),
        })?;
        Ok(Partial { file, len: 0 })
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
        let emptied = self.file.restart();
        emptied.map_err(|error| storage("the temporary file cannot be emptied", &error))?;
        self.len = 0;
        Ok(())
    }

    /// Gives the file its name. Without `overwrite` a target that appeared meanwhile is left alone.
    pub(crate) fn finish(self, target: &Path, overwrite: bool) -> Result<u64, Error> {
        match self.file.finish(target, overwrite) {
            Ok(()) => Ok(self.len),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists()),
            Err(error) => Err(storage("the recording cannot be given its name", &error)),
        }
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
