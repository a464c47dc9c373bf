//! A recording that is being fetched, and what is known to be true of a whole one.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Delivery, Error, ErrorKind, Rule};
use crate::new_file::{NewFile, is_taken};
use crate::pointer::Pointer;

/// As much of a file's beginning as tells what it is.
const HEAD: usize = 16;

pub(crate) struct Partial {
    file: NewFile,
    target: PathBuf,
    overwrite: bool,
    len: u64,
    longest: u64,
    head: Vec<u8>,
}

impl Partial {
    /// `longest`: more bytes than this are not fetched.
    pub(crate) fn create(target: &Path, overwrite: bool, longest: u64) -> Result<Partial, Error> {
        if !overwrite && is_taken(target) {
            return Err(exists());
        }
        let file = NewFile::beside(target).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput => Error::invalid_argument(&at_path(), Rule::Type, "must name a file"),
            _ => storage("the temporary file cannot be created", &error),
        })?;
        Ok(Partial {
            file,
            target: target.to_path_buf(),
            overwrite,
            len: 0,
            longest,
            head: Vec::new(),
        })
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Refuses a recording that will be too long before it is fetched.
    pub(crate) fn expect(&self, total: u64) -> Result<(), Error> {
        if total > self.longest {
            return Err(protocol(format!(
                "the recording has {total} bytes, and max_recording_bytes allows {}",
                self.longest
            )));
        }
        Ok(())
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.len += bytes.len() as u64;
        self.expect(self.len)?;
        let missing = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend(bytes.iter().take(missing));
        self.file
            .write_all(bytes)
            .map_err(|error| storage("the recording cannot be written", &error))
    }

    /// Throws away what is there: the server begins anew.
    pub(crate) fn restart(&mut self) -> Result<(), Error> {
        self.len = 0;
        self.head.clear();
        self.file
            .restart()
            .map_err(|error| storage("the temporary file cannot be emptied", &error))
    }

    /// Gives the file its name, if it can be a recording.
    pub(crate) fn finish(self) -> Result<u64, Error> {
        self.check()?;
        match self.file.finish(&self.target, self.overwrite) {
            Ok(()) => Ok(self.len),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists()),
            Err(error) => Err(storage("the recording cannot be given its name", &error)),
        }
    }

    fn check(&self) -> Result<(), Error> {
        let text = self.head.trim_ascii_start().to_ascii_lowercase();
        if self.len == 0 {
            return Err(protocol("the recording is empty".to_owned()));
        }
        if text.starts_with(b"<html") || text.starts_with(b"<!doctype") || text.starts_with(b"<?xml") {
            return Err(protocol("a page came instead of the recording".to_owned()));
        }
        let Some(told) = riff_length(&self.head) else {
            return Ok(());
        };
        // An odd length may be followed by a byte that fills it up.
        if self.len == told || self.len == told + told % 2 {
            return Ok(());
        }
        Err(protocol(format!(
            "the recording has {} bytes, and its own header says {told}",
            self.len
        )))
    }
}

/// The length of a RIFF file, by its header. Programs that write without knowing the end leave 0 or the largest number.
fn riff_length(head: &[u8]) -> Option<u64> {
    let length = head.strip_prefix(b"RIFF")?.first_chunk::<4>()?;
    match u32::from_le_bytes(*length) {
        0 | u32::MAX => None,
        length => Some(u64::from(length) + 8),
    }
}

pub(crate) fn protocol(message: String) -> Error {
    Error::new(ErrorKind::Protocol, Delivery::Answered, message)
}

fn exists() -> Error {
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
