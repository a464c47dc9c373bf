//! Stored CDRs into a file, whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Map, Value};
use voicecall_core::Cancellation;
use voicecall_core::intake::{CallFilter, ExportFormat, Intake};
use voicecall_core::webhook::Tariff;

use super::answer::{filter, tariff, unknown_word};
use crate::failure::Failure;

/// Bytes that are written at a time, and after which an export finds out that nobody wants it any more.
const PIECE: usize = 64 * 1024;

/// What to write, and where to.
pub(super) struct Export<'a> {
    path: &'a Path,
    format: ExportFormat,
    filter: CallFilter,
    tariff: Option<Tariff>,
}

impl Export<'_> {
    pub(super) fn new<'a>(path: &'a str, arguments: &Map<String, Value>) -> Result<Export<'a>, Failure> {
        let mut arguments = arguments.clone();
        let format = arguments.get("format").and_then(Value::as_str).unwrap_or_default();
        let known = || unknown_word("format", ExportFormat::ALL.iter().map(|format| format.id()));
        Ok(Export {
            path: Path::new(path),
            format: ExportFormat::from_id(format).ok_or_else(known)?,
            tariff: tariff(&arguments)?,
            filter: filter(&mut arguments)?,
        })
    }

    /// The file gets its name when it is complete and on the disk; a file that had the name before stays until then.
    pub(super) fn run(&self, intake: &Intake, cancellation: &Cancellation) -> Result<String, Failure> {
        let draft = Draft::beside(self.path)?;
        let mut output = BufWriter::with_capacity(
            PIECE,
            Stoppable {
                file: &draft.file,
                cancellation,
            },
        );
        let records = intake.export(&self.filter, self.format, self.tariff.as_ref(), &mut output)?;
        drop(output);
        draft.finish(self.path)?;
        Ok(records.to_string())
    }
}

/// A file that is removed again unless it is finished.
struct Draft {
    file: File,
    path: PathBuf,
    finished: bool,
}

impl Draft {
    fn beside(path: &Path) -> Result<Draft, Failure> {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".{}-{number}.part", std::process::id()));
        let path = PathBuf::from(draft);
        let file = File::options()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(not_written)?;
        Ok(Draft {
            file,
            path,
            finished: false,
        })
    }

    fn finish(mut self, path: &Path) -> Result<(), Failure> {
        let finished = self.file.sync_all().and_then(|()| fs::rename(&self.path, path));
        self.finished = finished.is_ok();
        finished.map_err(not_written)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.finished {
            // What cannot be removed either is a file that says in its name that it is none.
            let _ = fs::remove_file(&self.path);
        }
    }
}

struct Stoppable<'a> {
    file: &'a File,
    cancellation: &'a Cancellation,
}

impl Write for Stoppable<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.cancellation.was_cancelled() {
            return Err(io::Error::other("nobody waits for the export any more"));
        }
        self.file.write(piece)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn not_written(error: io::Error) -> Failure {
    Failure::storage("the file cannot be written", &error)
}
